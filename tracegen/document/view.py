"""Tables that show themselves: in a notebook, or as text in any format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen.document.table import Document, Table
from tracegen.notation.profiles import Convention


@dataclass(frozen=True)
class View:
    """Some tables of a trace, ready to be shown."""

    document: Document
    convention: Convention

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables themselves: cells hold formulas, numbers and words."""
        return self.document.tables

    def to(self, format: str, *, templates: str | Path | None = None, **options: Any) -> str:
        """The tables as text in a format.

        ``templates`` is a folder of templates of the user's own, which come first; ``standalone=True`` makes a whole
        document of LaTeX. Raises FormatError where there is no such format.
        """
        from tracegen.document.render import render

        folder = Path(templates) if templates is not None else None
        return render(self.document, format, convention=self.convention, templates=folder, **options)

    def _repr_html_(self) -> str:
        return self.to("html", kind="notebook")

    def _repr_markdown_(self) -> str:
        return self.to("md")

    def _repr_latex_(self) -> str:
        return self.to("tex")

    def __str__(self) -> str:
        return self.to("txt")
