"""Tables in a box of lines, for a terminal. Widths are rich's, so that combining and wide characters line up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells

NARROWEST = 12


def boxed(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], width: int) -> str:
    """The table in a box at most ``width`` wide where its columns allow it; cells that are wider are folded.

    >>> print(boxed(["line", "is"], [["v̄₃", "2·v₁"]], [False, True], 80))
    ╭──────┬──────╮
    │ line │   is │
    ├──────┼──────┤
    │ v̄₃   │ 2·v₁ │
    ╰──────┴──────╯
    """
    lengths = [list(map(cell_len, row)) for row in (headings, *rows)]
    widths = [max(column) for column in zip(*lengths, strict=True)]
    narrow(widths, width - 3 * len(widths) - 1)
    bars = ["─" * (wide + 2) for wide in widths]
    heading, *others = (drawn(row, own, widths, right) for row, own in zip((headings, *rows), lengths, strict=True))
    lines = [f"╭{'┬'.join(bars)}╮", *heading, f"├{'┼'.join(bars)}┤"]
    for row in others:
        lines.extend(row)
    lines.append(f"╰{'┴'.join(bars)}╯")
    return "\n".join(lines)


def narrow(widths: list[int], room: int) -> None:
    """Narrow the widest columns until all fit into the room, or none can be narrower."""
    while (over := sum(widths) - room) > 0 and (widest := max(widths)) > NARROWEST:
        at = widths.index(widest)
        second = max([NARROWEST, *widths[:at], *widths[at + 1 :]])
        widths[at] -= min(over, max(widest - second, 1))


def drawn(row: Sequence[str], lengths: Sequence[int], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """A row as lines, more than one where a cell is folded; ``lengths`` are those of its cells."""
    if all(own <= wide for own, wide in zip(lengths, widths, strict=True)):
        yield _line(row, lengths, widths, right)
        return
    folded = [folds(cell, wide) for cell, wide in zip(row, widths, strict=True)]
    for at in range(max(map(len, folded))):
        parts = [cell[at] if at < len(cell) else "" for cell in folded]
        yield _line(parts, list(map(cell_len, parts)), widths, right)


def _line(cells: Sequence[str], lengths: Sequence[int], widths: Sequence[int], right: Sequence[bool]) -> str:
    spaced = []
    for cell, own, wide, flush in zip(cells, lengths, widths, right, strict=True):
        space = " " * (wide - own)
        spaced.append(space + cell if flush else cell + space)
    return f"│ {' │ '.join(spaced)} │"


def folds(text: str, wide: int) -> list[str]:
    """A text in parts that are no wider than ``wide``, broken at spaces where there are any."""
    if cell_len(text) <= wide:
        return [text]
    parts = [""]
    for word in text.split(" "):
        longer = f"{parts[-1]} {word}" if parts[-1] else word
        if cell_len(longer) <= wide:
            parts[-1] = longer
            continue
        chopped = chop_cells(word, wide)
        parts.extend(chopped)
    return [part for part in parts if part] or [""]
