"""Estimates of memory and time against what was measured."""

import pytest

from comotion.electronic.basis import functions, load_basis
from comotion.electronic.resources import coupled_cluster_mb, needs


def test_open_shell_coupled_cluster_needs_most() -> None:
    """109 functions were measured to take 6.9 GB open and 0.9 GB closed."""
    open_shell, closed = (needs(atom, "ccsd_aug-cc-pCVQZ")[0] for atom in ("B", "Ne"))
    assert 6900 < open_shell < 10000
    assert 900 < closed < 3000
    assert 2 * open_shell < 20000


def test_small_jobs_stay_small_and_faults_are_left_to_the_job() -> None:
    assert needs("He", "hf_aug-cc-pVTZ")[0] < 1000
    assert needs("He", "hylleraas_w8")[0] < 4000
    for system, level in (("Xx", "hf_cc-pVDZ"), ("He", "hf_nonsense"), ("He-", "hf_cc-pVDZ")):
        assert needs(system, level) == (800, 10)


@pytest.mark.parametrize(("closed", "measured"), [(False, 6900), (True, 900)])
def test_coupled_cluster_is_estimated_from_above_and_grows_like_n4(
    closed: bool, measured: float
) -> None:
    assert measured < coupled_cluster_mb(109, closed=closed) < 1.1 * measured
    ratio = coupled_cluster_mb(60, closed=closed) / coupled_cluster_mb(30, closed=closed)
    assert ratio == pytest.approx(16, rel=1e-12)


#: Functions of cc-pVDZ, of beryllium as of boron.
_DOUBLE = 14


@pytest.mark.parametrize("system", ["Be", "B"])
def test_what_each_method_adds(system: str) -> None:
    base, minutes = needs(system, "hf_cc-pVDZ")
    # Hartree-Fock keeps the integrals of occupied momenta: s alone in Be, s and p in B.
    functions = {"Be": 3, "B": 9}[system]
    assert base == int(800 + functions**4 / 1e6)
    assert minutes == 6
    closed = system == "Be"
    integrals = 800 + _DOUBLE**4 / 1e6
    cluster = coupled_cluster_mb(_DOUBLE, closed=closed)
    assert needs(system, "ccsd_cc-pVDZ") == (int(integrals + cluster), 6)
    assert needs(system, "ccsd-t_cc-pVDZ")[0] == int(1.5 * (integrals + cluster))
    assert needs(system, "ccsd-t_cc-pVDZ")[1] == 21
    assert needs(system, "fci_cc-pVDZ") == (int(integrals + 4000), 36)
    assert needs(system, "uhf_cc-pVDZ")[0] == int(integrals)


def test_pairs_need_the_two_particle_matrix() -> None:
    """59 functions were measured to take 450 MB beside the libraries, five matrices of n^4."""
    for level in ("hf_cc-pVDZ", "ccsd_cc-pVDZ", "fci_cc-pVDZ"):
        alone, minutes = needs("Be", level)
        assert needs("Be", level, pairs=True)[1] == minutes
        functions = 3 if level.startswith("hf") else _DOUBLE
        assert needs("Be", level, pairs=True)[0] - alone == pytest.approx(
            5 * 8 * functions**4 / 1e6, abs=1
        )
    beside = needs("Ne", "ccsd_aug-cc-pCVTZ", pairs=True)[0] - 800
    assert 450 < beside < 2 * 450


def test_hartree_fock_needs_the_functions_of_occupied_momenta() -> None:
    """1s to 3p of argon in a basis up to h."""
    shells = load_basis("aug-cc-pV5Z", "Ar")
    few, all_of_them = functions(shells, highest=1), functions(shells)
    assert all_of_them > 3 * few
    assert needs("Ar", "hf_aug-cc-pV5Z")[0] == int(800 + few**4 / 1e6)
    assert needs("Ar", "uhf_aug-cc-pV5Z")[0] == int(800 + all_of_them**4 / 1e6)
    assert needs("Ar", "fci_aug-cc-pV5Z")[0] == int(800 + all_of_them**4 / 1e6 + 4000)


def test_integrals_of_many_functions_are_not_kept() -> None:
    """Beyond 5 GB; heavy atoms in hybrid bases have hundreds of functions."""
    large = needs("Xe", "uhf_unc-UGBS")[0]
    assert large <= 5800
    assert needs("Rn", "uhf_unc-UGBS")[0] <= 5800
    assert needs("Rn", "hf_unc-UGBS")[1] > needs("Ar", "hf_unc-UGBS")[1]


def test_time_of_coupled_cluster_is_that_measured_or_more() -> None:
    """109 functions: 28 s for Be, 33 s for Ne, 242 s for N, on one core."""
    for system, seconds in (("Be", 28), ("Ne", 33), ("N", 242)):
        assert 60 * needs(system, "ccsd_aug-cc-pCVQZ")[1] > seconds
    assert (
        needs("Ne", "ccsd_aug-cc-pCVQZ")[1] == int(5 + 109**4 / 5e8 + 3e-8 * 109**4 * 100 / 60) + 1
    )
    assert needs("N", "ccsd_aug-cc-pCVQZ")[1] == int(5 + 109**4 / 5e8 + 2e-8 * 109**4 * 49 / 60) + 1


def test_memory_of_hylleraas_grows_with_the_cube_of_the_order() -> None:
    assert needs("He", "hylleraas_w8") == (800 + 4 * 512, 10)
    assert needs("He", "hylleraas_w10") == (800 + 4 * 1000, 10)


def test_large_open_shells_leave_their_integrals_on_the_disk() -> None:
    """151 functions of oxygen were measured to take 2.7 GB; in memory they would take 27."""
    level = "ccsd_hyb-1-UGBS+1d+aug-cc-pCVQZ"
    n = functions(load_basis(level.partition("_")[2], "O"))
    assert n == 151
    assert 2700 < needs("O", level)[0] < 12000
    assert coupled_cluster_mb(n, closed=False) == 1000
    assert coupled_cluster_mb(112, closed=False) == pytest.approx(52 * 112**4 / 1e6)
    assert coupled_cluster_mb(n, closed=True) == pytest.approx(7 * n**4 / 1e6)
