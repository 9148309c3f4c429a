"""Brackets of model densities, each made once in a test process; no test may change them."""

from functools import cache

from comotion import MODELS, Plan, comotion_plan
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.potential_space import potential_space


@cache
def plan_of(kind: str, n_electrons: int) -> Plan:
    """The co-motion plan of a model density."""
    return comotion_plan(MODELS[kind](n_electrons))


@cache
def bound_of(kind: str, n_electrons: int, splines: int = 20) -> DualBound:
    """Its lower bound by duality, from that plan."""
    plan = plan_of(kind, n_electrons)
    space = potential_space(plan.density, plan.radial_potential, splines)
    return dual_bound(plan.density, space, plan.positions)


@cache
def bracket_of(
    kind: str, n_electrons: int, splines: tuple[int, ...] = (20, 40), cells_per_shell: int = 10
) -> Bracket:
    """Its bracket from that plan alone."""
    effort = BracketEffort(splines=splines, cells_per_shell=cells_per_shell)
    plan = plan_of(kind, n_electrons)
    return bracket(plan.density, plan, effort=effort)
