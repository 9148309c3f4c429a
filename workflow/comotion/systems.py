"""Names of systems and levels of theory, as they stand in paths and configuration.

``Ne``, ``H-``, ``Be2+`` are atoms and ions; ``bohr-10`` is a model; any other name is a
user's density. Each system has one name: ``He+`` is not written ``He1+``. A level is
``method_basis`` for atoms, or ``best`` for a sum of these, ``best_5Z`` for one up to that basis,
or ``ks-v2_basis``, ``ks-comotion3_basis``, ``ks-comotion_basis`` for an atom that is
self-consistent with a transport functional of order 2, 3, N;
``exact`` for models and ``table`` for user densities. Characters
that a path cannot hold are written as the Basis Set Exchange does: ``*`` is ``_st_`` and ``/``
is ``_sl_`` (``hf_6-31G_st_``).
"""

import re
from dataclasses import dataclass

from comotion.errors import ConfigError

#: Element symbols by atomic number; the first entry is no element.
ELEMENTS = (
    "", "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P",
    "S", "Cl", "Ar", "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn",
    "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh",
    "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd",
    "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re",
    "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th",
    "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db",
    "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
)  # fmt: skip

#: Kinds of model densities, ``kind-N``; see `comotion.density.model_densities`.
MODEL_KINDS = ("bohr", "sqrt_r", "exponential", "gaussian", "ball")

#: Methods that a level may name; ``ccsd-t`` is CCSD(T).
METHODS = ("hf", "uhf", "ccsd", "ccsd-t", "cisd", "fci", "hylleraas")
#: What a level of a self-consistent atom looks like, and its functionals of order 2, k and N.
TRANSPORT_PATTERN = r"ks-[a-z0-9]+_.+"
PAIR_FUNCTIONAL, COMOTION_FUNCTIONAL = "ks-v2", "ks-comotion"
#: That of the pair bound, a lower bound of order N.
PAIR_BOUND_FUNCTIONAL = "ks-pair"
_TRANSPORT = re.compile(
    rf"{PAIR_FUNCTIONAL}|{PAIR_BOUND_FUNCTIONAL}|{COMOTION_FUNCTIONAL}(?:[1-9][0-9]*)?"
)
#: What composes a density of several levels, and the largest bases that it may be told to take.
BEST, LARGEST_BASES = "best", ("QZ", "5Z")
BEST_PATTERN = rf"{BEST}(?:_(?:{'|'.join(LARGEST_BASES)}))?"
#: Names that were a method's, and what is written for it now.
_FORMER_METHODS = {"ccsdt": "write ccsd-t, CCSD(T); full triples are not available"}
#: Most electrons of composed densities, and of the methods that are for few.
MOST_ELECTRONS_OF_BEST = 18
_MOST_ELECTRONS = {"cisd": 2, "fci": 5, "hylleraas": 2, BEST: MOST_ELECTRONS_OF_BEST}

#: What a system and a level look like in a path.
SYSTEM_PATTERN = r"[A-Za-z][A-Za-z0-9_]*(?:-[0-9]+|[0-9]*[+-])?"
LEVEL_PATTERN = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:_[A-Za-z0-9][A-Za-z0-9_.+(),=-]*)?"

#: The one way in which an atom or ion, and a model, are written.
ATOM_PATTERN = rf"(?:{'|'.join(ELEMENTS[1:])})(?:(?:[2-9]|[1-9][0-9]+)?[+-])?"
MODEL_PATTERN = rf"(?:{'|'.join(MODEL_KINDS)})-[1-9][0-9]*"

#: Most electrons of anything: as many as the compiled kernel holds.
MOST_ELECTRONS = 120

_ATOM = re.compile(r"([A-Z][a-z]?)(?:([0-9]{0,3})([+-]))?")
_MODEL = re.compile(rf"({'|'.join(MODEL_KINDS)})-([0-9]{{1,4}})")
_LEVEL = re.compile(LEVEL_PATTERN)


def electrons_in_words(n_electrons: int) -> str:
    """A number of electrons as a sentence says it: ``1 electron``, ``2 electrons``."""
    return f"{n_electrons} electron{'s' if n_electrons != 1 else ''}"


