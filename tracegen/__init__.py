"""Shows the work of automatic differentiation, and marks it."""
