"""Cuts a sheet into blocks: rows of one kind that belong together, with what their headings say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from tracegen.formula import Formula, names_in, rewritten
from tracegen.grading.headings import FORWARD, JACOBIAN, PRIMAL, REVERSE, Hint, hint_of, narrowed
from tracegen.grading.read import Words
from tracegen.grading.sheet import Cell, Dimension, Heading, Key, Loose, Matrix, Row, Submission, is_undirected

FINAL, PARTIAL = "final", "partial"
"""Rows that state a derivative of an output by an input, and rows that state a local partial."""


@dataclass
class Block:
    """Rows of one kind. ``section`` counts the headings of words before it; ``heads`` stand over columns of a table."""

    kind: str
    hint: Hint
    section: int
    rows: list[Row] = field(default_factory=list)
    heads: Mapping[int, Heading] = field(default_factory=dict)


@dataclass
class Blocks:
    """What a sheet holds, sorted: blocks of rows, and what stands outside of rows; ``apart`` is what stands in columns
    of which nobody knows what they give."""

    blocks: list[Block]
    matrices: list[tuple[Matrix, Hint]]
    dimensions: list[Dimension]
    heads: list[tuple[Heading, int]]
    loose: list[Cell]
    unread: list[Cell]
    apart: list[Cell] = field(default_factory=list)


def row_kind(label: Formula | None, words: Words, section: str, own: Collection[str] = ()) -> str:
    """Which table a row belongs to, by its label. ``own`` are the rows of the writer's lists."""
    if label is None or label.head == "name":
        return PRIMAL
    if label.head == "adjoint":
        return REVERSE
    if label.head == "tangent":
        return FORWARD
    above, below = (part.args[0] if part.head == "name" else "" for part in label.args)
    outputlike = above in words.outputs or above in words.others
    if below in words.inputs:
        if not outputlike:
            return FORWARD
        if above in own and above not in words.outputs:
            return section if section == REVERSE else FORWARD
        if above in words.outputs:
            return FINAL
        return section if section in (FORWARD, REVERSE) else FINAL
    if above in own and below not in own and below[:1] in {text[:1] for text in words.inputs}:
        return FORWARD  # along an input that nobody knows: x9
    return REVERSE if outputlike else PARTIAL


def blocks_of(submission: Submission, words: Words) -> Blocks:
    """The blocks of a sheet, in order."""
    return _Sorter(words).sort(submission)


