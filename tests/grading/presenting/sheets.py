"""A sheet: a writer's answer in a presentation, and the truth of every piece of text on it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from .answers import ADJOINT, PARTIAL, PRIMAL, TANGENT, Answer, Quantity
from .expressions import Node, Number, parsed
from .pieces import NO_ROW, TITLE, Truth, Writer
from .presentations.dimensions import Situation, drawn
from .presentations.formats import Block, Line, laid_out, notebook
from .presentations.spelling import Spelling
from .problems import Task
from .sections import Wanted, ending, section, side_by_side
from .writers import SECTIONS


@dataclass
class Sheet:
    """A sheet, and all that is known of it."""

    text: str
    suffix: str
    truths: list[Truth]
    ways: dict[str, str]
    task: Task
    slips: list[str] = field(default_factory=list)


def _wanted(writer: Writer, answer: Answer) -> Wanted:
    """The tables that the writer gives, in the writer's order."""
    tables = answer.tables()
    found: Wanted = []
    for wanted in writer.ways["sections"].split(", "):
        kind = SECTIONS[wanted]
        found += [(key, statements) for key, statements in tables.items() if key[0] == kind]
        if kind == PRIMAL and writer.ways["local partials"] == "lines":
            found += [(key, statements) for key, statements in tables.items() if key[0] == PARTIAL]
    return found


def written(task: Task, answers: list[Answer], ways: dict[str, str], source: random.Random) -> Sheet:
    """The sheet on which a writer puts an answer in a presentation."""
    writer = Writer(task, answers, ways, source)
    blocks = _title(writer)
    for answer in writer.answers:
        spelling = replace(writer.spelling(answer), output=next(iter(answer.outputs)))
        environment = _environment(answer)
        wanted = _wanted(writer, answer)
        if ways["layout"] == "wide table":
            if ways["headings"] != "none":
                blocks.append(Block("heading", _heading(writer, answer, PRIMAL, "")))
            blocks += side_by_side(writer, answer, spelling, wanted)
            wanted = [each for each in wanted if each[0][0] == ADJOINT]
        for (kind, along), statements in wanted:
            here = (
                replace(spelling, along=along)
                if kind == TANGENT
                else replace(spelling, output=along or spelling.output)
            )
            rows = statements
            if ways["headings"] != "none":
                blocks.append(Block("heading", _heading(writer, answer, kind, along)))
            if kind == TANGENT and answer.direction and ways["seeds"] == "stated":
                blocks.append(_stated(writer, answer, here))
            blocks.append(section(writer, answer, here, environment, rows))
    if ways["ending"] != "none":
        blocks.append(ending(writer))
    kind = writer.format.document
    comment = {"MATLAB": "%", "pseudo-code": "//"}.get(ways["format"], "#")
    page = laid_out(
        blocks, kind, ways["layout"], writer.format.notation == "LaTeX", ways["headings"] == "bold words", comment
    )
    text, shift = _whole(page.lines, ways, kind)
    text = notebook(page) if kind == "notebook" else text
    for number, lines in page.places.items():
        writer.truths[number].lines = frozenset(line + shift for line in lines)
    truths = [truth for truth in writer.truths if truth.lines]
    sheet = Sheet(text, writer.format.suffix, truths, ways, task)
    sheet.slips = sorted({truth.mistake or f"{truth.statement}:{truth.slip}" for truth in truths if truth.slip})
    _misread(sheet)
    return sheet


def _whole(lines: list[str], ways: Mapping[str, str], kind: str) -> tuple[str, int]:
    if kind == "code" and ways["format"] != "pseudo-code":
        language = {"MATLAB": "matlab"}.get(ways["format"], "python")
        return "\n".join([f"```{language}", *lines, "```"]) + "\n", 1
    if kind == "latex":
        return "\n".join([r"\documentclass{article}", r"\begin{document}", *lines, r"\end{document}"]) + "\n", 2
    return "\n".join(lines) + "\n", 0


CONFUSED = {
    "l for 1": ("v1", "vl"), "O for 0": ("v0", "vO"), "S for 5": ("v5", "vS"), "| for 1": ("v1", "v|"),
    "r for y": ("y", "r"),
}  # fmt: skip


