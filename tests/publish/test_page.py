"""The stepping page in a real Chromium: every step clicked through, and what lights up compared with the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.browser import browser, opened
from tracegen import trace
from tracegen.errors import ProblemError
from tracegen.examples import path_of
from tracegen.publish.page import page_of
from tracegen.traces import Trace
from tracegen.wengert.wengert_list import ONE

EXAMPLES = ["homework1", "baydin", "homework2", "homework2_numbers"]

STATE = """
const part = [...document.querySelectorAll('.part')].find(one => !one.hidden);
const shown = one => getComputedStyle(one).visibility === 'visible' && one.offsetParent !== null;
const places = what => [...part.querySelectorAll(what)].map(one => one.dataset.place);
return {
  output: part.dataset.output, where: part.querySelector('.where').textContent,
  now: places('tr.now'), used: places('tr.used').sort(),
  circle: [...part.querySelectorAll('.circle.now')].map(one => one.id),
  lit: [...part.querySelectorAll('.wire.lit')].map(one => one.id).sort(),
  forward: [...part.querySelectorAll('tbody tr')].filter(one => one.querySelector('td.tangent.known'))
    .map(one => one.dataset.place),
  adjoint: [...part.querySelectorAll('td.adjoint.rule.known')].map(one => one.closest('tr').dataset.place),
  step: [...part.querySelectorAll('.steps > li')].filter(one => one.offsetParent !== null).length,
  arrivals: part.querySelectorAll('.steps > li.now .arrivals > li').length,
  arrows: [...part.querySelectorAll('.graph .reverse')]
    .filter(one => getComputedStyle(one).visibility === 'visible').length,
};
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Trace, Path]]:
    place = tmp_path_factory.mktemp("pages")
    found = {}
    for example in EXAMPLES:
        traced = trace(path_of(example), profile="baydin" if example == "baydin" else "homework")
        path = place / f"{example}.html"
        path.write_text(page_of(traced), encoding="utf-8")
        found[example] = traced, path
    return found


@pytest.fixture(scope="module")
def window() -> Iterator[Any]:
    with browser() as found:
        yield found


def slide(window: Any, step: int) -> None:
    window.execute_script(
        "const one = document.querySelector('.part:not([hidden]) input[type=range]');"
        "one.value = arguments[0]; one.dispatchEvent(new Event('input'))", step,
    )  # fmt: skip


def press(window: Any, key: str) -> None:
    from selenium.webdriver.common.keys import Keys

    window.find_element("tag name", "body").send_keys(getattr(Keys, key))


def click(window: Any, what: str) -> None:
    window.execute_script("document.querySelector(arguments[0]).click()", f".part:not([hidden]) {what}")


def choose(window: Any, select: str, value: str) -> None:
    from selenium.webdriver.support.ui import Select

    Select(window.find_element("css selector", f"select[name={select}]")).select_by_value(value)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_step_lights_up_its_row_its_circle_and_its_wires(
    window: Any, pages: dict[str, tuple[Trace, Path]], example: str
) -> None:
    traced, path = pages[example]
    opened(window, path)
    for output in traced.outputs:
        choose(window, "output", output)
        click(window, ".first")
        evaluation = next(entry for entry in traced.evaluations if output in entry.wengert.outputs)
        wengert = evaluation.wengert
        assert window.execute_script(STATE)["forward"] == []
        for place in range(len(wengert)):
            click(window, ".next")
            state = window.execute_script(STATE)
            operands = sorted({str(operand) for operand in wengert.line(place).operands if operand >= 0})
            assert state["now"] == [str(place)]
            assert state["circle"] == [f"{output}-v{place}"]
            assert state["used"] == sorted(operands)
            assert sorted({wire.split("-w")[1].split("-")[0] for wire in state["lit"]}) == operands
            assert state["forward"] == [str(before) for before in range(place + 1)]
            assert state["adjoint"] == []
            assert state["step"] == 1
        swept, _ = evaluation.adjoints({output: ONE})
        seen: set[str] = set()
        for place in reversed(range(wengert.outputs[output] + 1)):
            if place in evaluation.data:
                continue
            click(window, ".next")
            state = window.execute_script(STATE)
            children = {str(arrival.child) for arrival in swept.contributions.get(place, [])}
            seen.add(str(place))
            assert state["now"] == [str(place)]
            assert set(state["used"]) == children
            assert state["arrivals"] == len(children)
            heads = {wire.rsplit("-", 2)[1] for wire in state["lit"] if not wire.endswith(f"-{output}")}
            assert heads == children
            assert set(state["adjoint"]) == seen
            assert state["arrows"] >= len(children)
        assert window.find_element("css selector", ".part:not([hidden]) .next").get_attribute("disabled")


