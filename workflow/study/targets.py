"""Targets of the command line: systems by their bare names, and a sentence for what is none."""

import os
from collections.abc import Callable, Collection
from difflib import get_close_matches
from pathlib import PurePosixPath

from comotion.errors import ComotionError, ConfigError
from comotion.recipe import recipe
from comotion.systems import (
    BEST,
    ELEMENTS,
    MODEL_KINDS,
    check_level,
    is_atom,
    is_model,
    parse_atom,
    parse_level,
    parse_model,
)
from study.configuration import EXACT, TABLE, Study
from study.user_files import RESERVED


def asked_systems(
    targets: Collection[str],
    study: Study,
    rules: Collection[str],
    files: Collection[str],
    makes: Callable[[str], bool],
) -> list[str]:
    """Systems among the targets of a command line, of which all must be possible.

    Args:
        targets: What the command line asks for.
        study: The study that runs.
        rules: Names of the rules, which are targets.
        files: Names of files that rules make, without their folders.
        makes: Whether a rule makes a file.

    Returns:
        Systems that are asked for by their bare names, sorted.

    Raises:
        ConfigError: The first target that cannot be, with what may have been meant.
    """
    systems = []
    for target in sorted(set(targets) - set(rules)):
        path = os.path.relpath(target)
        check_path(path, study)
        if rows_of_target(target, study):
            systems.append(target)
        elif not makes(path):
            raise ConfigError(_refusal(path, study, rules, files))
    return systems


def rows_of_target(name: str, study: Study) -> list[tuple[str, str]]:
    """Rows that a system means by its bare name.

    A system of the study has the levels that stand there. Another model has its one level; another
    atom or ion has those of the study's last group of atoms.

    Args:
        name: Name of a system, such as Na, bohr-12 or a user's density.
        study: The study that runs.

    Returns:
        (system, level) of every row, or none where the name is no system.

    Raises:
        ConfigError: A system that cannot be, that is spelt otherwise, or that has no level.
    """
    if rows := study.rows_of(name):
        return rows
    if is_model(name):
        return [(str(parse_model(name)), EXACT)]
    if not is_atom(name):
        return []
    atom = parse_atom(name)
    if not study["atoms"]:
        raise ConfigError(
            f"{name}: the study has no atoms, and so no level for this one; ask for a result at a "
            f"level, such as results/{name}/hf_cc-pVDZ/sce.json, or name it under atoms"
        )
    levels = study["atoms"][-1]["levels"]
    for level in levels:
        check_level(atom, parse_level(level))
    return [(name, level) for level in levels]


def check_path(target: str, study: Study) -> None:
    """Refuse a file below a system or level that cannot be, or that is spelt otherwise.

    Args:
        target: Path of a result, such as results/Ne/hf_cc-pVDZ/sce.json; others pass.
        study: The study that runs.

    Raises:
        ConfigError: What is wrong with the system or the level.
    """
    results, *key = PurePosixPath(target).parts
    if results != "results" or len(key) != 3 or key[0] in RESERVED:
        return
    system, level, _ = key
    try:
        if system in study["densities"]:
            _check_only(level, TABLE)
        elif is_atom(system):
            atom = parse_atom(system)
            theory = parse_level(level)
            check_level(atom, theory)
            if theory.method == BEST:
                recipe(system, level)
        elif system.partition("-")[0] in MODEL_KINDS:
            parse_model(system)
            _check_only(level, EXACT)
        else:
            raise ConfigError(_no_such_name(system, study, ()))
    except ComotionError as error:
        raise ConfigError(f"{target}: {error}") from error


def _refusal(path: str, study: Study, rules: Collection[str], files: Collection[str]) -> str:
    """Why a path cannot be made, and what may have been meant."""
    if "/" not in path:
        return _no_such_name(path, study, rules)
    parts = PurePosixPath(path).parts
    if parts[:2] == ("results", "studies") and study["study"] not in parts[2:3]:
        return (
            f"{path}: not of the study {study['study']!r}, which runs; its own files are in "
            f"results/studies/{study['study']}/, those of another are made with its --configfile"
        )
    if parts[-1] == "kohn_sham.json" and parts[-2].startswith("ks-"):
        return (
            f"{path}: no rule makes this file; a self-consistent atom has its own potential: ask "
            "for kohn_sham.h5, its T_s is in quantum.json"
        )
    near = get_close_matches(parts[-1], files, 1, cutoff=0.8)
    meant = f"did you mean {near[0]}? " if near and near[0] != parts[-1] else ""
    return (
        f"{path}: no rule makes this file; {meant}results of systems are in "
        "results/SYSTEM/LEVEL/, such as results/Ne/hf_cc-pVDZ/sce.json"
    )


def _check_only(level: str, only: str) -> None:
    """Refuse any but the one level of a density that no ab-initio method made."""
    if level != only:
        raise ConfigError(f"level {level!r}: the one level of this density is {only!r}")


def _no_such_name(name: str, study: Study, rules: Collection[str]) -> str:
    """A sentence for a name that is neither a rule nor a system."""
    if name.partition("-")[0] in MODEL_KINDS:
        try:
            parse_model(name)
        except ConfigError as error:
            return str(error)
    # What stands in the study is meant before any other element.
    near = get_close_matches(name, [*study.systems, *sorted(rules)], 1) or get_close_matches(
        name, ELEMENTS[1:], 1
    )
    return (
        f"{name}: no system or rule has this name; "
        + (f"did you mean {near[0]}? " if near else "")
        + "name an atom or ion such as Ne or Be2+, a model such as bohr-10, a density of the "
        "config, or a rule (snakemake --list)"
    )
