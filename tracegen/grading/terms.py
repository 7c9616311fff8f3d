"""The terms of a sum, each with its sign."""

from __future__ import annotations

from tracegen.formula import Formula


def signed_terms(formula: Formula) -> list[tuple[Formula, bool]]:
    """The terms of a sum, and whether each is taken away.

    >>> x, y = Formula("name", ("x",)), Formula("name", ("y",))
    >>> signed_terms(Formula("sub", (x, y))) == [(x, False), (y, True)]
    True
    """
    found: list[tuple[Formula, bool]] = []
    stack = [(formula, False)]
    while stack:
        node, negative = stack.pop()
        if node.head == "neg":
            stack.append((node.args[0], not negative))
        elif node.head in ("add", "sub"):
            first, second = node.args
            stack += [(second, negative != (node.head == "sub")), (first, negative)]
        else:
            found.append((node, negative))
    return found
