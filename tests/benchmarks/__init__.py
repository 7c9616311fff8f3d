"""Measures tracegen beside what a user would pick instead: ``python -m tests.benchmarks``."""
