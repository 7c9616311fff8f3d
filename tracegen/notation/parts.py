"""The parts that a formula is printed from: its operands, or all the terms of a sum."""

from __future__ import annotations

from tracegen.formula import Formula, children

LEAVES = frozenset(["number", "constant", "name", "adjoint", "tangent", "index", "dots"])
"""Heads that a notation prints in one piece, whatever is below them."""

SUMS = frozenset(["add", "sub"])
UNLIKE = SUMS | {"letter", "matrix"}
"""Heads whose parts are not their arguments."""


def parts_of(node: Formula) -> tuple[Formula, ...]:
    """What an operation is printed from, left to right; of a sum, its terms.

    >>> from tracegen.formula import name
    >>> len(parts_of(Formula("sub", (Formula("add", (name("a"), name("b"))), name("c")))))
    3
    """
    if node.head not in SUMS:
        return children(node)
    parts: tuple[Formula, ...] = node.args
    if parts[0].head not in SUMS:
        return parts
    terms: list[Formula] = []
    while node.head in SUMS:
        node, last = node.args
        terms.append(last)
    return (node, *reversed(terms))


def signs_of(node: Formula) -> list[str]:
    """The operations between the terms of a sum, left to right.

    >>> from tracegen.formula import name
    >>> signs_of(Formula("sub", (Formula("add", (name("a"), name("b"))), name("c"))))
    ['add', 'sub']
    """
    signs = [node.head]
    while (node := node.args[0]).head in SUMS:
        signs.append(node.head)
    signs.reverse()
    return signs
