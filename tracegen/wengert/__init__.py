"""The Wengert list: from formulas to lines, through sweeps, into files."""
