# Tables and plans become figures, each as SVG for papers and PNG for screens.


rule table_figure:
    input:
        inputs=lambda wildcards: f"results/tables/{FIGURE_TABLES[wildcards.table_figure]}.csv",
        code=code("comotion.figures"),
    output:
        svg=report(
            "results/figures/{table_figure}.svg",
            caption="../workflow/report/table_figure.rst",
            category=category,
            labels=labels,
        ),
        png="results/figures/{table_figure}.png",
    log:
        "results/logs/figures/{table_figure}.log",
    benchmark:
        "results/benchmarks/figures/{table_figure}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        panels=STUDY.panels,
    message:
        "figure {wildcards.table_figure}"
    shell:
        "python -m comotion.figures {wildcards.table_figure} --inputs {input.inputs:q}"
        " --panels {params.panels}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"


rule plan_figure:
    input:
        inputs=of_rows("comotion.h5", STUDY.drawn),
        code=code("comotion.figures"),
    output:
        svg=report(
            "results/figures/{plan_figure}.svg",
            caption="../workflow/report/plan_figure.rst",
            category=category,
            labels=labels,
        ),
        png="results/figures/{plan_figure}.png",
    log:
        "results/logs/figures/{plan_figure}.log",
    benchmark:
        "results/benchmarks/figures/{plan_figure}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "figure {wildcards.plan_figure}"
    shell:
        "python -m comotion.figures {wildcards.plan_figure} --inputs {input.inputs:q}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"


rule arrangement_figure:
    input:
        inputs="results/{system}/{level}/comotion.h5",
        code=code("comotion.figures"),
    output:
        svg=report(
            "results/figures/arrangement_{system}_{level}.svg",
            caption="../workflow/report/arrangement.rst",
            category="Transport",
            labels={"result": "arrangement, {system} {level}"},
        ),
        png="results/figures/arrangement_{system}_{level}.png",
    log:
        "results/logs/figures/arrangement_{system}_{level}.log",
    benchmark:
        "results/benchmarks/figures/arrangement_{system}_{level}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "figure arrangement of {wildcards.system} at {wildcards.level}"
    shell:
        "python -m comotion.figures arrangement --inputs {input.inputs:q}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"


rule pair_angle_figure:
    input:
        inputs=of_rows("pair_angle.json", STUDY.pair_angles),
        code=code("comotion.figures"),
    output:
        svg=report(
            "results/figures/pair_angle.svg",
            caption="../workflow/report/pair_angle.rst",
            category=FIGURES["pair_angle"][0],
            labels={"result": FIGURES["pair_angle"][1]},
        ),
        png="results/figures/pair_angle.png",
    log:
        "results/logs/figures/pair_angle.log",
    benchmark:
        "results/benchmarks/figures/pair_angle.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "figure of the angle between electrons"
    shell:
        "python -m comotion.figures pair_angle --inputs {input.inputs:q}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"


rule certificate_figure:
    input:
        inputs=of_rows(
            "bracket.h5", [row for row in STUDY.drawn if row in STUDY.bracketed]
        ),
        code=code("comotion.figures"),
    output:
        svg=report(
            "results/figures/{certificate_figure}.svg",
            caption="../workflow/report/certificate_figure.rst",
            category=category,
            labels=labels,
        ),
        png="results/figures/{certificate_figure}.png",
    log:
        "results/logs/figures/{certificate_figure}.log",
    benchmark:
        "results/benchmarks/figures/{certificate_figure}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "figure {wildcards.certificate_figure}"
    shell:
        "python -m comotion.figures {wildcards.certificate_figure}"
        " --inputs {input.inputs:q}"
        " --out {output.svg:q} {output.png:q} > {log:q} 2>&1"