@dataclass(frozen=True)
class Atom:
    """An atom or ion.

    Attributes:
        symbol: Element symbol.
        charge: Net charge, elementary charges.
    """

    symbol: str
    charge: int

    def __str__(self) -> str:
        """The name, such as Ne, H- or Be2+."""
        number = str(abs(self.charge)) if abs(self.charge) > 1 else ""
        return self.symbol + (f"{number}{'+' if self.charge > 0 else '-'}" if self.charge else "")

    @property
    def nuclear_charge(self) -> int:
        """Atomic number Z."""
        return ELEMENTS.index(self.symbol)

    @property
    def n_electrons(self) -> int:
        """Number of electrons, Z - charge."""
        return self.nuclear_charge - self.charge


@dataclass(frozen=True)
class Model:
    """A model density with a closed form.

    Attributes:
        kind: One of `MODEL_KINDS`.
        n_electrons: Number of electrons.
    """

    kind: str
    n_electrons: int

    def __str__(self) -> str:
        """The name, such as bohr-10."""
        return f"{self.kind}-{self.n_electrons}"


@dataclass(frozen=True)
class Level:
    """A level of theory.

    Attributes:
        method: One of `METHODS`, ``best``, or a functional such as ``ks-v2``.
        basis: Name of the basis set as the libraries spell it; for Hylleraas its order; for
            ``best`` its largest basis, or nothing for the usual one.
    """

    method: str
    basis: str

    def __str__(self) -> str:
        """The name in a path, such as hf_6-31G_st_ for the basis 6-31G*."""
        if not self.basis:
            return self.method
        return f"{self.method}_{self.basis.replace('*', '_st_').replace('/', '_sl_')}"

    @property
    def is_transport(self) -> bool:
        """Whether it is that of an atom which is self-consistent with a transport functional."""
        return _TRANSPORT.fullmatch(self.method) is not None


def parse_atom(name: str) -> Atom:
    """Read the name of an atom or ion.

    Args:
        name: Element symbol with an optional charge, such as ``Ne``, ``H-`` or ``Be2+``.

    Returns:
        The atom or ion.

    Raises:
        ConfigError: No such element, the charge leaves no electron, or another spelling of it.
    """
    match = _ATOM.fullmatch(str(name))
    if match is None or match[1] not in ELEMENTS:
        raise ConfigError(
            f"system {name!r}: no such element; write a symbol with an optional charge, "
            "such as Ne, H- or Be2+"
        )
    charge = 0
    if match[3]:
        charge = int(match[2] or "1") * (1 if match[3] == "+" else -1)
    atom = Atom(match[1], charge)
    if atom.n_electrons < 1:
        raise ConfigError(f"system {name!r}: the charge leaves no electron")
    if atom.n_electrons > MOST_ELECTRONS:
        raise ConfigError(f"system {name!r}: more than {MOST_ELECTRONS} electrons; charge it less")
    _check_spelling("system", atom, name)
    return atom


def is_atom(name: str) -> bool:
    """Whether the name has the form of an atom or ion of a known element."""
    match = _ATOM.fullmatch(name)
    return match is not None and match[1] in ELEMENTS


def is_model(name: str) -> bool:
    """Whether the name has the form ``kind-N`` of a model density."""
    return _MODEL.fullmatch(name) is not None


def parse_model(name: str) -> Model:
    """Read the name of a model density.

    Args:
        name: Kind and number of electrons, such as ``bohr-10``.

    Returns:
        The kind and the number.

    Raises:
        ConfigError: No such model, no electrons in it, or another spelling of it.
    """
    match = _MODEL.fullmatch(str(name))
    if match is None or not 1 <= int(match[2]) <= MOST_ELECTRONS:
        raise ConfigError(
            f"model {name!r}: write kind-N with N = 1 to {MOST_ELECTRONS} electrons, a whole "
            f"number, and one of the kinds {', '.join(MODEL_KINDS)}"
        )
    model = Model(match[1], int(match[2]))
    _check_spelling("model", model, name)
    return model


def _check_spelling(what: str, system: Atom | Model, name: str) -> None:
    """Refuse any but one way to write a system: its results would be made under each."""
    if str(system) != str(name):
        raise ConfigError(f"{what} {name!r}: write {system}, the one name of this {what}")


