"""The public face: atoms for densities, short reprs, sentences for what anyone can do wrong."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import comotion
from comotion.density.radial import RadialDensity
from comotion.density.storage import save_density
from comotion.errors import ComotionError
from comotion.transport.bounds.bracket import BracketEffort
from comotion.transport.maps import alternating
from comotion.transport.quadrature import folded_rule

_QUICK = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=2)
_LITTLE = comotion.PairEffort(intervals=3, degree=2, rounds=2)


def test_every_name_leads_to_an_object() -> None:
    assert (
        sorted(comotion.__all__)
        == sorted({*comotion._HOME, "__version__"})
        == sorted(set(dir(comotion)))
    )
    for name in comotion.__all__:
        value = getattr(comotion, name)
        assert getattr(value, "__name__", name) == name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = comotion.nothing


def test_importing_is_cheap() -> None:
    """The name alone imports nothing heavy, and a model density no PySCF, no numba, no tables."""
    heavy = ("numba", "pyscf", "pandas", "matplotlib", "highspy", "h5py")
    code = (
        "import sys, comotion; dir(comotion); comotion.__version__\n"
        f"print([name for name in {(*heavy, 'scipy', 'numpy')} if name in sys.modules])\n"
        "comotion.model('exponential', 2)\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )  # fmt: skip
    assert done.stdout == "[]\n[]\n"


@cache
def _helium() -> Any:
    return comotion.atom("He", "hf", "unc-UGBS")


#: Everything that is computed of a density, by its name: what is compared of the result.
OF_RHO: dict[str, Callable[[Any], Any]] = {
    "analyse": lambda rho: comotion.analyse(rho, bracketed=False).v_sce,
    "best_pattern": comotion.best_pattern,
    "bracket": lambda rho: comotion.bracket(rho, effort=_QUICK),
    "comotion_functions": lambda rho: comotion.comotion_functions(rho, [0.5, 1.0]),
    "comotion_plan": lambda rho: comotion.comotion_plan(rho).cost,
    "configuration_radii": lambda rho: comotion.configuration_radii(
        rho, [0.5], [0.5], alternating(2)
    ),
    "connection_curve": lambda rho: comotion.connection_curve(rho, [1.0], order=6).w,
    "density_integrals": comotion.density_integrals,
    "hartree": comotion.hartree,
    "hierarchy": comotion.hierarchy,
    "kohn_sham_system": lambda rho: comotion.kohn_sham_system("He", rho),
    "pair_bound": lambda rho: comotion.pair_bound(rho, effort=_LITTLE).lower,
    "pair_value": comotion.pair_value,
}


def test_functions_of_a_density_are_all_known() -> None:
    takers = {
        name
        for name in comotion.__all__
        if inspect.isfunction(getattr(comotion, name))
        and re.search("RadialDensity", str(inspect.signature(getattr(comotion, name)).parameters))
    }
    assert takers == set(OF_RHO)


@pytest.mark.parametrize("name", OF_RHO)
def test_an_atom_is_as_good_as_its_density(name: str) -> None:
    of_atom, of_density = OF_RHO[name](_helium()), OF_RHO[name](_helium().density)
    assert repr(of_atom) == repr(of_density)


def _proven(rho: RadialDensity) -> list[Any]:
    """A pair bound and its parts."""
    found = comotion.pair_bound(rho, effort=_LITTLE)
    return [found, found.trial, found.trial.space, found.proven]


@cache
def _kohn_sham() -> list[Any]:
    """A self-consistent atom, and the Kohn-Sham system of a state with its correlation."""
    state = _helium()
    found = comotion.kohn_sham_system("He", state)
    parts = {
        name: getattr(state.energies, name)
        for name in ("energy", "kinetic", "nuclear_attraction", "v_quantum")
    }
    correlation = comotion.kohn_sham_correlation(found, **parts)
    return [comotion.self_consistent("He", "ks-v2_6-31G"), found, correlation]


@cache
def _connection() -> list[Any]:
    """A connection, its ends and its curve, and what they are made of."""
    state = comotion.atom("He", "hylleraas", "w3")
    found = state.connection()
    bound = comotion.bracket(comotion.model("exponential", 3), effort=_QUICK)
    return [
        found, found.ends, comotion.connection_curve(state, [1.0], order=6),
        comotion.second_order(comotion.kohn_sham_system("He", state)),
        comotion.optimal_zero_point(bound, splines=(10, 20)),
    ]  # fmt: skip


@cache
def _objects() -> dict[str, Any]:
    """One of every kind that a user may see."""
    rho = comotion.model("exponential", 3)
    plan = comotion.comotion_plan(rho)
    found = comotion.bracket(rho, plan, effort=_QUICK)
    r = np.geomspace(1e-4, 40, 200)
    two = comotion.solve_two_electrons(2, 3)
    objects = [
        rho, comotion.model("ball", 2), comotion.tabulated(r, comotion.model("exponential", 2)(r)),
        plan, found, found.dual, found.primal, found.plan, plan.radial_potential,
        comotion.analyse(rho, bracketed=False), _helium(), _helium().energies, _helium().details,
        two, comotion.pair_value(rho), comotion.best_pattern(rho, plan), comotion.zero_point(plan),
        comotion.angular_minimum(plan.radii[:3], seed=1), folded_rule(512), rho.quadrature(),
        comotion.density_integrals(rho), comotion.Effort(), comotion.Accuracy(), _QUICK,
        comotion.parse_atom("He"), comotion.parse_level("hf_cc-pVDZ"), *_proven(rho),
        *_kohn_sham(), *_connection(), comotion.lieb_oxford_shape(2, pieces=4, seeds=(1,)),
    ]  # fmt: skip
    return {f"{type(one).__name__} {k}": one for k, one in enumerate(objects)}


def test_reprs_are_short() -> None:
    for name, one in _objects().items():
        assert len(repr(one)) < 1000, name
        assert "array" not in repr(one), name
        assert "\n" not in repr(one) or type(one).__name__ in {
            "Analysis", "Connection", "ElectronicState", "Energies", "KohnShamSystem",
            "SelfConsistentAtom",
        }, name  # fmt: skip


def test_notebooks_show_them() -> None:
    shown = {"GammaMixture", "UniformBall", "TabulatedDensity", "ElectronicState", "Plan",
             "Bracket", "Analysis", "Connection"}  # fmt: skip
    seen = {type(one).__name__ for one in _objects().values() if hasattr(one, "_repr_html_")}
    assert shown <= seen
    for name, one in _objects().items():
        if hasattr(one, "_repr_html_"):
            assert re.match(r"<(code|table)>.*</\1>$", one._repr_html_(), re.DOTALL), name


def test_they_can_be_compared_and_hashed() -> None:
    for name, one in _objects().items():
        assert one == one, name  # noqa: PLR0124 - that it does not raise is the point
        assert isinstance(hash(one), int), name
        assert all(one != other for other in _objects().values() if other is not one), name


def _rho(n_electrons: int = 2) -> RadialDensity:
    return comotion.model("exponential", n_electrons)


MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    "a name": (lambda: comotion.comotion_plan("He"), "a str is no density"),  # type: ignore[arg-type]
    "a number": (lambda: comotion.analyse(3), "a int is no density"),  # type: ignore[arg-type]
    "an array": (lambda: comotion.hartree(np.ones(3)), "a ndarray is no density"),  # type: ignore[arg-type]
    "V_1": (lambda: comotion.hierarchy(_rho(), ks=[1]), "k from 2 to 120"),
    "V_2.5": (lambda: comotion.hierarchy(_rho(), ks=[2.5]), "integer k"),  # type: ignore[list-item]
    "k, no list": (lambda: comotion.hierarchy(_rho(), ks=3), r"write ks=\[3\]"),  # type: ignore[arg-type]
    "one electron": (lambda: comotion.bracket(_rho(1)), "nothing to bracket"),
    "no pair": (lambda: comotion.pair_bound(_rho(1)), "there is no pair to bound"),
    "no effort": (lambda: comotion.PairEffort(degree=0), "a degree of 1 and a round at least"),
    "no certificate": (
        lambda: comotion.verify_bound("nowhere.json"), "nowhere.json: cannot be read",
    ),
    "no plan": (lambda: comotion.bracket(_rho(), 3), "3 is no curve"),  # type: ignore[arg-type]
    "other plan": (
        lambda: comotion.bracket(_rho(3), comotion.comotion_plan(_rho(2))), "curve of 3 electrons",
    ),
    "one seed": (lambda: comotion.comotion_plan(_rho(), seeds=(1,)), "at least 2 different"),
    "a seed": (lambda: comotion.comotion_plan(_rho(), seeds=1), "at least 2 different"),  # type: ignore[arg-type]
    "negative seed": (lambda: comotion.comotion_plan(_rho(), seeds=(1, -1)), "from 0 on"),
    "directions": (
        lambda: comotion.comotion_plan(_rho(), upward=alternating(3)), "one for each of 2",
    ),
    "radius": (lambda: comotion.angular_minimum(np.array([[0.0, 1.0]]), seed=1), "positive"),
    "kind": (lambda: comotion.model("bhor", 2), "one of the kinds"),
    "N": (lambda: comotion.model("exponential", 0), "N = 1 to"),
    "no kind": (lambda: comotion.model(3), "write kind-N"),  # type: ignore[arg-type]
    "shells": (lambda: comotion.model("bohr", 3), "do not close"),
    "element": (lambda: comotion.atom("Xx", "hf", "cc-pVDZ"), "no such element"),
    "no level": (lambda: comotion.atom("He"), "either a method and a basis"),
    "basis": (lambda: comotion.atom("He", "hf", "nothing"), "nothing"),
    "method": (lambda: comotion.atom("He", "mp2", "cc-pVDZ"), "one of the methods"),
    "a functional, no state": (
        lambda: comotion.atom("Be", level="ks-v2_6-31G"),
        r"^level ks-v2_6-31G: .* take comotion.self_consistent\('Be', 'ks-v2_6-31G'\)$",
    ),
    "a functional by method and basis": (
        lambda: comotion.atom("Be", "ks-comotion3", "cc-pVDZ"),
        r"take comotion.self_consistent\('Be', 'ks-comotion3_cc-pVDZ'\)$",
    ),
    "a state, no functional": (
        lambda: comotion.self_consistent("Be", "hf_cc-pVDZ"), "is no transport functional: write",
    ),
    "nothing to repel": (
        lambda: comotion.self_consistent("H", "ks-v2_cc-pVDZ"), "H has 1 electron, which repel",
    ),
    "the order of Be": (
        lambda: comotion.self_consistent("Be", "ks-comotion4_6-31G"),
        "write ks-comotion_6-31G, the one name of this level",
    ),
    "another atom's density": (
        lambda: comotion.kohn_sham_system("Be", _helium()), "Be has 4 electrons, the density 2",
    ),
    "words": (lambda: comotion.tabulated(["a"] * 9, np.ones(9)), "must hold real numbers"),
    "no file": (lambda: comotion.read_density("nowhere.csv"), "nowhere.csv"),
    "no PySCF": (lambda: comotion.from_pyscf("mf"), "is no state"),
    "outside": (lambda: _rho().radius(3.0), "no radius encloses"),
    "positions": (
        lambda: _objects_bracket().slack(np.ones((3, 2))), r"shape \(3, 3\) or \(m, 3, 3\)",
    ),
    "no bracket": (
        lambda: comotion.analyse(_rho(), bracketed=False).slack(np.ones((3, 2))), "bracketed=True",
    ),
    "no map": (lambda: _objects_bracket().plan.functions([1.0]), "is no map"),
}  # fmt: skip


def _objects_bracket() -> Any:
    return next(one for one in _objects().values() if isinstance(one, comotion.Bracket))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gives_one_sentence(mistake: str) -> None:
    do, sentence = MISTAKES[mistake]
    with pytest.raises(ComotionError, match=sentence) as error:
        do()
    assert "\n" not in str(error.value)


def test_other_files_and_folders_give_one_sentence(tmp_path: Path) -> None:
    density = tmp_path / "density.h5"
    save_density(density, "exponential-2", "exact", _rho())
    (tmp_path / "text.h5").write_text("no HDF5")
    mistakes: list[tuple[Callable[[], Any], str]] = [
        (lambda: comotion.Plan.load(density), "holds no plan"),
        (lambda: comotion.load(density), "holds no plan"),
        (lambda: comotion.load(tmp_path), "holds no sce.json"),
        (lambda: comotion.load(tmp_path / "nowhere"), "cannot be read"),
        (lambda: comotion.load(tmp_path / "text.h5"), "not what was written"),
        (lambda: comotion.Plan.load(tmp_path), "cannot be read"),
    ]
    for do, sentence in mistakes:
        with pytest.raises(ComotionError, match=sentence) as error:
            do()
        assert "\n" not in str(error.value)
