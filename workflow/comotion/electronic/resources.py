"""What a level will need, so that a scheduler does not start two jobs that do not fit.

Fitted to measurements with PySCF 2.14 on one core, rounded up: UCCSD holds 3 blocks of n^4 / 2
integrals (109 functions: 6.9 GB), RCCSD a sixth of it, and full CI its vectors. With more functions
UCCSD leaves its integrals on the disk (151 functions: 2.7 GB of memory, 3 GB of disk).
"""

from functools import cache

from comotion.electronic.basis import functions, load_basis
from comotion.electronic.mean_field import occupied_shells, reference_of
from comotion.electronic.terms import ground_state
from comotion.errors import ComotionError
from comotion.systems import parse_atom, parse_level

#: Memory of any job, and of the integrals of Hartree-Fock at most (beyond it they are not kept).
_BASE_MB, _INTEGRALS_MB = 800, 5000
#: Bytes for each n^4, and seconds for each n^4 N^2, of coupled cluster: closed and open shells.
_BYTES = {True: 7.0, False: 52.0}
_SECONDS = {True: 3e-8, False: 2e-8}
#: Most basis functions with which UCCSD keeps its integrals in memory, and its memory in MB beyond.
MOST_IN_MEMORY, _FROM_DISK_MB = 112, 1000.0
#: Memory in MB that PySCF takes for blocks of what is on the disk.
_BLOCKS_MB = 4000.0
#: Bytes for each n^4 of the two-particle density matrix and of what makes it: five such matrices.
_PAIR_BYTES = 40.0


@cache
def needs(system: str, level: str, *, pairs: bool = False) -> tuple[int, int]:
    """Memory and time of a level.

    Args:
        system: Name of the atom.
        level: Name of the level.
        pairs: Whether the two-particle density matrix is made, too.

    Returns:
        Megabytes and minutes, estimates from above; those of the smallest job where the
        atom or the basis does not exist, so that the job itself can say so.
    """
    try:
        atom, theory = parse_atom(system), parse_level(level)
        if theory.method == "hylleraas":
            return _BASE_MB + 4 * int(theory.basis[1:]) ** 3, 10
        ground = ground_state(atom)
        shells = load_basis(theory.basis, atom.symbol)
    except ComotionError:
        return _BASE_MB, 10
    if theory.method == "hf":
        shells = occupied_shells(shells, ground)
    n = functions(shells)
    megabytes = _BASE_MB + min(_INTEGRALS_MB, n**4 / 8e6 * 8)
    minutes = 5 + n**4 / 5e8
    if theory.method in ("ccsd", "ccsd-t", "cisd"):
        closed = not reference_of(theory.method, ground).unrestricted
        megabytes += coupled_cluster_mb(n, closed=closed)
        if not closed and n > MOST_IN_MEMORY:
            megabytes += _BLOCKS_MB
        minutes += _SECONDS[closed] * n**4 * atom.n_electrons**2 / 60
        if theory.method == "ccsd-t":
            megabytes *= 1.5
            minutes *= 4
    if theory.method == "fci":
        megabytes += 4000
        minutes += 30
    if pairs:
        megabytes += _PAIR_BYTES * n**4 / 1e6
    return int(megabytes), int(minutes) + 1


def coupled_cluster_mb(n: int, *, closed: bool) -> float:
    """Memory in MB that coupled cluster holds with n basis functions; a closed shell needs less."""
    if not closed and n > MOST_IN_MEMORY:
        return _FROM_DISK_MB
    return _BYTES[closed] * n**4 / 1e6