def parse_level(name: str) -> Level:
    """Read the name of a level of theory.

    Args:
        name: Method and basis as they stand in paths, such as ``ccsd_aug-cc-pCVTZ``.

    Returns:
        The method, and the basis as the libraries spell it.

    Raises:
        ConfigError: Not of the form method_basis, or an unknown or former method.
    """
    method, _, basis = str(name).partition("_")
    if method == BEST:
        if name != BEST and basis not in LARGEST_BASES:
            raise ConfigError(
                f"level {name!r}: write {BEST}, or one of "
                f"{', '.join(f'{BEST}_{largest}' for largest in LARGEST_BASES)}"
            )
        return Level(BEST, basis)
    if method in _FORMER_METHODS:
        raise ConfigError(f"level {name!r}: {_FORMER_METHODS[method]}")
    if not (method in METHODS or _TRANSPORT.fullmatch(method)) or not basis:
        raise ConfigError(
            f"level {name!r}: write method_basis with one of the methods {', '.join(METHODS)}, "
            f"{PAIR_FUNCTIONAL}, {COMOTION_FUNCTIONAL}, {PAIR_BOUND_FUNCTIONAL}, such as "
            f"ccsd_aug-cc-pCVTZ, or {BEST}"
        )
    if not _LEVEL.fullmatch(name):
        raise ConfigError(
            f"level {name!r}: no path can hold it; write letters, digits and _ . + ( ) , = - "
            "only, * as _st_ and / as _sl_, such as hf_6-31G_st_"
        )
    if method == "hylleraas" and not re.fullmatch(r"w(?:0|[1-9][0-9]*)", basis):
        raise ConfigError(
            f"level {name!r}: a Hylleraas level names its order, the highest total degree, such "
            "as hylleraas_w8"
        )
    return Level(method, basis.replace("_st_", "*").replace("_sl_", "/"))


def check_level(atom: Atom, level: Level) -> None:
    """Check that a method is for so many electrons.

    Raises:
        ConfigError: It is not, or a transport functional has another name for so many.
    """
    if level.method == BEST and atom.n_electrons < 2:
        raise ConfigError(
            f"{atom.symbol} with charge {atom.charge:+d} has "
            f"{electrons_in_words(atom.n_electrons)}; {BEST} is for at least 2: take hf"
        )
    if level.is_transport:
        transport_order(atom, level)
        return
    most = _MOST_ELECTRONS.get(level.method, atom.n_electrons)
    if atom.n_electrons > most or (level.method == "hylleraas" and atom.n_electrons != 2):
        raise ConfigError(
            f"{atom.symbol} with charge {atom.charge:+d} has "
            f"{electrons_in_words(atom.n_electrons)}; "
            f"{level.method} is for {'exactly' if level.method == 'hylleraas' else 'at most'} "
            f"{most}: take ccsd or ccsd-t"
        )


def transport_order(atom: Atom, level: Level) -> int:
    """Order k of the transport functional of a level.

    Args:
        atom: The atom.
        level: A level of which `Level.is_transport` holds.

    Raises:
        ConfigError: There are too few electrons, or the functional of this order has another name:
            that of order 2 is ``ks-v2``, that of order N ``ks-comotion``.
    """
    n = atom.n_electrons
    told = f"{atom} has {electrons_in_words(n)}"
    if n < 2:
        raise ConfigError(f"{told}, which repel nothing: level {level} is for at least 2; take hf")
    if level.method == PAIR_BOUND_FUNCTIONAL and n > 2:
        return n
    known = {PAIR_FUNCTIONAL: 2, PAIR_BOUND_FUNCTIONAL: n, COMOTION_FUNCTIONAL: n}
    order = known.get(level.method) or int(level.method.removeprefix(COMOTION_FUNCTIONAL))
    if not 2 <= order <= n:
        between = f"the order of {level.method} is from 3 to {n - 1}"
        if not range(3, n):
            between = "no order lies between 2 and N"
        largest = f"{COMOTION_FUNCTIONAL} for N, " if n != 2 else ""
        raise ConfigError(f"{told}; {between}: take {largest}{PAIR_FUNCTIONAL} for 2")
    names = {2: PAIR_FUNCTIONAL, n: COMOTION_FUNCTIONAL if n > 2 else PAIR_FUNCTIONAL}
    name = names.get(order, f"{COMOTION_FUNCTIONAL}{order}")
    if name != level.method:
        raise ConfigError(f"{told}; write {Level(name, level.basis)}, the one name of this level")
    return order
