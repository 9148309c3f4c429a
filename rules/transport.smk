# A radial density becomes its transport cost, its co-motion plan and its hierarchy.


rule sce:
    input:
        density="results/{system}/{level}/density.h5",
        code=code("comotion.transport"),
    output:
        sce="results/{system}/{level}/sce.json",
        comotion="results/{system}/{level}/comotion.h5",
    log:
        "results/logs/sce/{system}_{level}.log",
    benchmark:
        "results/benchmarks/sce/{system}_{level}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        search=SEARCH_OPTIONS,
        patterns=STUDY.pattern_electrons,
    message:
        "{wildcards.system} at {wildcards.level}: transport cost"
    shell:
        "python -m comotion.transport --density {input.density:q}"
        " {params.search} --pattern-electrons {params.patterns}"
        " --sce {output.sce:q} --comotion {output.comotion:q} > {log:q} 2>&1"


rule hierarchy:
    input:
        density="results/{system}/{level}/density.h5",
        sce="results/{system}/{level}/sce.json",
        code=code("comotion.transport.hierarchy"),
    output:
        hierarchy="results/{system}/{level}/hierarchy.json",
    log:
        "results/logs/hierarchy/{system}_{level}.log",
    benchmark:
        "results/benchmarks/hierarchy/{system}_{level}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        search=SEARCH_OPTIONS,
        highest=STUDY.hierarchy_highest,
    message:
        "{wildcards.system} at {wildcards.level}: hierarchy V_2 to V_N"
    shell:
        "python -m comotion.transport.hierarchy"
        " --density {input.density:q} --sce {input.sce:q}"
        " {params.search} --highest {params.highest}"
        " --hierarchy {output.hierarchy:q} > {log:q} 2>&1"


rule bracket:
    input:
        density="results/{system}/{level}/density.h5",
        sce="results/{system}/{level}/sce.json",
        code=code("comotion.transport.certificate"),
    output:
        bracket="results/{system}/{level}/bracket.json",
        details="results/{system}/{level}/bracket.h5",
    log:
        "results/logs/bracket/{system}_{level}.log",
    benchmark:
        "results/benchmarks/bracket/{system}_{level}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=int(10 + 4 * STUDY.certificate.minutes),
    params:
        search=SEARCH_OPTIONS,
        splines=" ".join(map(str, STUDY.certificate.splines)),
        cells=STUDY.certificate.cells,
        minutes=STUDY.certificate.minutes,
        hierarchy=STUDY.certificate.hierarchy,
        pool="results/{system}/{level}/bracket_pool.h5",
    message:
        "{wildcards.system} at {wildcards.level}: bracket of V_SCE"
    shell:
        "python -m comotion.transport.certificate"
        " --density {input.density:q} --sce {input.sce:q} {params.search}"
        " --splines {params.splines} --cells {params.cells} --minutes {params.minutes}"
        " --hierarchy {params.hierarchy} --pool {params.pool:q}"
        " --bracket {output.bracket:q} --details {output.details:q} > {log:q} 2>&1"
