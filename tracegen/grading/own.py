"""Gives what was read the text that its writer has, where that was readied for reading: 1,5 for 1.5, a ditto mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracegen.grading.documents.typst_maths import as_latex
from tracegen.grading.equations import ARROWS
from tracegen.grading.pieces import Piece
from tracegen.grading.sheet import Cell, Heading, Item, Row

_WRITTEN = {".": ("{,}",), "=": ARROWS, "_": ("<sub>",), "^": ("<sup>",), "}": ("</sub>", "</sup>")}
"""What a sign of a readied text may stand for, where that is longer than a sign."""

_OPENED = ("<sub>", "<sup>")
"""What stands for two signs, of which the second is a brace."""


def with_own_texts(items: Sequence[Item], piece: Piece) -> list[Item]:
    """The items that were made of a piece, each cell with its own text in place of the readied one.

    >>> from tracegen.grading.sheet import Loose
    >>> with_own_texts([Loose(Cell("1.5", 1))], Piece(1, ("1.5",), (True,), own=("1,5",)))[0].cell.text
    '1,5'
    """
    pairs = [(_squeezed(ready), _squeezed(own)) for ready, own in zip(piece.cells, piece.own, strict=True) if ready]
    unaligned = [(_squeezed(ready, "&"), _squeezed(own, "&")) for ready, own in pairs if "&" in ready]
    texts = _Texts([*pairs, *unaligned])
    return [_item(item, texts) for item in items]


@dataclass(slots=True)
class _Texts:
    """Looks up where readied texts come from, in the order in which they stand."""

    pairs: Sequence[tuple[str, str]]
    cell: int = 0
    place: int = 0
    _starts: dict[int, list[int] | None] = field(default_factory=dict)

    def own(self, text: str) -> str:
        """What stands on the sheet for a readied text; the text where it stands in no cell."""
        for cell, after in ((self.cell, self.place), *((cell, 0) for cell in range(len(self.pairs)))):
            start = self.pairs[cell][0].find(text, after) if text else -1
            if start >= 0:
                self.cell, self.place = cell, start + len(text)
                return self._cut(cell, start, start + len(text))
        return text

    def _cut(self, cell: int, start: int, end: int) -> str:
        ready, own = self.pairs[cell]
        if cell not in self._starts:
            self._starts[cell] = _starts(ready, own) or _translated(ready, own)
        starts = self._starts[cell]
        return own if starts is None else own[starts[start] : starts[end]]


def _starts(ready: str, own: str) -> list[int] | None:
    """Where each letter of a readied text, and its end, stand in the own text; None where one is not the other's.

    A letter is one letter of the own text, but for the point that braces round a comma have become, and the equal
    sign that an arrow has; an index is opened by a sign and a brace.
    """
    starts, at = [], 0
    for letter in ready:
        starts.append(at)
        if letter == "{" and own.endswith(_OPENED, 0, at):
            continue
        written = next((sign for sign in _WRITTEN.get(letter, ()) if own.startswith(sign, at)), own[at : at + 1])
        if len(written) < 2 and not _is_alike(letter, written):
            return None
        at += len(written)
    return [*starts, at] if at == len(own) else None


def _translated(ready: str, own: str) -> list[int] | None:
    """The same of a text that is the mathematics of Typst as LaTeX writes it."""
    traced = as_latex(own)
    return traced.starts if traced.text == ready else None


def _is_alike(letter: str, own: str) -> bool:
    """Whether a letter is another but for commas, digits, arrows and capitals; a ditto mark is not what it stands
    for."""
    return bool(own) and (letter == own or own in ",OolI%" or letter == own.lower() or own in _WRITTEN.get(letter, ()))


def _squeezed(text: str, without: str = "\n") -> str:
    return " ".join(text.replace(without, " ").split())


def _item(item: Item, texts: _Texts) -> Item:
    if isinstance(item, Cell):
        return _cell(item, texts)
    if isinstance(item, Row):
        label = _cell(item.label, texts) if item.named else item.label
        members = tuple(_cell(cell, texts) for cell in item.members)
        return replace(item, label=label, members=members, beside=tuple(_cell(cell, texts) for cell in item.beside))
    if isinstance(item, Heading):
        return replace(item, text=texts.own(item.text))
    return replace(item, cell=_cell(item.cell, texts))


def _cell(cell: Cell, texts: _Texts) -> Cell:
    return cell._replace(text=texts.own(cell.text))
