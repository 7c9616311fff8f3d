"""The table of primitives and the profiles as documents, for a reader."""

from __future__ import annotations

from tracegen.document.table import Cell, Column, Document, Row, Table, Words
from tracegen.formula import Formula, name
from tracegen.notation.profiles import PROFILES, allowed, choices
from tracegen.primitives import Primitive, rows
from tracegen.primitives.rule_formulas import local_partials

OPERANDS = "abcdefgh"


def catalogue() -> Document:
    """Every operation with its local partials, the names it is read under, and its convention at a kink."""
    scalars = [row for row in rows() if row.partials is not None]
    others = [row for row in rows() if row.partials is None]
    tables = [_table("scalar", "Operations on numbers", scalars)]
    if others:
        tables.append(_table("matrix", "Operations on vectors and matrices", others))
    return Document("The table of primitives", tuple(tables))


def _table(key: str, title: str, shown: list[Primitive]) -> Table:
    headings = {
        "name": "operation", "form": "written", "partials": "local partials", "aliases": "also read as",
        "kinks": "at a kink",
    }  # fmt: skip
    columns = tuple(Column(key, Words(heading)) for key, heading in headings.items())
    return Table(key, (Words(title),), columns, tuple(_row(row) for row in shown))


def _row(row: Primitive) -> Row:
    operands = tuple(name(letter) for letter in OPERANDS[: max(row.arity, 0)])
    form: Cell = Formula(row.name, operands) if operands else Words(row.name)
    partials: Cell = None
    if row.partials is not None:
        partials = Formula("list", local_partials(row, operands, Formula(row.name, operands)))
    kinks = Words("; ".join(kink.used for kink in row.kinks))
    return Row(row.name, (Words(row.name), form, partials, Words(", ".join(row.aliases)), kinks))


def conventions() -> Document:
    """Every choice of a convention, and what each profile chooses."""
    headings = [("choice", "choice"), ("meaning", "what it says"), ("words", "allowed"), ("default", "homework")]
    headings.append(("others", "profiles with another"))
    columns = tuple(Column(key, Words(heading)) for key, heading in headings)
    found = []
    for choice in choices():
        default = _shown(choice.default)
        values = {text: _shown(getattr(profile, choice.name)) for text, profile in PROFILES.items()}
        others = ", ".join(f"{text} {value}" for text, value in values.items() if value != default)
        cells = (choice.name, choice.doc, allowed(choice.name), default, others)
        found.append(Row(choice.name, tuple(map(Words, cells))))
    return Document("Conventions", (Table("profiles", (Words("What each profile chooses"),), columns, tuple(found)),))


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
