# comotion: optimal transport against quantum mechanics, atom by atom.
# Everything: snakemake --cores 2.  One system: snakemake -c2 Be (any atom or model).
# One result: snakemake -c1 results/Ar/hf_aug-cc-pVQZ/sce.json (any atom, any level).
from snakemake.utils import min_version

min_version("9.20")


report: "workflow/report/workflow.rst"


include: "rules/common.smk"
include: "rules/stage.smk"
include: "rules/density.smk"
include: "rules/transport.smk"
include: "rules/tables.smk"
include: "rules/figures.smk"
include: "rules/problems.smk"
include: "rules/benchmark.smk"


rule all:
    default_target: True
    input:
        # What a reader deletes because it is broken is made again.
        RECORDS,
        of_rows("density.h5", STUDY.rows),
        of_rows("plan.h5", STUDY.rows),
        of_rows("pair_certificate.json", STUDY.pair_bounded),
        f"{TABLES}/energies.csv",
        [f"{TABLES}/best.csv"] if STUDY.estimates else [],
        [f"{TABLES}/bracket.csv"] if STUDY.bracketed else [],
        [f"{TABLES}/kohn_sham.csv"] if STUDY.self_consistent or STUDY.inverted else [],
        [f"{TABLES}/connection.csv"] if STUDY.connected else [],
        rules.problems.input if STUDY["problems"]["include"] else [],
        expand(f"{TABLES}/{{page}}.html", page=STUDY.pages),
        rules.curves.output,
        [f"{PAGE_FOLDER}/{system}/{level}.html" for system, level in STUDY.drawn],
        expand(
            f"{FIGURE_FOLDER}/{{name}}.{{suffix}}",
            name=STUDY.figures,
            suffix=["svg", "png"],
        ),


include: "rules/crate.smk"
# Last, for they ask which rules there are.
include: "rules/targets.smk"
include: "rules/summary.smk"
