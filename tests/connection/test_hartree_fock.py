"""The Hartree-Fock connection: E_el by other minimisers, inequalities, PySCF's own sums."""

import numpy as np
import pytest
from pyscf import ao2mo, gto, scf
from scipy.optimize import minimize, minimize_scalar
from scipy.special import erf

import comotion
from comotion.connection import hartree_fock
from comotion.connection.hartree_fock import (
    MollerPlessetEnds,
    electrostatic_energy,
    moller_plesset_ends,
)
from comotion.density.functionals import hartree
from comotion.density.hartree_potential import hartree_potential
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.errors import DensityError, ElectronicStructureError, TransportError
from conftest import atom


def _exponential(r: Array) -> tuple[Array, Array]:
    """v_H of one electron with the density exp(-r) / (8 pi), and its derivative."""
    inside = 1 - np.exp(-r) * (1 + r + r**2 / 2)
    return (1 - np.exp(-r)) / r - np.exp(-r) / 2, -inside / r**2


def _gaussian(r: Array) -> tuple[Array, Array]:
    """The same with the density (2 pi)^-1.5 exp(-r^2 / 2)."""
    inside = erf(r / np.sqrt(2)) - np.sqrt(2 / np.pi) * r * np.exp(-(r**2) / 2)
    return erf(r / np.sqrt(2)) / r, -inside / r**2


def _lowest(kind: str, n: int, starts: int) -> float:
    """Least V - sum v_H by another minimiser, with closed forms, from random starts."""
    field = {"exponential": _exponential, "gaussian": _gaussian}[kind]
    i, j = np.triu_indices(n, 1)

    def energy(flat: Array) -> tuple[float, Array]:
        x = flat.reshape(n, 3)
        between = x[i] - x[j]
        distance = np.linalg.norm(between, axis=1)
        r = np.linalg.norm(x, axis=1)
        value, slope = field(r)
        gradient = -n * x * (slope / r)[:, None]
        push = -between / distance[:, None] ** 3
        np.add.at(gradient, i, push)
        np.add.at(gradient, j, -push)
        return float(np.sum(1 / distance) - n * np.sum(value)), gradient.ravel()

    rng = np.random.default_rng(0)
    tried = rng.normal(size=(starts, 3 * n)) * 1.5
    return min(float(minimize(energy, x, jac=True, method="BFGS").fun) for x in tried)


@pytest.mark.parametrize(
    ("kind", "n"), [("exponential", 2), ("exponential", 4), ("gaussian", 3), ("gaussian", 7)]
)
def test_another_minimiser(kind: str, n: int) -> None:
    rho = MODELS[kind](n)
    found = electrostatic_energy(rho)
    assert found.value == pytest.approx(_lowest(kind, n, 30) + hartree(rho), abs=1e-8)
    assert found.hartree == hartree(rho)
    assert found.searched == 2 * (600 + 12 * 122)
    assert repr(found).startswith(f"<ElectrostaticEnergy: {found.value:.8f} hartree, the lowest of")


@pytest.mark.parametrize(("n", "pairs"), [(2, 1 / 2), (3, np.sqrt(3)), (4, 6 * np.sqrt(3 / 8))])
def test_thomsons_atom(n: int, pairs: float) -> None:
    """In a ball of charge N with radius 1 they sit on a sphere: a pair, a triangle, a tetrahedron.

    There v_H = N (3 - r^2) / 2 and V = pairs / r, which are least together at r^3 = pairs / N^2.
    """
    found = electrostatic_energy(MODELS["ball"](n))
    r = (pairs / n**2) ** (1 / 3)
    expected = pairs / r - n**2 * (3 - r**2) / 2 + 0.6 * n**2
    assert found.value == pytest.approx(expected, abs=1e-8)
    np.testing.assert_allclose(np.linalg.norm(found.positions, axis=0), r, atol=1e-4)


def test_the_energy_is_that_of_the_positions() -> None:
    rho = MODELS["bohr"](4).stretched(0.3)
    found = electrostatic_energy(rho, seeds=(5,))
    x = found.positions
    assert x.shape == (3, 4)
    i, j = np.triu_indices(4, 1)
    repulsion = np.sum(1 / np.linalg.norm(x[:, i] - x[:, j], axis=0))
    attraction = np.sum(hartree_potential(rho)(np.linalg.norm(x, axis=0)))
    assert found.value == pytest.approx(repulsion - attraction + hartree(rho), abs=1e-9)
    assert found.value_by_seed == (found.value,)


def test_helium_on_a_line() -> None:
    """Two electrons lie opposite: 1 / (2 r) - 2 v_H(r) is left."""
    rho = atom("He", "hf_aug-cc-pVTZ")[1]
    potential = hartree_potential(rho)
    line = minimize_scalar(
        lambda r: 0.5 / r - 2 * float(potential(r)), bounds=(0.05, 3), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    found = electrostatic_energy(rho)
    assert found.value == pytest.approx(line.fun + hartree(rho), abs=1e-9)
    assert found.value == pytest.approx(-2.29487, abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found.positions, axis=0), line.x, atol=1e-5)


