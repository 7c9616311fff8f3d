"""A laid out graph as SVG, TikZ, Mermaid, DOT, a raster or plain data."""
