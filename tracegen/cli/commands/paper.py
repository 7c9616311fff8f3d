"""What ``tracegen trace`` puts on paper as a whole: solution sheets of one or several problems, and slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegen.cli.commands.options import trace_of
from tracegen.errors import ProblemError

if TYPE_CHECKING:
    from tracegen.cli.progress import Progress
    from tracegen.traces import Trace


def is_sheet(format: str, chosen: Mapping[str, Any]) -> bool:
    """Whether a format is a whole solution sheet: a standalone document for which no tables were picked."""
    whole = format == "pdf" or (format == "tex" and chosen["standalone"])
    return bool(whole and not chosen["tables"] and not chosen["seed"])


def traces_of(problem: tuple[str, ...], formats: Sequence[str], chosen: Mapping[str, Any], **more: Any) -> list[Trace]:
    """The trace of a problem, or those of several problem files.

    Raises ProblemError where several are not for a solution sheet.
    """
    if len(problem) < 2 or not all(text.endswith(".toml") for text in problem):
        return [trace_of(problem, **more)]
    if not all(is_sheet(format, chosen) for format in formats):
        raise ProblemError("several problem files make one solution sheet: --format pdf, or tex with --standalone")
    return [trace_of((text,), **more) for text in problem]


def sheet(traces: Sequence[Trace], format: str, chosen: Mapping[str, Any], stage: Progress) -> str | bytes:
    """The solution sheet as LaTeX, or as a PDF."""
    from tracegen.publish.solution_sheet import sheet_of

    text = sheet_of(
        traces,
        of=chosen["of"],
        wrt=chosen["wrt"],
        paper=chosen["paper"],
        checked=chosen["checked"],
        templates=_folder(chosen),
        progress=stage.at,
    )
    if format != "pdf":
        return text
    from tracegen.document.typeset import typeset

    stage.at("running LaTeX")
    return typeset(text)


def slides(traced: Trace, chosen: Mapping[str, Any], stage: Progress) -> str:
    """The steps through the trace as beamer overlays."""
    from tracegen.publish.slides import slides_of

    stage.at("making the slides")
    return slides_of(traced, chosen["of"], chosen["wrt"], templates=_folder(chosen))


def _folder(chosen: Mapping[str, Any]) -> Path | None:
    return Path(chosen["templates"]) if chosen["templates"] else None
