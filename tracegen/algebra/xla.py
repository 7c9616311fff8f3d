"""The meaning of rules for XLA: floats and matrices of them through ``jax.numpy``, so that a list can be compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracegen.algebra.algebra import Functions
from tracegen.algebra.arrays import slope_of_sinc


def compiled() -> Functions:
    """What XLA does with floats and matrices of them. ImportError where JAX is not installed."""
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import erf, erfc, logsumexp

    names = (
        "exp exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan sinh cosh tanh sign abs add reciprocal square hypot "
        "trace sum vstack hstack matmul where floor ceil round trunc mod logaddexp"
    )
    functions: Functions = {name: getattr(jnp, name) for name in names.split()}
    functions.update(
        sub=jnp.subtract, mul=jnp.multiply, div=jnp.divide, neg=jnp.negative, pow=jnp.power, asin=jnp.arcsin,
        acos=jnp.arccos, atan=jnp.arctan, atan2=jnp.arctan2, asinh=jnp.arcsinh, acosh=jnp.arccosh, atanh=jnp.arctanh,
        min=jnp.minimum, max=jnp.maximum, step=lambda a: jnp.heaviside(a, 0.0), pi=lambda: jnp.pi, e=lambda: jnp.e,
        erf=erf, sigmoid=jax.nn.sigmoid, softplus=jax.nn.softplus, erfc=erfc, floordiv=jnp.floor_divide,
        sinc=lambda a: jnp.sinc(a / jnp.pi), dsinc=slope_of_sinc(jnp),
        hadamard=jnp.multiply, scale=jnp.multiply, inner=jnp.vdot, dot=jnp.vdot, det=jnp.linalg.det,
        inv=jnp.linalg.inv, solve=jnp.linalg.solve, logdet=lambda A: jnp.log(jnp.linalg.det(A)),
        transpose=lambda A: A.T, diag=lambda a: jnp.diag(a[:, 0]), diagonal=lambda A: jnp.diag(A)[:, None],
        row_sums=lambda A: jnp.sum(A, axis=1, keepdims=True), column_sums=lambda A: jnp.sum(A, axis=0, keepdims=True),
        ones=lambda n: jnp.ones((int(n), 1)), identity=lambda n: jnp.eye(int(n)), dimension=lambda n: n,
        zeros=lambda n, m: jnp.zeros((int(n), int(m))), matrix=jnp.array,
        slice=lambda A, top, bottom, left, right: A[int(top) : int(bottom), int(left) : int(right)],
        entry=lambda A, row, column: A[int(row), int(column)], pad=_padded(jnp.pad, jnp.atleast_2d),
        softmax=lambda a: jax.nn.softmax(a, axis=None), softmax_rows=lambda A: jax.nn.softmax(A, axis=1),
        logsumexp=logsumexp, logsumexp_rows=lambda A: logsumexp(A, axis=1, keepdims=True),
    )  # fmt: skip
    return functions


def _padded(pad: Callable[..., Any], as_matrix: Callable[..., Any]) -> Callable[..., Any]:
    def padded(A: Any, above: Any, below: Any, before: Any, after: Any) -> Any:
        return pad(as_matrix(A), ((int(above), int(below)), (int(before), int(after))))

    return padded
