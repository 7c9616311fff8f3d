"""What signs mean to those who write programs, or primes for transposes: other readings of the same formula."""

from __future__ import annotations

import re

from tracegen.formula import Formula, children, postorder, with_children

_CODE = tuple(map(re.compile, (r"\*\*(?<=[\w)\]]\*\*)(?=[\d(-])", r"\.T\b", r"_bar\b", r"_dot\b")))
"""Signs of a program. Each begins with a letter of its own, so that it is found at once, or not at all."""

_BY_ELEMENT = {"mul": "hadamard", "pow": "hadamard_power"}


def is_code(text: str) -> bool:
    """Whether a sheet about matrices is written as a program is: there * is the product element by element.

    >>> is_code("v1 = W @ x"), is_code("v1 = W x")
    (True, False)
    """
    return "@" in text or any(sign.search(text) for sign in _CODE)


def by_element(formula: Formula) -> Formula:
    """The formula in which the product without a sign of matrices, and the power, are element by element."""
    done: dict[int, Formula] = {}
    for node in postorder(formula):
        below = [done[id(child)] for child in children(node)]
        head = _BY_ELEMENT.get(node.head)
        done[id(node)] = with_children(node, below) if head is None else Formula(head, tuple(below))
    return done[id(formula)]


def with_transposes(formula: Formula) -> Formula:
    """The formula in which a prime is the sign for a transpose."""
    if formula.head == "tangent" and formula.args[1] is None:
        return Formula("transpose", formula.args[:1])
    args = (with_transposes(arg) if isinstance(arg, Formula) else arg for arg in formula.args)
    return Formula(formula.head, tuple(args))
