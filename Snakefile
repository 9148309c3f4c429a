# comotion: optimal transport against quantum mechanics, atom by atom.
# Everything: snakemake --cores 2.  One system: snakemake -c2 Be.
# One result: snakemake -c1 results/Ar/hf_aug-cc-pVQZ/sce.json (any atom, any level).
from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.20")


# --configfile replaces the default study as a whole.
if not workflow.config_settings.configfiles:
    try:
        # What the directive calls; snakefmt knows no directive in a try.
        workflow.configfile("config.yaml")
    except ValueError as error:
        # Bytes that are no text, days that no month has: Snakemake leaves these to YAML.
        raise WorkflowError(f"config.yaml: {error}; save it as UTF-8 YAML") from None


report: "workflow/report/workflow.rst"


include: "rules/common.smk"
include: "rules/density.smk"
include: "rules/transport.smk"
include: "rules/comparison.smk"
include: "rules/figures.smk"
include: "rules/theory.smk"
include: "rules/benchmark.smk"
include: "rules/targets.smk"
include: "rules/summary.smk"


rule all:
    default_target: True
    input:
        # What a reader deletes because it is broken is made again.
        RECORDS,
        of_rows("density.h5", STUDY.rows),
        of_rows("comotion.h5", STUDY.rows),
        "results/tables/energies.csv",
        ["results/tables/best.csv"] if STUDY.best else [],
        ["results/tables/bracket.csv"] if STUDY.bracketed else [],
        rules.theory.input if STUDY.theory.include else [],
        expand("results/tables/{page}.html", page=page_names()),
        expand(
            "results/figures/{name}.{suffix}",
            name=figure_names(),
            suffix=["svg", "png"],
        ),
