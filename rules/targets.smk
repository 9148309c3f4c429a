# Every configured system can be asked for by its bare name, such as Be or bohr-10.

NAMES = {"all", *hooks.rule_names(workflow)}

for configured in STUDY.systems:
    if configured in NAMES:
        raise WorkflowError(
            f"key densities.{configured}: a rule of the workflow has this name; choose another"
        )

    rule:
        name:
            configured
        input:
            integrals_of(STUDY.rows_of(configured)),
            of_rows("sce.json", STUDY.rows_of(configured)),
            of_rows("hierarchy.json", STUDY.rows_of(configured)),
