"""The algebras that the rows are read in, each handed the table."""

from __future__ import annotations

from typing import Any

from tracegen.algebra.algebra import Algebra, Floats, balls, exact
from tracegen.algebra.arrays import Elements, arrays, matrices_of_balls, matrices_of_exact_values, without_warnings
from tracegen.algebra.terms import Formulas
from tracegen.algebra.xla import compiled
from tracegen.primitives import find

ARRAYS = Algebra("arrays", arrays, find, without_warnings)
FLOATS = Floats(find, otherwise=ARRAYS)
BALLS = Algebra("balls", balls, find)
EXACT = Algebra("exact values", exact, find)
BALL_MATRICES = Elements(BALLS, matrices_of_balls, find)
EXACT_MATRICES = Elements(EXACT, matrices_of_exact_values, find)
XLA = Algebra("XLA", compiled, find)
FORMULAS: Any = Formulas(find)
"""Of these the rules make the formulas that a reader sees: ``FORMULAS.sin(Term(name("x")))``."""
