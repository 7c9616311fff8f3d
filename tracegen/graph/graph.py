"""The computational graph of a trace, as an object that shows itself in a notebook and writes itself in any format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracegen.document.table import Document
from tracegen.errors import FormatError, ProblemError
from tracegen.graph.layout.geometry import Drawing
from tracegen.graph.picture.build import Builder, Wanted
from tracegen.graph.picture.fold import fold, is_long
from tracegen.graph.picture.picture import DIRECTIONS, INSIDES, SHOWS, Picture
from tracegen.notation.profiles import Convention
from tracegen.tables.traced import Some, Traced

TEMPLATES = {"svg": "svg", "dot": "dot", "mermaid": "mmd", "tikz": "tikz.tex"}
"""The formats that are a template, and its name."""

FORMATS = ("svg", "png", "pdf", "dot", "tikz", "mermaid", "json")

MOST_DIRECTIONS = 3
"""So many tangents are written under a wire; of more inputs only the first is, unless others are asked for."""


@dataclass(frozen=True)
class Graph:
    """The pictures of a trace, one a list. Made by :func:`graph_of`."""

    pictures: tuple[Picture, ...]
    convention: Convention
    title: str = ""

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """The pictures laid out. Raises ToolError where there is no Graphviz."""
        from tracegen.graph.layout.draw import draw

        return tuple(draw(picture, self.convention) for picture in self.pictures)

    def to(self, format: str, **options: Any) -> str | bytes:
        """The graph as ``svg``, ``dot``, ``tikz``, ``mermaid`` or ``json`` text, or as ``png`` or ``pdf`` bytes.

        Raises FormatError where there is no such format, ToolError where it needs a program that is not installed.
        """
        if format not in FORMATS:
            raise FormatError(f"there is no format {format!r} of a graph; there are {', '.join(FORMATS)}")
        if format == "json":
            from tracegen.graph.formats.plain_data import to_json

            return to_json(self.pictures)
        if format in ("png", "pdf"):
            from tracegen.graph.formats import raster

            if format == "png":
                return raster.png(self._filled("svg", **options))
            return raster.pdf(self._filled("tikz", standalone=True, **options))
        return self._filled(format, **options)

    def _filled(self, format: str, **options: Any) -> str:
        from tracegen.document.render import render
        from tracegen.graph.formats import dot, mermaid, svg, tikz

        tools = {"svg": svg, "dot": dot, "mermaid": mermaid, "tikz": tikz}
        drawn = self.drawings if format in ("svg", "tikz") else ()
        return render(
            Document(self.title, ()), TEMPLATES[format], convention=self.convention, kind="graph",
            drawings=drawn, pictures=self.pictures, tools=tools[format].TOOLS, **options,
        )  # fmt: skip

    def _repr_svg_(self) -> str:
        return str(self.to("svg"))

    def __repr__(self) -> str:
        return f"<graph of {', '.join(picture.key for picture in self.pictures)}>"


def graph_of(
    trace: Traced,
    of: Some = None,
    show: str = "both",
    wrt: Some = None,
    direction: str = "right",
    inside: str = "operation",
) -> Graph:
    """The computational graph of a trace, one picture a list.

    ``show`` is what is written at the wires: nothing but names (``"none"``), primal values (``"primal"``), these and
    the tangents along the inputs ``wrt`` (``"forward"``), adjoints with backward arrows (``"reverse"``), or primal
    values and adjoints (``"both"``). ``direction`` is ``"right"`` or ``"down"``; ``inside`` is what stands in the
    circles, ``"operation"`` or ``"value"``. A list of more than some hundred lines is folded.

    Raises FormatError for a choice that is not there, ProblemError for an output or input that is not there.

    >>> from tracegen import trace
    >>> graph_of(trace("a*b", at={"a": 2, "b": 3}), show="primal")
    <graph of y>
    """
    _check("show", show, SHOWS)
    _check("direction", direction, DIRECTIONS)
    _check("inside", inside, INSIDES)
    if inside == "value" and not trace.problem.has_point:
        raise ProblemError("values in the circles need a point: a value for every input and parameter")
    outputs = tuple(trace.chosen_outputs(of))
    inputs = tuple(trace.chosen_inputs(wrt))
    if wrt is None and len(inputs) > MOST_DIRECTIONS:
        inputs = inputs[:1]
    wanted = Wanted(show, outputs, inputs, direction, inside)
    if show not in ("none", "primal"):
        # no derivative is drawn that was not checked
        trace.check(of, inputs)
    lists = [entry for entry in trace.evaluations if any(output in outputs for output in entry.wengert.outputs)]
    pictures = [fold(entry, wanted) if is_long(entry) else Builder(entry, wanted).picture() for entry in lists]
    return Graph(tuple(pictures), trace.convention, trace.problem.title)


def _check(what: str, choice: str, allowed: Sequence[str]) -> None:
    if choice not in allowed:
        raise FormatError(f"there is no {what} {choice!r}; there are {', '.join(allowed)}")
