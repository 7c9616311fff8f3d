"""Holds the formulas of a text against the shapes that it states: a product that does not fit, or is transposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tracegen.formula import Formula, names_in
from tracegen.grading.brake import TURNED
from tracegen.grading.leaves import shown
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import Array, MeaninglessError, compiled, value
from tracegen.grading.parts import ShapeMismatchError
from tracegen.grading.read import Words, read_sheet
from tracegen.grading.sheet import Cell, Row, key_of
from tracegen.grading.sizes import stated
from tracegen.grading.verdicts import FORMULA, RIGHT, WRONG, Judgement, unsure

SAMPLES = 2
SIZES = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
"""What sizes but 1 stand for, letters and numbers, so that no two fit by chance and none is large; names with more of
them are not looked at."""

FEWEST = 2
"""Derivatives that are all right but for a transpose, from which on they may be meant as rows."""

TRANSPOSED = "slip.transpose"


def shape_judgements(text: str, suffix: str, source: str) -> list[Judgement]:
    """The formulas of a text all of whose names have a shape that the text states, each right or wrong by its shape.

    Raises BoundError or ParseError where the text can't be read.

    >>> [found] = shape_judgements("∂L/∂W = x δᵀ, W: K×N, x: N×1, δ: K×1", ".md", "notes")
    >>> found.because
    'x·δᵀ is N×K, W is K×N; δ·xᵀ has its shape'
    """
    said = stated(text)
    if not said:
        return []
    shapes = {_plain(name): shape for name, shape, _ in said}
    words = Words(others=frozenset(shapes), matrices=True)
    submission = read_sheet(_without(text, [span for _, _, span in said]), words, suffix=suffix, source=source)
    checker = _Checker.of(shapes)
    rows = [item for item in submission.items if isinstance(item, Row)]
    judged = [(_is_derivative(row.label.formula), found) for row in rows for found in checker.judged(row)]
    derivatives = [found for is_derivative, found in judged if is_derivative]
    if len(derivatives) < FEWEST or not all(TRANSPOSED in found.tags for found in derivatives):
        return [found for _, found in judged]
    return [unsure(found, TURNED) if is_derivative else found for is_derivative, found in judged]


def _is_derivative(label: Formula | None) -> bool:
    return label is not None and label.head in ("partial", "adjoint")


def _plain(name: str) -> str:
    """A name as the reader of formulas calls it."""
    return key_of(_read_name(name))[0] or name


def _read_name(name: str) -> Formula | None:
    items = read_sheet(f"${name}$ = 1", Words(matrices=True)).items
    return next((item.label.formula for item in items if isinstance(item, Row)), None)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """A text with room in place of what says shapes, and of the comma before it."""
    parts, at = [], 0
    for start, end in spans:
        while start > at and text[start - 1] in " ,;$(":
            start -= 1
        parts += [text[at:start], *("\n" if sign == "\n" else " " for sign in text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True)
class _Checker:
    """The shapes of names, with a matrix of each that has them."""

    matrices: Mapping[str, Array]
    functions: Matrices

    @classmethod
    def of(cls, shapes: Mapping[str, tuple[str, str]]) -> _Checker:
        sizes = dict.fromkeys(size for shape in shapes.values() for size in shape if size != "1")
        numbers = {"1": 1, **dict(zip(sizes, SIZES, strict=False))}
        known = {
            name: (numbers[rows], numbers[columns])
            for name, (rows, columns) in shapes.items()
            if rows in numbers and columns in numbers
        }
        source = np.random.default_rng(0)
        arrays = {name: source.uniform(1.0, 2.0, (SAMPLES, *shape)) for name, shape in known.items()}
        return cls(arrays, Matrices(sizes={number: size for size, number in numbers.items()}))

    def judged(self, row: Row) -> Iterator[Judgement]:
        """The verdicts on the formulas of a row."""
        wanted = self._wanted(row.label.formula)
        for cell in row.members:
            if cell.formula is not None and names_in(cell.formula):
                found = self._judged(row, cell, cell.formula, wanted)
                if found is not None:
                    yield found

    def _wanted(self, label: Formula | None) -> tuple[str, Array] | None:
        """What the label of a row has the shape of: itself, or what it is the derivative by."""
        if label is None:
            return None
        name = key_of(label.args[1])[0] if label.head == "partial" else key_of(label)[0]
        return (name, self.matrices[name]) if name in self.matrices else None

    def _lookup(self, leaf: Formula) -> Array:
        if leaf.head == "partial" and key_of(leaf.args[0])[0] in self.matrices:
            raise MeaninglessError("a derivative of a matrix")
        name = key_of(leaf.args[1])[0] if leaf.head == "partial" else key_of(leaf)[0]
        return self.matrices[name]

    def _value(self, formula: Formula) -> Array:
        return self.functions.finished(value(compiled(formula), self._lookup, self.functions), SAMPLES)

    def _judged(self, row: Row, cell: Cell, formula: Formula, wanted: tuple[str, Array] | None) -> Judgement | None:
        try:
            array = self._value(formula)
        except ShapeMismatchError as error:
            return self._wrong(row, cell, formula, error.message, wanted)
        except (MeaninglessError, ValueError, KeyError):
            return None
        if wanted is None:
            return None
        name, right = wanted
        if array.shape == right.shape or array.shape[1:] == (1, 1):
            return Judgement("shapes", row.key[0], cell.line, FORMULA, cell.text, formula, RIGHT, ("ok",))
        said = f"{shown(formula)} is {self.functions.shape(array)}, {name} is {self.functions.shape(right)}"
        is_turned = array.shape[1:] == right.shape[:0:-1]
        return self._wrong(row, cell, formula, said, wanted, (TRANSPOSED,) if is_turned else ())

    def _wrong(
        self, row: Row, cell: Cell, formula: Formula, because: str, wanted: tuple[str, Array] | None,
        tags: tuple[str, ...] = (),
    ) -> Judgement:  # fmt: skip
        repair = None if wanted is None else self._repair(formula, wanted[1])
        if repair is not None:
            because = f"{because}; {shown(repair)} has its shape"
        return Judgement(
            "shapes", row.key[0], cell.line, FORMULA, cell.text, formula, WRONG, ("formula.shape", *tags), because,
            repair,
        )  # fmt: skip

    def _repair(self, formula: Formula, right: Array) -> Formula | None:
        """The first change of transposes and of the order of two factors that has the shape which is wanted."""
        for changed in _turned(formula):
            try:
                if self._value(changed).shape == right.shape:
                    return changed
            except (MeaninglessError, ValueError, KeyError):
                continue
        return None


def _turned(formula: Formula) -> Iterator[Formula]:
    """A product with its factors transposed or in the other order, first the transpose of the whole; of what is no
    product the transpose."""
    if formula.head not in ("mul", "matmul") or len(formula.args) != 2:
        yield _transposed(formula)
        return
    a, b = formula.args
    for first, second in (
        (_transposed(b), _transposed(a)), (_transposed(a), b), (a, _transposed(b)), (b, a),
        (_transposed(b), a), (b, _transposed(a)), (_transposed(a), _transposed(b)),
    ):  # fmt: skip
        yield Formula(formula.head, (first, second))


def _transposed(formula: Formula) -> Formula:
    return formula.args[0] if formula.head == "transpose" else Formula("transpose", (formula,))
