# An atom, a model or a user's table becomes a radial density and its quantum numbers.


rule abinitio:
    input:
        code=code("comotion.abinitio"),
    output:
        density="results/{atom}/{method_basis}/density.h5",
        quantum="results/{atom}/{method_basis}/quantum.json",
    log:
        "results/logs/abinitio/{atom}_{method_basis}.log",
    benchmark:
        "results/benchmarks/abinitio/{atom}_{method_basis}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[0],
        runtime=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[1],
    params:
        max_cycle=STUDY.max_cycle,
        unpaired=lambda wildcards: (
            f"--unpaired {STUDY.unpaired[wildcards.atom]}"
            if wildcards.atom in STUDY.unpaired
            else ""
        ),
    message:
        "{wildcards.atom}: state and density at {wildcards.method_basis}"
    shell:
        "python -m comotion.abinitio"
        " --system {wildcards.atom:q} --level {wildcards.method_basis:q}"
        " --max-cycle {params.max_cycle} {params.unpaired}"
        " --density {output.density:q} --quantum {output.quantum:q} > {log:q} 2>&1"


rule model_density:
    input:
        code=code("comotion.density"),
    output:
        density="results/{model}/exact/density.h5",
        quantum="results/{model}/exact/quantum.json",
    log:
        "results/logs/model_density/{model}.log",
    benchmark:
        "results/benchmarks/model_density/{model}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "{wildcards.model}: model density"
    shell:
        "python -m comotion.density --system {wildcards.model:q}"
        " --density {output.density:q} --quantum {output.quantum:q} > {log:q} 2>&1"


rule pair_angle:
    input:
        code=code("comotion.abinitio.pairs"),
    output:
        pair_angle="results/{atom}/{method_basis}/pair_angle.json",
    log:
        "results/logs/pair_angle/{atom}_{method_basis}.log",
    benchmark:
        "results/benchmarks/pair_angle/{atom}_{method_basis}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[0],
        runtime=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[1],
    params:
        max_cycle=STUDY.max_cycle,
    message:
        "{wildcards.atom}: angle between electrons at {wildcards.method_basis}"
    shell:
        "python -m comotion.abinitio.pairs"
        " --system {wildcards.atom:q} --level {wildcards.method_basis:q}"
        " --max-cycle {params.max_cycle}"
        " --pair-angle {output.pair_angle:q} > {log:q} 2>&1"


rule user_density:
    input:
        table=user_table,
        code=lambda wildcards: code(user_stage(wildcards)),
    output:
        density="results/{density}/table/density.h5",
        quantum="results/{density}/table/quantum.json",
    log:
        "results/logs/user_density/{density}.log",
    benchmark:
        "results/benchmarks/user_density/{density}.tsv"
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        stage=lambda wildcards: user_stage(wildcards),
        normalize=lambda wildcards: (
            "--normalize" if STUDY.densities[wildcards.density].normalize else ""
        ),
    message:
        "{wildcards.density}: density from {input.table}"
    shell:
        "python -m {params.stage} --system {wildcards.density:q}"
        " --table {input.table:q} {params.normalize}"
        " --density {output.density:q} --quantum {output.quantum:q} > {log:q} 2>&1"
