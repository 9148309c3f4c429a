"""Kohn-Sham potentials on disk: kohn_sham.h5.

That of a density holds its whole Kohn-Sham system; that of a self-consistent atom the potential
alone, for its state is in quantum.json.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comotion.density.radial import Array
from comotion.errors import RecordError
from comotion.io import read_arrays, write_arrays
from comotion.kohn_sham.of_density import KohnShamSystem

_NUMBERS = (
    "nuclear_charge", "n_electrons", "residual", "kinetic_s", "kinetic_s_error", "hartree",
    "exchange", "exchange_error",
)  # fmt: skip
#: Attributes of an orbital energy begin like this.
_ORBITAL = "orbital_energy_"


def potential_arrays(
    radii: Array, *, v_hxc: Array, v_hartree: Array, nuclear_charge: int, charge: Array
) -> dict[str, tuple[Array, str, str]]:
    """What every kohn_sham.h5 holds.

    Args:
        radii: Radii, shape (n,), bohr.
        v_hxc: Potential of the electrons, shape (n,), hartree.
        v_hartree: Hartree potential, shape (n,), hartree.
        nuclear_charge: Nuclear charge.
        charge: 4 pi r^2 rho, shape (n,), bohr^-1.
    """
    return {
        "radii": (radii, "bohr", "radii, (n,)"),
        "v_s": (v_hxc - nuclear_charge / radii, "hartree", "Kohn-Sham potential, (n,)"),
        "v_hxc": (v_hxc, "hartree", "v_s + Z / r, (n,)"),
        "v_xc": (v_hxc - v_hartree, "hartree", "v_hxc less the Hartree potential, (n,)"),
        "charge": (charge, "bohr^-1", "4 pi r^2 rho, (n,)"),
    }


def save_kohn_sham(path: Path, level: str, found: KohnShamSystem) -> None:
    """Write a Kohn-Sham system with everything that it holds.

    Args:
        path: The file.
        level: Level of its density.
        found: The system.
    """
    arrays = potential_arrays(
        found.radii,
        v_hxc=found.v_hxc,
        v_hartree=found.v_hartree,
        nuclear_charge=found.nuclear_charge,
        charge=found.charge,
    )
    arrays["v_s_rough"] = (found.v_s_rough, "hartree", "v_s with fewer functions, (n,)")
    arrays["v_hartree"] = (found.v_hartree, "hartree", "Hartree potential, (n,)")
    arrays["charge_found"] = (found.charge_found, "bohr^-1", "4 pi r^2 rho of the orbitals, (n,)")
    arrays["weights"] = (found.weights, "bohr", "weights of int dr on the radii, (n,)")
    attributes: dict[str, Any] = {"system": found.system, "level": level}
    attributes |= {"configuration": found.configuration}
    attributes |= {name: getattr(found, name) for name in _NUMBERS}
    attributes |= {f"{_ORBITAL}{name}": e for name, e in found.orbital_energies.items()}
    write_arrays(path, arrays, attributes)


def load_kohn_sham(path: Path) -> tuple[str, KohnShamSystem]:
    """Read a Kohn-Sham system written by `save_kohn_sham`.

    Returns:
        Level of its density, and the system.

    Raises:
        RecordError: The file is not what was written, or is that of a self-consistent atom.
    """
    attributes, arrays = read_arrays(path)
    try:
        return str(attributes["level"]), _of_parts(attributes, arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(
            f"{path}: holds no Kohn-Sham system of a density ({error}); that of a self-consistent "
            "atom has its state in quantum.json"
        ) from error


def _of_parts(attributes: Mapping[str, Any], arrays: Mapping[str, Array]) -> KohnShamSystem:
    """The system in the parts of a file."""
    energies = {
        name.removeprefix(_ORBITAL): float(value)
        for name, value in attributes.items()
        if name.startswith(_ORBITAL)
    }
    grids = ("radii", "weights", "v_s", "v_s_rough", "v_hartree", "charge", "charge_found")
    parts: dict[str, Any] = {name: float(attributes[name]) for name in _NUMBERS[2:]}
    parts |= {name: arrays[name] for name in grids}
    return KohnShamSystem(
        system=str(attributes["system"]),
        configuration=str(attributes["configuration"]),
        nuclear_charge=int(attributes["nuclear_charge"]),
        n_electrons=int(attributes["n_electrons"]),
        orbital_energies=dict(sorted(energies.items(), key=lambda entry: entry[1])),
        **parts,
    )
