"""Sets cells, formulas and words alike, as boxes under a convention."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import fromstring

from tracegen.document.cells import one_line
from tracegen.document.table import Cell, Decimal, Mark
from tracegen.formula import Formula
from tracegen.graph.lettering.box import Box, beside, word_box
from tracegen.graph.lettering.mathbox import math_box
from tracegen.graph.picture.picture import Cells
from tracegen.notation import MathML, printer
from tracegen.notation.plain import decimal_unicode
from tracegen.notation.profiles import Convention


class Setter:
    """Sets cells as boxes under a convention."""

    def __init__(self, convention: Convention) -> None:
        self._printed = lru_cache(4096)(printer(MathML, convention))

    def box(self, cells: Cells, size: float) -> Box:
        """Some cells, one after the other."""
        return beside([self._cell(cell, size) for cell in cells])

    def _cell(self, cell: Cell, size: float) -> Box:
        if isinstance(cell, Formula):
            return math_box(fromstring(f"<mrow>{self._printed(cell)}</mrow>"), size)
        if cell is None or isinstance(cell, Mark):
            return word_box("…" if cell else "", size)
        return word_box(decimal_unicode(cell) if isinstance(cell, Decimal) else one_line(cell), size)
