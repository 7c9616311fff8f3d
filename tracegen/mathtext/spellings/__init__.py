"""Tables of the ways in which people, programs and other systems write the mathematics that is read here."""

from __future__ import annotations

from tracegen.mathtext.spellings.beforehand import BEFOREHAND
from tracegen.mathtext.spellings.certain import CERTAIN
from tracegen.mathtext.spellings.rule import Rule, Spellings

__all__ = ["BEFOREHAND", "CERTAIN", "Rule", "Spellings"]
