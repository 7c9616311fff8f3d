"""The meanings that a rule can be read in: floats, arrays, balls of many digits, exact values, terms, XLA."""
