"""Sets MathML as boxes of text and lines, so that a picture carries mathematics wherever it is shown.

Every piece is a text at a place, which can be selected, or a line: nothing depends on what a viewer knows of MathML.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tracegen.graph.lettering.box import ASCENT, AXIS, RULE, Box, Glyphs, Stroke, beside, space, word_box
from tracegen.graph.lettering.fences import BARS, FENCES, bars, grown

SMALLER = 0.74
SMALLEST = 7.8
"""Nothing is set smaller, however deep it stands."""

SLOT = "□"
_RELATIONS = frozenset("=≤≥≠<>→∈≈")
_SIGNS = frozenset("+−×÷±∘-⊙⊗∗")
_SPACES = {"relation": 0.28, "sign": 0.22}


def math_box(element: Element, size: float) -> Box:
    """A MathML element as a box."""
    make = _MAKERS.get(element.tag)
    return _row(element, size) if make is None else make(element, size)


def _identifier(element: Element, size: float) -> Box:
    text = element.text or ""
    if text == SLOT:
        return _slot(size)
    return word_box(text, size, italic=len(text) == 1 and text.isalpha() and text != "∞")


def _plain(element: Element, size: float) -> Box:
    return word_box(element.text or "", size)


def _operator(element: Element, size: float) -> Box:
    text = (element.text or "").replace("\u2062", "").replace("\u2061", "")
    if text in BARS:
        return bars(BARS[text], 0.72 * size, 0.22 * size, size)
    if text == "⊤":
        return _turned_t(size)
    room = float(element.get("rspace", "0").removesuffix("em")) * size
    return beside([word_box(text, size), space(room)])


def _slot(size: float) -> Box:
    """The place of an operand, which fonts draw in many sizes."""
    low, high, left, right = 0.02 * size, -0.48 * size, 0.08 * size, 0.58 * size
    square = Stroke(((left, low), (left, high), (right, high), (right, low), (left, low)), RULE * size)
    return Box(0.66 * size, -high, low, (square,))


def _small(size: float) -> float:
    """The size of what stands above or below the line."""
    return min(size, max(size * SMALLER, SMALLEST))


def _turned_t(size: float) -> Box:
    """The sign of a transpose, which few fonts have."""
    width, height = 0.6 * size, 0.62 * size
    bar = Stroke(((0.04 * size, -height), (width - 0.04 * size, -height)), RULE * size)
    stem = Stroke(((width / 2, -height), (width / 2, 0)), RULE * size)
    return Box(width, height, 0, (bar, stem))


def _row(element: Element, size: float) -> Box:
    parts = list(element)
    boxes = [math_box(part, size) for part in parts]
    tall = [box for part, box in zip(parts, boxes, strict=True) if not _is_fence(part)]
    above, below = max((box.above for box in tall), default=0), max((box.below for box in tall), default=0)
    if above + below > 1.25 * size:
        boxes = [
            grown(box, above, below, size) if _is_fence(part) else box for part, box in zip(parts, boxes, strict=True)
        ]
    spaced: list[Box] = []
    for at, (part, box) in enumerate(zip(parts, boxes, strict=True)):
        room = _room(parts, at) * size if part.tag == "mo" else 0
        spaced += [space(room), box, space(room)] if room else [box]
    return beside(spaced)


def _is_fence(element: Element) -> bool:
    return element.tag == "mo" and (element.text or "") in FENCES


def _room(parts: list[Element], at: int) -> float:
    """The space on either side of an operator: none where it is a sign in front."""
    text = parts[at].text or ""
    if parts[at].get("lspace"):
        return 0
    if text in _RELATIONS:
        return _SPACES["relation"]
    binary = at > 0 and at + 1 < len(parts) and not (parts[at - 1].tag == "mo" and parts[at - 1].text not in (")", "]"))
    return _SPACES["sign"] if text in _SIGNS and binary else 0


def _fraction(element: Element, size: float) -> Box:
    over, under = (math_box(part, min(size, max(size * 0.86, 1.2 * SMALLEST))) for part in element)
    width = max(over.width, under.width) + 0.2 * size
    line = -AXIS * size
    top, bottom = line - 0.14 * size - over.below, line + 0.14 * size + under.above
    marks = (
        *over.moved((width - over.width) / 2, top),
        *under.moved((width - under.width) / 2, bottom),
        Stroke(((0.02 * size, line), (width - 0.02 * size, line)), RULE * size),
    )
    inner = Box(width, over.above - top, bottom + under.below, marks)
    return beside([space(0.06 * size), inner, space(0.06 * size)])


def _subscript(element: Element, size: float) -> Box:
    base, index = element
    return _scripts(math_box(base, size), math_box(index, _small(size)), None, size)


def _superscript(element: Element, size: float) -> Box:
    base, exponent = element
    return _scripts(math_box(base, size), None, math_box(exponent, _small(size)), size)


def _both_scripts(element: Element, size: float) -> Box:
    base, index, exponent = element
    small = _small(size)
    return _scripts(math_box(base, size), math_box(index, small), math_box(exponent, small), size)


def _scripts(base: Box, index: Box | None, exponent: Box | None, size: float) -> Box:
    marks = list(base.marks)
    above, below, width = base.above, base.below, 0.0
    if index is not None:
        lower = 0.34 if exponent is not None else 0.22
        drop = lower * size + max(0, index.above - ASCENT * _small(size))
        marks += index.moved(base.width + 0.02 * size, drop)
        below, width = max(below, drop + index.below), index.width
    if exponent is not None:
        rise = max((0.44 if index is not None else 0.36) * size, base.above - 0.36 * size) + exponent.below
        marks += exponent.moved(base.width + 0.06 * size, -rise)
        above, width = max(above, rise + exponent.above), max(width, exponent.width + 0.04 * size)
    return Box(base.width + width + 0.05 * size, above, below, tuple(marks))


def _over(element: Element, size: float) -> Box:
    """A letter under a bar or a dot, which is drawn: combining letters fall apart in many fonts."""
    base = math_box(element[0], size)
    low = all(letter in "acegmnopqrsuvwxyzαγεηικμνοπρστυφχψω" for letter in element[0].text or " ")
    height = (0.47 if low else 0.7) * size + 0.12 * size
    slant = 0.05 * size
    if (element[1].text or "") == "˙":
        middle = base.width / 2 + slant
        mark = Stroke(
            ((middle - 0.01 * size, -height - 0.02 * size), (middle + 0.01 * size, -height - 0.02 * size)), 0.13 * size
        )
    else:
        mark = Stroke(((slant, -height), (max(base.width, 0.4 * size) + slant / 2, -height)), RULE * size)
    return Box(base.width, max(base.above, height + 0.06 * size), base.below, (*base.marks, mark))


def _root(element: Element, size: float) -> Box:
    of = element[0] if element.tag == "mroot" else element
    inner = math_box(of, size) if element.tag == "mroot" else _row(of, size)
    top, bottom = inner.above + 0.12 * size, max(inner.below, 0.05 * size)
    lead = 0.55 * size
    hook = (
        (0, -0.3 * size),
        (0.14 * size, -0.36 * size),
        (0.32 * size, bottom),
        (lead, -top),
        (lead + inner.width + 0.08 * size, -top),
    )
    marks: tuple[Glyphs | Stroke, ...] = (Stroke(hook, RULE * size), *inner.moved(lead + 0.04 * size, 0))
    if element.tag == "mroot":
        marks += math_box(element[1], size * 0.55).moved(0.02 * size, -0.48 * size)
    return Box(lead + inner.width + 0.14 * size, top + 0.05 * size, bottom, marks)


def _table(element: Element, size: float) -> Box:
    rows = [[_row(cell, size) for cell in row] for row in element]
    widths = [max(row[at].width for row in rows) for at in range(len(rows[0]))]
    heights = [max(box.height for box in row) + 0.36 * size for row in rows]
    marks: list[Glyphs | Stroke] = []
    y = -sum(heights) / 2 - AXIS * size
    for row, height in zip(rows, heights, strict=True):
        x = 0.0
        baseline = y + 0.18 * size + max(box.above for box in row)
        for box, width in zip(row, widths, strict=True):
            marks += box.moved(x + (width - box.width) / 2, baseline)
            x += width + 0.6 * size
        y += height
    half = sum(heights) / 2
    return Box(sum(widths) + 0.6 * size * (len(widths) - 1), half + AXIS * size, half - AXIS * size, tuple(marks))


_MAKERS = {
    "mi": _identifier, "mn": _plain, "mtext": _plain, "mo": _operator, "mfrac": _fraction, "msub": _subscript,
    "msup": _superscript, "msubsup": _both_scripts, "mover": _over, "msqrt": _root, "mroot": _root, "mtable": _table,
}  # fmt: skip
