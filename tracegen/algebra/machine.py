"""The one machine that works out formulas and lists of lines, in whatever algebra it is handed.

A formula is put into postfix code, operands before their operation, and run on a stack; what is applied at a step is
the caller's: a function of floats, balls, exact values, terms or shapes, or another way to write the step. Lines are
run over a row of values, since theirs are wanted again. Nothing here recurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from tracegen.formula import ATOMS, MIXED, Formula, children

What = TypeVar("What")
Value = TypeVar("Value")

Line = tuple[int, ...]
"""The code of an operation, and the places of its operands."""

_KEPT = "#kept"
_NOT_FORMULAS_ONLY = MIXED | {"matrix"}


def run(
    steps: Iterable[tuple[What, int]], leaf: Callable[[What], Value], apply: Callable[[What, list[Value]], Value]
) -> Value:
    """What is left on the stack by steps: leaves, of count 0, and what is applied to as many values of the top.

    >>> run([(2, 0), (3, 0), ("+", 2)], float, lambda what, operands: sum(operands))
    5.0
    """
    stack: list[Value] = []
    for what, count in steps:
        if count:
            operands = stack[-count:]
            del stack[-count:]
            stack.append(apply(what, operands))
        else:
            stack.append(leaf(what))
    return stack.pop()


def run_lines(lines: Iterable[tuple[int, Line]], functions: Sequence[Callable[..., Any]], values: list[Any]) -> None:
    """Put the value of each line at its place among the values, where those of its operands are.

    >>> values = [3.0, None]
    >>> run_lines([(1, (0, 0, 0))], [lambda a, b: a * b], values)
    >>> values
    [3.0, 9.0]
    """
    for place, line in lines:
        if len(line) == 3:
            code, a, b = line
            values[place] = functions[code](values[a], values[b])
        elif len(line) == 2:
            code, a = line
            values[place] = functions[code](values[a])
        else:
            values[place] = functions[line[0]](*[values[operand] for operand in line[1:]])


class Program(NamedTuple):
    """A formula as steps, made once and run as often as wanted; a part that stands at several places is run once."""

    steps: Sequence[tuple[Formula, int]]
    shares: bool = False

    def run(self, leaf: Callable[[Formula], Value], apply: Callable[[Formula, list[Value]], Value]) -> Value:
        """What is made of the formula: ``leaf`` of a node without children, ``apply`` of another from theirs."""
        return run(self.steps, *(_remembering(leaf, apply) if self.shares else (leaf, apply)))

    def value(self, algebra: Any, number: Callable[[str], Any], name: Callable[[str], Any]) -> Any:
        """The value of the formula in an algebra; ``number`` gives that of a number's text, ``name`` that of a name."""

        def leaf(node: Formula) -> Any:
            head, args = node
            if head == "number":
                return number(args[0])
            return name(args[0]) if head == "name" else getattr(algebra, args[0])()

        def apply(node: Formula, operands: list[Any]) -> Any:
            if node.head != "matrix":
                return getattr(algebra, node.head)(*operands)
            width = len(node.args[0])
            return algebra.matrix([operands[at : at + width] for at in range(0, len(operands), width)])

        return self.run(leaf, apply)


def program(formula: Formula) -> Program:
    """The steps of a formula.

    >>> x = Formula("name", ("x",))
    >>> [(node.head, count) for node, count in program(Formula("mul", (x, x))).steps]
    [('name', 0), ('name', 0), ('mul', 2)]
    """
    steps: list[tuple[Formula, int]] = []
    met: set[int] = set()
    waiting = [formula]
    while waiting:
        node = waiting.pop()
        head, args = node
        if head in ATOMS:
            steps.append((node, 0))
            continue
        if id(node) in met:
            return _with_shared_parts(formula)
        met.add(id(node))
        below = children(node) if head in _NOT_FORMULAS_ONLY else args
        steps.append((node, len(below)))
        waiting.extend(below)
    steps.reverse()
    return Program(steps)


def folded(formula: Formula, apply: Callable[[Formula, list[Value]], Value]) -> Value:
    """What ``apply`` makes of a formula, from each node and what it made of the node's children.

    >>> depth = lambda node, below: 1 + max(below, default=0)
    >>> folded(Formula("neg", (Formula("name", ("x",)),)), depth)
    2
    """
    return program(formula).run(lambda node: apply(node, []), apply)


def value(formula: Formula, algebra: Any, number: Callable[[str], Any], name: Callable[[str], Any]) -> Any:
    """The value of a formula in an algebra; ``number`` gives that of a number's text, ``name`` that of a name.

    >>> class Doubles:
    ...     neg = staticmethod(lambda a: -2 * a)
    >>> value(Formula("neg", (Formula("number", ("3",)),)), Doubles, int, str)
    -6
    """
    return number(formula.args[0]) if formula.head == "number" else program(formula).value(algebra, number, name)


def _with_shared_parts(formula: Formula) -> Program:
    """The steps of a formula that has parts at several places: each is kept, and taken from there afterwards."""
    steps: list[tuple[Formula, int]] = []
    slots: dict[int, int] = {}
    waiting = [(formula, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            steps += [(node, len(children(node))), (Formula(_KEPT, (slots[id(node)],)), 1)]
        elif node.head in ATOMS:
            steps.append((node, 0))
        elif id(node) in slots:
            steps.append((Formula(_KEPT, (slots[id(node)],)), 0))
        else:
            slots[id(node)] = len(slots)
            waiting.append((node, True))
            waiting.extend((part, False) for part in reversed(children(node)))
    return Program(steps, shares=True)


def _remembering(
    leaf: Callable[[Formula], Value], apply: Callable[[Formula, list[Value]], Value]
) -> tuple[Callable[[Formula], Value], Callable[[Formula, list[Value]], Value]]:
    """The same, and what takes values that are kept and keeps them."""
    kept: dict[int, Value] = {}

    def taken(node: Formula) -> Value:
        return kept[node.args[0]] if node.head == _KEPT else leaf(node)

    def applied(node: Formula, operands: list[Value]) -> Value:
        if node.head != _KEPT:
            return apply(node, operands)
        kept[node.args[0]] = operands[0]
        return operands[0]

    return taken, applied
