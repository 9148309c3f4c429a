# The soluble and model problems: snakemake -c2 problems.


rule problems:
    input:
        expand(
            f"{FIGURE_FOLDER}/models/{{problem}}.{{suffix}}",
            problem=PROBLEMS,
            suffix=["svg", "png"],
        ),


use rule kept_stage as problem with:
    input:
        code=lambda wildcards: code("problem", f"models.{wildcards.problem}"),
    output:
        record="results/models/{problem}/{problem}.json",
        arrays="results/models/{problem}/{problem}.h5",
    log:
        "results/logs/models/{problem}.log",
    benchmark:
        "results/benchmarks/models/{problem}.tsv"
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        stage="problem",
        options=lambda wildcards: (
            f"{wildcards.problem} {STUDY.settings(f'problem {wildcards.problem}')}"
            f" --modules models.{wildcards.problem}"
        ),
    message:
        "problem {wildcards.problem}"


use rule stage as problem_figure with:
    input:
        inputs="results/models/{problem}/{problem}.h5",
        code=lambda wildcards: code("figure", PROBLEMS[wildcards.problem].module),
    output:
        out=[
            report(
                f"{FIGURE_FOLDER}/models/{{problem}}.svg",
                caption="../workflow/report/problem_figure.rst",
                category="Problems",
                labels=lambda wildcards: {"result": PROBLEMS[wildcards.problem].label},
            ),
            f"{FIGURE_FOLDER}/models/{{problem}}.png",
        ],
    log:
        f"results/logs/{OF_STUDY}/figures/models/{{problem}}.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/models/{{problem}}.tsv"
    localrule: True
    params:
        stage="figure",
        options=lambda wildcards: PROBLEMS[wildcards.problem].function,
    message:
        "figure of the problem {wildcards.problem}"