def test_keys_and_slider_go_the_same_way(window: Any, pages: dict[str, tuple[Trace, Path]]) -> None:
    opened(window, pages["homework1"][1], "output=y1")
    press(window, "ARROW_RIGHT")
    press(window, "ARROW_RIGHT")
    assert window.execute_script(STATE)["now"] == ["1"]
    press(window, "ARROW_LEFT")
    assert window.execute_script(STATE)["where"] == "forward 1 of 9"
    press(window, "END")
    assert window.execute_script(STATE)["where"] == "reverse 9 of 9"
    press(window, "HOME")
    assert window.execute_script(STATE)["where"] == "not begun"
    window.execute_script(
        "const one = document.querySelector('.part:not([hidden]) input[type=range]');"
        "one.value = 12; one.dispatchEvent(new Event('input'))"
    )
    assert window.execute_script(STATE)["where"] == "reverse 3 of 9"
    assert "step=12" in window.current_url


def test_the_input_chosen_is_the_one_whose_tangents_are_shown(
    window: Any, pages: dict[str, tuple[Trace, Path]]
) -> None:
    opened(window, pages["homework1"][1], "output=y2&step=16")
    for wanted in ("x1", "x2"):
        choose(window, "input", wanted)
        shown = window.execute_script(
            "return [...document.querySelectorAll('.part:not([hidden]) td.tangent.rule')]"
            ".filter(one => one.offsetParent !== null).map(one => one.dataset.input)"
        )
        assert shown == [wanted] * 8
        for step in (3, 8):
            slide(window, step)
            said = window.execute_script(
                "return [...document.querySelectorAll('.part:not([hidden]) .steps > li.now p.tangent')]"
                ".filter(one => one.offsetParent !== null).map(one => one.dataset.input)"
            )
            assert said == [wanted]


@pytest.mark.parametrize(
    ("output", "step", "said"),
    [
        ("y1", 4, ["v3=exp(v2)=e27.38906", "∂v3∂x1=exp(v2)∂v2∂x1=0"]),
        ("y1", 18, ["v¯0=v¯0←7=sin(3)0.141120"]),
    ],
)
def test_a_step_says_in_a_line_what_its_row_says(
    window: Any, pages: dict[str, tuple[Trace, Path]], output: str, step: int, said: list[str]
) -> None:
    opened(window, pages["homework1"][1], f"output={output}&input=x1")
    slide(window, step)
    lines = window.execute_script(
        "return [...document.querySelectorAll('.part:not([hidden]) .steps > li.now > p')]"
        ".filter(one => one.offsetParent !== null).map(one => one.textContent.replace(/[\\s\\u2061\\u2062]/g, ''))"
    )
    assert lines == said


RIGHT = {
    "p3": "exp(2)",
    "p8": "e^2 + 2 sin 3",
    "a-1": "2*e**2+12cos(3)",
    "a-5": "-1.97998",
    "t1-8": "2 exp(2) + 12 cos(3)",
    "p7": "v0*v6",
}
WRONG = {"p3": "exp(4)", "p8": "7.72", "a-1": "2e^2", "t1-8": "0"}
UNREAD = {"p3": "exp(2", "p8": "alert(1)", "a-1": "constructor", "a-5": "__proto__", "p7": "2 +* 3", "p2": "(" * 500}


@pytest.mark.parametrize(
    ("key", "text", "verdict"),
    [
        *((key, text, "right") for key, text in RIGHT.items()),
        *((key, text, "wrong") for key, text in WRONG.items()),
        *((key, text, "unread") for key, text in UNREAD.items()),
    ],
)  # fmt: skip
def test_a_cell_filled_in_is_checked(
    window: Any, pages: dict[str, tuple[Trace, Path]], key: str, text: str, verdict: str
) -> None:
    opened(window, pages["homework1"][1], "output=y1&input=x2&practice=1")
    assert filled(window, key, text) == verdict


def filled(window: Any, key: str, text: str) -> str:
    return str(
        window.execute_script(
            "const cell = [...document.querySelectorAll(`.part:not([hidden]) td[data-key='${arguments[0]}']`)]"
            ".find(one => one.querySelector('input'));"
            "const field = cell.querySelector('input'); field.value = arguments[1];"
            "field.dispatchEvent(new Event('change'));"
            "return ['right', 'wrong', 'unread'].filter(one => cell.classList.contains(one)).join()",
            key,
            text,
        )
    )


@pytest.mark.parametrize(
    ("key", "text", "verdict"),
    [
        ("a-0", "W1^T v1_bar", "right"), ("a-0", "W1.T @ (h_bar ∘ σ'(z))", "right"), ("a-0", "v1_bar", "wrong"),
        ("a-1", "v̄₁ xᵀ", "right"), ("a-1", "v1_bar x", "unread"), ("a-8", "h_bar * sigma'(z)", "unread"),
        ("a-8", "h_bar ∘ sigma'(z)", "right"), ("a-9", "R_bar r + W2ᵀ v̄2", "right"),
    ],
)  # fmt: skip
def test_rules_of_matrices_are_checked_by_numbers(
    window: Any, pages: dict[str, tuple[Trace, Path]], key: str, text: str, verdict: str
) -> None:
    opened(window, pages["homework2"][1], "output=L&practice=1")
    assert filled(window, key, text) == verdict


