"""What signs mean to those who write programs, or primes for transposes: other readings of the same formula."""

from __future__ import annotations

import re
from collections.abc import Collection

from tracegen.algebra.machine import folded
from tracegen.formula import Formula, number, postorder, rewritten, with_children
from tracegen.grading.meaning import LEAVES
from tracegen.grading.sheet import is_undirected

_CODE = tuple(map(re.compile, (r"\*\*(?<=[\w)\]]\*\*)(?=[\d(-])", r"\.T\b", r"_bar\b", r"_dot\b")))
"""Signs of a program. Each begins with a letter of its own, so that it is found at once, or not at all."""

_ELEMENT = re.compile(r"([A-Za-z]+)_?(\d{1,2})")
_FROM_ZERO = re.compile(r"0(?:(?<=([A-Za-z])0)|(?<=([A-Za-z])_0)|(?<=([A-Za-z])_\{0))")
_BY_ELEMENT = {"mul": "hadamard", "pow": "hadamard_power"}


def is_code(text: str) -> bool:
    """Whether a sheet about matrices is written as a program is: there * is the product element by element.

    >>> is_code("v1 = W @ x"), is_code("v1 = W x")
    (True, False)
    """
    return "@" in text or any(sign.search(text) for sign in _CODE)


def by_element(formula: Formula) -> Formula:
    """The formula in which the product without a sign of matrices, and the power, are element by element."""

    def changed(node: Formula, below: list[Formula]) -> Formula:
        head = _BY_ELEMENT.get(node.head)
        return with_children(node, below) if head is None else Formula(head, tuple(below))

    return folded(formula, changed)


def counted_from(text: str, matrices: Collection[str]) -> int:
    """From which number the places of matrices are counted below their letters: 0 where any of them is.

    >>> counted_from("v1 = A_{01}", ["A"]), counted_from("v0 = A_{12}", ["A"])
    (0, 1)
    """
    return 0 if any(found[found.lastindex or 0] in matrices for found in _FROM_ZERO.finditer(text)) else 1


def with_elements(formula: Formula, matrices: Collection[str], first: int = 1) -> Formula:
    """The formula in which a matrix with numbers below is an element of it, A12.

    >>> with_elements(Formula("name", ("A12",)), ["A"]).args[1:]
    (Formula(head='number', args=('0',)), Formula(head='number', args=('1',)))
    """
    return rewritten(formula, lambda part: _element(part, matrices, first) if part.head in LEAVES else None)


def _element(leaf: Formula, matrices: Collection[str], first: int) -> Formula:
    at = 1 if leaf.head == "partial" else 0
    called = leaf if leaf.head == "name" else leaf.args[at]
    found = _ELEMENT.fullmatch(str(called.args[0])) if isinstance(called, Formula) and called.head == "name" else None
    if found is None or found[0] in matrices or found[1] not in matrices:
        return leaf
    places = [int(digit) - first for digit in found[2]]
    if min(places) < 0:
        return leaf
    whole = Formula("name", (found[1],))
    marked = whole if leaf.head == "name" else Formula(leaf.head, (*leaf.args[:at], whole, *leaf.args[at + 1 :]))
    return Formula("index", (marked, *map(number, places)))


def takes_parts(formula: Formula) -> bool:
    """Whether a part of a matrix is taken anywhere in a formula."""
    return any(node.head == "index" for node in postorder(formula))


def with_transposes(formula: Formula) -> Formula:
    """The formula in which a prime is the sign for a transpose."""
    return rewritten(formula, lambda part: Formula("transpose", part.args[:1]) if is_undirected(part) else None)
