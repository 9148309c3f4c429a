# Tables and plans become figures, each as SVG for papers and PNG for screens.


use rule stage as hierarchy_figure with:
    input:
        inputs=f"{TABLES}/energies.csv",
        code=figure_code(drawn_from("hierarchy")),
    output:
        out=all_shown(drawn_from("hierarchy")),
    log:
        f"results/logs/{OF_STUDY}/figures/hierarchy.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/hierarchy.tsv"
    localrule: True
    params:
        stage="figure",
        options=f"{functions(drawn_from('hierarchy'))} {STUDY.settings('figure')}",
    message:
        "figure of the hierarchies"


use rule stage as plan_figures with:
    input:
        inputs=of_rows("plan.h5", STUDY.drawn),
        code=figure_code(drawn_from("plans")),
    output:
        out=all_shown(drawn_from("plans")),
    log:
        f"results/logs/{OF_STUDY}/figures/plans.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/plans.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("plans")),
    message:
        "figures of the co-motion plans"


use rule stage as curves with:
    input:
        plans=of_rows("plan.h5", STUDY.drawn),
        code=code("curves"),
    output:
        specifications=expand(
            f"{FIGURE_FOLDER}/curves/{{name}}.vl.json",
            name=CURVES,
        ),
        html=report(
            f"{PAGE_FOLDER}/curves.html",
            caption="../workflow/report/curves.rst",
            category=CURVE_PAGE.category,
            labels={"result": CURVE_PAGE.label},
        ),
    log:
        f"results/logs/{OF_STUDY}/figures/curves.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/curves.tsv"
    localrule: True
    params:
        stage="curves",
        options=with_vega,
    message:
        "curves of the co-motion plans"


use rule stage as bracket_figures with:
    input:
        # The lower bounds, then the co-motion plans beside them.
        inputs=of_rows("bracket.h5", STUDY.drawn_brackets)
        + of_rows("plan.h5", STUDY.drawn_brackets),
        code=figure_code(drawn_from("brackets")),
    output:
        out=all_shown(drawn_from("brackets")),
    log:
        f"results/logs/{OF_STUDY}/figures/brackets.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/brackets.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("brackets")),
    message:
        "figures of the brackets"


use rule stage as support_figure with:
    input:
        # The plans of the upper bounds, then those of the best patterns.
        inputs=of_rows("upper_plan.h5", STUDY.drawn_brackets)
        + of_rows("pattern.h5", STUDY.drawn_brackets),
        code=figure_code(drawn_from("upper plans")),
    output:
        out=all_shown(drawn_from("upper plans")),
    log:
        f"results/logs/{OF_STUDY}/figures/support.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/support.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("upper plans")),
    message:
        "figure of the supports of the plans"


use rule stage as arrangement_figure with:
    input:
        inputs="results/{system}/{level}/plan.h5",
        code=figure_code(drawn_from("plan")),
    output:
        out=shown(
            "arrangement",
            file="arrangement/{system}/{level}",
            label="arrangement, {system} {level}",
        ),
    log:
        f"results/logs/{OF_STUDY}/figures/arrangement/{{system}}/{{level}}.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/arrangement/{{system}}/{{level}}.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("plan")),
    message:
        "figure arrangement of {wildcards.system} at {wildcards.level}"


use rule stage as pair_angle_figure with:
    input:
        inputs=of_rows("pair_angle.json", STUDY.pair_angles),
        code=figure_code(drawn_from("angles")),
    output:
        out=all_shown(drawn_from("angles")),
    log:
        f"results/logs/{OF_STUDY}/figures/pair_angle.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/pair_angle.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("angles")),
    message:
        "figure of the angle between electrons"


use rule stage as pair_density_figure with:
    input:
        # The pair densities, then the co-motion plans beside them.
        inputs=of_rows("pair_density.h5", STUDY.pair_densities)
        + of_rows("plan.h5", STUDY.pair_densities),
        code=figure_code(drawn_from("pair densities")),
    output:
        out=all_shown(drawn_from("pair densities")),
    log:
        f"results/logs/{OF_STUDY}/figures/pair_density.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/pair_density.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("pair densities")),
    message:
        "figure of the pair densities"


use rule stage as kohn_sham_energies_figure with:
    input:
        inputs=of_rows("quantum.json", STUDY.compared),
        code=figure_code(drawn_from("states")),
    output:
        out=all_shown(drawn_from("states")),
    log:
        f"results/logs/{OF_STUDY}/figures/kohn_sham_energies.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/kohn_sham_energies.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("states")),
    message:
        "figure of the self-consistent energies"


use rule stage as kohn_sham_densities_figure with:
    input:
        inputs=of_rows("density.h5", STUDY.compared),
        code=figure_code(drawn_from("densities")),
    output:
        out=all_shown(drawn_from("densities")),
    log:
        f"results/logs/{OF_STUDY}/figures/kohn_sham_densities.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/kohn_sham_densities.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("densities")),
    message:
        "figure of the self-consistent densities"


use rule stage as kohn_sham_potentials_figure with:
    input:
        inputs=of_rows("kohn_sham.h5", STUDY.self_consistent + STUDY.inverted),
        code=figure_code(drawn_from("potentials")),
    output:
        out=all_shown(drawn_from("potentials")),
    log:
        f"results/logs/{OF_STUDY}/figures/kohn_sham_potentials.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/kohn_sham_potentials.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("potentials")),
    message:
        "figure of the Kohn-Sham potentials"


use rule stage as connection_curve_figure with:
    input:
        inputs=of_rows("connection_curve.json", STUDY.curved)
        + of_rows("connection.json", STUDY.curved),
        code=figure_code(drawn_from("connection curves")),
    output:
        out=all_shown(drawn_from("connection curves")),
    log:
        f"results/logs/{OF_STUDY}/figures/connection_curve.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/connection_curve.tsv"
    localrule: True
    params:
        stage="figure",
        options=functions(drawn_from("connection curves")),
    message:
        "figure of the adiabatic connections of two electrons"


use rule stage as table_figure with:
    input:
        inputs=lambda wildcards: (
            f"{TABLES}/{FIGURES[wildcards.table_figure].drawn_from.split()[0]}.csv"
        ),
        code=lambda wildcards: figure_code([wildcards.table_figure]),
    output:
        out=[
            report(
                f"{FIGURE_FOLDER}/{{table_figure}}.svg",
                caption="../workflow/report/table_figure.rst",
                category=lambda wildcards: FIGURES[wildcards.table_figure].category,
                labels=lambda wildcards: {
                    "result": FIGURES[wildcards.table_figure].label
                },
            ),
            f"{FIGURE_FOLDER}/{{table_figure}}.png",
        ],
    log:
        f"results/logs/{OF_STUDY}/figures/{{table_figure}}.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/figures/{{table_figure}}.tsv"
    localrule: True
    params:
        stage="figure",
        options=lambda wildcards: functions([wildcards.table_figure]),
    message:
        "figure {wildcards.table_figure}"
