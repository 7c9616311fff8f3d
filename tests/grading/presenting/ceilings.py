"""What the grader may do wrong at most, on a small fixed draw. These numbers only go down."""

from __future__ import annotations

SHEETS, SEED = 100, 20
"""The draw that the tests grade."""

CEILINGS: dict[str, tuple[str, tuple[str, ...], float]] = {
    "right cells accused": ("accused", ("right",), 0.0113),
    "carried cells charged again": ("charged", ("carried",), 0.0),
    "titles accused": ("titles_accused", ("titles",), 0.0),
    "right lines not looked at": ("unlooked", ("right", "carried"), 0.0216),
    "slips missed": ("missed", ("slips",), 0.021),
    "slips not looked at": ("slips_unlooked", ("slips",), 0.203),
    "slips charged twice": ("twice", ("slips",), 0.011),
    "crashes": ("crashes", ("sheets",), 0.0),
}
"""Of what (a count, the counts that it is a share of) how much at most."""
