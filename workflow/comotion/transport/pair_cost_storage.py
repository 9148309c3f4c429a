"""A pair cost in a file: its name and parameters, or samples of a function of the user's."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comotion.density.radial import Array
from comotion.errors import RecordError
from comotion.transport.pair_cost import COULOMB, PairCost, known_cost


def parts_of_cost(
    pair_cost: PairCost,
) -> tuple[dict[str, Any], dict[str, tuple[Array, str, str]]]:
    """What a file holds of a pair cost.

    Args:
        pair_cost: The cost.

    Returns:
        Attributes, and arrays as (values, unit, meaning) by name.
    """
    attributes = {
        "pair_cost": pair_cost.name,
        "pair_cost_parameters": json.dumps(dict(pair_cost.parameters)),
    }
    if pair_cost.source is not None:
        attributes["pair_cost_factor"] = json.dumps(pair_cost.factor)
    if known_cost(pair_cost.name, pair_cost.parameters) is not None:
        return attributes, {}
    samples = pair_cost.samples(), "hartree", "l(d) at 2^-7 ... 2^7 bohr, (15,)"
    return attributes, {"pair_cost_samples": samples}


def cost_of_parts(
    path: Path | str,
    attributes: Mapping[str, Any],
    arrays: Mapping[str, Array],
    given: PairCost | None,
) -> PairCost:
    """The pair cost of a plan or a bound in a file.

    Args:
        path: The file, for messages.
        attributes: Its attributes.
        arrays: Its arrays.
        given: The cost that it should be, where the caller knows.

    Returns:
        The cost.

    Raises:
        RecordError: It has to be given, or what is given is another one.
    """
    name = str(attributes.get("pair_cost", COULOMB.name))
    known = known_cost(name, json.loads(attributes.get("pair_cost_parameters", "{}")))
    if known is not None:
        known = known.stretched(json.loads(attributes.get("pair_cost_factor", "1.0")))
    found = given or known
    if found is None:
        raise RecordError(
            f"{path}: made for a pair cost {name!r} of its maker's: give the function, as in "
            "Plan.load(path, PairCost.of(...))"
        )
    if not found.agrees(known.samples() if known else arrays["pair_cost_samples"]):
        raise RecordError(f"{path}: made for the pair cost {name!r}, not for {found!r}")
    return found
