"""Tables that show themselves: in a notebook, or as text in any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tracegen.document.cells import CsvCells, PlainCells
from tracegen.document.table import Cell, Document, Table
from tracegen.errors import ProblemError, ToolError, with_options_checked
from tracegen.formula import Formula
from tracegen.notation.profiles import Convention


@dataclass(frozen=True, repr=False)
class View:
    """Some tables of a trace, ready to be shown."""

    document: Document
    convention: Convention

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables themselves: cells hold formulas, numbers and words."""
        return self.document.tables

    def __len__(self) -> int:
        return sum(len(table.rows) for table in self.tables)

    def __iter__(self) -> Iterator[dict[str, str | None]]:
        """The rows, each with its cells by the keys of the columns."""
        return iter(self.records())

    def __getitem__(self, key: int | str) -> dict[str, str | None]:
        """A row by its place, or by the name of its line. Raises ProblemError where there is none."""
        records = self.records()
        if isinstance(key, str):
            found = [record for record in records if record["row"] == key]
            if not found:
                rows = ", ".join(dict.fromkeys(str(record["row"]) for record in records))
                raise ProblemError(f"there is no row {key!r}; there are {rows}")
            return found[0]
        if not -len(records) <= key < len(records):
            raise ProblemError(f"there is no row {key}; there are {len(records)}")
        return records[key]

    def records(self) -> list[dict[str, str | None]]:
        """The rows as dictionaries: the table, the row, and each cell by the key of its column, as text that SymPy
        reads or a decimal; None where there is nothing."""
        printed = CsvCells(self.convention).printed
        found: list[dict[str, str | None]] = []
        for table in self.tables:
            keys = ("table", "row", *(column.key for column in table.columns))
            for row in table.rows:
                cells = (_plain(cell, printed) for cell in row.cells)
                found.append(dict(zip(keys, (table.key, row.key, *cells), strict=True)))
        return found

    def to_dataframe(self) -> Any:
        """The rows as a DataFrame of pandas, or of polars where pandas is not installed; decimals as floats.

        Raises ToolError where neither is.
        """
        try:
            library = import_module("pandas")
        except ImportError:
            try:
                library = import_module("polars")
            except ImportError:
                raise ToolError("a DataFrame needs pandas: pip install 'tracegen[pandas]' (or polars)") from None
        records = self.records()
        keys = list(dict.fromkeys(key for record in records for key in record))
        numeric = {column.key for table in self.tables for column in table.columns if column.numeric}
        return library.DataFrame({key: [_number(each.get(key), key in numeric) for each in records] for key in keys})

    @with_options_checked
    def to(
        self,
        format: str,
        *,
        templates: str | Path | None = None,
        standalone: bool = False,
        paper: str = "a4",
        width: int = 120,
    ) -> str:
        """The tables as text in a format.

        ``templates`` is a folder of templates of the user's own, which come first; ``standalone`` makes a whole
        document of LaTeX, on ``paper``; text is at most ``width`` wide. Raises FormatError where there is no such
        format, OptionError for an option that is not there.
        """
        return self._rendered(format, templates=templates, standalone=standalone, paper=paper, width=width)

    def _rendered(self, format: str, *, templates: str | Path | None = None, **options: Any) -> str:
        from tracegen.document.render import render

        folder = Path(templates) if templates is not None else None
        return render(self.document, format, convention=self.convention, templates=folder, **options)

    def _repr_html_(self) -> str:
        return self._rendered("html", kind="notebook")

    def _repr_markdown_(self) -> str:
        return self.to("md")

    def _repr_latex_(self) -> str:
        return self.to("tex")

    def __str__(self) -> str:
        return self.to("txt")

    def __repr__(self) -> str:
        titles = "; ".join(dict.fromkeys(PlainCells(self.convention).line(table.title) for table in self.tables))
        return f"<{titles or 'no tables'}: {len(self)} row{'s' * (len(self) != 1)}>"


def _plain(cell: Cell, printed: Callable[[Formula], str]) -> str | None:
    """What is in a cell as text for programs."""
    if isinstance(cell, Formula):
        return printed(cell)
    return str(cell) if isinstance(cell, str) else None


def _number(text: str | None, is_numeric: bool) -> str | float | None:
    """A decimal as a float; a matrix of them stays text."""
    try:
        return float(text) if is_numeric and text is not None else text
    except ValueError:
        return text