class _Sorter:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._found = Blocks([], [], [], [], [], [])
        self._hint = Hint()
        self._fresh = True
        self._section = 0
        self._open: dict[tuple[str, int], Block] = {}
        self._before: dict[tuple[str, int], Block] = {}
        self._line, self._labels = 0, list[Key]()
        self._own: set[str] = set()
        self._heads: dict[int, Heading] = {}
        self._label: Formula | None = None
        self._sweep = ""

    def sort(self, submission: Submission) -> Blocks:
        rows = (item.label.formula for item in submission.items if isinstance(item, Row))
        self._own = {label.args[0] for label in rows if label is not None and label.head == "name"}
        for item in submission.items:
            if isinstance(item, Heading):
                self._heading(item)
            elif isinstance(item, Row):
                self._rows(item)
            elif isinstance(item, Matrix):
                self._fresh = False
                self._found.matrices.append((item, self._hint))
            elif isinstance(item, Dimension):
                self._found.dimensions.append(item)
            elif isinstance(item, Loose):
                self._found.loose.append(item.cell)
            else:
                self._found.unread.append(item)
        self._settle()
        self._found.blocks = self._without_remarks(self._found.blocks)
        return self._found

    def _without_remarks(self, blocks: list[Block]) -> list[Block]:
        """The blocks, in which rows that say once more what a list before them has go with that list."""
        kept: list[Block] = []
        for block in blocks:
            before = next((other for other in kept if self._says_again(block, other)), None)
            if before is None:
                kept.append(block)
            else:
                before.rows += block.rows
        return kept

    def _says_again(self, block: Block, before: Block) -> bool:
        """Whether all rows of a block stand in one before it, on whose other rows they rest."""
        if block.kind != PRIMAL or before.kind != PRIMAL:
            return False
        said = {(row.key, member.formula) for row in before.rows for member in row.members}
        names = frozenset[str]().union(*(row.said.names for row in block.rows))
        missing = names - {row.key[0] for row in block.rows} - self._words.declared
        return bool(missing) and all((row.key, member.formula) in said for row in block.rows for member in row.members)

    def _heading(self, heading: Heading) -> None:
        """Words begin a section; a derivative alone begins a block of the same section; words of a text do not."""
        self._over(heading)
        said = hint_of(heading.text, self._words.outputs, self._words.inputs)
        if heading.formula is None and heading.table < 0 and not heading.title and said == Hint():
            return
        if not self._fresh:
            self._hint = Hint(self._hint.kind if heading.formula is not None else "")
            self._fresh = True
            self._settle()
            self._open = {}
            if heading.formula is None or heading.formula.head == "name":
                self._section += 1
        if heading.formula is not None and heading.formula.head == "partial":
            self._hint = narrowed(self._hint, heading.formula, self._words.outputs, self._words.inputs)
            if heading.column >= 0:
                self._found.heads.append((heading, len(self._found.blocks)))
            return
        self._hint = Hint(
            said.kind or self._hint.kind, said.output or self._hint.output, said.direction or self._hint.direction
        )

    def _over(self, heading: Heading) -> None:
        """Keep what stands over a column until another table begins."""
        if heading.column <= max(self._heads, default=-1):
            self._heads = {}
        if heading.column >= 0:
            self._heads[heading.column] = heading

    def _rows(self, item: Row) -> None:
        """Take in the rows that one of the sheet is; a Jacobian or a point, written as an equation, is none."""
        if item.said.has_matrix and not self._words.matrices:
            jacobian = self._jacobian(item)
            self._found.matrices += [(Matrix(cell), self._hint) for cell in jacobian]
            if jacobian or self._states_point(item):
                return
        for row in self._parted(item):
            self._row(row)

    def _row(self, row: Row) -> None:
        self._fresh = False
        if self._hint.kind == REVERSE:
            row = with_adjoints(row)
        label = row.label.formula
        kind = self._kind(row_kind(label, self._words, self._hint.kind, self._own), label)
        column = (kind, self._column(row, kind))
        block = self._open.get(column)
        if column in self._before and not self._goes_on_anew(column, row):
            block = self._rejoined(column)
        if block is None or self._restarts(block, row):
            if block is not None:
                self._before[column] = block
            block = self._open[column] = Block(kind, self._hint, self._section, heads=self._heads)
            self._found.blocks.append(block)
        block.rows.append(row)

    def _kind(self, kind: str, label: Formula | None) -> str:
        """The table of a row; a derivative of an output by an input goes on with the sweep that it stands in: of one
        that has the rows before along the same input, or the adjoints of the same output."""
        before, self._label = self._label, label
        if kind == FINAL and before is not None and label is not None and before.head == "partial":
            if before.args[1] == label.args[1] and self._sweep == FORWARD:
                kind = FORWARD
            elif before.args[0] == label.args[0] and self._sweep == REVERSE:
                kind = REVERSE
        self._sweep = kind
        return kind

    def _goes_on_anew(self, column: tuple[str, int], row: Row) -> bool:
        """Whether the second row of a list that seemed to begin anew has a label of the list before."""
        if len(self._open[column].rows) > 1:
            return True
        return any(row.key == other.key for other in self._before[column].rows)

    def _rejoined(self, column: tuple[str, int]) -> Block:
        """The list that only seemed to begin anew, where a row has the label of the first by a slip."""
        block, before = self._open[column], self._before.pop(column)
        before.rows += block.rows
        self._found.blocks = [each for each in self._found.blocks if each is not block]
        self._open[column] = before
        return before

    def _settle(self) -> None:
        """Rejoin lists that began anew with their last row."""
        for column in list(self._before):
            if len(self._open[column].rows) == 1:
                self._rejoined(column)
        self._before = {}

    def _parted(self, row: Row) -> list[Row]:
        """The two rows that ``y = v6 = v3 + v5`` is where no row is called v6: that of v6, and y, which is v6."""
        label, first = row.label.formula, row.members[0] if row.members else None
        if label is None or label.head != "name" or first is None or first.formula is None or len(row.members) < 2:
            return [row]
        text = first.formula.args[0] if first.formula.head == "name" else ""
        numbered = str(text)[1:].lstrip("-").isdigit()
        rest = row.members[1].formula
        if not numbered or text in self._own or text in self._words.declared or rest is None or not names_in(rest):
            return [row]
        self._own.add(str(text))
        return [
            replace(row, label=first, members=row.members[1:]),
            Row(row.label, (first,), (), row.guessed, row.named),
        ]

    def _states_point(self, row: Row) -> bool:
        """Whether a row only says where the inputs are, x = (x1, x2) = (2, 5), in a problem of numbers."""
        label = row.label.formula
        if label is None or label.head != "name" or label.args[0] in self._words.outputs:
            return False
        return all(cell.formula is not None and cell.formula.head == "matrix" for cell in row.members)

    def _jacobian(self, row: Row) -> list[Cell]:
        """The matrices of a row such as ``J = …``, in a problem of numbers."""
        label = row.label.formula
        named = label is not None and label.head == "name" and str(label.args[0])[:1] in ("J", "D", "G")
        if not (named or self._hint.kind == JACOBIAN):
            return []
        return [cell for cell in row.members if cell.formula is not None and cell.formula.head == "matrix"]

    def _column(self, row: Row, kind: str) -> int:
        """How often the label of a tangent without a direction stood on the same line before: seeds side by side."""
        key = row.key
        if kind != FORWARD or key[1]:
            return 0
        if self._line != row.line:
            self._line, self._labels = row.line, []
        self._labels.append(key)
        return self._labels.count(key) - 1

    def _restarts(self, block: Block, row: Row) -> bool:
        """Whether a row begins the list anew: its label is the first one's, and it does not go on with a sum."""
        if len(block.rows) < 2:
            return False
        label = row.label.formula
        if block.rows[0].key != row.key or label is None:
            return False
        again = sum(before.key == row.key for before in block.rows)
        return again == 1 and not any(_holds(member.formula, label) for member in row.members)


def _holds(formula: Formula | None, label: Formula) -> bool:
    """Whether a formula has a label in it."""
    if formula is None:
        return False
    stack = [formula]
    while stack:
        node = stack.pop()
        if node == label:
            return True
        stack.extend(arg for arg in node.args if isinstance(arg, Formula))
    return False


def with_adjoints(row: Row) -> Row:
    """A row whose tangents along no direction are adjoints: v3' for the adjoint of v3."""
    label = row.label.formula
    if label is None or not is_undirected(label):
        return row

    def changed(cell: Cell) -> Cell:
        return cell._replace(readings=tuple(map(_adjoint, cell.readings)))

    return replace(
        row, label=changed(row.label), members=tuple(map(changed, row.members)), beside=tuple(map(changed, row.beside))
    )


def _adjoint(formula: Formula) -> Formula:
    return rewritten(formula, lambda part: Formula("adjoint", part.args[:1]) if is_undirected(part) else None)


def as_adjoints(block: Block) -> Block | None:
    """A block of tangents along no direction, taken for adjoints; None where it has others."""
    rows = [with_adjoints(row) for row in block.rows]
    if any(row is before for row, before in zip(rows, block.rows, strict=True)):
        return None
    return Block(REVERSE, block.hint, block.section, rows)
