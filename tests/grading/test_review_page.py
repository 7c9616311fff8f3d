"""The review page in a real browser: by keyboard, in groups, on a phone, and what it exports is graded with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.browser import browser, opened
from tracegen.cli.dispatch import main
from tracegen.grading.classes.rulings import Rulings

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
ROWS = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = {}\nv3 = {} = 0.909\nv4 = v2 + v3 = 2.909\n"
UNLABELLED = """return [...document.querySelectorAll("input, select, textarea, button")]
  .filter(one => !(one.labels && one.labels.length) && !one.textContent.trim()).length"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class that is graded, with a page to review."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    (tmp_path / "in").mkdir()
    rules = ["cos(v0)", "cos(v0)", "\\oplus v0", "exp(v0) <b>\u2028\x7f", "sin(v1)", "v0 sin"]
    for at, rule in enumerate(rules):
        (tmp_path / "in" / f"s{at}.md").write_text(ROWS.format(2 + at % 2 * 5, rule), "utf-8")
    assert grade() == 0
    return tmp_path


def grade(*more: str) -> int:
    command = ["grade", "p.toml", "in", "--output", "out", "--jobs", "1", *more]
    return CliRunner().invoke(main, command, catch_exceptions=False).exit_code


def press(window: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    for key in keys:
        ActionChains(window).send_keys(key).perform()


def test_cells_are_decided_by_keyboard_and_the_export_is_graded_with(desk: Path) -> None:
    with browser() as window:
        opened(window, desk / "out" / "review.html")
        count = len(window.find_elements("css selector", "article"))
        press(window, "j", "r", "j", "w", "s", "not so", "\ue00c", "j", "m", "0.5", "\ue00c", "k", "e")
        assert window.execute_script("return document.querySelectorAll('article.decided').length") == 3
        exported = window.execute_script("return document.getElementById('toml').value")
    rulings = Rulings.from_toml(exported).all()
    assert [(ruling.verdict, ruling.marks, ruling.says) for ruling in rulings] == [
        ("right", None, ""), ("wrong", None, "not so"), ("right", 0.5, "")
    ]  # fmt: skip
    (desk / "rulings.toml").write_text(exported, "utf-8")
    assert grade("--rulings", "rulings.toml") == 0
    with browser() as window:
        opened(window, desk / "out" / "review.html")
        left = len(window.find_elements("css selector", "article"))
        assert count - 3 <= left < count
        press(window, "e")
        again = window.execute_script("return document.getElementById('toml').value")
    assert Rulings.from_toml(again) == Rulings.from_toml(exported)


def test_groups_are_decided_at_once_and_whatever_stands_there_is_exported(desk: Path) -> None:
    with browser() as window:
        opened(window, desk / "out" / "review.html")
        articles = window.find_elements("css selector", "article")
        window.find_element("id", "all").click()
        press(window, "j", "w", "s", 'a "quoted" \\ sentence', "\ue00c", "e")
        exported = window.execute_script("return document.getElementById('toml').value")
        assert window.find_element("id", "state").text == "exported"
    rulings = Rulings.from_toml(exported).all()
    assert len(rulings) == len(articles)
    assert {ruling.says for ruling in rulings} == {'a "quoted" \\ sentence'}


def test_the_filters_leave_what_is_asked_for(desk: Path) -> None:
    shown = "return [...document.querySelectorAll('article')].filter(one => one.offsetHeight).length"
    with browser() as window:
        opened(window, desk / "out" / "review.html")
        everything = window.execute_script(shown)
        window.find_element("css selector", "#filter option[value=wrong]").click()
        wrong = window.execute_script(shown)
        window.find_element("css selector", "#filter option[value='unread unsure']").click()
        assert 0 < window.execute_script(shown) == everything - wrong < everything
        window.find_element("id", "search").send_keys("oplus")
        assert window.execute_script(shown) == 1


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("page", ["review", "class"])
def test_the_pages_of_a_class_fit_a_phone_and_everything_has_a_name(desk: Path, page: str, width: int) -> None:
    with browser(width) as window:
        opened(window, desk / "out" / f"{page}.html")
        assert window.execute_script("return document.documentElement.scrollWidth") <= width
        assert window.execute_script(UNLABELLED) == 0
        assert window.execute_script("return document.documentElement.lang") == "en"
