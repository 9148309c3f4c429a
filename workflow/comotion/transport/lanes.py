"""Four numbers in one vector register, for the compiled kernel.

numba compiles loops over scalars and leaves it to LLVM to find the vectors in them; for rows
of a few electrons it finds them badly. `Lanes` says them: a value of four doubles with +, -,
* and /, which every processor has instructions for (two of two numbers where registers are
short). Products and sums may be contracted and reordered, nothing else. The functions here
exist in compiled code only; indices are not checked.
"""

import operator
from collections.abc import Callable
from typing import Any, Protocol

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import lower_builtin, register_model

from comotion.density.radial import Array

#: Numbers in a register.
WIDTH = 4

_DOUBLE = ir.DoubleType()
_VECTOR = ir.VectorType(_DOUBLE, WIDTH)
_FAST = ("reassoc", "contract", "nsz")  # nothing that could change a branch


class Lanes(Protocol):
    """Four numbers."""

    def __add__(self, other: "Lanes", /) -> "Lanes":
        """Sums."""

    def __sub__(self, other: "Lanes", /) -> "Lanes":
        """Differences."""

    def __mul__(self, other: "Lanes", /) -> "Lanes":
        """Products."""

    def __truediv__(self, other: "Lanes", /) -> "Lanes":
        """Quotients."""


def load(w: Array, at: int) -> Lanes:
    """Elements at, at + 1, at + 2, at + 3 of a contiguous array."""
    raise NotImplementedError


def store(w: Array, at: int, value: Lanes) -> None:
    """Overwrite elements at, at + 1, at + 2, at + 3 of a contiguous array."""
    raise NotImplementedError


def fill(number: float) -> Lanes:
    """The same number in every lane."""
    raise NotImplementedError


def turn(value: Lanes) -> Lanes:
    """Lanes 1, 2, 3, 0."""
    raise NotImplementedError


def turn_back(value: Lanes) -> Lanes:
    """Lanes 3, 0, 1, 2."""
    raise NotImplementedError


def root(value: Lanes) -> Lanes:
    """Square root of each lane."""
    raise NotImplementedError


def total(value: Lanes) -> float:
    """Sum over the lanes."""
    raise NotImplementedError


class _LanesType(types.Type):
    """numba's type of such a value."""

    def __init__(self) -> None:
        super().__init__(name=f"Lanes{WIDTH}")


@register_model(_LanesType)
class _LanesModel(models.PrimitiveModel):
    """In compiled code a value is an LLVM vector."""

    def __init__(self, manager: Any, numba_type: _LanesType) -> None:
        super().__init__(manager, numba_type, _VECTOR)


def _define(symbol: Any, form: Any, build: Callable[..., Any]) -> None:
    """Let numba compile a function or operator to build(context, builder, *arguments)."""
    infer_global(symbol)(type("_Typing", (ConcreteTemplate,), {"cases": [form]}))

    @lower_builtin(symbol, *form.args)
    def _lower(context: Any, builder: Any, _form: Any, arguments: Any) -> Any:
        return build(context, builder, *arguments)


_lanes, _array = _LanesType(), types.Array(types.float64, 1, "C")


def _pointer(context: Any, builder: Any, w: Any, at: Any) -> Any:
    """Address of four consecutive elements."""
    data = context.make_array(_array)(context, builder, w).data
    return builder.bitcast(builder.gep(data, [at]), _VECTOR.as_pointer())


def _load(context: Any, builder: Any, w: Any, at: Any) -> Any:
    return builder.load(_pointer(context, builder, w, at), align=8)


def _store(context: Any, builder: Any, w: Any, at: Any, value: Any) -> Any:
    builder.store(value, _pointer(context, builder, w, at), align=8)
    return context.get_dummy_value()


def _shuffle(*order: int) -> Callable[..., Any]:
    """The lanes in another order."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), list(order))
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    return lambda _context, builder, value: builder.shuffle_vector(value, nothing, mask)


def _fill(context: Any, builder: Any, number: Any) -> Any:
    first = ir.Constant(ir.IntType(32), 0)
    single = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, first)
    return _shuffle(0, 0, 0, 0)(context, builder, single)


def _root(_context: Any, builder: Any, value: Any) -> Any:
    form, name = ir.FunctionType(_VECTOR, [_VECTOR]), f"llvm.sqrt.v{WIDTH}f64"
    function = cgutils.get_or_insert_function(builder.module, form, name)
    return builder.call(function, [value], fastmath=_FAST)


def _total(_context: Any, builder: Any, value: Any) -> Any:
    form = ir.FunctionType(_DOUBLE, [_DOUBLE, _VECTOR])
    name = f"llvm.vector.reduce.fadd.v{WIDTH}f64"
    function = cgutils.get_or_insert_function(builder.module, form, name)
    return builder.call(function, [ir.Constant(_DOUBLE, 0.0), value], fastmath=_FAST)


def _instruction(name: str) -> Callable[..., Any]:
    """One instruction of LLVM."""
    return lambda _context, builder, a, b: getattr(builder, name)(a, b, flags=_FAST)


for _symbol, _name in [
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
]:
    _define(_symbol, signature(_lanes, _lanes, _lanes), _instruction(_name))
_define(load, signature(_lanes, _array, types.intp), _load)
_define(store, signature(types.void, _array, types.intp, _lanes), _store)
_define(fill, signature(_lanes, types.float64), _fill)
_define(turn, signature(_lanes, _lanes), _shuffle(1, 2, 3, 0))
_define(turn_back, signature(_lanes, _lanes), _shuffle(3, 0, 1, 2))
_define(root, signature(_lanes, _lanes), _root)
_define(total, signature(types.float64, _lanes), _total)
