"""Formulas as SymPy expressions and back, for numbers and for matrices."""
