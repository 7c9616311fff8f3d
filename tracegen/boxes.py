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
    widths = [max(map(cell_len, column)) for column in zip(headings, *rows, strict=True)]
    narrow(widths, width - 3 * len(widths) - 1)
    bars = ["─" * (wide + 2) for wide in widths]
    lines = [f"╭{'┬'.join(bars)}╮", *drawn(headings, widths, right), f"├{'┼'.join(bars)}┤"]
    for row in rows:
        lines.extend(drawn(row, widths, right))
    lines.append(f"╰{'┴'.join(bars)}╯")
    return "\n".join(lines)


def narrow(widths: list[int], room: int) -> None:
    """Narrow the widest columns until all fit into the room, or none can be narrower."""
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1


def drawn(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """A row as lines, more than one where a cell is folded."""
    folded = [folds(cell, wide) for cell, wide in zip(row, widths, strict=True)]
    for at in range(max(map(len, folded))):
        cells = []
        for parts, wide, flush in zip(folded, widths, right, strict=True):
            part = parts[at] if at < len(parts) else ""
            space = " " * (wide - cell_len(part))
            cells.append(space + part if flush else part + space)
        yield f"│ {' │ '.join(cells)} │"


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
