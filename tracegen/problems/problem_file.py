"""Reads the TOML of a problem file into the parts of a problem, each name checked where it is met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegen.errors import ParseError, Place, ProblemError, UnknownNameError
from tracegen.formula import NAME, Formula, are_probabilities, names_in
from tracegen.mathtext.known_words import name_of
from tracegen.mathtext.tokens import Spans
from tracegen.primitives import find
from tracegen.problems.expression_text import Formulas, parse_value
from tracegen.problems.toml_text import Toml
from tracegen.shapes import SCALAR, Shape

LETTERS = ("sigma", "phi", "psi", "rho")
"""The letters that stand for functions without being declared; numbers need a meaning in [functions]."""

LARGEST_FILE = 20_000_000
_SECTIONS = ("title", "inputs", "parameters", "functions", "steps", "outputs")
FLAGS = ("constant", "symmetric", "probabilities")
_INPUT_KEYS = ("value", "shape", *FLAGS)


@dataclass(frozen=True, slots=True)
class Input:
    """An input: its value (None where there is none), its shape, and what the problem says of it.

    ``constant`` is given data, which has no adjoint row; ``symmetric`` a matrix that is its own transpose;
    ``probabilities`` a column that sums to 1, or a matrix of which every row does.
    """

    name: str
    value: Formula | None = None
    shape: Shape = SCALAR
    constant: bool = False
    symmetric: bool = False
    probabilities: bool = False

    @property
    def has_probabilities(self) -> bool:
        """Whether its values are known to be probabilities: the problem says so, or it is data and they are."""
        return self.probabilities or (self.constant and self.value is not None and are_probabilities(self.value))


def text_of(path: str | Path) -> str:
    """The text of a file. Raises ProblemError where it can't be read, is too long or no UTF-8."""
    place = Place(str(path))
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise ProblemError(f"can't be read: {getattr(error, 'strerror', None) or error}", place) from None
    if len(data) > LARGEST_FILE:
        raise ProblemError(f"is longer than {LARGEST_FILE // 1_000_000} MB", place)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemError("is not UTF-8 text", place) from None


def parts_of(text: str, source: str) -> dict[str, Any]:
    """What a TOML text says: the fields of a :class:`~tracegen.problems.problem.Problem`.

    Raises ProblemError where it is no TOML or does not hold together, ParseError for a formula.

    >>> sorted(parts_of('[inputs]\\nx = 2\\n[outputs]\\ny = "3*x"', "problem"))
    ['functions', 'inputs', 'outputs', 'parameters', 'spans', 'steps', 'texts', 'title', 'toml']
    """
    toml = Toml(text, source)
    return _Reader(toml).parts(toml.load())


