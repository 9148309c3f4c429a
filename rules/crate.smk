# A finished study as one archive that others can read: snakemake crate.


use rule stage as crate with:
    input:
        rules.all.input,
        config=[local(os.path.relpath(file)) for file in hooks.config_files(workflow)],
        code=[
            local(os.path.relpath(PACKAGES / "study" / name))
            for name in ("crate.py", "commit.py")
        ],
    output:
        archive=f"results/{OF_STUDY}/crate.zip",
    log:
        f"results/logs/{OF_STUDY}/crate.log",
    benchmark:
        f"results/benchmarks/{OF_STUDY}/crate.tsv"
    localrule: True
    params:
        program="study",
        stage="crate",
        options=f"--study {STUDY['study']} --project {shlex.quote(str(PACKAGES.parent))}"
        f" --rows {row_words(dict.fromkeys([*STUDY.rows, *STUDY.estimates]))}",
        # A module's prefix may have moved the folder of all results.
        files=lambda wildcards, input, output: (
            f"{shlex.join(['--results', str(Path(output.archive).parents[2])])}"
            f" {as_flags(wildcards, input, output)}"
        ),
    message:
        "archive of the study"
