# All records become one table, which must obey the chain of inequalities.


RECORDS = [
    *integrals_of(STUDY.rows),
    *of_rows("sce.json", STUDY.rows),
    *of_rows("hierarchy.json", STUDY.rows),
    *of_rows("bracket.json", STUDY.bracketed),
    *of_rows("pair_bound.json", STUDY.pair_bounded),
]


use rule stage as energies with:
    input:
        RECORDS,
        code=code("energies-table"),
    output:
        csv=f"{TABLES}/energies.csv",
        units=f"{TABLES}/energies.units.json",
        markdown=f"{TABLES}/energies.md",
        settings=f"{TABLES}/settings.json",
    log:
        f"results/logs/{OF_STUDY}/energies.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/energies.tsv"
    localrule: True
    params:
        stage="energies-table",
        options=f"--rows {row_words(STUDY.rows)}"
        + (f" --bracketed {row_words(STUDY.bracketed)}" if STUDY.bracketed else "")
        + (
            f" --pair-bounded {row_words(STUDY.pair_bounded)}"
            if STUDY.pair_bounded
            else ""
        ),
        files=with_results,
    message:
        "table of all systems"


use rule kept_stage as best_estimate with:
    input:
        densities=of_ingredients("density.h5"),
        quantum="results/{atom}/{best}/quantum.json",
        sce="results/{atom}/{best}/sce.json",
        plan="results/{atom}/{best}/plan.h5",
        bracket=if_bracketed("bracket.json"),
        code=code("best"),
    output:
        best="results/{atom}/{best}/best.json",
    log:
        "results/logs/best_estimate/{atom}_{best}.log",
    benchmark:
        "results/benchmarks/best_estimate/{atom}_{best}.tsv"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        stage="best",
        options=lambda wildcards: (
            f"--system {wildcards.atom} --level {wildcards.best}"
        ),
    message:
        "{wildcards.atom}: estimate at {wildcards.best}"


use rule stage as best_table with:
    input:
        records=of_rows("best.json", STUDY.estimates),
        code=code("best-table"),
    output:
        csv=f"{TABLES}/best.csv",
        coverage=f"{TABLES}/coverage.csv",
        markdown=f"{TABLES}/best.md",
    log:
        f"results/logs/{OF_STUDY}/best_table.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/best_table.tsv"
    localrule: True
    params:
        stage="best-table",
    message:
        "table of best estimates"


use rule stage as kohn_sham_table with:
    input:
        states=of_rows("quantum.json", STUDY.self_consistent),
        inversions=of_rows("kohn_sham.json", STUDY.inverted),
        code=code("kohn-sham-table"),
    output:
        csv=f"{TABLES}/kohn_sham.csv",
        inversion=f"{TABLES}/inversion.csv",
        markdown=f"{TABLES}/kohn_sham.md",
    log:
        f"results/logs/{OF_STUDY}/kohn_sham_table.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/kohn_sham_table.tsv"
    localrule: True
    params:
        stage="kohn-sham-table",
    message:
        "tables of Kohn-Sham atoms"


use rule stage as connection_table with:
    input:
        records=of_rows("connection.json", STUDY.connected),
        hartree_fock=of_rows("moller_plesset.json", STUDY.hartree_fock_connected),
        code=code("connection-table"),
    output:
        csv=f"{TABLES}/connection.csv",
        moller_plesset=f"{TABLES}/moller_plesset.csv",
        markdown=f"{TABLES}/connection.md",
    log:
        f"results/logs/{OF_STUDY}/connection_table.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/connection_table.tsv"
    localrule: True
    params:
        stage="connection-table",
    message:
        "table of adiabatic connections"


use rule stage as bracket_table with:
    input:
        records=of_rows("bracket.json", STUDY.bracketed),
        code=code("bracket-table"),
    output:
        csv=f"{TABLES}/bracket.csv",
        hierarchy=f"{TABLES}/hierarchy_bracket.csv",
        markdown=f"{TABLES}/bracket.md",
    log:
        f"results/logs/{OF_STUDY}/bracket_table.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/bracket_table.tsv"
    localrule: True
    params:
        stage="bracket-table",
    message:
        "table of brackets"


use rule stage as atom_page with:
    input:
        energies=f"{TABLES}/energies.csv",
        plan="results/{system}/{level}/plan.h5",
        bracket=if_bracketed("bracket.h5"),
        upper_plan=if_bracketed("upper_plan.h5"),
        pattern=if_bracketed("pattern.h5"),
        code=code("atom-page"),
    output:
        html=report(
            f"{PAGE_FOLDER}/{{system}}/{{level}}.html",
            caption="../workflow/report/atom_page.rst",
            category=ATOM_PAGE.category,
            labels={"result": ATOM_PAGE.label},
        ),
    log:
        f"results/logs/{OF_STUDY}/page/{{system}}_{{level}}.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/page/{{system}}_{{level}}.tsv"
    localrule: True
    params:
        stage="atom-page",
        options=lambda wildcards: f"{wildcards.system} '{wildcards.level}'",
    message:
        "page of {wildcards.system} at {wildcards.level}"


use rule stage as table_page with:
    input:
        input=shown_by,
        code=code("page"),
    output:
        html=report(
            f"{TABLES}/{{page}}.html",
            caption="../workflow/report/page.rst",
            category=lambda wildcards: PAGES[wildcards.page].category,
            labels=lambda wildcards: {"result": PAGES[wildcards.page].label},
        ),
    log:
        f"results/logs/{OF_STUDY}/page/{{page}}.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/page/{{page}}.tsv"
    localrule: True
    params:
        stage="page",
        options=lambda wildcards: wildcards.page,
    message:
        "page {wildcards.page} of the report"
