"""Brackets and bars as high as what they hold, drawn as lines, which stay thin however high they are."""

from __future__ import annotations

from tracegen.graph.lettering.box import AXIS, RULE, Box, Glyphs, Stroke

FENCES = frozenset("()[]|‖{}⌊⌋⌈⌉⟨⟩")
BARS = {"|": 1, "‖": 2}


def grown(box: Box, above: float, below: float, size: float) -> Box:
    """A bracket as high as what it holds."""
    mark = box.marks[0]
    if not isinstance(mark, Glyphs):
        return bars(len(box.marks), above, below, size)
    high, low = above + 0.06 * size, below + 0.06 * size
    if mark.text in "[]":
        return _square(mark.text == "[", high, low, size)
    if mark.text in "()":
        return _round(mark.text == "(", high, low, size)
    scale = (high + low) / (0.95 * size)
    larger = Glyphs(0, (low - high) / 2 + AXIS * size * scale, mark.text, mark.size * scale, mark.italic)
    return Box(box.width * (0.6 + 0.4 * scale), high, low, (larger,))


def _square(opens: bool, high: float, low: float, size: float) -> Box:
    near, far = 0.1 * size, 0.28 * size
    back, tips = (near, far) if opens else (far - 0.02 * size, near - 0.02 * size)
    bracket = Stroke(((tips, -high), (back, -high), (back, low), (tips, low)), 1.2 * RULE * size)
    return Box(0.36 * size, high, low, (bracket,))


def _round(opens: bool, high: float, low: float, size: float) -> Box:
    near, far = 0.08 * size, 0.26 * size
    points = []
    for part in range(13):
        along = part / 6 - 1
        depth = (far - near) * along**2
        points.append((near + depth if opens else far - depth, (low - high) / 2 + (low + high) / 2 * along))
    return Box(0.34 * size, high, low, (Stroke(tuple(points), 1.2 * RULE * size),))


def bars(count: int, above: float, below: float, size: float) -> Box:
    """The bars of a norm or an absolute value."""
    step = 0.17 * size
    strokes = tuple(Stroke((((at + 1) * step, -above), ((at + 1) * step, below)), RULE * size) for at in range(count))
    return Box((count + 1) * step, above, below, strokes)
