"""Sections of a sheet: the rows of a table of the answer as lines, as a table, or beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .answers import ADJOINT, PARTIAL, PRIMAL, TANGENT, Answer, Statement
from .expressions import SUMS, Node, Number, name
from .pieces import CARRIED, FOLLOWS, RIGHT, VALUE, Writer
from .presentations.formats import Block, Chunk, Line, joined
from .presentations.languages import Language
from .presentations.spelling import Spelling

Environment = Mapping[tuple[str, str], Mapping[Node, Number]]
"""The numbers that are written for the names of each table."""

Wanted = list[tuple[tuple[str, str], list[Statement]]]
"""The tables that a writer gives."""

ODD = ("term", "amount", "how", "stuff", "part", "what", "thing", "slope", "out", "notes", "result of", "quantity")


def section(
    writer: Writer, answer: Answer, spelling: Spelling, environment: Environment, rows: list[Statement]
) -> Block:
    if writer.ways["layout"] in ("table", "transposed table", "wide table"):
        return _table(writer, answer, spelling, rows)
    lines = []
    boxed = len(rows) - 1
    for at, each in enumerate(rows):
        own = environment[each.quantity.table]
        if writer.ways["contributions"] == "one a row, +=" and each.quantity.kind == ADJOINT and each.rule.head in SUMS:
            lines += writer.contributions(each, spelling)
            continue
        groups = writer.groups(each, answer, spelling, own)
        if writer.ways["decoration"] == "boxed result" and at != boxed:
            groups[-1][-1] = (
                groups[-1][-1][0].removeprefix(r"\boxed{").removesuffix("}")
                if groups[-1][-1][0].startswith(r"\boxed{")
                else groups[-1][-1][0],
                groups[-1][-1][1],
            )
        line = Line(groups)
        if writer.ways["decoration"] == "remarks" and writer.source.random() < 0.3:
            line.words = writer.source.choice(writer.language.remarks)
        if writer.ways["decoration"] == "tags":
            line.tag = rf" \tag{{{at + 1}}}"
        if writer.ways["decoration"] == "crossed out" and at == len(rows) // 2 and each.value is not None:
            line.strike = f"{groups[0][0][0]} = {writer.numbers.text(float(np.ravel(each.value)[0]) + 1.5)}"
        lines.append(line)
    if writer.ways["layout"] == "several a line":
        lines = _several(lines)
    return Block("lines", lines=lines)


def _several(lines: list[Line]) -> list[Line]:
    found = []
    for start in range(0, len(lines), 3):
        groups: list[list[Chunk]] = []
        for line in lines[start : start + 3]:
            if groups:
                groups.append([(", ", -1)])
            groups += line.groups
        found.append(Line(groups))
    return found


def _heads(writer: Writer, names: list[str]) -> list[str]:
    language: Language = writer.language
    way, source = writer.ways["heads"], writer.source
    usual = {"label": source.choice(language.row), "rule": source.choice(language.rule),
             "value": source.choice(language.value), "number": "#", "row": source.choice(language.rule)}  # fmt: skip
    heads = [" ".join([usual.get(each.split(" ")[0], each), *each.split(" ")[1:]]) for each in names]
    if way == "odd":
        return source.sample(ODD, len(heads))
    if way == "none":
        return [""] * len(heads)
    if way == "wrong":
        return heads[1:] + heads[:1]
    return [chr(65 + at) for at in range(len(heads))] if way == "letters" else heads


def _table(writer: Writer, answer: Answer, spelling: Spelling, rows: list[Statement]) -> Block:
    names = writer.ways["columns"].split(", ")
    has_values = any(each.value is not None for each in rows) and writer.ways["chain"] != "rule"
    names = [each for each in names if each != "value" or has_values]
    cells = []
    for number, each in enumerate(rows):
        writer.count += 1
        label = writer.label(each, spelling)
        rule = writer.rule(spelling.formula(each.rule), each)
        found: dict[str, list[Chunk]] = {
            "number": [(str(number + 1), -1)], "label": [label], "rule": [rule], "row": [label, (" = ", -1), rule],
        }  # fmt: skip
        if has_values:
            found["value"] = [writer.value(each, spelling)]
        cells.append([found[each] for each in names])
    if writer.ways["local partials"] == "columns" and rows[0].quantity.kind == PRIMAL:
        names = names + _partial_columns(writer, answer, spelling, rows, cells, has_values)
    heads = _heads(writer, names)
    if writer.ways["layout"] == "transposed table":
        turned = [list(column) for column in zip(*cells, strict=True)]
        if heads:
            turned = [[[(head, -1)], *row] for head, row in zip(heads, turned, strict=True)]
        first, *others = turned
        return Block("table", heads=[joined(cell) for cell in first], rows=others)
    return Block("table", heads=heads, rows=cells)


def _partial_columns(writer: Writer, answer: Answer, spelling: Spelling, rows: list[Statement],
                     cells: list[list[list[Chunk]]], has_values: bool) -> list[str]:  # fmt: skip
    """Columns of the local partials by the first, the second operand; their names."""
    own = {each.quantity.row: [e for e in answer.statements if e.quantity.kind == PARTIAL
                               and e.quantity.row == each.quantity.row] for each in rows}  # fmt: skip
    most = max(map(len, own.values()))
    for each, row in zip(rows, cells, strict=True):
        for at in range(most):
            found = own[each.quantity.row][at : at + 1]
            writer.count += 1
            row.append([writer.rule(spelling.formula(found[0].rule), found[0])] if found else [("-", -1)])
            if has_values:
                row.append([writer.value(found[0], spelling)] if found else [("-", -1)])
    return [f"{kind} ∂{at + 1}" for at in range(most) for kind in (["rule", "value"] if has_values else ["rule"])]


def ending(writer: Writer) -> Block:
    """The gradient, or the Jacobian, with the adjoints of the inputs as its entries."""
    family, comma = writer.format.notation, "; " if writer.numbers.comma else ", "
    writer.count += 1
    rows = [
        [_entry(writer, answer, given, of) for given, _ in writer.task.point if _is_input(writer, given)]
        for answer in writer.answers
        for of in answer.outputs
    ]
    outputs = {of for answer in writer.answers for of in answer.outputs}
    sign = {"LaTeX": r"\nabla ", "Typst": "nabla ", "unicode": "∇"}.get(family, "grad ")
    letter = "D" if "J" in outputs else "J"
    head = f"{sign}{next(iter(outputs))} = " if writer.ways["ending"] == "gradient" else f"{letter} = "
    opened, cell, row, closed = {
        "LaTeX": (r"\begin{bmatrix} ", " & ", r" \\ ", r" \end{bmatrix}"),
        "Typst": ("mat(", ", ", "; ", ")"),
    }.get(family, ("[[", comma, f"]{comma}[", "]]") if len(rows) > 1 else ("[", comma, "", "]"))
    chunks: list[Chunk] = [(head + opened, -1)]
    for at, entries in enumerate(rows):
        for place, entry in enumerate(entries):
            between = cell if place else row if at else ""
            chunks += [(between, -1), entry]
    chunks.append((closed, -1))
    if family in ("LaTeX", "Typst"):
        chunks = [("$", -1), *chunks, ("$", -1)]
    return Block("title", lines=[Line([chunks])])


def _is_input(writer: Writer, given: str) -> bool:
    return any(given in answer.inputs for answer in writer.answers)


def _entry(writer: Writer, answer: Answer, given: str, of: str) -> Chunk:
    """An entry repeats what the row of the adjoint says; an output that does not rest on an input has 0."""
    rows = {given} | {each.quantity.row for each in answer.statements
                      if each.is_input and each.quantity.kind == PRIMAL and each.rule == name(given)}  # fmt: skip
    found = next((each for each in answer.statements if each.quantity.kind == ADJOINT
                  and each.quantity.row in rows and each.quantity.along == of), None)  # fmt: skip
    family = writer.spelling(answer).family
    if found is None or found.value is None:
        return writer.piece("0", VALUE, RIGHT)
    expected = FOLLOWS if found.slip or found.follows else CARRIED if found.carried else RIGHT
    return writer.piece(writer.numbers.value(found.value, family), VALUE, expected, found)


def side_by_side(writer: Writer, answer: Answer, spelling: Spelling, wanted: Wanted) -> list[Block]:
    """The rows with their tangents beside them, seed by seed."""
    primal = next((rows for (kind, _), rows in wanted if kind == PRIMAL), None)
    if primal is None:
        return []
    tangents = [
        (along, {each.quantity.row: each for each in rows}) for (kind, along), rows in wanted if kind == TANGENT
    ]
    has_values = bool(answer.known) and writer.ways["chain"] != "rule"
    names = ["label", "rule", *(["value"] if has_values else [])]
    for along, _ in tangents:
        names += [f"rule {along}", *([f"value {along}"] if has_values else [])]
    cells = []
    for each in primal:
        writer.count += 1
        row: list[list[Chunk]] = [
            [(spelling.quantity(each.quantity), -1)],
            [writer.rule(spelling.formula(each.rule), each)],
        ]
        if has_values:
            row.append([writer.value(each, spelling)])
        for along, rows in tangents:
            tangent = rows.get(each.quantity.row)
            writer.count += 1
            if tangent is None:
                row += [[], []] if has_values else [[]]
                continue
            row.append([writer.rule(replace(spelling, along=along).formula(tangent.rule), tangent)])
            if has_values:
                row.append([writer.value(tangent, spelling)])
        cells.append(row)
    return [Block("table", heads=_heads(writer, names), rows=cells)]