@pytest.mark.parametrize(
    ("system", "expected"), [("Li", -4.03760), ("Be", -5.90513), ("Ne", -25.73933)]
)
def test_atoms(system: str, expected: float) -> None:
    """Measured once; another minimiser, from 150 random starts, found the same."""
    found = electrostatic_energy(atom(system, "hf_aug-cc-pVTZ")[1])
    assert found.value == pytest.approx(expected, abs=1e-5)
    assert np.ptp(found.value_by_seed) < 1e-9


@pytest.mark.parametrize(
    "density", [MODELS["exponential"](3), atom("Be", "hf_aug-cc-pVTZ")[1]], ids=["model", "Be"]
)
def test_it_lies_below_the_transport_limit(density: RadialDensity) -> None:
    """E_el <= V - U for every plan, by far."""
    plan = comotion.comotion_plan(density)
    assert electrostatic_energy(density).value < 1.2 * (plan.cost - hartree(density))


def test_scaling() -> None:
    rho = MODELS["gaussian"](3)
    near, far = electrostatic_energy(rho), electrostatic_energy(rho.stretched(8.0))
    assert far.value == pytest.approx(near.value / 8, rel=1e-13)
    np.testing.assert_array_equal(far.positions, near.positions * 8)
    thrice = electrostatic_energy(rho.stretched(3.0), seeds=(1,))
    assert thrice.value == pytest.approx(near.value / 3, rel=1e-9)


def test_one_electron_sits_at_the_nucleus() -> None:
    """U - v_H(0) of exp(-r) / (8 pi) is 5 / 32 - 1 / 2."""
    found = electrostatic_energy(MODELS["exponential"](1))
    assert found.value == pytest.approx(5 / 32 - 0.5, abs=1e-10)
    np.testing.assert_array_equal(found.positions, np.zeros((3, 1)))
    assert found.searched == 0
    assert found.value_by_seed == (found.value, found.value)


def test_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    rho = MODELS["gaussian"](3)
    with pytest.raises(TransportError, match="no seed"):
        electrostatic_energy(rho, seeds=())
    with pytest.raises(DensityError, match="is no density"):
        electrostatic_energy(3)  # type: ignore[arg-type]
    search = hartree_fock._search

    def poor(density: RadialDensity, seed: int, report: object) -> tuple[Array, int]:
        x, count = search(density, seed, report)  # type: ignore[arg-type]
        return x * (1.01 if seed == 2 else 1.0), count

    monkeypatch.setattr(hartree_fock, "_search", poor)
    with pytest.raises(TransportError, match=r"the seeds \[1, 2\] find energies that differ by"):
        electrostatic_energy(rho)


def _second_order(mean_field: scf.hf.RHF) -> float:
    """E_c^MP2 by its sum."""
    filled = mean_field.mo_occ > 0
    o, v = mean_field.mo_coeff[:, filled], mean_field.mo_coeff[:, ~filled]
    e = mean_field.mo_energy
    pairs = ao2mo.general(mean_field.mol, (o, v, o, v), compact=False)
    pairs = pairs.reshape(o.shape[1], v.shape[1], o.shape[1], v.shape[1])
    low, high = e[filled], e[~filled]
    gaps = (low[:, None, None, None] - high[:, None, None]) + (low[:, None] - high)
    return float(np.sum(pairs * (2 * pairs - pairs.transpose(0, 3, 2, 1)) / gaps))


@pytest.mark.parametrize(("system", "basis"), [("He", "aug-cc-pVTZ"), ("Be", "cc-pVDZ")])
def test_the_ends(system: str, basis: str) -> None:
    found = moller_plesset_ends(system, basis)
    mean_field = scf.RHF(gto.M(atom=system, basis=basis, verbose=0)).run(conv_tol=1e-12)
    assert found.second_order == pytest.approx(_second_order(mean_field), abs=1e-8)
    assert found.w_c_slope == 2 * found.second_order
    exchange = -np.einsum("ij,ji->", mean_field.get_k(), mean_field.make_rdm1()) / 4
    assert found.exchange == pytest.approx(float(exchange), abs=1e-7)
    density = atom(system, f"hf_{basis}")[1]
    assert found.electrostatic == pytest.approx(electrostatic_energy(density).value, abs=1e-7)
    assert found.w_c_inf == found.electrostatic + found.exchange
    assert found.w_c_inf < found.w_c_slope < 0
    assert (found.system, found.basis) == (system, basis)
    assert isinstance(found, MollerPlessetEnds)
    if system == "He":
        assert found.exchange == pytest.approx(-hartree(density) / 2, abs=1e-7)


def test_an_open_shell_is_refused() -> None:
    with pytest.raises(ElectronicStructureError, match="Li: the Moller-Plesset ends are computed"):
        moller_plesset_ends("Li", "cc-pVDZ")
