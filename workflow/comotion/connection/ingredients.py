"""What interpolations of the adiabatic connection are made of.

``W_lambda = <V_ee>_lambda - U`` is the repulsion, less the Hartree energy, of the state with the
given density that an interaction lambda / r makes; E_xc is its integral over lambda from 0 to 1.
``W_lambda -> W_0 + W'_0 lambda`` for weak and ``W_inf + W'_inf / sqrt(lambda)`` for strong
interaction, with ``W_0 = E_x`` and ``W'_0 = 2 E_c^GL2``. Reference: M. Seidl, J. P. Perdew,
S. Kurth, Phys. Rev. Lett. 84, 5070 (2000).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from comotion.errors import ComparisonError


@dataclass(frozen=True)
class Ingredients:
    """The two ends of the adiabatic connection, hartree.

    Attributes:
        w_0: W_0 = E_x, negative.
        w_0_prime: W'_0 = 2 E_c^GL2, negative.
        w_inf: W_inf = V_SCE - U, below W_0.
        w_inf_prime: W'_inf, positive; None where it is not known: some interpolations leave it out.

    Raises:
        ComparisonError: One is no number, or they cannot be those of a density; the sentence names
            it.
    """

    w_0: float
    w_0_prime: float
    w_inf: float
    w_inf_prime: float | None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and not math.isfinite(value):
                raise ComparisonError(f"{name} is {value}: an interpolation needs numbers")
        if not self.w_0 < 0:
            raise ComparisonError(
                f"w_0 = {self.w_0:.6g} hartree is not negative: it is an exchange energy"
            )
        if not self.w_0_prime < 0:
            raise ComparisonError(
                f"w_0_prime = {self.w_0_prime:.6g} hartree is not negative: W falls with the "
                "coupling, so this slope is wrong"
            )
        if not self.w_inf < self.w_0:
            raise ComparisonError(
                f"w_inf = {self.w_inf:.6g} hartree is not below w_0 = {self.w_0:.6g}: W falls with "
                "the coupling, so one of them is wrong"
            )
        if self.w_inf_prime is not None and not self.w_inf_prime > 0:
            raise ComparisonError(
                f"w_inf_prime = {self.w_inf_prime:.6g} hartree is not positive: it is a zero-point "
                "energy"
            )

    def zero_point(self) -> float:
        """W'_inf where it is known.

        Returns:
            W'_inf, hartree.

        Raises:
            ComparisonError: It is not known.
        """
        if self.w_inf_prime is None:
            raise ComparisonError("w_inf_prime is missing, which this interpolation needs")
        return self.w_inf_prime


def sum_of(fragments: Sequence[Ingredients]) -> Ingredients:
    """The ends of fragments that are far from one another.

    Args:
        fragments: Ends of each, one or more.

    Returns:
        The sum of each ingredient; no W'_inf where one has none.

    Raises:
        ComparisonError: There is no fragment.
    """
    if not fragments:
        raise ComparisonError("no fragments: give the ingredients of one or more")
    first, *others = (one.w_inf_prime for one in fragments)
    known = first is not None and None not in others
    return Ingredients(
        w_0=math.fsum(one.w_0 for one in fragments),
        w_0_prime=math.fsum(one.w_0_prime for one in fragments),
        w_inf=math.fsum(one.w_inf for one in fragments),
        w_inf_prime=math.fsum(one.zero_point() for one in fragments) if known else None,
    )
