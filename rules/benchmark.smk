# What the transport engine reaches and what it costs: snakemake -c1 engine_figure.


rule engine_benchmark:
    input:
        densities=[
            path
            for rows in BENCHMARKED.values()
            for path in of_rows("density.h5", rows)
        ],
        code=code("comotion.benchmark"),
    output:
        csv="results/benchmarks/engine.csv",
        markdown="results/benchmarks/engine.md",
    log:
        "results/logs/engine_benchmark.log",
    benchmark:
        "results/benchmarks/engine_benchmark.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        tolerances=" ".join(
            tolerance for tolerance, rows in BENCHMARKED.items() for _ in rows
        ),
    message:
        "benchmark of the transport engine"
    shell:
        "python -m comotion.benchmark --densities {input.densities:q}"
        " --tolerances {params.tolerances}"
        " --csv {output.csv:q} --markdown {output.markdown:q} > {log:q} 2>&1"


rule engine_figure:
    input:
        inputs="results/benchmarks/engine.csv",
        code=code("comotion.figures"),
    output:
        svg=report(
            "results/figures/engine.svg",
            caption="../workflow/report/engine.rst",
            category=FIGURES["engine"][0],
            labels={"result": FIGURES["engine"][1]},
        ),
        png="results/figures/engine.png",
    log:
        "results/logs/figures/engine.log",
    benchmark:
        "results/benchmarks/figures/engine.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "figure of the engine's time and accuracy"
    shell:
        "python -m comotion.figures engine --inputs {input.inputs:q}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"
