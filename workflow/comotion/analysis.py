"""Everything about one density as one object: computed now, or read from a finished run."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.functionals import density_integrals
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import RecordError, TransportError
from comotion.io import read_json
from comotion.number import Number, html_of, table_of
from comotion.systems import electrons_in_words
from comotion.transport.bounds.bracket import bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.primal import PrimalBound
from comotion.transport.comotion import comotion_plan
from comotion.transport.hierarchy import HierarchyValue, hierarchy, orders_of, pair_value
from comotion.transport.patterns import best_pattern
from comotion.transport.plan import Plan
from comotion.transport.zero_point import zero_point
from comotion.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

#: Most electrons for which patterns and a bracket are computed unless asked for otherwise.
_BRACKETED = 10


@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """A density between optimal transport and quantum mechanics.

    Attributes:
        plan: Its co-motion plan.
        pattern: The plan of the best pattern of directions; the co-motion plan where no other
            was tried or is better.
        w_inf_prime: Zero-point coefficient of the co-motion plan, W'_inf where that plan is
            optimal, hartree; nan where its error is more than half of itself.
        w_inf_prime_error: Its quadrature error, hartree.
        unstable_share: Share of configurations about which the plan is unstable: where it is not
            0, ``w_inf_prime`` counts unstable directions as zero.
        hierarchy: By k, V_2 in closed form and from k = 3 on the co-motion upper bound of V_k.
        hartree: Hartree energy U, hartree.
        hartree_error: Its quadrature error, hartree.
        bracket: Bounds of V_SCE by searches, or None where none was computed.
        v_quantum: <V_ee> of the state behind the density, hartree, or None.
        name: System and level, where they are known.
    """

    plan: Plan
    pattern: Plan
    w_inf_prime: float
    w_inf_prime_error: float
    unstable_share: float
    hierarchy: dict[int, HierarchyValue]
    hartree: float
    hartree_error: float
    bracket: Bracket | None
    v_quantum: float | None
    name: str

    @property
    def density(self) -> RadialDensity:
        """The density."""
        return self.plan.density

    @property
    def n_electrons(self) -> int:
        """Number of electrons N."""
        return self.plan.n_electrons

    @property
    def v_comotion(self) -> float:
        """Cost of the co-motion plan, an upper bound of V_SCE, hartree."""
        return self.plan.cost

    @property
    def v_mean_field(self) -> float:
        """(1 - 1/N) U, the cost of the independent plan, hartree."""
        return (1 - 1 / self.n_electrons) * self.hartree

    @property
    def v_sce(self) -> tuple[float, float]:
        """Lower and upper bound of V_SCE, hartree.

        Of the bracket where there is one; else V_2, a closed form, less its quadrature error, and
        the cost of the best pattern plus its quadrature error.
        """
        if self.bracket is not None:
            return self.bracket.lower, self.bracket.upper
        pair = pair_value(self.density)
        return pair.value - pair.error, self.pattern.cost + self.pattern.quadrature_error

    @property
    def w_inf(self) -> tuple[float, float]:
        """Lower and upper bound of W_inf = V_SCE - U, hartree.

        Those of V_SCE less U, and the error of U further apart.
        """
        lower, upper = self.v_sce
        u, error = self.hartree, self.hartree_error
        return lower - u - error, upper - u + error

    def potential(self, r: ArrayLike) -> Array:
        """Co-motion potential u(r) in the gauge u(inf) = 0.

        It is the functional derivative of ``v_comotion``, the Hartree potential included, and the
        SCE potential where the co-motion plan is optimal. The Kantorovich potential of the lower
        bound is ``bracket.potential``.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            u(r), shape of ``r``, hartree.
        """
        return self.plan.potential(r)

    def functions(self, r: ArrayLike) -> Array:
        """Co-motion functions f_i(r).

        Args:
            r: Radii of the first electron, shape (m,), bohr.

        Returns:
            f_1(r) = r, f_2(r), ..., f_N(r), shape (m, N), bohr.
        """
        return self.plan.functions(r)

    def slack(self, x: ArrayLike) -> Array:
        """How far configurations are from being bound as tightly as any.

        Args:
            x: Positions, shape (3, N) or (m, 3, N), bohr.

        Returns:
            V(x) - sum_i u(r_i) - min (V - sum u) with the potential of the bracket, shape () or
            (m,), hartree.

        Raises:
            TransportError: No bracket was computed, or the positions are not of N electrons.
        """
        if self.bracket is None:
            raise TransportError("no bracket was computed: ask analyse for one, bracketed=True")
        return self.bracket.slack(x)

    def numbers(self) -> dict[str, Number]:
        """The numbers of the analysis.

        Returns:
            Value in hartree, error and meaning of each by its name.
        """
        lower, upper = self.v_sce
        w_lower, w_upper = self.w_inf
        from_duality = self.bracket is not None and self.bracket.lower_from == "duality"
        kind = "by duality, as good as its search" if from_duality else "V_2 less its error"
        found = {
            "v_sce_lower": Number(lower, None, f"lower bound of V_SCE, {kind}"),
            "v_sce_upper": Number(
                upper, None, "upper bound of V_SCE, the cheapest plan found and its error"
            ),
            "v_comotion": Number(self.plan.cost, self.plan.error, "cost of the co-motion plan"),
            "w_inf_lower": Number(w_lower, None, "lower bound of W_inf = V_SCE - U"),
            "w_inf_upper": Number(w_upper, None, "upper bound of W_inf"),
            "w_inf_prime": Number(
                self.w_inf_prime,
                self.w_inf_prime_error,
                "zero-point coefficient of the co-motion plan, W'_inf where that is optimal",
            ),
            "hartree": Number(self.hartree, self.hartree_error, "Hartree energy U"),
            "v_mean_field": Number(
                self.v_mean_field,
                (1 - 1 / self.n_electrons) * self.hartree_error,
                "mean field (1 - 1/N) U",
            ),
        }
        if self.v_quantum is not None:
            found["v_quantum"] = Number(self.v_quantum, None, "quantum <V_ee>")
        for v in self.hierarchy.values():
            found[v.name] = Number(v.value, v.error, v.meaning)
        return found

    def to_pandas(self) -> "pd.DataFrame":
        """The numbers as a table.

        Returns:
            One row for each number with the columns value, error (NaN where none is known), unit
            and meaning, by the number's name.
        """
        return table_of(self.numbers())

    def __repr__(self) -> str:
        """One line for each number with its error."""
        electrons = electrons_in_words(self.n_electrons)
        lines = [f"<Analysis{self.name and ' of ' + self.name}: {electrons}>"]
        lines += [f"{name:16} {one}" for name, one in self.numbers().items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The same as a table for notebooks."""
        caption = f"{self.name or 'density'}, {electrons_in_words(self.n_electrons)}, hartree"
        return html_of(self.numbers(), caption)


