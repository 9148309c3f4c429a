# Every configured system can be asked for by its bare name, such as Be or bohr-10.

NAMES = {"all", *(known.name for known in workflow.rules)}

for configured in STUDY.systems:
    if configured in NAMES:
        raise WorkflowError(
            f"key densities.{configured}: a rule of the workflow has this name; choose another"
        )

    rule:
        name:
            configured
        input:
            of_system("quantum.json", configured),
            of_system("sce.json", configured),
            of_system("hierarchy.json", configured),
