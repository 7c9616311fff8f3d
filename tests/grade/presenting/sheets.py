"""A sheet: a writer's answer in a presentation, and the truth of every piece of text on it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from .answers import ADJOINT, PARTIAL, PRIMAL, TANGENT, Answer, Quantity, Statement
from .expressions import SUMS, Node, Number, changed, leaves, name, num, parsed, walk
from .presentations.dimensions import FORMATS_OF, LETTERS, Situation, drawn
from .presentations.formats import Block, Chunk, Line, joined, laid_out, notebook
from .presentations.languages import LANGUAGES, Language
from .presentations.spelling import NOTATIONS, Numbers, Spelling
from .problems import Task

RIGHT, CARRIED, WRONG, FOLLOWS, NO_ROW = "right", "carried", "wrong", "follows", "no row"
"""What is expected of a piece. FOLLOWS is the value that follows rightly from a wrong rule in its own row, and every
further piece of a row with a slip: a judge may call it right, carried or wrong, but not charge it."""

LABEL, RULE, MIDDLE, VALUE, TITLE = "label", "rule", "middle", "value", "title"


@dataclass
class Truth:
    """A piece of the sheet: its text, on which lines it stands, what it is about and what a judge should find."""

    text: str
    role: str
    quantity: Quantity | None
    expected: str
    slip: str = ""
    statement: int = -1
    lines: frozenset[int] = frozenset()


@dataclass
class Sheet:
    """A sheet, and all that is known of it."""

    text: str
    suffix: str
    truths: list[Truth]
    ways: dict[str, str]
    task: Task
    slips: list[str] = field(default_factory=list)


TIMES = {
    ("juxtaposed", "latex"): " ", ("juxtaposed", "plain"): " ", ("juxtaposed", "unicode"): " ",
    ("juxtaposed", "typst"): " ", ("dot", "latex"): r" \cdot ", ("dot", "plain"): "*", ("dot", "unicode"): "·",
    ("dot", "typst"): " dot ", ("star", "plain"): "*", ("star", "unicode"): "*", ("star", "typst"): " * ",
    ("cross", "latex"): r" \times ", ("cross", "plain"): " x ", ("cross", "unicode"): " × ",
    ("cross", "typst"): " times ",
}  # fmt: skip
NUMBERS = {
    "2 places": Numbers(2), "3 places": Numbers(3), "4 places": Numbers(4), "5 places": Numbers(5),
    "6 places": Numbers(6), "4 places, cut": Numbers(4, cut=True), "exact": Numbers(4, exact=True),
    "3 places, comma": Numbers(3, comma=True), "scientific": Numbers(4, scientific=True), "of a machine": Numbers(15),
}  # fmt: skip
ODD = ("term", "amount", "how", "stuff", "part", "what", "thing", "slope", "out", "notes", "result of", "quantity")
STARTS = {"from 0": ("v", 0), "from 1": ("v", 1), "V1": ("V", 1), "n0": ("n", 0), "w1": ("w", 1), "%0": ("%", 0)}


class Writer:
    """One writer at one answer: chunks are made here, and each is given its truth."""

    def __init__(self, task: Task, answers: list[Answer], ways: dict[str, str], source: random.Random) -> None:
        self.task, self.ways, self.source = task, ways, source
        self.answers = answers
        self.format = FORMATS_OF[ways["format"]]
        self.language = next(each for each in LANGUAGES if each.name == ways["language"])
        self.numbers = NUMBERS[ways["numbers"]]
        self.truths: list[Truth] = []
        self.count = 0

    def _spelling(self, answer: Answer) -> Spelling:
        notation = NOTATIONS[self.format.notation]
        family = notation.family
        times = TIMES.get((self.ways["product"], family), notation.times)
        ways = self.ways
        labels = _labels(answer, ways, family)
        return Spelling(
            notation, labels, times, ways["tangent"], ways["adjoint"], exponential=ways["exponential"],
            logarithm=ways["logarithm"], bold=ways["decoration"] == "bold letters",
            braces=ways["decoration"] == "braces", comma=self.numbers.comma,
            shaped=frozenset(row for row, shape in answer.shapes.items() if shape) | frozenset(
                key for key in ("W", "x", "b", "t") if answer.shapes),
            subscripts="underscore" if ways["decoration"] == "underscores" else "usual",
        )  # fmt: skip

    # pieces

    def piece(self, text: str, role: str, expected: str, statement: Statement | None = None, slip: str = "") -> Chunk:
        """A chunk with its truth."""
        self.truths.append(Truth(text, role, statement and statement.quantity, expected, slip, self.count))
        return text, len(self.truths) - 1

    def _rule(self, text: str, statement: Statement) -> Chunk:
        expected = WRONG if statement.formula_slip else RIGHT
        return self.piece(text, RULE, expected, statement, statement.formula_slip)

    def _value(self, statement: Statement, spelling: Spelling) -> Chunk:
        assert statement.value is not None
        text = self._number(statement, spelling)
        if statement.value_slip:
            return self.piece(text, VALUE, WRONG, statement, statement.value_slip)
        expected = FOLLOWS if statement.follows else CARRIED if statement.carried else RIGHT
        return self.piece(text, VALUE, expected, statement)

    def _number(self, statement: Statement, spelling: Spelling) -> str:
        assert statement.value is not None
        if self.numbers.exact and statement.exact is not None and not _is_long(statement.exact):
            return spelling.formula(statement.exact)
        text = self.numbers.value(statement.value, spelling.family)
        if self.ways["decoration"] == "bold values":
            return f"**{text}**" if not spelling.family == "latex" else rf"\mathbf{{{text}}}"
        if self.ways["decoration"] == "coloured":
            return rf"\color{{red}}{{{text}}}" if statement.quantity.kind == ADJOINT else text
        return text

    def _sign(self, statement: Statement, spelling: Spelling) -> str:
        rounded = statement.value is not None and self.numbers.is_short(statement.value)
        exact = self.numbers.exact and statement.exact is not None and not _is_long(statement.exact)
        if self.ways["equals"] == "=" or not rounded or exact:
            return " = "
        return {"latex": r" \approx ", "plain": " ~ ", "typst": " approx "}.get(spelling.family, " ≈ ")

    def groups(self, statement: Statement, answer: Answer, spelling: Spelling, own: Mapping[Node, Number]) -> list[list[Chunk]]:
        """The label and the members of a chain, each with the sign before it."""
        self.count += 1
        assign = spelling.notation.assign
        groups: list[list[Chunk]] = [[(spelling.quantity(statement.quantity), -1)]]
        chain = self.ways["chain"]
        inner = statement.rule.args[0] if statement.rule.head == "neg" else statement.rule
        trivial = inner.head == "num" and statement.value is not None
        unworked = statement.unworked and spelling.formula(statement.unworked)
        # where a local partial and the row would have one name, nobody writes it
        if "unworked" in chain and unworked and groups[0][0][0] not in unworked:
            groups.append([(assign, -1), self._member(unworked, statement, RIGHT)])
        if not trivial:
            groups.append([(assign, -1), self._rule(spelling.formula(statement.rule), statement)])
        if "numbers" in chain and not trivial and leaves(statement.rule) and statement.rule.head not in ("name", "bar", "dot"):
            text = spelling_of_numbers(statement.rule, own, spelling, self.numbers)
            if text:
                expected = FOLLOWS if statement.slip else CARRIED if statement.carried else RIGHT
                groups.append([(" = ", -1), self._member(text, statement, expected)])
        if statement.value is not None and ("value" in chain or trivial or not answer.known):
            if spelling.family == "code" and not trivial:
                groups[-1].append((spelling.notation.comment.partition("{0}")[0], -1))
                groups[-1].append(self._value(statement, spelling))
            else:
                sign = assign if trivial else self._sign(statement, spelling)
                groups.append([(sign, -1), self._value(statement, spelling)])
        self._decorate(statement, groups, spelling)
        return groups

    def contributions(self, statement: Statement, spelling: Spelling) -> list[Line]:
        """A line for each term of an adjoint, the first with =, the others with +=."""
        self.count += 1
        label = spelling.quantity(statement.quantity)
        lines = []
        for term in _terms(statement.rule):
            sign = " += " if lines else spelling.notation.assign
            lines.append(Line([[(label, -1)], [(sign, -1), self._rule(spelling.formula(term), statement)]]))
        return lines

    def _member(self, text: str, statement: Statement, expected: str) -> Chunk:
        return self.piece(text, MIDDLE, expected, statement)

    def _decorate(self, statement: Statement, groups: list[list[Chunk]], spelling: Spelling) -> None:
        if self.ways["decoration"] != "boxed result" or statement.quantity.kind == PRIMAL and not statement.is_input:
            return
        text, number = groups[-1][-1]
        groups[-1][-1] = rf"\boxed{{{text}}}", number


def spelling_of_numbers(rule: Node, own: Mapping[Node, Number], spelling: Spelling, numbers: Numbers) -> str:
    """A rule with the numbers put in that are written for its names; nothing where one is not known."""

    def number(leaf: Node) -> Node | None:
        if leaf.head not in ("name", "bar", "dot") or leaf == name("E"):
            return None
        value = own.get(leaf)
        return num(numbers.text(float(value))) if value is not None and np.ndim(value) == 0 else num("?")

    found = changed(rule, number)
    if any(node == num("?") for node in walk(found)):
        return ""
    times = spelling.times if spelling.times.strip() else spelling.fallback
    return replace(spelling, times=times, exponential=spelling.exponential).formula(found)


def _terms(rule: Node) -> list[Node]:
    if rule.head == "add":
        return [*_terms(rule.args[0]), *_terms(rule.args[1])]
    if rule.head == "sub":
        return [*_terms(rule.args[0]), Node("neg", (rule.args[1],))]
    return [rule]


def _is_long(node: Node) -> bool:
    return sum(1 for _ in walk(node)) > 9


def _labels(answer: Answer, ways: Mapping[str, str], family: str) -> dict[str, str]:
    """What each row is called."""
    rows = [each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL]
    own = [row for row in rows if row[0] == "v" and row[1:].isdigit()]
    count = sum(each.is_input for each in answer.statements if each.quantity.kind == PRIMAL)
    labels: dict[str, str] = {}
    way = ways["numbering"]
    taken = {key.args[0] for key in answer.known} | set(answer.inputs) | set(rows)
    letters = [each for each in "abcdeghmnpqrs" if each not in taken]
    for at, row in enumerate(own):
        if way == LETTERS and len(letters) >= len(own):
            labels[row] = letters[at]
            continue
        letter, first = STARTS.get(way, ("v", 1 - count))
        letter = "v" if any(each.startswith(letter) and each[1:].isdigit() for each in taken - set(own)) else letter
        labels[row] = f"{letter}{first + at}"
    if ways["last row"] in ("named as the output", "left out"):
        for output, row in answer.outputs.items():
            if sum(each == row for each in answer.outputs.values()) == 1:
                labels[row] = output
    return labels


# sections


def _wanted(writer: Writer, answer: Answer) -> list[tuple[tuple[str, str], list[Statement]]]:
    """The tables that the writer gives, in the writer's order."""
    tables = answer.tables()
    found: list[tuple[tuple[str, str], list[Statement]]] = []
    for section in writer.ways["sections"].split(", "):
        kind = {"primal": PRIMAL, "forward": TANGENT, "reverse": ADJOINT}[section]
        found += [(key, statements) for key, statements in tables.items() if key[0] == kind]
        if kind == PRIMAL and writer.ways["local partials"] == "lines":
            found += [(key, statements) for key, statements in tables.items() if key[0] == PARTIAL]
    return found