def analyse(
    rho: RadialDensity | HasDensity, *, bracketed: bool | None = None, highest: int = 20
) -> Analysis:
    """Compute everything about a density.

    Args:
        rho: The density, N >= 1 electrons, or an object with one, such as an atom.
        bracketed: Whether V_SCE is bracketed by searches; by default up to ten electrons, which
            takes seconds to minutes.
        highest: Highest k below N of the hierarchy.

    Returns:
        The numbers, the plans and the bracket.

    Raises:
        DensityError: There is no density, or it is none.
        TransportError: A search did not agree with itself, or an integral did not settle.
    """
    density = radial_density(rho)
    n = density.n_electrons
    plan = comotion_plan(density)
    pattern = best_pattern(density, plan).plan if 2 < n <= _BRACKETED else plan
    wanted = n <= _BRACKETED if bracketed is None else bracketed
    curves = [plan] if pattern is plan else [plan, pattern]
    oscillations = zero_point(plan)
    integrals = density_integrals(density)
    values = hierarchy(density, orders_of(n, highest))
    if n > 2:
        values[n] = HierarchyValue(n, plan.cost, plan.error)
    energies = getattr(rho, "energies", None)
    return Analysis(
        plan=plan,
        pattern=pattern,
        w_inf_prime=oscillations.w_inf_prime,
        w_inf_prime_error=oscillations.quadrature_error,
        unstable_share=oscillations.unstable_share,
        hierarchy=values,
        hartree=integrals.hartree,
        hartree_error=integrals.hartree_error,
        bracket=bracket(density, curves) if wanted and n > 1 else None,
        v_quantum=getattr(energies, "v_quantum", None),
        name=" ".join(filter(None, (getattr(rho, "system", ""), getattr(rho, "level", "")))),
    )


