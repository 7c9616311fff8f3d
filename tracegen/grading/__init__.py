"""Reading, aligning and judging answers."""
