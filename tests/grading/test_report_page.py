"""The pages of reports and of a class in a real browser: wide, narrow, with and without script."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import browser, opened
from tracegen.document.render import render
from tracegen.grading.classes.classroom import class_document
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

SHEET = (
    "v0 = x1 = 2\nv1 = x2 = 1\nv2 = 2 v1 = 2\nv3 = exp(v1) = exp(2)\nv4 = v1^2 = 1\n\n$v_5 = 3 v_4 \\oplus "
    + "x" * 300
    + "$\n\n$\\bar v_8 = 1$\n\n$\\bar v_7 = \\bar v_8 <script>alert(1)</script> = 1$\n"
)
VISIBLE = "return [...document.querySelectorAll('.cells tbody tr')].filter(row => row.offsetHeight).length"


@pytest.fixture
def page(first: Problem, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(grade(first, SHEET, source="a.md").to("html"), "utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("script", [True, False])
def test_a_report_fits_its_window_and_can_be_filtered(page: Path, width: int, script: bool) -> None:
    with browser(width, script=script) as window:
        opened(window, page)
        # the driver's own script runs even where that of pages does not
        assert window.execute_script("return document.documentElement.scrollWidth") <= width
        everything = window.execute_script(VISIBLE)
        assert everything == window.execute_script("return document.querySelectorAll('.cells tbody tr').length") > 10
        wrong = window.find_elements("css selector", "tr.wrong code")
        assert [element.text for element in wrong] == ["exp(v1)"]
        boxes = window.find_elements("css selector", ".filter input")
        assert all(box.is_displayed() == script for box in boxes)
        if script:
            next(box for box in boxes if box.get_attribute("value") == "right").click()
            assert 0 < window.execute_script(VISIBLE) < everything
        window.find_elements("css selector", ".parts a")[-1].click()
        assert window.execute_script("return location.hash").startswith("#part-")


def test_a_narrow_report_shows_the_reason_below_the_row(page: Path) -> None:
    with browser(400) as window:
        opened(window, page)
        row = window.find_element("css selector", "tr.wrong")
        reason = next(cell for cell in row.find_elements("css selector", "td") if "v2 would be right" in cell.text)
        assert reason.rect["x"] >= 0
        assert reason.rect["x"] + reason.rect["width"] <= 400
        assert reason.rect["y"] > row.find_element("css selector", "td").rect["y"]


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_of_a_class_leads_to_the_reports(first: Problem, tmp_path: Path, page: Path, width: int) -> None:
    reports = [grade(first, SHEET, source=f"a long name of a student {number}.md") for number in range(3)]
    links = {report.source: page.name for report in reports}
    path = tmp_path / "class.html"
    path.write_text(render(class_document(reports), "html", kind="report", report=None, links=links), "utf-8")
    with browser(width) as window:
        opened(window, path)
        assert window.execute_script("return document.documentElement.scrollWidth") <= width
        (first_link, *_) = window.find_elements("css selector", "td a")
        first_link.click()
        assert window.current_url == page.as_uri()
