# Every system can be asked for by its bare name, such as Be or bohr-10: those of the study at its
# levels, any other atom at the levels of its last group.

NAMES = {"all", *hooks.rule_names(workflow)}

for configured in STUDY.systems:
    if configured in NAMES:
        raise WorkflowError(
            f"key densities.{configured}: a rule of the workflow has this name; choose another"
        )

try:
    ASKED = asked_systems(
        hooks.targets(workflow),
        STUDY,
        NAMES,
        hooks.file_names(workflow),
        functools.partial(hooks.makes, workflow),
    )
except ComotionError as error:
    raise WorkflowError(str(error)) from None

for named_system in dict.fromkeys([*STUDY.systems, *ASKED]):

    rule:
        name:
            named_system
        input:
            integrals_of(rows_of_target(named_system, STUDY)),
            of_rows("sce.json", rows_of_target(named_system, STUDY)),
            of_rows("hierarchy.json", rows_of_target(named_system, STUDY)),