def written(task: Task, answers: list[Answer], ways: dict[str, str], source: random.Random) -> Sheet:
    """The sheet on which a writer puts an answer in a presentation."""
    writer = Writer(task, answers, ways, source)
    blocks = _title(writer)
    for answer in writer.answers:
        spelling = replace(writer._spelling(answer), output=next(iter(answer.outputs)))
        environment = _environment(answer)
        wanted = _wanted(writer, answer)
        if ways["layout"] == "wide table":
            blocks += _wide(writer, answer, spelling, environment, wanted)
            wanted = [each for each in wanted if each[0][0] == ADJOINT]
        for (kind, along), statements in wanted:
            here = replace(spelling, along=along) if kind == TANGENT else replace(spelling, output=along or spelling.output)
            rows = statements
            if ways["headings"] != "none":
                blocks.append(Block("heading", _heading(writer, answer, kind, along)))
            if kind == TANGENT and answer.direction and ways["seeds"] == "stated":
                blocks.append(_stated(writer, answer, here))
            blocks.append(_section(writer, answer, here, environment, rows))
    kind = writer.format.document
    comment = {"MATLAB": "%", "pseudo-code": "//"}.get(ways["format"], "#")
    page = laid_out(blocks, kind, ways["layout"], writer.format.notation == "LaTeX", ways["headings"] == "bold words", comment)
    text, shift = _whole(page.lines, ways, kind)
    text = notebook(page) if kind == "notebook" else text
    for number, lines in page.places.items():
        writer.truths[number].lines = frozenset(line + shift for line in lines)
    truths = [truth for truth in writer.truths if truth.lines]
    sheet = Sheet(text, writer.format.suffix, truths, ways, task)
    sheet.slips = sorted({f"{truth.statement}:{truth.slip}" for truth in truths if truth.slip})
    _misread(sheet)
    return sheet


