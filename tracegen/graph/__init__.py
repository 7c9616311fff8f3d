"""Draws the computational graph of a trace: its circles, wires, values and arrows, in any format."""

from __future__ import annotations

from tracegen.graph.graph import FORMATS, Graph, graph_of

__all__ = ["FORMATS", "Graph", "graph_of"]
