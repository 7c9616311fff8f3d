"""What a problem can be made of: texts, SymPy expressions, Python functions, files."""