def _whole(lines: list[str], ways: Mapping[str, str], kind: str) -> tuple[str, int]:
    if kind == "code" and ways["format"] != "pseudo-code":
        language = {"MATLAB": "matlab"}.get(ways["format"], "python")
        return "\n".join([f"```{language}", *lines, "```"]) + "\n", 1
    if kind == "latex":
        return "\n".join([r"\documentclass{article}", r"\begin{document}", *lines, r"\end{document}"]) + "\n", 2
    return "\n".join(lines) + "\n", 0


CONFUSED = {"l for 1": ("1", "l"), "O for 0": ("0", "O")}


def _misread(sheet: Sheet) -> None:
    """One digit of a label or a rule that a scanner took for a letter."""
    wrong = CONFUSED.get(sheet.ways["misread"])
    if wrong is None:
        return
    lines = sheet.text.split("\n")
    for at, line in enumerate(lines):
        truths = [truth for truth in sheet.truths if at + 1 in truth.lines]
        place = line.find(f"v{wrong[0]} ")
        if place >= 0 and len(truths) == len([t for t in truths if not t.slip]) and truths:
            lines[at] = line[: place + 1] + wrong[1] + line[place + 2 :]
            for truth in truths:
                if f"v{wrong[0]}" in truth.text:
                    truth.text = truth.text.replace(f"v{wrong[0]}", f"v{wrong[1]}", 1)
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
    text = writer.source.choice(words).format(along)
    if len(writer.answers) > 1 or (kind == ADJOINT and len(answer.outputs) > 1):
        text += f" {along if kind == ADJOINT else next(iter(answer.outputs))}"
    if kind == TANGENT and not re.search(rf"\b{along}\b", text) and writer.ways["seeds"] in ("every unit", "first unit"):
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
    spelling = replace(writer._spelling(answer), labels={})
    letters = [key for key, _ in task.point]
    point = ", ".join(value for _, value in task.point)
    chunks = []
    for text in task.title[-1:] if not answer.shapes else task.title:
        output, _, rule = text.partition(" = ")
        body = spelling.formula(parsed(rule))
        head = {"y = … at the point": spelling.label(output), "f(x) = … at the point": f"{spelling.label(output)}({', '.join(map(spelling.label, letters))})",
                "y = f(x) = …": f"{spelling.label(output)} = {'f' if output != 'f' else 'F'}({', '.join(map(spelling.label, letters))})"}[way]
        statement = f"{head} = {body}"
        text = f"${statement}$" if spelling.family in ("latex", "typst") else statement
        if point:
            where = f"({point})" if len(task.point) > 1 else point
            text += f" {writer.language.at} " + (f"${where}$" if spelling.family in ("latex", "typst") else where)
        writer.count += 1
        chunks.append(Block("title", lines=[Line([[writer.piece(text, TITLE, NO_ROW)]])]))
    return chunks


