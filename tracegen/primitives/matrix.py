"""The rows for functions of vectors and matrices. A new operation is one row.

A vector is a matrix with one column. Source of the rules: M. B. Giles, "Collected matrix derivative results for
forward and reverse mode algorithmic differentiation", in Advances in Automatic Differentiation (2008), and its
extended report NA-08/01; K. B. Petersen and M. S. Pedersen, "The Matrix Cookbook" (2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracegen.errors import ShapeError
from tracegen.formula import Formula
from tracegen.primitives.primitive import (
    ATOM,
    MATRIX,
    OPEN,
    POSITIVE,
    POWER,
    PRODUCT,
    Form,
    elementwise,
    linear,
    matrix,
    multilinear,
)  # fmt: skip
from tracegen.shapes import Dimension, Shape, dimension_of, minus, plus

Given = Sequence[Formula | None]


def vstack_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """Matrices of one width, one above the other; a number is one row."""
    rows, columns = _stacked([shape or (1, 1) for shape in shapes])
    return (rows, columns)


def hstack_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """Matrices of one height, side by side; a number is one column."""
    columns, rows = _stacked([(shape or (1, 1))[::-1] for shape in shapes])
    return (rows, columns)


def _stacked(shapes: Sequence[Shape]) -> tuple[Dimension, Dimension]:
    length: Dimension = 0
    for along, across in shapes:
        if across != shapes[0][1]:
            raise ShapeError(f"{shapes[0][1]} ≠ {across}")
        length = plus(length, along)
    return length, shapes[0][1]


def slice_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """The rows from ``top`` to before ``bottom``, the columns from ``left`` to before ``right``."""
    rows, columns = _matrix(shapes[0])
    top, bottom, left, right = map(dimension_of, constants[1:])
    _inside(top, bottom, rows)
    _inside(left, right, columns)
    return (minus(bottom, top), minus(right, left))


def pad_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """Zeros above, below, before and after."""
    rows, columns = shapes[0] or (1, 1)
    above, below, before, after = map(dimension_of, constants[1:])
    return (plus(above, plus(rows, below)), plus(before, plus(columns, after)))


def entry_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """The shape of one element, counted from 0: that of a number. Raises ShapeError where it lies outside."""
    for at, dimension in zip(map(dimension_of, constants[1:]), _matrix(shapes[0]), strict=True):
        if not _fits(at, plus(at, 1), dimension):
            raise ShapeError(f"place {at}, counted from 0, is not within {dimension}")
    return ()


def _matrix(shape: Shape) -> Shape:
    if not shape:
        raise ShapeError("a matrix is needed, not a number")
    return shape


def _inside(start: Dimension, stop: Dimension, length: Dimension) -> None:
    if not _fits(start, stop, length):
        raise ShapeError(f"{start} to {stop} is not within {length}")


def _fits(start: Dimension, stop: Dimension, length: Dimension) -> bool:
    """Whether a part can be within a length; letters may be any number."""
    found = (start, minus(length, stop), minus(stop, start))
    return not any(isinstance(number, int) and number < 0 for number in found)


SAME = (MATRIX, MATRIX)


def _counted(f: Any, A: Any) -> Any:
    """How many elements a matrix has."""
    return f.dimension(A.shape[0]) * f.dimension(A.shape[1])


def _sides(A: Any) -> Any:
    """The rows and columns of a block; a number has one of each."""
    return getattr(A, "shape", ()) or (1, 1)


def _block(f: Any, g: Any, A: Any, top: Dimension, bottom: Dimension, left: Dimension, right: Dimension) -> Any:
    """The part of an adjoint that is a block's: an element where the block is a number."""
    return f.slice(g, top, bottom, left, right) if getattr(A, "shape", ()) else f.entry(g, top, left)


