"""Four numbers in one vector register, for the compiled kernel.

numba compiles loops over scalars and leaves it to LLVM to find the vectors in them; for rows
of a few electrons it finds them badly. `Vector4` says them: a value of four doubles with +, -,
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

#: Numbers in a register, and in a line of the processor's cache.
WIDTH, LINE = 4, 8
#: Bits of a number after its exponent and the first six of its fraction.
LEADING_BITS = 46

_DOUBLE = ir.DoubleType()
_VECTOR = ir.VectorType(_DOUBLE, WIDTH)
_FAST = ("reassoc", "contract", "nsz")  # nothing that could change a branch


class Vector4(Protocol):
    """Four numbers."""

    def __add__(self, other: "Vector4", /) -> "Vector4":
        """Sums."""

    def __sub__(self, other: "Vector4", /) -> "Vector4":
        """Differences."""

    def __mul__(self, other: "Vector4", /) -> "Vector4":
        """Products."""

    def __truediv__(self, other: "Vector4", /) -> "Vector4":
        """Quotients."""


def load(w: Array, at: int) -> Vector4:
    """Elements at, at + 1, at + 2, at + 3 of a contiguous array."""
    raise NotImplementedError


def store(w: Array, at: int, value: Vector4) -> None:
    """Overwrite elements at, at + 1, at + 2, at + 3 of a contiguous array."""
    raise NotImplementedError


def fill(number: float) -> Vector4:
    """The same number in every lane."""
    raise NotImplementedError


def turn(value: Vector4) -> Vector4:
    """Vector4 1, 2, 3, 0."""
    raise NotImplementedError


def turn_back(value: Vector4) -> Vector4:
    """Vector4 3, 0, 1, 2."""
    raise NotImplementedError


def root(value: Vector4) -> Vector4:
    """Square root of each lane."""
    raise NotImplementedError


def total(value: Vector4) -> float:
    """Sum over the lanes."""
    raise NotImplementedError


def limit(value: Vector4, low: float, high: float) -> Vector4:
    """Lanes below a number, or no numbers, raised to it, above another lowered to it."""
    raise NotImplementedError


def rows(w: Array, at: int, value: Vector4) -> tuple[Vector4, ...]:
    """A row of a table for each lane, found by the leading bits k of its number.

    The row begins at ``at + LINE k``; its first seven numbers are returned, each in a vector.
    """
    raise NotImplementedError


class _Vector4Type(types.Type):
    """numba's type of such a value."""

    def __init__(self) -> None:
        super().__init__(name=f"Vector4{WIDTH}")


@register_model(_Vector4Type)
class _LanesModel(models.PrimitiveModel):
    """In compiled code a value is an LLVM vector."""

    def __init__(self, manager: Any, numba_type: _Vector4Type) -> None:
        super().__init__(manager, numba_type, _VECTOR)


def _define(symbol: Any, form: Any, build: Callable[..., Any]) -> None:
    """Let numba compile a function or operator to build(context, builder, *arguments)."""
    infer_global(symbol)(type("_Typing", (ConcreteTemplate,), {"cases": [form]}))

    @lower_builtin(symbol, *form.args)
    def _lower(context: Any, builder: Any, _form: Any, arguments: Any) -> Any:
        return build(context, builder, *arguments)


_vector4, _array = _Vector4Type(), types.Array(types.float64, 1, "C")
_seven = types.UniTuple(_vector4, LINE - 1)


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


def _limit(context: Any, builder: Any, value: Any, low: Any, high: Any) -> Any:
    low, high = _fill(context, builder, low), _fill(context, builder, high)
    # In this order a lane that is no number becomes the lower limit.
    value = builder.select(builder.fcmp_ordered(">", value, low), value, low)
    return builder.select(builder.fcmp_ordered("<", value, high), value, high)


def _rows(context: Any, builder: Any, w: Any, at: Any, value: Any) -> Any:
    integers = ir.VectorType(ir.IntType(64), WIDTH)
    shift = ir.Constant(integers, [LEADING_BITS] * WIDTH)
    leading = builder.lshr(builder.bitcast(value, integers), shift)
    size, half = ir.Constant(ir.IntType(64), LINE), ir.Constant(ir.IntType(64), WIDTH)
    places = [
        builder.add(at, builder.mul(builder.extract_element(leading, ir.IntType(32)(lane)), size))
        for lane in range(WIDTH)
    ]
    columns = _transposed(builder, [_load(context, builder, w, place) for place in places])
    columns += _transposed(
        builder, [_load(context, builder, w, builder.add(place, half)) for place in places]
    )
    return context.make_tuple(builder, _seven, columns[:-1])


def _transposed(builder: Any, lines: list[Any]) -> list[Any]:
    """Columns of a matrix of four rows."""

    def mixed(a: Any, b: Any, *order: int) -> Any:
        mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), list(order))
        return builder.shuffle_vector(a, b, mask)

    a, b, c, d = lines
    ab, cd = mixed(a, b, 0, 4, 2, 6), mixed(c, d, 0, 4, 2, 6)
    ab_odd, cd_odd = mixed(a, b, 1, 5, 3, 7), mixed(c, d, 1, 5, 3, 7)
    return [
        mixed(ab, cd, 0, 1, 4, 5), mixed(ab_odd, cd_odd, 0, 1, 4, 5),
        mixed(ab, cd, 2, 3, 6, 7), mixed(ab_odd, cd_odd, 2, 3, 6, 7),
    ]  # fmt: skip


def _instruction(name: str) -> Callable[..., Any]:
    """One instruction of LLVM."""
    return lambda _context, builder, a, b: getattr(builder, name)(a, b, flags=_FAST)


for _symbol, _name in [
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
]:
    _define(_symbol, signature(_vector4, _vector4, _vector4), _instruction(_name))
_define(load, signature(_vector4, _array, types.intp), _load)
_define(store, signature(types.void, _array, types.intp, _vector4), _store)
_define(fill, signature(_vector4, types.float64), _fill)
_define(turn, signature(_vector4, _vector4), _shuffle(1, 2, 3, 0))
_define(turn_back, signature(_vector4, _vector4), _shuffle(3, 0, 1, 2))
_define(root, signature(_vector4, _vector4), _root)
_define(total, signature(types.float64, _vector4), _total)
_define(limit, signature(_vector4, _vector4, types.float64, types.float64), _limit)
_define(rows, signature(_seven, _array, types.intp, _vector4), _rows)