def test_nothing_of_the_answers_is_seen_before_it_is_filled_in(
    window: Any, pages: dict[str, tuple[Trace, Path]]
) -> None:
    opened(window, pages["homework1"][1], "output=y1&input=x2&practice=1")
    for step in range(19):
        window.execute_script(
            "const one = document.querySelector('.part:not([hidden]) input[type=range]');"
            "one.value = arguments[0]; one.dispatchEvent(new Event('input'))", step,
        )  # fmt: skip
        text = window.find_element("css selector", ".part:not([hidden])").text
        assert "cos" not in text
        assert "7.389" not in text
    assert filled(window, "p3", "exp(2)") == "right"
    assert "7.38906" in window.find_element("css selector", ".part:not([hidden]) table").text


class Collected(HTMLParser):
    """What a page refers to, and its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("src", "href", "srcset", "data", "action") or name.startswith("on"):
                self.outside.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_one_file_that_asks_for_nothing(pages: dict[str, tuple[Trace, Path]], example: str) -> None:
    text = pages[example][1].read_text(encoding="utf-8")
    found = Collected(text)
    assert found.outside == []
    assert len(found.ids) == len(set(found.ids))
    assert re.findall(r"https?://[^\"' ]+", text.replace("http://www.w3.org/2000/svg", "")) == []
    assert "@import" not in text
    assert "url(" not in text


def test_it_is_read_without_script(pages: dict[str, tuple[Trace, Path]]) -> None:
    with browser(script=False) as window:
        window.get(pages["homework1"][1].as_uri())
        seen = window.find_element("tag name", "body").text
    assert seen.count("Output") == 2
    assert "7.38906" in seen
    assert "2.89820" in seen


@pytest.mark.parametrize(("width", "height", "dark"), [(390, 844, False), (1280, 900, True)])
def test_it_fits_a_telephone_and_the_dark(
    pages: dict[str, tuple[Trace, Path]], width: int, height: int, dark: bool
) -> None:
    with browser(width, height, dark) as window:
        for example in ("homework1", "homework2"):
            opened(window, pages[example][1], "step=12")
            assert window.execute_script("return document.documentElement.scrollWidth <= innerWidth")
            sizes = window.execute_script(
                "return [...document.querySelectorAll('.part:not([hidden]) .controls button')]"
                ".filter(one => one.offsetParent !== null).map(one => Math.min(one.offsetWidth, one.offsetHeight))"
            )
            assert min(sizes) >= 44
            paper = window.execute_script("return getComputedStyle(document.body).backgroundColor")
            assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 200) == dark


def test_hostile_titles_are_words(tmp_path: Path, window: Any) -> None:
    problem = tmp_path / "hostile.toml"
    title = "</title><script>document.body.dataset.run = 1</script>{{ 7*7 }} $x$ &amp;"
    problem.write_text(f"title = '''{title}'''\n[inputs]\nx = 2\n[outputs]\nf = \"x**2\"\n", encoding="utf-8")
    path = tmp_path / "page.html"
    path.write_text(page_of(trace(problem)), encoding="utf-8")
    opened(window, path)
    assert window.find_element("tag name", "h1").text == title
    assert window.execute_script("return document.body.dataset.run") is None


def test_an_output_or_input_that_is_not_there_is_said() -> None:
    traced = trace(path_of("homework1"))
    with pytest.raises(ProblemError, match="there is no output 'y3'"):
        page_of(traced, of="y3")
    with pytest.raises(ProblemError, match="there is no input 'z'"):
        page_of(traced, wrt="z")


def test_a_long_list_is_a_page_with_a_folded_graph(window: Any, tmp_path: Path) -> None:
    terms = " + ".join(f"sin({at}*x)" for at in range(1, 120))
    path = tmp_path / "long.html"
    path.write_text(page_of(trace(terms, at={"x": 1})), encoding="utf-8")
    opened(window, path, "step=200")
    state = window.execute_script(STATE)
    assert state["now"] == ["199"]
    assert len(state["circle"]) == 1


def test_values_that_no_float_holds_are_not_asked_for() -> None:
    steps = {"s0": "exp(9*x)"} | {f"s{at}": f"s{at - 1}*s{at - 1}" for at in range(1, 8)}
    text = page_of(trace({"f": "s7"}, at={"x": 1}, steps=steps))
    assert "Infinity" not in text
    assert '"p2":8103.08' in text
    assert '"p9":' not in text
