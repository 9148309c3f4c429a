# All records become one table, which must obey the chain of inequalities.

RECORDS = [
    *of_rows("quantum.json", STUDY.rows),
    *of_rows("sce.json", STUDY.rows),
    *of_rows("hierarchy.json", STUDY.rows),
    *of_rows("bracket.json", STUDY.bracketed),
]


# The records by name in a file: thousands of them are too long for a command line.
rule record_list:
    input:
        RECORDS,
    output:
        "results/tables/records.txt",
    log:
        "results/logs/record_list.log",
    benchmark:
        "results/benchmarks/record_list.tsv"
    localrule: True
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "list of all records"
    run:
        import time
        from comotion.records import replace_text

        # The report's statistics need a run time above the tick of the file system's clock.
        time.sleep(0.05)
        replace_text(Path(output[0]), "\n".join(input) + "\n")


rule energies:
    input:
        records=RECORDS,
        names="results/tables/records.txt",
        code=code("comotion.comparison"),
    output:
        csv="results/tables/energies.csv",
        units="results/tables/energies.units.json",
        markdown="results/tables/energies.md",
        study="results/tables/study.json",
    log:
        "results/logs/energies.log",
    benchmark:
        "results/benchmarks/energies.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "table of all systems"
    shell:
        "python -m comotion.comparison"
        " --records @{input.names:q}"
        " --csv {output.csv:q} --units {output.units:q} --markdown {output.markdown:q}"
        " --study {output.study:q} > {log:q} 2>&1"


rule best_estimate:
    input:
        quantum=of_ingredients("quantum.json"),
        sce=of_ingredients("sce.json", "before", "best"),
        code=code("comotion.composite"),
    output:
        best=f"results/{{atom}}/{BEST}/best.json",
    log:
        "results/logs/best_estimate/{atom}.log",
    benchmark:
        "results/benchmarks/best_estimate/{atom}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "{wildcards.atom}: best estimate"
    shell:
        "python -m comotion.composite --system {wildcards.atom:q}"
        " --quantum {input.quantum:q} --sce {input.sce:q}"
        " --best {output.best:q} > {log:q} 2>&1"


rule best_table:
    input:
        records=[f"results/{system}/{BEST}/best.json" for system in STUDY.best],
        code=code("comotion.comparison.best"),
    output:
        csv="results/tables/best.csv",
        markdown="results/tables/best.md",
    log:
        "results/logs/best_table.log",
    benchmark:
        "results/benchmarks/best_table.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "table of best estimates"
    shell:
        "python -m comotion.comparison.best --records {input.records:q}"
        " --csv {output.csv:q} --markdown {output.markdown:q} > {log:q} 2>&1"


rule bracket_table:
    input:
        records=of_rows("bracket.json", STUDY.bracketed),
        code=code("comotion.comparison.brackets"),
    output:
        csv="results/tables/bracket.csv",
        hierarchy="results/tables/hierarchy_bracket.csv",
        markdown="results/tables/bracket.md",
    log:
        "results/logs/bracket_table.log",
    benchmark:
        "results/benchmarks/bracket_table.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "table of brackets"
    shell:
        "python -m comotion.comparison.brackets --records {input.records:q}"
        " --csv {output.csv:q} --hierarchy {output.hierarchy:q}"
        " --markdown {output.markdown:q} > {log:q} 2>&1"


rule table_page:
    input:
        made_of=lambda wildcards: PAGES[wildcards.page][2],
        code=code("comotion.pages"),
    output:
        html=report(
            "results/tables/{page}.html",
            caption="../workflow/report/page.rst",
            category=lambda wildcards: PAGES[wildcards.page][0],
            labels=lambda wildcards: {"result": PAGES[wildcards.page][1]},
        ),
    log:
        "results/logs/page/{page}.log",
    benchmark:
        "results/benchmarks/page/{page}.tsv"
    localrule: True
    conda:
        "../workflow/envs/comotion.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "page {wildcards.page} of the report"
    shell:
        "python -m comotion.pages {wildcards.page} --input {input.made_of:q}"
        " --html {output.html:q} > {log:q} 2>&1"
