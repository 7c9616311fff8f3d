"""The pages of a class: written once for a report, and again only where they are not as they were written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracegen.errors import FormatError
from tracegen.grading.classes.batch import grade_class
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.pages import LONGEST_NAME, Layout, Pages, file_name
from tracegen.problems.problem import Problem

SHEETS = [Sheet(f"{name}.md", ".md", f"v0 = x1 = {number}\nv1 = x2 = 1\n") for number, name in enumerate("abcd")]
MD = Layout("md")


def written(
    problem: Problem, folder: Path, sheets: list[Sheet] = SHEETS, layout: Layout = MD, settings: str = ""
) -> int:
    """How many pages a run over a class writes."""
    kept = folder / ".graded"
    pages = Pages(folder, kept, layout, [sheet.name for sheet in sheets])
    with ThreadPoolExecutor(2) as executor:
        reports = grade_class([problem], sheets, executor, cache=kept, settings=settings, pages=pages)
    for report in reports:
        assert pages.path(report.source).read_text("utf-8") == layout.text(report)
    return pages.written


def edited(folder: Path) -> None:
    (folder / "b.md").write_text("my own words", "utf-8")


def deleted(folder: Path) -> None:
    (folder / "b.md").unlink()


def swapped(folder: Path) -> None:
    a, b = (folder / "a.md").read_bytes(), (folder / "b.md").read_bytes()
    (folder / "a.md").write_bytes(b)
    (folder / "b.md").write_bytes(a)


def forgotten(folder: Path) -> None:
    for digest in (folder / ".graded").glob("*.page"):
        digest.write_bytes(b"\xff")


def damaged(folder: Path) -> None:
    for report in (folder / ".graded").glob("*.json"):
        report.write_text("{", "utf-8")


@pytest.mark.parametrize(
    ("change", "again"),
    [(edited, 1), (deleted, 1), (swapped, 2), (forgotten, 4), (damaged, 4), (lambda folder: None, 0)],
)  # fmt: skip
def test_a_page_is_written_again_where_it_is_not_as_it_was(
    first: Problem, tmp_path: Path, change: Callable[[Path], None], again: int
) -> None:
    assert written(first, tmp_path) == 4
    change(tmp_path)
    assert written(first, tmp_path) == again
    assert written(first, tmp_path) == 0


def test_a_page_is_written_again_for_another_report_format_or_template(first: Problem, tmp_path: Path) -> None:
    assert written(first, tmp_path) == 4
    changed = [SHEETS[0], Sheet("b.md", ".md", "v0 = x1 = 2\n"), *SHEETS[2:]]
    assert written(first, tmp_path, changed) == 1
    assert written(first, tmp_path, changed, settings="another rubric") == 4
    assert written(first, tmp_path, changed, Layout("html")) == 4
    own = tmp_path / "own"
    own.mkdir()
    for text, again in (("{{ report.score }}", 4), ("{{ report.score }}", 0), ("{{ report.max_score }}", 4)):
        (own / "report.md.j2").write_text(text, "utf-8")
        assert written(first, tmp_path, changed, Layout("md", own)) == again


def test_a_name_that_another_sheet_had_is_that_of_its_page(first: Problem, tmp_path: Path) -> None:
    assert written(first, tmp_path, [Sheet("x y.md", ".md", "v0 = x1 = 2")]) == 1
    both = [Sheet("x/y.md", ".md", "v0 = x1 = 3"), Sheet("x y.md", ".md", "v0 = x1 = 2")]
    assert written(first, tmp_path, both) == 2
    assert "x/y.md" in (tmp_path / "x_y.md").read_text("utf-8")


def test_a_template_that_cannot_be_filled_ends_the_run(first: Problem, tmp_path: Path) -> None:
    (tmp_path / "report.md.j2").write_text("{{ nothing.of.this }}", "utf-8")
    with pytest.raises(FormatError, match="can't be filled"):
        written(first, tmp_path / "out", layout=Layout("md", tmp_path))
    assert not list((tmp_path / "out").glob("*.md"))


class Unprintable(Layout):
    """A layout in which one report can't be laid out, by a fault of the program."""

    def text(self, report):  # type: ignore[no-untyped-def]
        if report.source == "b.md" and not report.failure:
            raise ZeroDivisionError
        return super().text(report)


def test_a_report_that_cannot_be_laid_out_stops_no_other(first: Problem, tmp_path: Path) -> None:
    pages = Pages(tmp_path, tmp_path / ".graded", Unprintable("md"), [sheet.name for sheet in SHEETS])
    with ThreadPoolExecutor(2) as executor:
        reports = grade_class([first], SHEETS, executor, pages=pages)
    assert [report.source for report in reports if report.failure] == ["b.md"]
    assert "unexpected ZeroDivisionError" in (tmp_path / "b.md").read_text("utf-8")
    assert pages.written == 4


@pytest.mark.parametrize("source", ["漢" * 200 + ".md", "𝒙" * 90, "a" * 300, "..", "", "/", "C:\\x.md", "CLASS.md"])
def test_names_of_files_are_safe_and_short(source: str) -> None:
    taken: set[str] = set()
    names = [file_name(source, taken) for _ in range(3)]
    assert len({name.lower() for name in names}) == 3
    assert all(0 < len(name.encode()) <= LONGEST_NAME + 2 for name in names)
    assert not any(set(name) & set("/\\.: ") or name.lower() in ("class", "gradebook") for name in names)
