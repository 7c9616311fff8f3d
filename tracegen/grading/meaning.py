"""What a formula means: its values at many points at once, as a stack machine over arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from tracegen import primitives
from tracegen.algebra.machine import run
from tracegen.errors import ParseError
from tracegen.formula import ATOMS, Formula
from tracegen.grading.findings import remembered
from tracegen.grading.places import operands_of_part, part_of, pattern_of_part
from tracegen.primitives.algebras import ARRAYS, FLOATS

Array = Any
"""A NumPy array whose first axis is the sample; a plain float stands for a number that is the same at every one."""

LEAVES = frozenset(["name", "adjoint", "tangent", "partial"])
LEAF, NUMBER, FUNCTION, LETTER = range(4)


class Op(NamedTuple):
    """One step: push a leaf or a number, or apply a function to the top of the stack."""

    kind: int
    what: Any
    arity: int = 0


Code = tuple[Op, ...]


class MeaninglessError(ParseError):
    """A formula that has no value: a name nobody knows, an operation that does not apply."""


@remembered(20_000)
def compiled(formula: Formula) -> Code:
    """The steps of a formula, operands before their operation.

    Raises MeaninglessError for a chain or something left out.

    >>> [op.what for op in compiled(Formula("neg", (Formula("name", ("x",)),)))]
    [Formula(head='name', args=('x',)), 'neg']
    """
    code: list[Op] = []
    stack: list[tuple[Formula, bool]] = [(_regrouped(formula), False)]
    while stack:
        node, ready = stack.pop()
        head = node.head
        if head in LEAVES:
            code.append(Op(LEAF, node))
        elif head == "number":
            code.append(Op(NUMBER, float(node.args[0])))
        elif head == "constant":
            code.append(Op(NUMBER, math.e if node.args[0] == "e" else math.pi))
        elif ready:
            code.append(_applied(node))
        elif head == "matrix":
            stack.append((node, True))
            stack.extend((entry, False) for row in reversed(node.args) for entry in reversed(row))
        elif head == "index":
            stack.append((node, True))
            stack.extend((operand, False) for operand in reversed(operands_of_part(node)))
        elif head in ATOMS or head in ("equals", "beside"):
            raise MeaninglessError("something is left out here" if head == "dots" else "this is no single formula")
        else:
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.args) if isinstance(arg, Formula))
    return tuple(code)


def _regrouped(formula: Formula) -> Formula:
    """A product such as ``W^T σ′(z) h̄``, where σ′(z) is a diagonal matrix: from the right, element by element."""
    factors: list[Formula] = []
    node = formula
    while node.head == "mul":
        factors.append(node.args[1])
        node = node.args[0]
    factors.append(node)
    if not any(factor.head == "letter" and factor.args[1] for factor in factors[1:]):
        return formula
    product = factors[0]
    for factor in factors[1:]:
        product = Formula("mul", (factor, product))
    return product


def _applied(node: Formula) -> Op:
    if node.head == "letter":
        return Op(LETTER, node.args[:2], 1)
    if node.head == "matrix":
        rows, columns = len(node.args), len(node.args[0])
        return Op(FUNCTION, ("matrix", rows, columns), rows * columns)
    if node.head == "index":
        return Op(FUNCTION, ("index", pattern_of_part(node)), len(operands_of_part(node)))
    return Op(FUNCTION, node.head, sum(isinstance(arg, Formula) for arg in node.args))


def steps(code: Sequence[Op]) -> list[tuple[Op, int]]:
    """The steps with how many operands each takes, as the machine runs them."""
    return [(op, op.arity) for op in code]


def formula_of(code: Sequence[Op]) -> Formula:
    """The formula that steps stand for; the inverse of :func:`compiled`, but for how numbers were written."""
    return run(steps(code), lambda op: op.what if op.kind == LEAF else _number(op.what), _node)


def _node(op: Op, parts: Sequence[Formula]) -> Formula:
    operands = tuple(parts)
    if op.kind == LETTER:
        return Formula("letter", (*op.what, *operands))
    if isinstance(op.what, tuple) and op.what[0] == "index":
        return part_of(op.what[1], operands)
    if isinstance(op.what, tuple):
        columns = op.what[2]
        rows = (operands[at : at + columns] for at in range(0, len(operands), columns))
        return Formula("matrix", tuple(rows))
    return Formula(op.what, operands)


def _number(value: float) -> Formula:
    if value == math.e:
        return Formula("constant", ("e",))
    if value == math.pi:
        return Formula("constant", ("pi",))
    return Formula("number", (str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value),))


Lookup = Callable[[Formula], Array]


def leaves(code: Code) -> list[Formula]:
    """The leaves of a formula, in order, as often as they stand there."""
    return [op.what for op in code if op.kind == LEAF]


def leaves_room(code: Code) -> bool:
    """Whether there may be zeros in a matrix that take what room there is."""
    matrices = any(isinstance(op.what, tuple) and op.what[0] == "matrix" for op in code if op.kind == FUNCTION)
    return matrices and any(op.kind == NUMBER and op.what == 0 for op in code)


class Scalars:
    """The functions of numbers, over arrays; letters are functions that nobody would write by chance.

    ``across`` is how many samples, before the last, lie across a kink from the point: there only primal rows count.
    """

    still: frozenset[str] = frozenset()
    across: int = 0

    def __init__(self, letters: dict[str, str] | None = None) -> None:
        self._letters = {"sigma": "sigmoid", **(letters or {})}
        self._functions: dict[str, Any] = {}
        self.kept: dict[Any, Any] = {}

    def function(self, head: str | tuple[Any, ...]) -> Any:
        """The function of an operation. Raises MeaninglessError where it is none of numbers."""
        if isinstance(head, tuple):
            raise MeaninglessError("this is a matrix, where a number is expected")
        known = self._functions.get(head)
        if known is None:
            row = primitives.find(head)
            if row is None or row.shapes is not None:
                raise MeaninglessError(f"{head} is no operation on numbers")
            known = self._functions[head] = getattr(ARRAYS, head)
        return known

    def letter(self, text: str, primes: int, operand: Array) -> Array:
        """σ(z), σ′(z)."""
        meant = self._letters.get(text)
        if meant is None:
            return np.sin(1.3 * operand + primes * math.pi / 2) * 1.3**primes + (
                0.2 * operand if primes == 0 else 0.2 * (primes == 1)
            )
        value = getattr(ARRAYS, meant)(operand)
        if primes == 0:
            return value
        row = primitives.lookup(meant)
        if primes > 1 or row.partials is None:
            raise MeaninglessError(f"{text}{'′' * primes} is not known here")
        return row.partials(ARRAYS, value, operand)[0]


def value(code: Sequence[Op], lookup: Lookup, functions: Any) -> Array:
    """The values of a formula, with those of its leaves looked up.

    Raises MeaninglessError where a leaf or an operation has none.
    """
    stack: list[Array] = []
    for kind, what, count in code:
        if kind == FUNCTION:
            if count == 2:
                second = stack.pop()
                stack[-1] = functions.function(what)(stack[-1], second)
            elif count == 1:
                stack[-1] = functions.function(what)(stack[-1])
            else:
                operands = stack[len(stack) - count :]
                del stack[len(stack) - count :]
                stack.append(functions.function(what)(*operands))
        elif kind == LEAF:
            stack.append(lookup(what))
        elif kind == NUMBER:
            stack.append(what)
        else:
            stack[-1] = functions.letter(*what, stack[-1])
    return stack[0]


def number_value(code: Code) -> float:
    """The value of a formula without leaves; NaN where it has none."""
    if any(op.kind == LEAF for op in code):
        return math.nan
    try:
        return run(steps(code), _literal, _plain)
    except (ArithmeticError, ValueError, TypeError, AttributeError, IndexError):
        return math.nan


_PLAIN = {"matmul": "mul", "scale": "mul", "hadamard": "mul", "dot": "mul"}


def _literal(op: Op) -> float:
    return op.what  # type: ignore[no-any-return]


def _plain(op: Op, operands: list[float]) -> float:
    head = op.what
    if op.kind != FUNCTION:
        return math.nan
    if head == "transpose":
        return operands[0]
    row = primitives.find(_PLAIN.get(head, head))
    return math.nan if row is None or row.shapes is not None else float(getattr(FLOATS, row.name)(*operands))


def gradients(code: Code, lookup: Lookup, functions: Scalars) -> dict[Formula, Array]:
    """The partial derivatives of a scalar formula by each of its leaves, by a reverse sweep over its steps."""
    trail: list[tuple[Op, list[tuple[int, Array]], Array]] = []

    def leaf(op: Op) -> tuple[int, Array]:
        return kept(op, [], lookup(op.what) if op.kind == LEAF else op.what)

    def apply(op: Op, operands: list[tuple[int, Array]]) -> tuple[int, Array]:
        return kept(op, operands, _applied_to([operand for _, operand in operands], op, functions))

    def kept(op: Op, operands: list[tuple[int, Array]], output: Array) -> tuple[int, Array]:
        trail.append((op, operands, output))
        return len(trail) - 1, output

    run(steps(code), leaf, apply)
    adjoints: list[Array] = [0.0] * len(trail)
    adjoints[-1] = 1.0
    found: dict[Formula, Array] = {}
    for place in range(len(trail) - 1, -1, -1):
        op, operands, output = trail[place]
        if op.kind == LEAF:
            found[op.what] = found.get(op.what, 0.0) + adjoints[place]
        elif operands:
            partials = _partials(op, [operand for _, operand in operands], output, functions)
            for (at, _), partial in zip(operands, partials, strict=True):
                adjoints[at] = adjoints[at] + adjoints[place] * partial
    return found


def _applied_to(operands: Sequence[Array], op: Op, functions: Scalars) -> Array:
    return functions.letter(*op.what, *operands) if op.kind == LETTER else functions.function(op.what)(*operands)


def _partials(op: Op, operands: list[Array], output: Array, functions: Scalars) -> Sequence[Array]:
    if op.kind == LETTER:
        text, primes = op.what
        return (functions.letter(text, primes + 1, operands[0]),)
    row = primitives.lookup(op.what)
    if row.partials is None:
        raise MeaninglessError(f"{op.what} has no local partials")
    return row.partials(_Named(functions), output, *operands)  # type: ignore[no-any-return]


class _Named:
    """Arrays, but that a power's derivative by a constant exponent is not a logarithm of a negative number's."""

    def __init__(self, functions: Scalars) -> None:
        self._functions = functions

    def __getattr__(self, name: str) -> Any:
        return getattr(ARRAYS, name)
