"""A document of tables as text in a format; a format is one template, found by its file name.

``templates/trace.md.j2`` makes the format ``md``. A folder of the user's own comes first. Formats whose name ends
in ``tex`` write ``((* *))`` for statements and ``((( )))`` for values.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegen.document.cells import FORMATS, Cells, LatexCells, PlainCells
from tracegen.document.table import Document, Mark, Table
from tracegen.errors import FormatError
from tracegen.files.signature import ASKED_MARK, GIVEN_HEADING, GIVEN_MARK, REPORT_MARK
from tracegen.notation import HOMEWORK
from tracegen.notation.profiles import Convention

if TYPE_CHECKING:
    from jinja2 import Environment

SUFFIXES = {"latex": "tex", "markdown": "md", "text": "txt", "htm": "html"}
"""What the ending of a file means besides itself."""

PAPERS = ("a4", "a5", "letter")
LARGEST_TEMPLATE = 1_000_000
_IN_LATEX = {
    "block_start_string": "((*", "block_end_string": "*))", "variable_start_string": "(((",
    "variable_end_string": ")))", "comment_start_string": "((#", "comment_end_string": "#))",
}  # fmt: skip


def own_templates() -> Path:
    """The folder of the templates that come with tracegen: inside the package, or beside it in a checkout."""
    inside = Path(__file__).parents[1] / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def formats(templates: Path | None = None, kind: str = "trace") -> list[str]:
    """The formats there are templates for.

    >>> formats()
    ['csv', 'html', 'md', 'tex', 'txt']
    """
    file_names = {path.name for folder in _folders(templates) for path in folder.glob(f"{kind}.*.j2")}
    return sorted(name.removeprefix(f"{kind}.").removesuffix(".j2") for name in file_names)


def render(
    document: Document,
    format: str,
    *,
    convention: Convention = HOMEWORK,
    templates: Path | None = None,
    standalone: bool = False,
    paper: str = "a4",
    width: int = 120,
    kind: str = "trace",
    **values: Any,
) -> str:
    """The document as text in a format.

    ``standalone`` makes a whole document where the format has fragments (tex); ``width`` is that of the terminal;
    ``kind`` and ``values`` are for documents that have templates and values of their own.

    Raises FormatError where there is no such format, or its template cannot be filled.

    >>> from tracegen.formula import name
    >>> from tracegen.document.table import Column, Row, Words
    >>> rows = (Row("v0", (name("v0"), name("x1"))),)
    >>> table = Table("y/primal", (Words("y"),), (Column("line", Words("line")), Column("is", None)), rows)
    >>> print(render(Document("y", (table,)), "csv"))
    table,row,line,is
    y/primal,v0,v0,x1
    <BLANKLINE>
    """
    from jinja2 import TemplateSyntaxError

    if paper not in PAPERS:
        raise FormatError(f"there is no paper {paper!r}; there are {', '.join(PAPERS)}")
    offered = formats(templates, kind)
    if format not in offered:
        raise FormatError(f"there is no format {format!r}; there are {', '.join(offered)}")
    _check_delimiters(f"{kind}.{format}.j2", templates)
    environment = _environment(format, templates, convention, width)
    try:
        template = environment.get_template(f"{kind}.{format}.j2")
        return template.render(document=document, standalone=standalone, paper=paper, convention=convention, **values)
    except TemplateSyntaxError as error:
        raise FormatError(f"the template {error.name}, line {error.lineno}: {error.message}") from error
    except Exception as error:  # what a template calls may raise anything
        where = _place_in_template(error, templates) or f"{kind}.{format}.j2"
        raise FormatError(f"the template {where} can't be filled: {' '.join(str(error).split())}") from error


_OTHER_DELIMITERS = re.compile(
    r"\{%-?\s*(?:for|if|set|include|block|extends|macro|import|with)\b|\{\{-?\s*[\w.\[\]]+\s*(?:\||-?\}\})"
)


def _check_delimiters(file_name: str, templates: Path | None) -> None:
    """Raise FormatError for a user's template of LaTeX with the statements of others, which LaTeX would get."""
    path = templates / file_name if templates is not None else None
    if path is None or not file_name.endswith("tex.j2") or not path.is_file():
        return
    text = path.read_text("utf-8", "replace")
    found = _OTHER_DELIMITERS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        fault = "a template of LaTeX has ((* *)) around statements and ((( ))) around values"
        raise FormatError(f"the template {file_name}, line {line}: {fault}, not {found[0]}")