def _section(writer: Writer, answer: Answer, spelling: Spelling, environment: Mapping, rows: list[Statement]) -> Block:
    if writer.ways["layout"] in ("table", "transposed table", "wide table"):
        return _table(writer, answer, spelling, environment, rows)
    lines = []
    boxed = len(rows) - 1
    for at, each in enumerate(rows):
        own = environment[each.quantity.table]
        if writer.ways["contributions"] == "one a row, +=" and each.quantity.kind == ADJOINT and each.rule.head in SUMS:
            lines += writer.contributions(each, spelling)
            continue
        groups = writer.groups(each, answer, spelling, own)
        if writer.ways["decoration"] == "boxed result" and at != boxed:
            groups[-1][-1] = (groups[-1][-1][0].removeprefix(r"\boxed{").removesuffix("}") if groups[-1][-1][0].startswith(r"\boxed{") else groups[-1][-1][0], groups[-1][-1][1])
        line = Line(groups)
        if writer.ways["decoration"] == "remarks" and writer.source.random() < 0.3:
            line.words = writer.source.choice(writer.language.remarks)
        if writer.ways["decoration"] == "tags":
            line.tag = rf" \tag{{{at + 1}}}"
        if writer.ways["decoration"] == "crossed out" and at == len(rows) // 2 and each.value is not None:
            line.strike = f"{groups[0][0][0]} = {writer.numbers.text(float(np.ravel(each.value)[0]) + 1.5)}"
        lines.append(line)
    if writer.ways["layout"] == "several a line":
        lines = _several(lines)
    return Block("lines", lines=lines)


