"""What the heads of a table say about its columns, for tables whose cells have no labels of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tracegen.formula import Formula, name

_ADJOINT = re.compile(
    r"adjoint|adjungiert|adjunt|gradient|sensitivity|\\bar|\\overline|reverse|backward|rückwärts|arrière|reverso|inverso|"
    r"[\u0304\u0305]|[āēīōūȳ]",
    re.I,
)
_TANGENT = re.compile(r"tangent|\\dot|\\partial|∂|\bd/d|\bd[A-Za-z]\w*_d[A-Za-z]|\u0307|ẋ|ẏ", re.I)
_ALONG = re.compile(r"(?:∂|\\partial|d)\s*+\{?\s*+([A-Za-z])[_{\s]*+(\d*+)\}*+(?:(?<=[}\s])|\s|\)|\brule|=|$)")
_DIRECTION = re.compile(r"(?:/|\}\s*\{|_)\s*(?:∂|\\partial|d)\s*([A-Za-z]+)[_{\s]*([\d₀-₉]*)")
_OPERATOR = re.compile(
    r"(?:\\[dt]?frac\s*\{\s*)?(?:∂|d|\\partial)\s*(?:/|\}\s*\{)\s*(?:∂|d|\\partial)\s*([A-Za-z](?:_?\d+|_\{\d+\})?)\s*\}?"
)
_EQUALS = re.compile(r"=|≡|\\equiv")
_LABEL = re.compile(
    r"row|line|name|label|node|symbol|term|quantity|variable|output|tangent|adjoint|zeile|knoten|schritt|größe|"
    r"ligne|étape|nom|nœud|noeud|grandeur|fila|línea|linea|paso|nodo|nombre|magnitud|step|nr\.?|no\.?|n[º°]|"
    r"v|[v]_?\{?[ikj]\}?|i|k|#|\s*",
    re.I,
)
_VALUE = re.compile(
    r"(?:exact |decimal |numerical )?(?:value|wert|valeur|val\.?|number|numerical|decimal|result|ergebnis|zahl|=|≈)s?",
    re.I,
)
"""What heads the values of the column before."""

_RULE = re.compile(
    r"(?:formula|rule|expression|computation|calculation|formel|rechnung|regel|ausdruck|formule|calcul|règle|expresión|"
    r"fórmula|cálculo|regla)s?",
    re.I,
)
"""What heads the rules of a sweep whose labels stand in the column before."""

_APART = (
    ("shape", re.compile(r"\s*(?:\S+ )?(?:shapes?|dim\w*)\b.*|.*shape.*", re.I | re.S)),
    ("factors", re.compile(r"\s*factors?\b.*", re.I | re.S)),
    (
        "remark",
        re.compile(
            r"\s*(?:why|reasons?|comments?|remarks?|notes?|because|explanations?|justification|begründung|bemerkung(?:en)?|"
            r"kommentare?|anmerkung(?:en)?|erklärung|remarques?|commentaires?|raison|explication|comentarios?|motivo)\s*",
            re.I,
        ),
    ),
)
"""What heads columns that belong to no chain. A remark that is a formula does belong to one."""

_BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True, slots=True)
class Group:
    """The label that a line has in some columns, and these columns."""

    label: Formula
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnLabels:
    """The kinds of the columns: ``(kind, direction)`` for each."""

    kinds: tuple[tuple[str, str], ...]
    outputs: frozenset[str] = frozenset()

    @classmethod
    def of(cls, heads: Sequence[str], inputs: Collection[str], outputs: Collection[str]) -> ColumnLabels | None:
        """What heads say, or None where they leave it to the cells.

        >>> ColumnLabels.of(["row", "primal", "adjoint"], ["x1"], ["y"]).kinds[2]
        ('adjoint', '')
        """
        if not heads or not _LABEL.fullmatch(heads[0].strip()):
            return None
        kinds: list[tuple[str, str]] = [("label", "")]
        for head in heads[1:]:
            goes_on = not head.strip() or (len(kinds) > 1 and _goes_on(head.strip(), kinds[-1][0]))
            kinds.append(kinds[-1] if goes_on else _kind(head, inputs))
        return cls(tuple(kinds), frozenset(outputs))

    def mark(self, column: int) -> str:
        """Whether a column has adjoints, or tangents along no direction that it says; empty where it has neither."""
        kind, direction = self.kinds[column] if column < len(self.kinds) else ("", "")
        return kind if kind in ("adjoint", "tangent") and not direction else ""

    def split(self, cells: Sequence[str]) -> bool:
        """Whether a line is one of bare cells: a label first, and no equal sign that makes rows of cells."""
        first = cells[0].strip() if cells else ""
        return (
            bool(first)
            and not any(_EQUALS.search(cell) and _own_label(cell) for cell in cells)
            and not _EQUALS.search(first)
        )

    def groups(self, label: Formula | None, cells: Sequence[str]) -> Iterator[Group]:
        """The rows that one line is."""
        base = _base(label)
        if base is None and label is not None and label.head == "partial":
            yield Group(label, tuple(place for place, text in enumerate(cells) if place and text.strip()))
        if base is None:
            return
        columns: dict[tuple[str, str], list[int]] = {}
        for place, (kind, text) in enumerate(zip(self.kinds[1:], cells[1:], strict=False), start=1):
            if text.strip() and text.strip() not in ("—", "---", "-", "–"):
                columns.setdefault(kind, []).append(place)
        jacobian = base.args[0] in self.outputs and all(kind == "tangent" for kind, _ in self.kinds[1:])
        for (meant, direction), found in columns.items():
            if jacobian:
                yield Group(Formula("partial", (base, name(direction))), tuple(found))
            elif meant == "primal" and label is not None and label.head != "name":
                yield Group(label, tuple(found))
            elif meant == "primal":
                yield Group(base, tuple(found))
            elif meant == "adjoint":
                yield Group(Formula("adjoint", (base,)), tuple(found))
            elif meant == "tangent":
                along = name(direction) if direction else None
                yield Group(Formula("tangent", (base, along)), tuple(found))


def _goes_on(head: str, kind: str) -> bool:
    return bool(_VALUE.fullmatch(head) or (kind in ("adjoint", "tangent") and _RULE.fullmatch(head)))


def _own_label(cell: str) -> bool:
    """Whether a cell begins with a label of its own."""
    return bool(
        re.match(
            r"\s*+\$?\s*+(?:\\bar|\\dot|\\frac\s*\{\s*\\partial|\\overline|[A-Za-z]\w{0,4}\s*=|[A-Za-z]_|∂|.[\u0304\u0307])",
            cell,
        )
    )


def _base(label: Formula | None) -> Formula | None:
    while label is not None and label.head in ("adjoint", "tangent"):
        label = label.args[0]
    return label if label is not None and label.head == "name" else None


def _kind(head: str, inputs: Collection[str]) -> tuple[str, str]:
    if head.strip() in inputs:
        return "tangent", head.strip()
    if head.strip().removesuffix("_exact").removesuffix("_decimal") in inputs:
        return "tangent", head.strip().partition("_")[0]
    if _ADJOINT.search(head):
        return "adjoint", ""
    if _TANGENT.search(head):
        found = _DIRECTION.search(head) or re.search(r"\b([A-Za-z])[_{]*(\d+)", head)
        direction = found[1] + found[2].translate(_BELOW) if found else ""
        return "tangent", direction if direction in inputs else ""
    return "primal", ""


def columns_apart(heads: Sequence[str]) -> dict[int, str]:
    """The columns that belong to no chain, each with what is in it.

    >>> columns_apart(["variable", "formula", "shape", "why"])
    {2: 'shape', 3: 'remark'}
    """
    found = {
        column: next((kind for kind, pattern in _APART if pattern.fullmatch(head)), "")
        for column, head in enumerate(heads)
        if column
    }
    return {column: kind for column, kind in found.items() if kind}


def operator_along(head: str) -> str:
    """The input that an operator, ∂/∂x1, is along; empty where a head is none.

    >>> operator_along("d/dx_1")
    'x1'
    """
    found = _OPERATOR.fullmatch(head)
    return re.sub(r"[_{}]", "", found[1]) if found else ""
