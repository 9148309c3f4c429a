# All records become one table, which must obey the chain of inequalities.


rule energies:
    input:
        quantum=of_rows("quantum.json", STUDY.rows),
        sce=of_rows("sce.json", STUDY.rows),
        hierarchy=of_rows("hierarchy.json", STUDY.rows),
        code=code("comotion.comparison"),
    output:
        csv=report(
            "results/tables/energies.csv",
            caption="../workflow/report/energies_table.rst",
            category="Atoms",
            labels={"table": "energies"},
        ),
        units="results/tables/energies.units.json",
        markdown="results/tables/energies.md",
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
        " --records {input.quantum:q} {input.sce:q} {input.hierarchy:q}"
        " --csv {output.csv:q} --units {output.units:q} --markdown {output.markdown:q}"
        " > {log:q} 2>&1"