def _several(lines: list[Line]) -> list[Line]:
    found = []
    for start in range(0, len(lines), 3):
        groups: list[list[Chunk]] = []
        for line in lines[start : start + 3]:
            if groups:
                groups.append([(", ", -1)])
            groups += line.groups
        found.append(Line(groups))
    return found


def _heads(writer: Writer, names: list[str]) -> list[str]:
    language: Language = writer.language
    way, source = writer.ways["heads"], writer.source
    usual = {"label": source.choice(language.row), "rule": source.choice(language.rule),
             "value": source.choice(language.value), "number": "#", "row": source.choice(language.rule)}  # fmt: skip
    heads = [" ".join([usual.get(each.split(" ")[0], each), *each.split(" ")[1:]]) for each in names]
    if way == "odd":
        return source.sample(ODD, len(heads))
    if way == "none":
        return [""] * len(heads)
    if way == "wrong":
        return heads[1:] + heads[:1]
    return [chr(65 + at) for at in range(len(heads))] if way == "letters" else heads


def _table(writer: Writer, answer: Answer, spelling: Spelling, environment: Mapping, rows: list[Statement]) -> Block:
    names = writer.ways["columns"].split(", ")
    has_values = any(each.value is not None for each in rows) and writer.ways["chain"] != "rule"
    names = [each for each in names if each != "value" or has_values]
    cells = []
    for number, each in enumerate(rows):
        writer.count += 1
        label = (spelling.quantity(each.quantity), -1)
        rule = writer._rule(spelling.formula(each.rule), each)
        found: dict[str, list[Chunk]] = {
            "number": [(str(number + 1), -1)], "label": [label], "rule": [rule], "row": [label, (" = ", -1), rule],
        }  # fmt: skip
        if has_values:
            found["value"] = [writer._value(each, spelling)]
        cells.append([found[each] for each in names])
    if writer.ways["local partials"] == "columns" and rows[0].quantity.kind == PRIMAL:
        names = names + _partial_columns(writer, answer, spelling, rows, cells, has_values)
    heads = _heads(writer, names)
    if writer.ways["layout"] == "transposed table":
        turned = [list(column) for column in zip(*cells, strict=True)]
        if heads:
            turned = [[[(head, -1)], *row] for head, row in zip(heads, turned, strict=True)]
        first, *others = turned
        return Block("table", heads=[joined(cell) for cell in first], rows=others)
    return Block("table", heads=heads, rows=cells)


