"""Builds the items of a sheet from its pieces: what is a row, what is a value, what is a heading."""

from __future__ import annotations

import re

from tracegen.formula import Formula, name, names_in
from tracegen.grading.columns import BLANK, columns_apart
from tracegen.grading.equations import as_equation
from tracegen.grading.headings import is_title, is_words
from tracegen.grading.heads import begins_row, directions, is_row
from tracegen.grading.labelling import along, is_application, is_unit, unapplied
from tracegen.grading.own import with_own_texts
from tracegen.grading.pieces import Piece, bare
from tracegen.grading.readings import Reader
from tracegen.grading.remarks import several
from tracegen.grading.sentences import is_sentence, spelled, states_point, taken_apart
from tracegen.grading.sheet import Cell, Dimension, Heading, Item, Loose, Matrix, Row
from tracegen.grading.sizes import LABELS, dimensions_in, shape_in

_MAX_READ = 2_000
_WORD = re.compile(r"[^\W\d_]{2,}[.,:;]?")


class Builder:
    """Takes the pieces of a passage in, in order; ``items`` are what they hold."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._words = reader.words
        self._known = reader.known
        self._readings, self._split = reader.read, reader.split
        self._items: list[Item] = []
        self._along: dict[int, str] = {}
        self._apart: dict[int, str] = {}
        self._table = -1

    @property
    def items(self) -> tuple[Item, ...]:
        """The items so far."""
        return tuple(self._items)

    def add(self, piece: Piece) -> None:
        """Take one piece in."""
        before = len(self._items)
        self._take(piece)
        if piece.own:
            self._items[before:] = with_own_texts(self._items[before:], piece)

    def _take(self, piece: Piece) -> None:
        if piece.table >= 0:
            self._table_line(piece)
            return
        self._table = -1
        for text, marked in zip(piece.cells, piece.maths, strict=True):
            beside = any(piece.maths)
            if not marked and is_sentence(spelled(text), self._known, beside=beside):
                self._words_line(spelled(text), piece.line, title=piece.header)
            elif not marked and beside and self._is_remark(text, piece.line):
                self._items.append(Heading(text, piece.line))
            else:
                self._formulas(text, piece.line, marked=marked)

    def _formulas(self, text: str, line: int, *, marked: bool = False) -> None:
        for part in several(text) if text.count("=") > 1 and not marked else [text]:
            self._cell(part, line)

    def _words_line(self, text: str, line: int, *, title: bool) -> None:
        """Words: a heading, or words round a formula."""
        said, parts = text, list[str]()
        if not states_point(text, self._words.inputs):
            said, parts = taken_apart(text, self._is_known, self._known)
        if not parts and begins_row(text, self._reader, line):
            self._cell(text, line)
            return
        self._items.append(Heading(said, line, title=title or is_title(text)))
        for part in parts:
            self._formulas(part, line)

    def _is_known(self, word: str) -> bool:
        return word in self._known or word.lower() in self._known

    def _is_remark(self, text: str, line: int) -> bool:
        """Whether a text beside mathematics is none and says nothing of a row: ``at (2, 1)``."""
        return "=" not in text and bool(self._readings(text, line).error)

    def _table_line(self, piece: Piece) -> None:
        if piece.table != self._table:
            self._table = piece.table
            self._along, self._apart = {}, {}
            if self._head(piece):
                return
        elif piece.header and self._head(piece):
            return
        row: Row | None = None
        for place, text in enumerate(piece.cells):
            line = piece.line_of(place)
            if bare(text).strip() in BLANK or self._is_apart(place, text, line):
                self._shape_cell(text, place, row, line)
                continue
            is_field = "=" not in text and row is not None and self._has_rule(row)
            direction = "" if is_field else self._along.get(place, "")
            if direction and row is not None and "=" not in text and not self._holds_row(row):
                row = self._directed(row, direction, bare(text), line)
            else:
                row = self._table_cell(bare(text), line, row, place, direction)

    def _is_apart(self, place: int, text: str, line: int) -> bool:
        """Whether a cell belongs to no chain; a remark that is a formula does."""
        kind = self._apart.get(place, "")
        return kind != "" and (
            kind != "remark" or is_words(text, self._known) or bool(self._readings(bare(text), line).error)
        )

    def _shape_cell(self, text: str, place: int, row: Row | None, line: int) -> None:
        """Take in what a column of shapes says of a row; what a column of factors says is left to the eye."""
        shape = shape_in(bare(text), self._words.dimensions) if self._apart.get(place) == "shape" else None
        base = row.label.formula if row is not None else None
        while base is not None and base.head in LABELS and base.head != "name":
            base = base.args[-1] if base.head == "partial" else base.args[0]
        if shape and base is not None and base.head == "name":
            self._items.append(Dimension(Cell(bare(text), line), base, shape))

    def _has_rule(self, row: Row) -> bool:
        """Whether a row is one of a list and says what it is: then what fits it tells what stands behind, no head."""
        label = row.label.formula
        return label is not None and label.head == "name" and bool(row.cells)

    def _holds_row(self, row: Row) -> bool:
        """Whether a row is neither a name nor a tangent along no direction: a column's direction says nothing then."""
        label = row.label.formula
        return label is None or (
            label.head != "name" and (label.head != "tangent" or bool(label.args[1] and row.named))
        )

    def _directed(self, row: Row, along: str, text: str, line: int) -> Row:
        """Give a value in the column of a direction to the tangent along it; the rule holds for every direction."""
        label = row.label.formula
        assert label is not None
        cells = self._member_cells(text, line)
        base = label if label.head == "name" else label.args[0]
        states = base.args[0] in self._words.outputs and label.head == "name"
        directed = Cell(row.label.text, row.line, (Formula("partial" if states else "tangent", (base, name(along))),))
        if row.named and base is not label:
            at = self._place(row)
            grown = Row(directed, row.members, (*row.beside, *cells), row.guessed, True)
            self._items[at] = grown
            return Row(row.label._replace(error=""), (), (), False, False)
        self._items.append(Row(directed, (), tuple(cells), False, False))
        return row

    def _head(self, piece: Piece) -> bool:
        """Take a table's head in, where the line is one."""
        texts = [bare(text) for text in piece.cells]
        filled = [text for text in texts if text]
        readings = [self._readings(text, piece.line) if not is_words(text, self._known) else None for text in filled]
        derivatives = [cell for cell in readings if cell and cell.formula and cell.formula.head == "partial"]
        words = sum(reading is None for reading in readings)
        has_rows = any("=" in text for text in filled)
        is_no_head = has_rows or (not words and len(derivatives) < len(filled)) or (len(filled) < 2 and not words)
        if any(cell is not None and is_row(cell, self._words.declared) for cell in readings):
            return False
        if not piece.header and is_no_head:
            return not has_rows and self._named_head(piece, filled)
        for column, text in enumerate(texts):
            if not text:
                continue
            cell = None if is_words(text, self._known) else self._readings(text, piece.line)
            formula = cell.formula if cell is not None and cell.formula and cell.formula.head == "partial" else None
            self._items.append(Heading(text, piece.line, formula, column, piece.table))
        self._along = directions(texts, self._reader, piece.line)
        self._apart = columns_apart(texts)
        return True

    def _named_head(self, piece: Piece, filled: list[str]) -> bool:
        """A line such as ``y_1 | f(2,1)``: the name of an output over a table."""
        if len(filled) == 2 and re.search(r"[A-Za-z]\s*\([^()]*,", filled[1]) and "=" not in "".join(filled):
            self._items.append(Heading(" ".join(filled), piece.line))
            return True
        return False

    def _member_cells(self, text: str, line: int) -> list[Cell]:
        cell = self._readings(text, line)
        if cell.error or cell.formula is None:
            return [cell]
        return [part for one in self._split(cell) for part in one]

    def _table_cell(self, text: str, line: int, row: Row | None, column: int, direction: str) -> Row | None:
        """Take one cell of a table in: a row of its own, or a member or value of the row that it stands beside."""
        first = column == 0
        named = text in self._words.declared
        if not named and is_words(text, self._known) and not begins_row(text, self._reader, line):
            self._items.append(Heading(text, line))
            return row
        before = len(self._items)
        cell = self._readings(text, line)
        cell = along(cell, direction) if direction else cell
        chains = [[part._replace(column=column) for part in chain] for chain in self._split(cell)]
        if not chains:
            return self._unread(cell._replace(column=column), row)
        for members in chains:
            label = members[0].formula
            starts = label is not None and label.head in LABELS and self._is_label(label)
            if starts and row is not None and len(members) > 1 and self._is_local(label):
                self._items.append(Row(members[0], tuple(members[1:])))
            elif starts and (len(members) > 1 or first or self._turns(label, row)):
                row = Row(members[0], tuple(members[1:]))
                self._items.append(row)
            elif row is not None and label is not None:
                row = self._beside(row, members)
            else:
                self._alone(members[0])
            first = False
        return row if len(self._items) > before or row is not None else None

    def _unread(self, cell: Cell, row: Row | None) -> Row | None:
        if row is None:
            self._items.append(cell)
            return None
        return self._beside(row, [cell])

    def _beside(self, row: Row, members: list[Cell]) -> Row:
        at = self._place(row)
        if at < 0:
            self._items.append(row)
        if row.members or not any(_has_names(cell) for cell in members):
            grown = Row(row.label, row.members, (*row.beside, *members), row.guessed, row.named)
        else:
            grown = Row(row.label, tuple(members), row.beside, row.guessed, row.named)
        self._items[at] = grown
        return grown

    def _place(self, row: Row) -> int:
        """Where a row stands among the items, nearly always last; -1 where it does not."""
        for at in range(len(self._items) - 1, -1, -1):
            if self._items[at] is row:
                return at
        return -1

    def _turns(self, label: Formula | None, row: Row | None) -> bool:
        """Whether a bare label in the middle of a table's line begins the derivative of the row before it."""
        if row is None or label is None or label.head not in ("adjoint", "tangent"):
            return False
        before = row.label.formula
        return before is not None and before.head != label.head and names_in(before)[:1] == names_in(label)[:1]

    def _is_local(self, label: Formula | None) -> bool:
        """Whether a label is a local partial: in a table it stands beside an adjoint, and the values are that one's."""
        if label is None or label.head != "partial" or any(part.head != "name" for part in label.args):
            return False
        above, below = (part.args[0] for part in label.args)
        outputs = self._words.outputs | self._words.others
        return above not in outputs and below not in self._words.inputs

    def _is_label(self, label: Formula) -> bool:
        return all(part.head in LABELS for part in label.args if isinstance(part, Formula))

    def _cell(self, text: str, line: int) -> None:
        """Take one piece of mathematics outside of tables in."""
        dimensions = dimensions_in(text, line, self._readings, self._words.dimensions)
        if dimensions:
            self._items += dimensions
            return
        cell = self._readings(as_equation(text), line)
        chains = self._split(cell)
        if not chains:
            self._items.append(Heading(text, line) if _WORD.fullmatch(text) else _as_unread(cell))
            return
        row: Row | None = None
        for members in chains:
            members = unapplied(members, self._words.outputs | self._words.others, self._words.inputs)
            label = members[0].formula
            if len(members) > 1 and label is not None and label.head in LABELS and self._is_label(label):
                row = Row(members[0], tuple(members[1:]))
                self._items.append(row)
            elif row is not None and len(members) == 1 and label is not None and label.head != "matrix":
                row = self._beside(row, members)
            elif label is not None and label.head == "partial" and len(members) == 1:
                self._items.append(Heading(members[0].text, line, label))
            else:
                self._alone(next((cell for cell in members if cell.error), members[-1]))

    def _alone(self, cell: Cell) -> None:
        """A formula without a row."""
        formula = cell.formula
        if formula is None:
            self._items.append(cell)
        elif is_unit(formula) and "=" not in cell.text:
            self._items.append(Heading(cell.text, cell.line))
        elif formula.head == "matrix":
            self._items.append(Matrix(cell))
        elif formula.head in LABELS or is_application(formula):
            self._items.append(Heading(cell.text, cell.line, formula if formula.head in LABELS else None))
        else:
            self._items.append(Loose(cell))


def _has_names(cell: Cell) -> bool:
    return cell.formula is not None and bool(names_in(cell.formula))


def _as_unread(cell: Cell) -> Item:
    """A formula that can't be read; words that no one marked are a heading."""
    return cell if len(cell.text) <= _MAX_READ else Cell(f"{cell.text[:80]} …", cell.line, (), cell.error)
