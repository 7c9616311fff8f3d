"""Writes the files on a class: its pages, the gradebook, the page to review, and what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracegen.document.render import render
from tracegen.grading.classes.classroom import class_document, gradebook
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.pages import Layout, Pages
from tracegen.grading.classes.review import groups_of, review_page
from tracegen.grading.classes.roster import Roster, fill
from tracegen.grading.classes.rulings import Rulings
from tracegen.grading.classes.runs import Run, Settings, changes, table_of
from tracegen.grading.classes.together import Student, of_students
from tracegen.grading.report import Report
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem


@dataclass(frozen=True)
class Asked:
    """What is to be graded, against what, and how its reports are laid out."""

    problems: Sequence[Problem]
    sheets: Sequence[Sheet]
    rubric: Rubric
    rulings: Rulings
    layout: Layout
    settings: Settings
    roster: Roster | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """The students' own names, where reports have others."""

    @property
    def title(self) -> str:
        """The titles of the problems."""
        return "; ".join(problem.title for problem in self.problems if problem.title)


def write_overviews(asked: Asked, reports: Sequence[Report], pages: Pages, old: Run | None) -> list[str]:
    """Write all that is about the class as a whole. Gives notes for whoever graded it.

    Raises ToolError where a file can't be written.
    """
    students = of_students(reports, asked.sheets, asked.rubric)
    pages.write_together([student for student in students if len(student.sheets) > 1])
    _write_class(students, pages, asked.title)
    groups = groups_of(reports, asked.sheets, asked.problems)
    page = review_page(groups, asked.rulings, f"Review: {asked.title or 'class'}", asked.layout.templates)
    pages.write_about(pages.review, page)
    run = Run.of(asked.sheets, asked.settings)
    notes = _compared(old, run, reports, pages) if old is not None else []
    if asked.roster is not None:
        notes += _filled(asked.roster, students, asked.names, pages)
    run.write(pages.index)
    return [*notes, *pages.clear()]


def _filled(roster: Roster, students: Sequence[Student], names: Mapping[str, str], pages: Pages) -> list[str]:
    """Write the gradebook of the platform with the marks. Gives a note on those who have none in it."""
    filled = fill(roster, [replace(student, name=names.get(student.name, student.name)) for student in students])
    pages.write_about(pages.filled, roster.written(filled.marks))
    notes = [f"{len(filled.marks)} of {len(students)} students have their marks in {pages.filled.name}"]
    for said, left in (("no line of their own", filled.unknown), ("no marks, for a person has to", filled.unmarked)):
        if left:
            notes.append(f"{said}: {', '.join(sorted(left))}")
    return notes


def _compared(old: Run, new: Run, reports: Sequence[Report], pages: Pages) -> list[str]:
    found = changes(old, new, reports)
    pages.write_about(pages.changes, table_of(found))
    sheets = len({change.sheet for change in found})
    counts = Counter(change.why for change in found if change.cell != "all")
    why = ", ".join(f"{count} by {reason}" for reason, count in sorted(counts.items()))
    return [f"{sheets} of {len(reports)} sheets have other marks{f': {why}' if why else ''}; see {pages.changes.name}"]


def _write_class(students: Sequence[Student], pages: Pages, title: str) -> None:
    """The page of the class, also in the format of the reports where that is another, and the marks."""
    reports = [student.report for student in students]
    sheets = {student.report.source: student.sheets for student in students}
    document, layout = class_document(reports, title, sheets), pages.layout
    links = {name: path.name for name, path in pages.paths.items()}
    for format, path in pages.overviews.items():
        page = render(
            document, format, kind="report", report=None, links=links, standalone=True, templates=layout.templates
        )
        pages.write_about(path, page)
    pages.write_about(pages.gradebook, gradebook(reports, sheets))
