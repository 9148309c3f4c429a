# The soluble and model problems: snakemake -c2 theory.


rule theory:
    input:
        expand(
            "results/figures/theory/{problem}.{suffix}",
            problem=THEORY,
            suffix=["svg", "png"],
        ),


rule problem:
    input:
        code=lambda wildcards: code(f"comotion.theory.problems.{wildcards.problem}"),
    output:
        record="results/theory/{problem}/{problem}.json",
        arrays="results/theory/{problem}/{problem}.h5",
    log:
        "results/logs/theory/{problem}.log",
    benchmark:
        "results/benchmarks/theory/{problem}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        sizes=lambda wildcards: THEORY[wildcards.problem][1],
    message:
        "theory: {wildcards.problem}"
    shell:
        "python -m comotion.theory.problems.{wildcards.problem} {params.sizes}"
        " --record {output.record:q} --arrays {output.arrays:q} > {log:q} 2>&1"


rule theory_figure:
    input:
        arrays="results/theory/{problem}/{problem}.h5",
        code=code("comotion.figures.theory"),
    output:
        svg=report(
            "results/figures/theory/{problem}.svg",
            caption="../workflow/report/theory_figure.rst",
            category="Theory",
            labels=lambda wildcards: {"result": THEORY[wildcards.problem][0]},
        ),
        png="results/figures/theory/{problem}.png",
    log:
        "results/logs/figures/theory/{problem}.log",
    benchmark:
        "results/benchmarks/figures/theory/{problem}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "figure of the theory: {wildcards.problem}"
    shell:
        "python -m comotion.figures.theory {wildcards.problem} --arrays {input.arrays:q}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"
