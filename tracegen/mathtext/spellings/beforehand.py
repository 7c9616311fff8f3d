"""Ways to write that are spelled out on a whole sheet before its names are looked for."""

from __future__ import annotations

from tracegen.mathtext.spellings.rule import Rule, Spellings

BEFOREHAND = Spellings(
    [
        Rule(
            "the exponent of a number in a font", ("{e}", "{E}"),
            r"(?<=\d)\\(?:mathrm|text|rm)\s*\{[eE]\}\s*\{?([+-]?\d+)\}?", r"e\1",
            ((r"2\mathrm{e}{-3}", "2e-3"),),
        ),
    ]
)  # fmt: skip
"""Each changes what stands in one place, so that a writer's own text is found again."""