def _misread(sheet: Sheet) -> None:
    """One letter or digit of a label or a rule that a scanner took for another, where no other name is meant by it."""
    wrong = CONFUSED.get(sheet.ways["misread"])
    if wrong is None:
        return
    right, read = (rf"(?<![A-Za-z0-9]){re.escape(each)}(?![A-Za-z0-9])" for each in wrong)
    if re.search(read, sheet.text):
        return
    lines = sheet.text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith(f"{wrong[0]} "):
            lines[at] = line.replace(wrong[0], wrong[1], 1)
            break
        truth = next((each for each in sheet.truths if at + 1 in each.lines and re.search(right, each.text)), None)
        if truth is not None and not truth.slip and line.count(truth.text) == 1:
            misread = re.sub(right, wrong[1], truth.text, count=1)
            lines[at] = line.replace(truth.text, misread)
            truth.text = misread
            break
    sheet.text = "\n".join(lines)


def _environment(answer: Answer) -> dict[tuple[str, str], dict[Node, Number]]:
    """The numbers that are written for the names of each table."""
    found: dict[tuple[str, str], dict[Node, Number]] = {}
    for each, own in zip(answer.statements, answer.environments(answer.statements, answer.known), strict=True):
        found[each.quantity.table] = own
    for key, own in found.items():
        for each in answer.statements:
            if each.quantity.table == key and each.value is not None:
                own[each.quantity.leaf] = each.value
    return found


def _heading(writer: Writer, answer: Answer, kind: str, along: str) -> str:
    if kind == PARTIAL:
        return writer.language.partial
    words = {PRIMAL: writer.language.primal, TANGENT: writer.language.tangent, ADJOINT: writer.language.adjoint}[kind]
    text = writer.source.choice([each for each in words if along or "{0}" not in each]).format(along)
    if len(writer.answers) > 1 or (kind == ADJOINT and len(answer.outputs) > 1):
        text += f" {along if kind == ADJOINT else next(iter(answer.outputs))}"
    if (
        kind == TANGENT
        and not re.search(rf"\b{along}\b", text)
        and writer.ways["seeds"] in ("every unit", "first unit")
    ):
        text += f" ({along})"
    return text


def _stated(writer: Writer, answer: Answer, spelling: Spelling) -> Block:
    """The seed in a line of its own: ẋ1 = 1, ẋ2 = −1."""
    assert answer.direction is not None
    text = ", ".join(
        f"{spelling.quantity(Quantity(TANGENT, given))} = {value:g}" for given, value in answer.direction.items()
    )
    text = f"${text}$" if spelling.family in ("latex", "typst") else text
    writer.count += 1
    return Block("title", lines=[Line([[writer.piece(text, TITLE, NO_ROW)]])])


def _title(writer: Writer) -> list[Block]:
    way, task = writer.ways["title"], writer.task
    if way == "none":
        return []
    if way == "words":
        return [Block("words", writer.source.choice(writer.language.intro))]
    answer = writer.answers[0]
    spelling = replace(writer.spelling(answer), labels={})
    of = ", ".join(spelling.label(key) for key, _ in task.point)
    point = ", ".join(value for _, value in task.point)
    chunks = []
    for text in task.title[-1:] if not answer.shapes else task.title:
        output, _, rule = text.partition(" = ")
        body = spelling.formula(parsed(rule))
        head = {
            "y = … at the point": spelling.label(output),
            "f(x) = … at the point": f"{spelling.label(output)}({of})",
            "y = f(x) = …": f"{spelling.label(output)} = {'f' if output != 'f' else 'F'}({of})",
        }[way]
        statement = f"{head} = {body}"
        text = f"${statement}$" if spelling.family in ("latex", "typst") else statement
        if point:
            where = f"({point})" if len(task.point) > 1 else point
            text += f" {writer.language.at} " + (f"${where}$" if spelling.family in ("latex", "typst") else where)
        writer.count += 1
        chunks.append(Block("title", lines=[Line([[writer.piece(text, TITLE, NO_ROW)]])]))
    return chunks


def situation_of(task: Task, answers: list[Answer]) -> Callable[[Mapping[str, str]], Situation]:
    """What the tables of presentations have to know of an answer."""
    rows = max(sum(each.quantity.kind == PRIMAL for each in answer.statements) for answer in answers)

    def situation(ways: Mapping[str, str]) -> Situation:
        return Situation(ways, bool(answers[0].known), bool(answers[0].shapes), len(answers[0].inputs),
                         len(answers) > 1, rows, any(k in task.toml for k in ("abs(", "relu(", "max(")),
                         "hat" in task.toml,
                         any(answer.own_steps for answer in answers),
                         sum(len(answer.outputs) for answer in answers) > 1)  # fmt: skip

    return situation


def presentation(task: Task, answers: list[Answer], source: random.Random) -> dict[str, str]:
    """A way for every dimension, for this answer."""
    return drawn(source, situation_of(task, answers))