def _partial_columns(writer: Writer, answer: Answer, spelling: Spelling, rows: list[Statement],
                     cells: list[list[list[Chunk]]], has_values: bool) -> list[str]:  # fmt: skip
    """Columns of the local partials by the first, the second operand; their names."""
    own = {each.quantity.row: [e for e in answer.statements if e.quantity.kind == PARTIAL
                               and e.quantity.row == each.quantity.row] for each in rows}  # fmt: skip
    most = max(map(len, own.values()))
    for each, row in zip(rows, cells, strict=True):
        for at in range(most):
            found = own[each.quantity.row][at : at + 1]
            writer.count += 1
            row.append([writer._rule(spelling.formula(found[0].rule), found[0])] if found else [("-", -1)])
            if has_values:
                row.append([writer._value(found[0], spelling)] if found else [("-", -1)])
    return [f"{kind} ∂{at + 1}" for at in range(most) for kind in (["rule", "value"] if has_values else ["rule"])]


def _wide(writer: Writer, answer: Answer, spelling: Spelling, environment: Mapping, wanted: list) -> list[Block]:
    """The rows with their tangents beside them, seed by seed."""
    primal = next((rows for (kind, _), rows in wanted if kind == PRIMAL), None)
    if primal is None:
        return []
    tangents = [(along, {each.quantity.row: each for each in rows}) for (kind, along), rows in wanted if kind == TANGENT]
    has_values = bool(answer.known) and writer.ways["chain"] != "rule"
    names = ["label", "rule", *(["value"] if has_values else [])]
    for along, _ in tangents:
        names += [f"rule {along}", *([f"value {along}"] if has_values else [])]
    cells = []
    for each in primal:
        writer.count += 1
        row: list[list[Chunk]] = [[(spelling.quantity(each.quantity), -1)], [writer._rule(spelling.formula(each.rule), each)]]
        if has_values:
            row.append([writer._value(each, spelling)])
        for along, rows in tangents:
            tangent = rows.get(each.quantity.row)
            writer.count += 1
            if tangent is None:
                row += [[], []] if has_values else [[]]
                continue
            row.append([writer._rule(replace(spelling, along=along).formula(tangent.rule), tangent)])
            if has_values:
                row.append([writer._value(tangent, spelling)])
        cells.append(row)
    blocks = [Block("heading", _heading(writer, answer, PRIMAL, ""))] if writer.ways["headings"] != "none" else []
    return [*blocks, Block("table", heads=_heads(writer, names), rows=cells)]


def situation_of(task: Task, answers: list[Answer]):
    """What the tables of presentations have to know of an answer."""
    rows = max(sum(each.quantity.kind == PRIMAL for each in answer.statements) for answer in answers)

    def situation(ways: Mapping[str, str]) -> Situation:
        return Situation(ways, bool(answers[0].known), bool(answers[0].shapes), len(answers[0].inputs),
                         len(answers) > 1, rows, any(k in task.toml for k in ("abs(", "relu(", "max(")))  # fmt: skip

    return situation


def presentation(task: Task, answers: list[Answer], source: random.Random) -> dict[str, str]:
    """A way for every dimension, for this answer."""
    return drawn(source, situation_of(task, answers))

