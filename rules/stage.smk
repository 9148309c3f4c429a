# What every rule inherits; a rule says what differs. Each of its files has a name, which is the
# flag of the stage for it.


rule stage:
    log:
        "results/logs/stage.log",
    benchmark:
        "results/benchmarks/stage.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        python=python,
        program="comotion",
        stage="",
        options="",
        files=as_flags,
    message:
        "a stage of the workflow"
    shell:
        "{params.python} -m {params.program} {params.stage} {params.options} {params.files}"
        " > {log:q} 2>&1"


# The same for results of systems: they are kept for each setting, and come back when it does.
use rule stage as kept_stage with:
    params:
        program="study job",
        files=as_pairs,