def load(path: Path | str) -> Analysis | Plan:
    """Read the results of a finished run.

    Args:
        path: Folder of a system and level, such as ``results/Be/ccsd_aug-cc-pCVTZ``, or the file
            of a plan, such as plan.h5 in it.

    Returns:
        The analysis of the folder, or the plan of the file.

    Raises:
        RecordError: A file is missing, is not what was written, or is of another version.
    """
    path = Path(path)
    if not path.is_dir():
        return Plan.load(path)
    try:
        return _analysis_in(path)
    except KeyError as error:
        raise RecordError(
            f"{path}: its records lack {error}, they were made by another version than {VERSION}; "
            "run the workflow again, which makes them anew"
        ) from error


def _analysis_in(path: Path) -> Analysis:
    """The analysis in a folder; KeyError where a record has other names."""
    if not (path / "sce.json").is_file():
        raise RecordError(
            f"{path}: holds no sce.json; give the folder of a system and level whose plan has been "
            "computed, such as results/Be/ccsd_aug-cc-pCVTZ"
        )
    plan, pattern = Plan.load(path / "plan.h5"), Plan.load(path / "pattern.h5")
    sce = read_json(path / "sce.json")
    integrals = density_integrals(plan.density)
    quantum = read_json(path / "quantum.json") if (path / "quantum.json").is_file() else {}
    return Analysis(
        plan=plan,
        pattern=pattern,
        w_inf_prime=np.nan if sce["w_inf_prime"] is None else sce["w_inf_prime"],
        w_inf_prime_error=np.inf if sce["w_inf_prime_error"] is None else sce["w_inf_prime_error"],
        unstable_share=sce["unstable_share"],
        hierarchy=_hierarchy_of(path / "hierarchy.json"),
        hartree=integrals.hartree,
        hartree_error=integrals.hartree_error,
        bracket=_bracket_of(path),
        v_quantum=quantum.get("v_quantum"),
        name=f"{plan.system} {plan.level}",
    )


def _hierarchy_of(path: Path) -> dict[int, HierarchyValue]:
    """V_2 and the upper bounds of V_k in a record by k, none where there is no record."""
    if not path.is_file():
        return {}
    record = read_json(path)
    orders = {name: int(name.rpartition("_")[2]) for name in record["hierarchy"]}
    return {
        k: HierarchyValue(
            k, record["hierarchy"][name], record["hierarchy_error"][name], closed=k == 2
        )
        for name, k in orders.items()
    }


def _bracket_of(folder: Path) -> Bracket | None:
    """The bracket in a folder, if there is one."""
    if not (folder / "bracket.json").is_file():
        return None
    record = read_json(folder / "bracket.json")
    plan = Plan.load(folder / "upper_plan.h5")
    dual = DualBound.load(folder / "bracket.h5")
    primal = None
    if plan.kind == "cells":
        primal = PrimalBound(plan, record["upper_iterations"], record["upper_stopped_by"])
    spline_error = record["spline_error"]
    return Bracket(
        lower=record["lower"],
        lower_from=record["lower_from"],
        upper=record["upper"],
        v_comotion=record["v_comotion"],
        spline_error=np.nan if spline_error is None else spline_error,
        dual=dual,
        plan=plan,
        primal=primal,
    )
