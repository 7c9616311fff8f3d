"""What a run of a class rested on, kept beside its reports, and what another run has changed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from io import StringIO
from pathlib import Path

from tracegen.document.cells import in_a_field, one_line
from tracegen.errors import Place, ToolError
from tracegen.files.writing import write
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.keeping import restored
from tracegen.grading.classes.kept import INDEX, digest
from tracegen.grading.classes.rulings import RULED
from tracegen.grading.report import Report
from tracegen.grading.verdicts import Judgement

_FILE = "run.json"
_COLUMNS = ("sheet", "table", "row", "cell", "text", "before", "after", "why")


@dataclass(frozen=True)
class Settings:
    """What all reports of a run depend on: the texts of the problems, the rubric and the rulings, and the version."""

    version: str
    problem: str
    rubric: str = ""
    rulings: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return "\0".join((self.version, self.problem, self.rubric, self.rulings))

    def digests(self) -> dict[str, str]:
        """A short text for each."""
        return {entry.name: digest(getattr(self, entry.name).encode()) for entry in fields(self)}


@dataclass(frozen=True)
class Run:
    """A run as it is kept: short texts for what it rested on, and for each sheet that of its text and of its report."""

    settings: Mapping[str, str]
    sheets: Mapping[str, tuple[str, str]]
    folder: Path = Path()

    @classmethod
    def of(cls, sheets: Sequence[Sheet], settings: Settings) -> Run:
        """What a run is to be kept as."""
        found = {sheet.name: (digest(_said(sheet)), sheet.key(settings.text)) for sheet in sheets}
        return cls(settings.digests(), found)

    @classmethod
    def read(cls, folder: Path) -> Run:
        """The run of a folder of reports. Raises ToolError where no class was graded there."""
        try:
            data = json.loads((folder / INDEX / _FILE).read_text("utf-8"))
            sheets = {name: (str(text), str(key)) for name, (text, key) in data["sheets"].items()}
            return cls(dict(data["settings"]), sheets, folder / INDEX)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise ToolError("no class was graded here", Place(str(folder))) from None

    def write(self, index: Path) -> None:
        """Keep it, and of the reports of all runs those of this one and of the one before.

        Raises ToolError where it can't be written."""
        keys = {key for _, key in self.sheets.values()}
        with suppress(ToolError):  # it may be the first
            keys |= {key for _, key in Run.read(index.parent).sheets.values()}
        write(index / _FILE, json.dumps(asdict(self) | {"folder": ""}, allow_nan=False, sort_keys=True))
        for path in index.glob("*.json"):
            if path.name != _FILE and path.stem not in keys:
                path.unlink(missing_ok=True)

    def report(self, name: str) -> Report | None:
        """The report that a sheet had."""
        try:
            return restored(json.loads((self.folder / f"{self.sheets[name][1]}.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None


@dataclass(frozen=True)
class Change:
    """A mark that is another one: of which cell, what it was and is, and why."""

    sheet: str
    table: str
    row: str
    cell: str
    text: str
    before: str
    after: str
    why: str


def changes(old: Run, new: Run, reports: Sequence[Report]) -> list[Change]:
    """Every mark that is not what it was, sheet by sheet, with what changed it."""
    found: list[Change] = []
    for report in reports:
        if report.source not in old.sheets:
            found.append(_whole(report.source, "", _total(report), "new sheet"))
            continue
        if old.sheets[report.source] == new.sheets[report.source]:
            continue
        before = old.report(report.source)
        if before is None:
            found.append(_whole(report.source, "", _total(report), "the report before is not kept"))
            continue
        why = _why(old, new, report.source)
        found += _of_sheet(before, report, why)
    for name in old.sheets.keys() - new.sheets.keys():
        gone = old.report(name)
        found.append(_whole(name, _total(gone) if gone else "", "", "the sheet is gone"))
    return sorted(found, key=lambda change: change.sheet)


def table_of(found: Sequence[Change]) -> str:
    """The changes as CSV; no field is taken for a formula by a spreadsheet."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for change in found:
        writer.writerow([in_a_field(one_line(getattr(change, column))) for column in _COLUMNS])
    return written.getvalue()


def _of_sheet(before: Report, after: Report, why: str) -> Iterator[Change]:
    old, new = _placed(before), _placed(after)
    for place in dict.fromkeys((*new, *old)):
        cells = old.get(place), new.get(place)
        marks = _marks(cells[0]), _marks(cells[1])
        if marks[0] != marks[1]:
            one = cells[1] or cells[0]
            ruled = any(cell is not None and RULED in cell.tags for cell in cells)
            text = one.text if one else ""
            table, row, kind, _ = place
            yield Change(after.source, table, row, kind, text, *marks, "ruling" if ruled else why)
    if _total(before) != _total(after):
        yield _whole(after.source, _total(before), _total(after), why)


def _placed(report: Report) -> dict[tuple[str, str, str, int], Judgement]:
    """The cells by what they are of, and which of several."""
    found: dict[tuple[str, str, str, int], Judgement] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for cell in report.cells:
        place = (cell.part, cell.row, cell.cell)
        counts[place] = at = counts.get(place, 0) + 1
        found[*place, at] = cell
    return found


def _why(old: Run, new: Run, name: str) -> str:
    """What is not as it was, of a sheet and of all that the runs rest on."""
    differ = ["sheet"] if old.sheets[name][0] != new.sheets[name][0] else []
    names = {"rulings": "ruling"}
    differ += [names.get(part, part) for part, said in new.settings.items() if old.settings.get(part) != said]
    return ", ".join(differ)


def _whole(sheet: str, before: str, after: str, why: str) -> Change:
    return Change(sheet, "", "", "all", "", before, after, why)


def _marks(cell: Judgement | None) -> str:
    if cell is None:
        return ""
    return f"{cell.marks:g}/{cell.of:g}" + (f", {cell.open:g} open" if cell.open else "")


def _total(report: Report) -> str:
    return f"{report.score:g}/{report.max_score:g}" + (f", {report.open:g} open" if report.open else "")


def _said(sheet: Sheet) -> bytes:
    return "\0".join((sheet.suffix, sheet.text, sheet.failure)).encode("utf-8", "surrogatepass")
