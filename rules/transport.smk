# A radial density becomes its co-motion plan, its hierarchy, its bracket and its pair bound.


use rule kept_stage as plan with:
    input:
        density="results/{system}/{level}/density.h5",
        code=code("plan"),
    output:
        sce="results/{system}/{level}/sce.json",
        plan="results/{system}/{level}/plan.h5",
        pattern="results/{system}/{level}/pattern.h5",
    log:
        "results/logs/plan/{system}_{level}.log",
    benchmark:
        "results/benchmarks/plan/{system}_{level}.tsv"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        stage="plan",
        options=STUDY.settings("plan"),
    message:
        "{wildcards.system} at {wildcards.level}: co-motion plan"


use rule kept_stage as hierarchy with:
    input:
        density="results/{system}/{level}/density.h5",
        sce="results/{system}/{level}/sce.json",
        code=code("hierarchy"),
    output:
        hierarchy="results/{system}/{level}/hierarchy.json",
    log:
        "results/logs/hierarchy/{system}_{level}.log",
    benchmark:
        "results/benchmarks/hierarchy/{system}_{level}.tsv"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        stage="hierarchy",
        options=STUDY.settings("hierarchy"),
    message:
        "{wildcards.system} at {wildcards.level}: V_2 and upper bounds of V_3 to V_N"


use rule kept_stage as bracket with:
    input:
        density="results/{system}/{level}/density.h5",
        plan="results/{system}/{level}/plan.h5",
        pattern="results/{system}/{level}/pattern.h5",
        code=code("bracket"),
    output:
        bracket="results/{system}/{level}/bracket.json",
        details="results/{system}/{level}/bracket.h5",
        upper_plan="results/{system}/{level}/upper_plan.h5",
    log:
        "results/logs/bracket/{system}_{level}.log",
    benchmark:
        "results/benchmarks/bracket/{system}_{level}.tsv"
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        stage="bracket",
        options=f"{STUDY.settings('bracket')} --resumes",
    message:
        "{wildcards.system} at {wildcards.level}: bracket of V_SCE"


use rule kept_stage as pair_bound with:
    input:
        density="results/{system}/{level}/density.h5",
        code=code("pair-bound"),
    output:
        pair_bound="results/{system}/{level}/pair_bound.json",
        certificate="results/{system}/{level}/pair_certificate.json",
    log:
        "results/logs/pair_bound/{system}_{level}.log",
    benchmark:
        "results/benchmarks/pair_bound/{system}_{level}.tsv"
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        stage="pair-bound",
        options=STUDY.settings("pair-bound"),
    message:
        "{wildcards.system} at {wildcards.level}: proven lower bound of V_SCE"


use rule kept_stage as connection with:
    input:
        kohn_sham="results/{atom}/{of_state}/kohn_sham.h5",
        quantum="results/{atom}/{of_state}/quantum.json",
        sce="results/{atom}/{of_state}/sce.json",
        hierarchy="results/{atom}/{of_state}/hierarchy.json",
        bracket=if_bracketed("bracket.json"),
        code=code("connection"),
    output:
        connection="results/{atom}/{of_state}/connection.json",
    log:
        "results/logs/connection/{atom}_{of_state}.log",
    benchmark:
        "results/benchmarks/connection/{atom}_{of_state}.tsv"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        stage="connection",
    message:
        "{wildcards.atom}: adiabatic connection at {wildcards.of_state}"


use rule kept_stage as moller_plesset with:
    input:
        density="results/{atom}/{method_basis}/density.h5",
        quantum="results/{atom}/{method_basis}/quantum.json",
        code=code("moller-plesset"),
    output:
        moller_plesset="results/{atom}/{method_basis}/moller_plesset.json",
    log:
        "results/logs/moller_plesset/{atom}_{method_basis}.log",
    benchmark:
        "results/benchmarks/moller_plesset/{atom}_{method_basis}.tsv"
    resources:
        mem_mb=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[0],
        runtime=lambda wildcards: needs(wildcards.atom, wildcards.method_basis)[1],
    params:
        stage="moller-plesset",
    message:
        "{wildcards.atom}: Hartree-Fock connection at {wildcards.method_basis}"


use rule kept_stage as connection_curve with:
    input:
        density="results/{atom}/{of_state}/density.h5",
        code=code("connection-curve"),
    output:
        curve="results/{atom}/{of_state}/connection_curve.json",
    log:
        "results/logs/connection_curve/{atom}_{of_state}.log",
    benchmark:
        "results/benchmarks/connection_curve/{atom}_{of_state}.tsv"
    params:
        stage="connection-curve",
    message:
        "{wildcards.atom}: curve of the adiabatic connection at {wildcards.of_state}"