def _place_in_template(error: Exception, templates: Path | None) -> str:
    """The file and line of a template in which something went wrong; nothing where it is not known."""
    folders = {str(folder) for folder in _folders(templates)}
    places = [
        f"{Path(frame.f_code.co_filename).name}, line {line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(Path(frame.f_code.co_filename).parent) in folders
    ]
    return places[-1] if places else ""


def _folders(templates: Path | None) -> list[Path]:
    if templates is not None and not templates.is_dir():
        raise FormatError(f"there is no folder of templates {templates}")
    return [own_templates()] if templates is None else [templates, own_templates()]


def templates_digest(templates: Path | None) -> str:
    """What all templates are, as a short text: another one where any of them has changed."""
    whole = hashlib.sha256()
    for folder in _folders(templates):
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.stat().st_size <= LARGEST_TEMPLATE:
                whole.update(path.name.encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes())
    return whole.hexdigest()


@lru_cache(maxsize=16)
def _environment(format: str, templates: Path | None, convention: Convention, width: int) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    language = format.rpartition(".")[2]
    cells = FORMATS.get(language, PlainCells)(convention)
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_folders(templates)),
        undefined=StrictUndefined,
        autoescape=language == "html",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **(_IN_LATEX if language.endswith("tex") else {}),
    )
    finished: Callable[[str], str] = Markup if language == "html" else str
    environment.globals |= {
        "report_mark": REPORT_MARK, "given_mark": GIVEN_MARK, "asked_mark": ASKED_MARK, "given_heading": GIVEN_HEADING,
    }  # fmt: skip
    environment.filters |= {
        "cell": lambda cell: finished(cells(cell)),
        "cells": lambda row: [finished(cells(cell)) for cell in row],
        "rows": lambda table: ([finished(cells(cell)) for cell in row.cells] for row in table.rows),
        "lines": lambda table, between: (finished(between.join(map(cells, row.cells))) for row in table.rows),
        "line": lambda line: finished(cells.line(line)),
        "latex": LatexCells(convention).printed,
        "within": lambda text: _within(text, width),
        "boxed": lambda table: _boxed(table, cells, width),
        "reasons": reasons,
        "breadth": breadth,
    }
    return environment


def reasons(table: Table) -> list[str]:
    """Why cells of a table were left out, each reason once."""
    marks = (cell for row in table.rows for cell in row.cells if isinstance(cell, Mark))
    return list(dict.fromkeys(mark.because for mark in marks))


def breadth(table: Table, page: int = 0) -> int:
    """About how many characters a table is wide; one whose words are folded, on a page of so many."""
    plain = PlainCells(HOMEWORK)
    # what is wide shows in the first rows and at the end, where rules and values are longest
    rows = [table.rows[at] for at in {*range(len(table.rows))[:40], *range(len(table.rows))[-40:]}]
    columns = zip(*[[column.heading for column in table.columns], *(row.cells for row in rows)], strict=True)
    widest = [max(len(cell if isinstance(cell, str) else plain(cell)) for cell in column) for column in columns]
    if page:
        shares = [column.folded for column in table.columns]
        widest = [int(share * page) if share else wide for share, wide in zip(shares, widest, strict=True)]
    return sum(widest) + 3 * len(widest)


def _within(text: str, width: int) -> list[str]:
    """A text in lines that are narrower than a terminal by an indent."""
    from tracegen.document.boxes import folds

    return folds(text, width - 4)


def _boxed(table: Table, cells: Cells, width: int) -> str:
    from tracegen.document.boxes import boxed

    headings = [cells(column.heading) for column in table.columns]
    rows = [list(map(cells, row.cells)) for row in table.rows]
    return boxed(headings, rows, [column.numeric for column in table.columns], width)