# fmt: off
ROWS = (
    # products
    multilinear("matmul", value=lambda f, A, B: A @ B, vjp=lambda f, y, A, B, g: (g @ B.T, A.T @ g),
                shapes="n k, k m -> n m", latex=Form("{0} {1}", MATRIX, SAME), text=Form("{0} @ {1}", MATRIX, SAME),
                unicode=Form("{0} {1}", MATRIX, SAME)),
    multilinear("matmul_tn", value=lambda f, A, B: A.T @ B, vjp=lambda f, y, A, B, g: (B @ g.T, A @ g),
                shapes="k n, k m -> n m", shown=lambda f, A, B: A.T @ B, spelled=(lambda f, A, B: A.T @ B,)),
    multilinear("matmul_nt", value=lambda f, A, B: A @ B.T, vjp=lambda f, y, A, B, g: (g @ B, g.T @ A),
                shapes="n k, m k -> n m", shown=lambda f, A, B: A @ B.T, spelled=(lambda f, A, B: A @ B.T,),
                aliases=("outer",)),
    multilinear("dot", value=lambda f, a, b: f.inner(a, b), vjp=lambda f, y, a, b, g: (g * b, g * a),
                shapes="n 1, n 1 -> ", shown=lambda f, a, b: a.T @ b),
    multilinear("row_dot", value=lambda f, a, b: f.inner(a, b.T), vjp=lambda f, y, a, b, g: (g * b.T, g * a.T),
                shapes="1 n, n 1 -> ", shown=lambda f, a, b: a @ b),
    multilinear("inner", value=lambda f, A, B: f.sum(A * B), vjp=lambda f, y, A, B, g: (g * B, g * A),
                shapes="n m, n m -> ", latex=r"\langle {0}, {1} \rangle", unicode="⟨{0}, {1}⟩", aliases=("vdot",)),
    multilinear("scale", value=lambda f, a, B: a * B, vjp=lambda f, y, a, B, g: (f.inner(g, B), a * g),
                shapes=", n m -> n m", latex=Form(r"{0}\, {1}", MATRIX, (PRODUCT, MATRIX)),
                text=Form("{0}*{1}", PRODUCT, (PRODUCT, MATRIX)), unicode=Form("{0} {1}", MATRIX, (PRODUCT, MATRIX))),
    elementwise("hadamard", value=lambda f, a, b: a * b, partials=lambda f, y, a, b: (b, a),
           latex=Form(r"{0} \circ {1}", PRODUCT, (PRODUCT, MATRIX)),
           text=Form("{0}*{1}", PRODUCT, (PRODUCT, POWER)), unicode=Form("{0} ∘ {1}", PRODUCT, (PRODUCT, MATRIX))),
    elementwise("hadamard_power", value=lambda f, a, b: a**b,
                partials=lambda f, y, a, b: (b * a ** (b - 1), y * f.log(a)),
           domain=(POSITIVE, POSITIVE), latex=Form(r"{0}^{{\circ {1}}}", POWER, (ATOM, OPEN)),
           text=Form("{0}**{1}", POWER, (ATOM, ATOM)),
           unicode=Form("{0}^(∘{1})", POWER, (ATOM, OPEN))),
    matrix("quadratic", value=lambda f, x, A: f.inner(x, A @ x),
           vjp=lambda f, y, x, A, g: (g * ((A + A.T) @ x), g * (x @ x.T)),
           jvp=lambda f, y, x, A, dx, dA: dx.T @ ((A + A.T) @ x) + x.T @ dA @ x, shapes="n 1, n n -> ",
           shown=lambda f, x, A: x.T @ A @ x, spelled=(lambda f, x, A: x.T @ A @ x, lambda f, x, A: x.T @ (A @ x))),
    # transpose, diagonals, traces and sums
    multilinear("transpose", value=lambda f, A: A.T, vjp=lambda f, y, A, g: (g.T,), shapes="n m -> m n",
                latex=Form(r"{0}^\top", POWER, (ATOM,)), text=Form("{0}.T", ATOM, (ATOM,)),
                unicode=Form("{0}ᵀ", POWER, (ATOM,))),
    multilinear("trace", value=lambda f, A: f.trace(A), vjp=lambda f, y, A, g: (g * f.identity(A.shape[0]),),
                shapes="n n -> ", latex=r"\operatorname{{tr}}({0})", unicode="tr({0})", aliases=("tr",)),
    multilinear("diag", value=lambda f, a: f.diag(a), vjp=lambda f, y, a, g: (f.diagonal(g),), shapes="n 1 -> n n",
                latex=r"\operatorname{{diag}}({0})", unicode="diag({0})"),
    multilinear("diagonal", value=lambda f, A: f.diagonal(A), vjp=lambda f, y, A, g: (f.diag(g),), shapes="n n -> n 1",
                latex=r"\operatorname{{diag}}({0})", unicode="diag({0})"),
    multilinear("sum", value=lambda f, A: f.sum(A), shapes="n m -> ", latex=r"\operatorname{{sum}}({0})",
                vjp=lambda f, y, A, g: (g * (f.ones(A.shape[0]) @ f.ones(A.shape[1]).T),)),
    multilinear("row_sums", value=lambda f, A: f.row_sums(A), vjp=lambda f, y, A, g: (g @ f.ones(A.shape[1]).T,),
                shapes="n m -> n 1", shown=lambda f, A: A @ f.ones(A.shape[1]),
                spelled=(lambda f, A: A @ f.ones(A.shape[1]),)),
    multilinear("column_sums", value=lambda f, A: f.column_sums(A), vjp=lambda f, y, A, g: (f.ones(A.shape[0]) @ g,),
                shapes="n m -> 1 m", shown=lambda f, A: f.ones(A.shape[0]).T @ A,
                spelled=(lambda f, A: f.ones(A.shape[0]).T @ A,)),
    multilinear("mean", value=lambda f, A: f.sum(A) / _counted(f, A), shapes="n m -> ",
                latex=r"\operatorname{{mean}}({0})",
                vjp=lambda f, y, A, g: (g / _counted(f, A) * (f.ones(A.shape[0]) @ f.ones(A.shape[1]).T),)),
    multilinear("row_means", value=lambda f, A: f.row_sums(A) / f.dimension(A.shape[1]), shapes="n m -> n 1",
                vjp=lambda f, y, A, g: (g @ f.ones(A.shape[1]).T / f.dimension(A.shape[1]),)),
    multilinear("column_means", value=lambda f, A: f.column_sums(A) / f.dimension(A.shape[0]), shapes="n m -> 1 m",
                vjp=lambda f, y, A, g: (f.ones(A.shape[0]) @ g / f.dimension(A.shape[0]),)),
    # determinants, inverses and linear systems
    matrix("det", value=lambda f, A: f.det(A), vjp=lambda f, y, A, g: (g * y * f.inv(A).T,),
           jvp=lambda f, y, A, dA: y * f.trace(f.solve(A, dA)), shapes="n n -> ", latex=r"\det({0})"),
    matrix("det_by_adjugate", value=lambda f, A: f.det(A), vjp=lambda f, y, A, g: (g * f.adjugate(A).T,),
           jvp=lambda f, y, A, dA: f.trace(f.adjugate(A) @ dA), shapes="n n -> ", latex=r"\det({0})",
           unicode="det({0})"),  # Jacobi's formula, which holds where there is no inverse, too
    matrix("adjugate", value=lambda f, A: f.det(A) * f.inv(A),
           vjp=lambda f, y, A, g: (f.inner(g, f.inv(A)) * y.T - f.inv(A).T @ g @ y.T,),
           jvp=lambda f, y, A, dA: f.trace(y @ dA) * f.inv(A) - f.solve(A, dA @ y), shapes="n n -> n n",
           latex=r"\operatorname{{adj}}({0})", unicode="adj({0})", aliases=("adj",)),
    matrix("logdet", value=lambda f, A: f.log(f.det(A)), vjp=lambda f, y, A, g: (g * f.inv(A).T,),
           jvp=lambda f, y, A, dA: f.trace(f.solve(A, dA)), shapes="n n -> ", latex=r"\log \det({0})",
           unicode="log det({0})", spelled=(lambda f, A: f.log(f.det(A)),)),
    matrix("inv", value=lambda f, A: f.inv(A), vjp=lambda f, y, A, g: (-(y.T @ g @ y.T),),
           jvp=lambda f, y, A, dA: -(y @ dA @ y), shapes="n n -> n n",
           latex=Form("{0}^{{-1}}", POWER, (ATOM,)), unicode=Form("{0}⁻¹", POWER, (ATOM,)), aliases=("inverse",)),
    matrix("inv_transpose", value=lambda f, A: f.inv(A.T), vjp=lambda f, y, A, g: (-(y @ g.T @ y),),
           jvp=lambda f, y, A, dA: -(y @ dA.T @ y), shapes="n n -> n n",
           latex=Form(r"{0}^{{-\top}}", POWER, (ATOM,)), unicode=Form("{0}⁻ᵀ", POWER, (ATOM,))),
    matrix("solve", value=lambda f, A, B: f.solve(A, B),
           vjp=lambda f, y, A, B, g: (-(f.solve_transpose(A, g) @ y.T), f.solve_transpose(A, g)),
           jvp=lambda f, y, A, B, dA, dB: f.solve(A, dB - dA @ y), shapes="n n, n m -> n m",
           latex=Form("{0}^{{-1}} {1}", MATRIX, (ATOM, MATRIX)), unicode=Form("{0}⁻¹ {1}", MATRIX, (ATOM, MATRIX)),
           spelled=(lambda f, A, B: f.inv(A) @ B,)),
    matrix("solve_transpose", value=lambda f, A, B: f.solve(A.T, B),
           vjp=lambda f, y, A, B, g: (-(y @ f.solve(A, g).T), f.solve(A, g)),
           jvp=lambda f, y, A, B, dA, dB: f.solve_transpose(A, dB - dA.T @ y), shapes="n n, n m -> n m",
           latex=Form(r"{0}^{{-\top}} {1}", MATRIX, (ATOM, MATRIX)), unicode=Form("{0}⁻ᵀ {1}", MATRIX, (ATOM, MATRIX)),
           spelled=(lambda f, A, B: f.inv_transpose(A) @ B,)),
    # norms and distances
    matrix("norm", value=lambda f, A: f.sqrt(f.inner(A, A)), vjp=lambda f, y, A, g: (g / y * A,),
           jvp=lambda f, y, A, dA: f.inner(A, dA) / y, shapes="n m -> ", latex=r"\lVert {0} \rVert", unicode="‖{0}‖"),
    matrix("squared_norm", value=lambda f, A: f.inner(A, A), vjp=lambda f, y, A, g: (2 * g * A,),
           jvp=lambda f, y, A, dA: 2 * f.inner(A, dA), shapes="n m -> ",
           latex=Form(r"\lVert {0} \rVert^2", POWER), unicode=Form("‖{0}‖²", POWER), text=Form("norm({0})**2", POWER),
           spelled=(lambda f, A: f.norm(A) ** 2,)),
    matrix("half_squared_norm", value=lambda f, A: f.squared_norm(A) / 2, vjp=lambda f, y, A, g: (g * A,),
           jvp=lambda f, y, A, dA: f.inner(A, dA), shapes="n m -> ",
           latex=Form(r"\tfrac{{1}}{{2}} \lVert {0} \rVert^2", PRODUCT),
           unicode=Form("½‖{0}‖²", PRODUCT), text=Form("norm({0})**2/2", PRODUCT),
           spelled=(lambda f, A: f.norm(A) ** 2 / 2,)),
    matrix("squared_distance", value=lambda f, A, B: f.squared_norm(A - B),
           vjp=lambda f, y, A, B, g: (2 * g * (A - B), -(2 * g * (A - B))),
           jvp=lambda f, y, A, B, dA, dB: 2 * f.inner(A - B, dA - dB), shapes="n m, n m -> ",
           latex=Form(r"\lVert {0} - {1} \rVert^2", POWER), unicode=Form("‖{0} − {1}‖²", POWER),
           text=Form("norm({0} - {1})**2", POWER, (OPEN, PRODUCT)), spelled=(lambda f, A, B: f.norm(A - B) ** 2,)),
    matrix("half_squared_distance", value=lambda f, A, B: f.squared_distance(A, B) / 2,
           vjp=lambda f, y, A, B, g: (g * (A - B), -(g * (A - B))),
           jvp=lambda f, y, A, B, dA, dB: f.inner(A - B, dA - dB), shapes="n m, n m -> ",
           latex=Form(r"\tfrac{{1}}{{2}} \lVert {0} - {1} \rVert^2", PRODUCT), unicode=Form("½‖{0} − {1}‖²", PRODUCT),
           text=Form("norm({0} - {1})**2/2", PRODUCT, (OPEN, PRODUCT)),
           spelled=(lambda f, A, B: f.norm(A - B) ** 2 / 2,)),
    # classification
    matrix("softmax", value=lambda f, a: f.exp(a) / f.sum(f.exp(a)), vjp=lambda f, y, a, g: (y * (g - f.sum(y * g)),),
           jvp=lambda f, y, a, da: y * (da - f.sum(y * da)), shapes="n 1 -> n 1",
           latex=r"\operatorname{{softmax}}({0})"),
    matrix("softmax_rows", value=lambda f, A: f.exp(A) / f.row_sums(f.exp(A)),
           vjp=lambda f, y, A, g: (y * (g - f.row_sums(y * g)),),
           jvp=lambda f, y, A, dA: y * (dA - f.row_sums(y * dA)), shapes="n m -> n m",
           latex=r"\operatorname{{softmax}}({0})", unicode="softmax({0})"),
    matrix("logsumexp", value=lambda f, a: f.log(f.sum(f.exp(a))), vjp=lambda f, y, a, g: (g * f.softmax(a),),
           jvp=lambda f, y, a, da: f.inner(f.softmax(a), da), shapes="n 1 -> ",
           latex=r"\operatorname{{logsumexp}}({0})"),
    matrix("logsumexp_rows", value=lambda f, A: f.log(f.row_sums(f.exp(A))),
           vjp=lambda f, y, A, g: (g * f.softmax_rows(A),),
           jvp=lambda f, y, A, dA: f.row_sums(f.softmax_rows(A) * dA), shapes="n m -> n 1",
           latex=r"\operatorname{{logsumexp}}({0})", unicode="logsumexp({0})"),
    matrix("cross_entropy", value=lambda f, T, P: -f.inner(T, f.log(P)),
           vjp=lambda f, y, T, P, g: (-(g * f.log(P)), -(g * (T / P))),
           jvp=lambda f, y, T, P, dT, dP: -f.inner(dT, f.log(P)) - f.inner(T / P, dP), shapes="n m, n m -> ",
           domain=POSITIVE, latex=r"\operatorname{{CE}}({0}, {1})", unicode="CE({0}, {1})", aliases=("CE",)),
    matrix("softmax_cross_entropy", value=lambda f, T, Z: f.sum(T) * f.logsumexp(Z) - f.inner(T, Z),
           vjp=lambda f, y, T, Z, g: (-(g * f.log(f.softmax(Z))), g * (f.sum(T) * f.softmax(Z) - T)),
           jvp=lambda f, y, T, Z, dT, dZ: (
               -f.inner(dT, f.log(f.softmax(Z))) + f.inner(f.sum(T) * f.softmax(Z) - T, dZ)),
           shapes="n 1, n 1 -> ", shown=lambda f, T, Z: f.cross_entropy(T, f.softmax(Z)),
           spelled=(lambda f, T, Z: f.cross_entropy(T, f.softmax(Z)),)),
    matrix("softmax_cross_entropy_rows",
           value=lambda f, T, Z: f.inner(f.row_sums(T), f.logsumexp_rows(Z)) - f.inner(T, Z),
           vjp=lambda f, y, T, Z, g: (-(g * f.log(f.softmax_rows(Z))), g * (f.row_sums(T) * f.softmax_rows(Z) - T)),
           jvp=lambda f, y, T, Z, dT, dZ: (
               -f.inner(dT, f.log(f.softmax_rows(Z))) + f.inner(f.row_sums(T) * f.softmax_rows(Z) - T, dZ)),
           shapes="n m, n m -> ", shown=lambda f, T, Z: f.cross_entropy(T, f.softmax_rows(Z))),
    matrix("probability_cross_entropy", value=lambda f, T, Z: f.logsumexp(Z) - f.inner(T, Z), probabilities=(0,),
           vjp=lambda f, y, T, Z, g: (-(g * f.log(f.softmax(Z))), g * (f.softmax(Z) - T)),
           jvp=lambda f, y, T, Z, dT, dZ: -f.inner(dT, f.log(f.softmax(Z))) + f.inner(f.softmax(Z) - T, dZ),
           shapes="n 1, n 1 -> ", shown=lambda f, T, Z: f.cross_entropy(T, f.softmax(Z))),
    matrix("probability_cross_entropy_rows", value=lambda f, T, Z: f.sum(f.logsumexp_rows(Z)) - f.inner(T, Z),
           vjp=lambda f, y, T, Z, g: (-(g * f.log(f.softmax_rows(Z))), g * (f.softmax_rows(Z) - T)),
           jvp=lambda f, y, T, Z, dT, dZ: (
               -f.inner(dT, f.log(f.softmax_rows(Z))) + f.inner(f.softmax_rows(Z) - T, dZ)),
           shapes="n m, n m -> ", shown=lambda f, T, Z: f.cross_entropy(T, f.softmax_rows(Z)), probabilities=(0,)),
    # stacking and parts
    linear("vstack", value=lambda f, A, B: f.vstack(A, B), shapes=vstack_shape,
           vjp=lambda f, y, A, B, g: (_block(f, g, A, 0, _sides(A)[0], 0, g.shape[1]),
                                      _block(f, g, B, _sides(A)[0], g.shape[0], 0, g.shape[1])),
           latex=r"\begin{{bmatrix}} {0} \\ {1} \end{{bmatrix}}", unicode="[{0}; {1}]"),
    linear("hstack", value=lambda f, A, B: f.hstack(A, B), shapes=hstack_shape,
           vjp=lambda f, y, A, B, g: (_block(f, g, A, 0, g.shape[0], 0, _sides(A)[1]),
                                      _block(f, g, B, 0, g.shape[0], _sides(A)[1], g.shape[1])),
           latex=r"\begin{{bmatrix}} {0} & {1} \end{{bmatrix}}", unicode="[{0}, {1}]"),
    linear("slice", value=lambda f, A, top, bottom, left, right: f.slice(A, top, bottom, left, right), constants=4,
           vjp=lambda f, y, A, top, bottom, left, right, g: (
               f.pad(g, top, A.shape[0] - bottom, left, A.shape[1] - right), 0, 0, 0, 0),
           shapes=slice_shape, latex=Form("{0}[{1}{{:}}{2}, {3}{{:}}{4}]", ATOM, (ATOM, OPEN)),
           text=Form("{0}[{1}:{2}, {3}:{4}]", ATOM, (ATOM, OPEN))),
    linear("pad", value=lambda f, A, above, below, before, after: f.pad(A, above, below, before, after), constants=4,
           vjp=lambda f, y, A, above, below, before, after, g: (
               f.slice(g, above, y.shape[0] - below, before, y.shape[1] - after), 0, 0, 0, 0), shapes=pad_shape),
    linear("entry", value=lambda f, A, row, column: f.entry(A, row, column), constants=2,
           vjp=lambda f, y, A, row, column, g: (
               f.pad(g, row, A.shape[0] - row - 1, column, A.shape[1] - column - 1), 0, 0),
           shapes=entry_shape, latex=Form("{0}[{1}, {2}]", ATOM, (ATOM, OPEN)),
           text=Form("{0}[{1}, {2}]", ATOM, (ATOM, OPEN))),
)

MADE = (
    # matrices that a dimension makes
    matrix("ones", value=lambda f, n: f.ones(n), vjp=lambda f, y, n, g: (0,), jvp=lambda f, y, n, dn: 0,
           shapes=lambda shapes, given: (dimension_of(given[0]), 1), latex=r"\mathbf{{1}}_{{{0}}}", unicode="1[{0}]"),
    matrix("identity", value=lambda f, n: f.identity(n), vjp=lambda f, y, n, g: (0,), jvp=lambda f, y, n, dn: 0,
           shapes=lambda shapes, given: (dimension_of(given[0]),) * 2, latex="I_{{{0}}}", unicode="I[{0}]",
           aliases=("eye",)),
    matrix("zeros", value=lambda f, n, m: f.zeros(n, m), vjp=lambda f, y, n, m, g: (0, 0),
           jvp=lambda f, y, n, m, dn, dm: 0, latex=r"0_{{{0} \times {1}}}", unicode="0[{0}×{1}]",
           shapes=lambda shapes, given: (dimension_of(given[0]), dimension_of(given[1]))),
)
# fmt: on
