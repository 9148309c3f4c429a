"""A tiny reference set, made by the stages themselves from two model densities."""

from pathlib import Path

from comotion.cli import main

SYSTEMS = ("exponential-2", "exponential-3")


def run_stages(results: Path, system: str) -> None:
    """All records of a model density that a row of the table can have."""
    place = results / system / "exact"
    place.mkdir(parents=True)

    def stage(words: str) -> None:
        main([word.replace("@", f"{place}/") for word in words.split()])

    stage(f"model --system {system} --density @density.h5 --integrals @density.json")
    stage("plan --density @density.h5 --sce @sce.json --plan @plan.h5 --pattern @pattern.h5")
    stage("hierarchy --density @density.h5 --sce @sce.json --hierarchy @hierarchy.json")
    stage(
        "bracket --splines 12 16 --cells 6 --iterations 4 --density @density.h5 --plan @plan.h5 "
        "--pattern @pattern.h5 --parts @parts --bracket @bracket.json --details @bracket.h5 "
        "--upper-plan @upper_plan.h5"
    )
    stage(
        "pair-bound --intervals 3 --degree 2 --rounds 2 --hierarchy 2 --density @density.h5 "
        "--pair-bound @pair_bound.json --certificate @pair_certificate.json"
    )


def add(results: Path, folder: Path, *words: str) -> None:
    """Add pairs of the results to a set."""
    main(["reference-add", "--results", str(results), "--set", str(folder),
          "--table", str(results / "tables/energies.csv"), *words])  # fmt: skip
