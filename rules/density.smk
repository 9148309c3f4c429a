# An atom, a model or a user's file becomes a radial density with its integrals.


use rule kept_stage as atom with:
    input:
        code=code("atom"),
    output:
        density="results/{atom}/{method_basis}/density.h5",
        quantum="results/{atom}/{method_basis}/quantum.json",
    log:
        "results/logs/atom/{atom}_{method_basis}.log",
    benchmark:
        "results/benchmarks/atom/{atom}_{method_basis}.tsv"
    resources:
        mem_mb=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[0],
        runtime=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[1],
    params:
        stage="atom",
        options=lambda wildcards: (
            f"--system {wildcards.atom} --level '{wildcards.method_basis}'"
            f" {STUDY.settings('atom', wildcards.atom)}"
        ),
    message:
        "{wildcards.atom}: state and density at {wildcards.method_basis}"


use rule kept_stage as best_density with:
    input:
        densities=of_ingredients("density.h5"),
        records=of_ingredients("quantum.json"),
        code=code("best-density"),
    output:
        density="results/{atom}/{best}/density.h5",
        quantum="results/{atom}/{best}/quantum.json",
    log:
        "results/logs/best_density/{atom}_{best}.log",
    benchmark:
        "results/benchmarks/best_density/{atom}_{best}.tsv"
    localrule: True
    params:
        stage="best-density",
        options=lambda wildcards: (
            f"--system {wildcards.atom} --level {wildcards.best}"
        ),
    message:
        "{wildcards.atom}: density at {wildcards.best}, composed"


use rule kept_stage as self_consistent with:
    input:
        code=code("self-consistent"),
    output:
        density="results/{atom}/{transport}/density.h5",
        quantum="results/{atom}/{transport}/quantum.json",
        potential="results/{atom}/{transport}/kohn_sham.h5",
    log:
        "results/logs/self_consistent/{atom}_{transport}.log",
    benchmark:
        "results/benchmarks/self_consistent/{atom}_{transport}.tsv"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        stage="self-consistent",
        options=lambda wildcards: (
            f"--system {wildcards.atom} --level '{wildcards.transport}'"
            f" {STUDY.settings('self-consistent', wildcards.atom)}"
        ),
    message:
        "{wildcards.atom}: self-consistent at {wildcards.transport}"


use rule kept_stage as kohn_sham with:
    input:
        density="results/{atom}/{of_state}/density.h5",
        quantum="results/{atom}/{of_state}/quantum.json",
        code=code("kohn-sham"),
    output:
        kohn_sham="results/{atom}/{of_state}/kohn_sham.json",
        potential="results/{atom}/{of_state}/kohn_sham.h5",
    log:
        "results/logs/kohn_sham/{atom}_{of_state}.log",
    benchmark:
        "results/benchmarks/kohn_sham/{atom}_{of_state}.tsv"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        stage="kohn-sham",
    message:
        "{wildcards.atom}: Kohn-Sham potential at {wildcards.of_state}"


use rule kept_stage as model with:
    input:
        code=code("model"),
    output:
        density="results/{model}/exact/density.h5",
        integrals="results/{model}/exact/density.json",
    log:
        "results/logs/model/{model}.log",
    benchmark:
        "results/benchmarks/model/{model}.tsv"
    params:
        stage="model",
        options=lambda wildcards: f"--system {wildcards.model}",
    message:
        "{wildcards.model}: model density"


use rule kept_stage as user_density with:
    input:
        table=user_file,
        code=code("user-density"),
    output:
        density="results/{density}/table/density.h5",
        integrals="results/{density}/table/density.json",
    log:
        "results/logs/user_density/{density}.log",
    benchmark:
        "results/benchmarks/user_density/{density}.tsv"
    params:
        stage="user-density",
        options=lambda wildcards: (
            f"--system {wildcards.density}"
            f" {STUDY.settings('user-density', wildcards.density)}"
        ),
    message:
        "{wildcards.density}: density from {input.table}"


use rule kept_stage as pair_angle with:
    input:
        code=code("pair-angle"),
    output:
        pair_angle="results/{atom}/{method_basis}/pair_angle.json",
    log:
        "results/logs/pair_angle/{atom}_{method_basis}.log",
    benchmark:
        "results/benchmarks/pair_angle/{atom}_{method_basis}.tsv"
    resources:
        mem_mb=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[0],
        runtime=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[1],
    params:
        stage="pair-angle",
        options=lambda wildcards: (
            f"--system {wildcards.atom} --level '{wildcards.method_basis}'"
            f" {STUDY.settings('pair-angle', wildcards.atom)}"
        ),
    message:
        "{wildcards.atom}: angle between electrons at {wildcards.method_basis}"


use rule kept_stage as pair_density with:
    input:
        code=code("pair-density"),
    output:
        pair_density="results/{atom}/{method_basis}/pair_density.h5",
    log:
        "results/logs/pair_density/{atom}_{method_basis}.log",
    benchmark:
        "results/benchmarks/pair_density/{atom}_{method_basis}.tsv"
    resources:
        mem_mb=lambda wildcards: needs(
            wildcards.atom, wildcards.method_basis, pairs=True
        )[0],
        runtime=lambda wildcards: needs(
            wildcards.atom, wildcards.method_basis, pairs=True
        )[1],
    params:
        stage="pair-density",
        options=lambda wildcards: (
            f"--system {wildcards.atom} --level '{wildcards.method_basis}'"
            f" {STUDY.settings('pair-density', wildcards.atom)}"
        ),
    message:
        "{wildcards.atom}: pair density at {wildcards.method_basis}"