def fault_of_name(name: str) -> str:
    """What is wrong with a name, in words; nothing where it can be used.

    >>> fault_of_name("x1"), fault_of_name("sin")
    ('', "sin is the name of an operation and can't name anything else")
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return f"{name!r} is no name: a letter, then letters, digits and _"
    row = find(name)
    if row is not None and not row.yields and find(name.lower()) is not None:
        return f"{name} is the name of an operation and can't name anything else"
    return ""


class _Reader:
    """Reads a document; every name is checked when it is met, so that it can be used from there on."""

    def __init__(self, toml: Toml) -> None:
        self._toml = toml
        self._taken: dict[str, str] = {}
        self._names: set[str] = set()
        self._functions: dict[str, str] = {}
        self._formulas = Formulas(self._names)
        self._texts: dict[str, str] = {}
        self._spans: dict[str, Spans] = {}
        self._steps: frozenset[str] = frozenset()

    def parts(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a problem, in the order in which a reader needs them."""
        for section in document:
            if section not in _SECTIONS:
                raise self._error(f"there is no section {section!r}; there are {', '.join(_SECTIONS)}", section)
        title = document.get("title", "")
        if not isinstance(title, str):
            raise self._error("the title has to be a text", "title")
        self._functions = self._read_functions(document)
        self._formulas = Formulas(self._names, (*LETTERS, *self._functions))
        inputs = tuple(self._input(*entry) for entry in self._entries(document, "inputs"))
        self._formulas.matrices = any(entry.shape for entry in inputs)
        parameters = {name: self._parameter(name, value) for name, value in self._entries(document, "parameters")}
        self._steps = frozenset(document["steps"]) if isinstance(document.get("steps"), Mapping) else frozenset()
        steps = {name: self._formula("steps", name, text) for name, text in self._entries(document, "steps")}
        outputs = {name: self._formula("outputs", name, text) for name, text in self._entries(document, "outputs")}
        return {
            "inputs": inputs, "outputs": outputs, "steps": steps, "parameters": parameters,
            "functions": self._functions, "title": title, "texts": self._texts, "spans": self._spans,
            "toml": self._toml,
        }  # fmt: skip

    def _entries(self, document: Mapping[str, Any], section: str) -> Iterable[tuple[str, Any]]:
        entries = document.get(section, {})
        if not isinstance(entries, Mapping):
            raise self._error(f"[{section}] has to be a section with lines name = value", section)
        for name, value in ((name_of(key), value) for key, value in entries.items()):
            self._check_name(section, name)
            yield name, value
            self._taken[name] = section
            if section != "functions":
                self._declare(name)

    def _declare(self, name: str) -> None:
        """Let the formulas that come use a name."""
        self._names.add(name)
        self._formulas.grow()

    def _check_name(self, section: str, name: str) -> None:
        fault = fault_of_name(name)
        if not fault and name in self._taken:
            fault = f"{name} is named twice, in [{self._taken[name]}] and in [{section}]"
        if fault:
            raise self._error(fault, section, name)

    def _read_functions(self, document: Mapping[str, Any]) -> dict[str, str]:
        functions = {}
        for letter, meaning in self._entries(document, "functions"):
            row = find(meaning) if isinstance(meaning, str) else None
            if row is None or row.arity != 1:
                fault = f"{letter} has to name an operation of one operand, not {meaning!r}"
                raise self._error(fault, "functions", letter)
            functions[letter] = row.name
        return functions

    def _formula(self, section: str, name: str, text: Any) -> Formula:
        if isinstance(text, int | float) and not isinstance(text, bool):
            text = repr(text)
        if not isinstance(text, str):
            raise self._error(f"{name} has to be a formula in quotes", section, name)
        self._texts[name] = text
        try:
            formula, self._spans[name], _ = self._formulas.reading(text, name)
        except ParseError as error:
            place = self._toml.place((section, name), text, error.place)
            later = isinstance(error, UnknownNameError)
            raise type(error)(self._later(error.message, name) if later else error.message, place) from None
        for used in names_in(formula) if section == "outputs" else ():
            if self._taken.get(used) == "outputs":
                fault = f"{name} uses {used}, which is an output; make it a step, which can be used"
                raise self._error(fault, section, name)
        return formula

    def _later(self, message: str, name: str) -> str:
        """What is said of an unknown name; of a step that comes later, or of the formula's own name, that it is."""
        unknown = message.split("'")[1] if "'" in message else ""
        if unknown == name:
            return f"{name} can't use itself"
        return f"{unknown} is a step that comes later; put it before {name}" if unknown in self._steps else message

    def _input(self, name: str, value: Any) -> Input:
        if not isinstance(value, Mapping):
            number = self._value("inputs", name, value)
            return Input(name, number, shape_of(number))
        for key in value:
            if key not in _INPUT_KEYS:
                fault = f"{name} can't have {key!r}; it can have {', '.join(_INPUT_KEYS)}"
                raise self._error(fault, "inputs", name, key)
        stated = self._value("inputs", name, value["value"]) if "value" in value else None
        shape = self._shape(name, value.get("shape"), stated)
        if shape == (1, 1):
            shape, stated = SCALAR, stated.args[0][0] if stated is not None and stated.head == "matrix" else stated
        return Input(name, stated, shape, **{flag: self._flag(name, value, flag) for flag in FLAGS})

    def _flag(self, name: str, value: Mapping[str, Any], key: str) -> bool:
        flag = value.get(key, False)
        if not isinstance(flag, bool):
            raise self._error(f"{key} of {name} is true or false", "inputs", name, key)
        return flag

    def _shape(self, name: str, shape: Any, value: Formula | None) -> Shape:
        if shape is None:
            return shape_of(value) if value is not None else SCALAR
        dimensions = tuple(shape) if isinstance(shape, list) else ()
        if not 1 <= len(dimensions) <= 2 or not all(is_dimension(dimension) for dimension in dimensions):
            fault = f'the shape of {name} is a list of letters or numbers such as ["N", 1]'
            raise self._error(fault, "inputs", name, "shape")
        for letter in (dimension for dimension in dimensions if isinstance(dimension, str)):
            if letter == name or self._taken.setdefault(letter, "shapes") != "shapes":
                fault = f"{letter} names something else already and can't be a dimension of {name}"
                raise self._error(fault, "inputs", name, "shape")
            self._declare(letter)  # a formula may use it: sum(x)/N
        return dimensions if len(dimensions) == 2 else (dimensions[0], 1)

    def _parameter(self, name: str, value: Any) -> Formula | None:
        if isinstance(value, Mapping):
            for key in value:
                if key != "value":
                    fault = f"{name} can't have {key!r}; a parameter can have a value only"
                    raise self._error(fault, "parameters", name, key)
            value = value.get("value")
        if isinstance(value, list):
            raise self._error(f"{name} has to be a number: a parameter is no matrix", "parameters", name)
        return None if value is None else self._value("parameters", name, value)

    def _value(self, section: str, name: str, value: Any) -> Formula:
        if isinstance(value, list):
            return self._matrix(section, name, value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._error(f'{name} has to be a number, or a text such as "pi/16"', section, name)
        try:
            return parse_value(value, source=name)
        except ParseError as error:
            raise type(error)(error.message, self._toml.place((section, name), str(value), error.place)) from None

    def _matrix(self, section: str, name: str, value: list[Any]) -> Formula:
        rows = [row if isinstance(row, list) else [row] for row in value]
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise self._error(f"the rows of {name} have to be of one length", section, name)
        if any(isinstance(cell, list) for row in rows for cell in row):
            raise self._error(f"{name} has more than two dimensions", section, name)
        return Formula("matrix", tuple(tuple(self._value(section, name, cell) for cell in row) for row in rows))

    def _error(self, message: str, *path: str) -> ProblemError:
        return ProblemError(message, self._toml.place(path))


def is_dimension(dimension: Any) -> bool:
    """Whether a value can be a side of a shape: a letter or a positive number."""
    if isinstance(dimension, str):
        return NAME.fullmatch(dimension) is not None
    return isinstance(dimension, int) and not isinstance(dimension, bool) and dimension > 0


def shape_of(value: Formula) -> Shape:
    """The shape of a value: rows and columns of a matrix, nothing of a number."""
    return (len(value.args), len(value.args[0])) if value.head == "matrix" else SCALAR


def letter_sizes(inputs: Iterable[Input]) -> dict[str, int]:
    """What the letters in the shapes of inputs stand for, as far as values say it.

    >>> row = (Formula("number", ("1",)), Formula("number", ("2",)))
    >>> letter_sizes([Input("A", Formula("matrix", (row,)), ("K", "N"))])
    {'K': 1, 'N': 2}
    """
    valued = [(entry.shape, shape_of(entry.value)) for entry in inputs if entry.value is not None]
    sides = [pair for shape, lengths in valued for pair in zip(shape, lengths, strict=True)]
    return {side: size for side, size in sides if isinstance(side, str) and isinstance(size, int)}
