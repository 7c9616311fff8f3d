"""Lists at a point: exact values, decimals, floats, batches, bad points, and the checks of every trace."""
