# What the transport engine reaches and what it costs: snakemake -c1 engine_benchmark.


rule engine_benchmark:
    input:
        densities=of_rows("density.h5", BENCHMARKED),
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
    message:
        "benchmark of the transport engine"
    shell:
        "python -m comotion.benchmark --densities {input.densities:q}"
        " --csv {output.csv:q} --markdown {output.markdown:q} > {log:q} 2>&1"
