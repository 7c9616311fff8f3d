"""Parts the rows of a table whose fields have several roles: each role becomes a block of rows of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracegen.formula import Formula
from tracegen.grading.align import aligned
from tracegen.grading.alignment import Alignment
from tracegen.grading.blocks import Block, Blocks
from tracegen.grading.completing import completed
from tracegen.grading.headings import FORWARD, PRIMAL, Hint
from tracegen.grading.matching.fields import Field, fields_of, is_in_doubt
from tracegen.grading.matching.roles import Role, Truths, roles_of
from tracegen.grading.reference import Reference
from tracegen.grading.sheet import Cell, Row


def parted(found: Blocks, references: Sequence[Reference]) -> Blocks:
    """The blocks of a sheet, in which each has rows of one role; cells of a field without one are set apart."""
    if not any(map(is_in_doubt, found.blocks)):
        return found
    blocks: list[Block] = []
    apart: list[Cell] = []
    for block in found.blocks:
        if not is_in_doubt(block):
            blocks.append(block)
            continue
        parts, left = _parts(block, found.blocks, references)
        blocks += parts
        apart += left
    return replace(found, blocks=blocks, apart=apart)


def _parts(block: Block, others: Sequence[Block], references: Sequence[Reference]) -> tuple[list[Block], list[Cell]]:
    fields = fields_of(block)
    alignment = _list_of(block, fields, others, references)
    if alignment is None:
        return [block], []
    truths = Truths(alignment)
    bases = [row.label.formula for row in block.rows]
    labels = [base for base in bases if base is not None]
    roles = roles_of(fields, labels, truths)
    if len(labels) < len(bases) or set(roles) == {None}:
        return [block], []
    parts = [_part(block, role, fields, roles, truths) for role in dict.fromkeys(roles) if role is not None]
    strange = [field for field, role in zip(fields, roles, strict=True) if role is None]
    apart = [cell for field in strange for cells in field.cells for cell in cells]
    placed = {id(cell) for part in parts for row in part.rows for cell in row.cells}
    apart += [
        cell
        for field, role in zip(fields, roles, strict=True) if role is not None
        for cells in field.cells for cell in cells if id(cell) not in placed
    ]  # fmt: skip
    return [part for part in parts if part.rows], apart


def _list_of(
    block: Block, fields: Sequence[Field], others: Sequence[Block], references: Sequence[Reference]
) -> Alignment | None:
    """The list that a block is about: one that a field of its rules makes, or another one of the sheet."""
    best: Alignment | None = None
    for field in fields:
        if field.is_of_numbers:
            continue
        for reference in references:
            tried = aligned(reference, _rows_of(block, {field.column}))
            if best is None or _fits_better(tried, best):
                best = tried
        if best is not None and best.matched * 4 >= len(block.rows) * 3:
            break
    if best is None or best.matched * 2 < len(block.rows):
        for other in others:
            if other is block or other.kind != PRIMAL or is_in_doubt(other):
                continue
            for reference in references:
                tried = aligned(reference, other.rows)
                if best is None or _fits_better(tried, best):
                    best = tried
    return None if best is None or not best.matched else completed([best])[0]


def _fits_better(tried: Alignment, best: Alignment) -> bool:
    """Whether a list has more steps of the problem than another; that a cell is the name of an input proves little."""
    return (tried.steps_matched, tried.matched) > (best.steps_matched, best.matched)


def _rows_of(block: Block, columns: set[int]) -> list[Row]:
    """The rows with what stands in some columns only."""
    rows = []
    for row in block.rows:
        members = tuple(cell for cell in row.members if cell.column in columns)
        beside = tuple(cell for cell in row.beside if cell.column in columns)
        rows.append(replace(row, members=members, beside=beside))
    return rows


def _part(block: Block, role: Role, fields: Sequence[Field], roles: Sequence[Role | None], truths: Truths) -> Block:
    """The rows of one role."""
    own = [field for field, given in zip(fields, roles, strict=True) if given == role]
    if role.kind == PRIMAL:
        rows = _rows_of(block, {field.column for field in own})
        return Block(PRIMAL, block.hint, block.section, rows, block.heads)
    found: list[Row] = []
    for place, row in enumerate(block.rows):
        base = row.label.formula
        cells = [(field, cell) for field in own for cell in field.cells[place]]
        given = [cell for _, cell in cells]
        label = truths.label(role, base, given) if base is not None and cells else None
        if label is not None:
            found.append(_row(row, label, cells))
    hint = Hint(role.kind, "" if role.kind == FORWARD else role.of, role.of if role.kind == FORWARD else "")
    return Block(role.kind, hint, block.section, found)


def _row(row: Row, label: Formula, cells: Sequence[tuple[Field, Cell]]) -> Row:
    rules = tuple(cell for field, cell in cells if not field.is_of_numbers)
    values = tuple(cell for field, cell in cells if field.is_of_numbers)
    return Row(row.label._replace(readings=(label,)), rules, values, row.guessed, named=False)
