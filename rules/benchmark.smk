# What the transport engine reaches and what it costs: snakemake -c1 engine_figure.


use rule stage as engine_benchmark with:
    input:
        densities=[
            path
            for rows in BENCHMARKED.values()
            for path in of_rows("density.h5", rows)
        ],
        code=code("benchmark"),
    output:
        csv="results/benchmarks/engine.csv",
        markdown="results/benchmarks/engine.md",
    log:
        "results/logs/engine_benchmark.log",
    benchmark:
        "results/benchmarks/engine_benchmark.tsv"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        stage="benchmark",
        options=" ".join(
            [
                "--tolerances",
                *(tolerance for tolerance, rows in BENCHMARKED.items() for _ in rows),
            ]
        ),
    message:
        "benchmark of the transport engine"


use rule stage as engine_figure with:
    input:
        inputs="results/benchmarks/engine.csv",
        code=figure_code(drawn_from("benchmark")),
    output:
        out=all_shown(drawn_from("benchmark")),
    log:
        f"results/logs/{OF_STUDY}/figures/engine.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/engine.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("benchmark")),
    message:
        "figure of the engine's time and accuracy"
