# What can be asked for by name: everything, or one configured system.

PLAN_FIGURES = ["density", "comotion", "potential"]
TABLE_FIGURES = ["energies", "hierarchy"]


def figure_names():
    """Figures of the study, those of single systems included."""
    shown = dict(STUDY.shown)
    names = TABLE_FIGURES + PLAN_FIGURES
    return names + [f"arrangement_{s}_{shown[s]}" for s in STUDY.arrangements]


for configured in STUDY.systems:

    rule:
        name:
            configured
        input:
            of_rows("quantum.json", [row for row in STUDY.rows if row[0] == configured]),
            of_rows("sce.json", [row for row in STUDY.rows if row[0] == configured]),
            of_rows("hierarchy.json", [row for row in STUDY.rows if row[0] == configured]),
