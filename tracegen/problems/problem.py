"""What is to be traced: inputs with a point, parameters, named steps in order, and outputs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tracegen.errors import Place, ProblemError, ShapeError, TracegenError
from tracegen.formula import Formula, are_probabilities, names_in
from tracegen.mathtext.known_words import name_of
from tracegen.mathtext.tokens import Spans
from tracegen.problems.problem_file import LETTERS, Input, fault_of_name, parts_of, shape_of, text_of
from tracegen.problems.toml_text import Toml
from tracegen.shapes import Dimension, Shape, shape_text

HIDDEN = "#"
"""What the names of unnamed steps start with."""


Sizes = dict[str, tuple[Dimension, str]]
"""What each letter in a shape stands for, and the input that says so."""


def _can_be_symmetric(entry: Input) -> bool:
    """Whether an input is square, and its value its own transpose."""
    if len(set(entry.shape)) > 1:
        return False
    return (
        entry.value is None
        or entry.value.head != "matrix"
        or entry.value.args == tuple(zip(*entry.value.args, strict=True))
    )


def _can_be_probabilities(entry: Input) -> bool:
    """Whether an input has a shape, and its values can be probabilities."""
    return bool(entry.shape) and (entry.value is None or are_probabilities(entry.value))


def _empty() -> Mapping[str, Any]:
    return {}  # a view of one can't be sent to another process


@dataclass(frozen=True)
class Problem:
    """Functions and a point. Every order is the writer's.

    ``functions`` says what a function known by a letter stands for where numbers are wanted; ``texts`` are what
    formulas were read from, ``spans`` where their operations stand in these, and ``toml`` the file of these, for the
    places of errors. ``assumed`` are letters that were taken for constants though nobody said so, ``symbols`` SymPy's
    symbols that the names were read from. Raises ProblemError where the parts do not hold together: no input or output,
    a name that is none or is there twice, a formula with a name that is not there (yet). Raises ShapeError for a value
    that has not the shape of its input.
    """

    inputs: tuple[Input, ...]
    outputs: Mapping[str, Formula]
    steps: Mapping[str, Formula] = field(default_factory=_empty)
    parameters: Mapping[str, Formula | None] = field(default_factory=_empty)
    functions: Mapping[str, str] = field(default_factory=_empty)
    title: str = ""
    texts: Mapping[str, str] = field(default_factory=_empty, compare=False, repr=False)
    spans: Mapping[str, Spans] = field(default_factory=_empty, compare=False, repr=False)
    toml: Toml | None = field(default=None, compare=False, repr=False)
    assumed: tuple[str, ...] = field(default=(), compare=False, repr=False)
    symbols: Mapping[str, Any] = field(default_factory=_empty, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.outputs:
            raise ProblemError('there is no output; a problem file has it in [outputs], such as y = "sin(x)"')
        if not self.inputs:
            raise ProblemError("there is no input; a problem file has it in [inputs], such as x = 2")
        self._check_names()
        self._check_values()
        self._check_formulas()

    def _check_names(self) -> None:
        taken: set[str] = set()
        for name in (*(entry.name for entry in self.inputs), *self.parameters, *self.steps, *self.outputs):
            hidden = isinstance(name, str) and name.startswith(HIDDEN) and name in self.steps
            fault = "" if hidden else fault_of_name(name)
            if fault or name in taken:
                raise ProblemError(fault or f"{name} is named twice")
            taken.add(name)

    def _check_values(self) -> None:
        """Raise an error where an input is not what the problem says of it, or has a value of another shape."""
        sizes: Sizes = {}
        for entry in self.inputs:
            self._check_kind(entry)
            if entry.value is not None:
                self._check_shape(entry, shape_of(entry.value), sizes)

    def _check_kind(self, entry: Input) -> None:
        if entry.symmetric and not _can_be_symmetric(entry):
            raise self._fault(entry.name, f"{entry.name} is not symmetric, though the problem says so")
        if entry.probabilities and not _can_be_probabilities(entry):
            wanted = f"{entry.name} has to be a column, or rows, of probabilities that sum to exactly 1"
            raise self._fault(entry.name, wanted)

    def _check_shape(self, entry: Input, shape: Shape, sizes: Sizes) -> None:
        """Compare the shape of a value with the input's; ``sizes`` has the letters of the inputs before."""
        difference = f"{entry.name} is {shape_text(entry.shape)}, its value {shape_text(shape)}"
        if len(shape) != len(entry.shape):
            raise self._fault(entry.name, difference, ShapeError)
        for side, size in zip(entry.shape, shape, strict=True):
            wanted, where = (side, "") if isinstance(side, int) else sizes.setdefault(side, (size, entry.name))
            if wanted != size:
                why = f"; {side} is {wanted} in {where}" if where and where != entry.name else ""
                raise self._fault(entry.name, difference + why, ShapeError)

    def _check_formulas(self) -> None:
        """Find a name that is not there; a step can be used by what comes after it."""
        known = {*(entry.name for entry in self.inputs), *self.parameters}
        known.update(side for entry in self.inputs for side in entry.shape if isinstance(side, str))
        for text, names in self._names_in_steps.items():
            self._check_formula(text, names, known)
            known.add(text)
        for text, formula in self.outputs.items():
            self._check_formula(text, names_in(formula), known)

    def _check_formula(self, text: str, names: Iterable[str], known: Collection[str]) -> None:
        for used in names:
            if used not in known:
                raise self._fault(text, f"{text} uses {used}, which is no input, parameter or step before it")

    @cached_property
    def _names_in_steps(self) -> dict[str, list[str]]:
        return {text: names_in(formula) for text, formula in self.steps.items()}

    @property
    def names(self) -> frozenset[str]:
        """The names that formulas may use."""
        sides = (side for entry in self.inputs for side in entry.shape if isinstance(side, str))
        return frozenset([*(entry.name for entry in self.inputs), *self.parameters, *self.steps, *sides])

    @property
    def letters(self) -> frozenset[str]:
        """The letters that stand for functions."""
        return frozenset([*LETTERS, *self.functions]) - self.names

    def place_of(self, label: str, inner: Place | None = None) -> Place:
        """Where an input, a parameter, a step or an output is written, or a place in its text: the line of its file, if
        there is one, otherwise its name."""
        if self.toml is None:
            return replace(inner, source=label) if inner else Place(label)
        parts = {"steps": self.steps, "outputs": self.outputs, "parameters": self.parameters}
        section = next((section for section, part in parts.items() if label in part), "inputs")
        return self.toml.place((section, label), self.texts.get(label, ""), inner)

    def _fault(self, label: str, message: str, kind: type[TracegenError] = ProblemError) -> TracegenError:
        """What does not hold together, with its line where there is a file."""
        return kind(message, self.place_of(label) if self.toml else None)

    @property
    def point(self) -> dict[str, Formula]:
        """The values of the inputs that have one."""
        return {entry.name: entry.value for entry in self.inputs if entry.value is not None}

    @property
    def has_point(self) -> bool:
        """Whether every input has a value."""
        return len(self.point) == len(self.inputs)

    def input(self, name: str) -> Input:
        """The input of a name, or of a symbol of SymPy's; ProblemError where there is none."""
        name = name_of(name)
        for entry in self.inputs:
            if entry.name == name:
                return entry
        raise ProblemError(f"there is no input {name!r}; there are {', '.join(entry.name for entry in self.inputs)}")

    def used(self, outputs: Iterable[str]) -> list[str]:
        """The steps that some outputs need, in order."""
        wanted: set[str] = set()
        waiting = [names_in(self.outputs[output]) for output in outputs]
        while waiting:
            for step in waiting.pop():
                if step in self.steps and step not in wanted:
                    wanted.add(step)
                    waiting.append(self._names_in_steps[step])
        return [step for step in self.steps if step in wanted]

    @classmethod
    def read(cls, path: str | Path) -> Problem:
        """The problem of a TOML file.

        Raises ProblemError where the file can't be read or does not hold together, ParseError for a formula.
        """
        return cls.from_toml(text_of(path), str(path))

    @classmethod
    def from_toml(cls, text: str, source: str = "problem") -> Problem:
        """The problem of a TOML text.

        >>> Problem.from_toml('[inputs]\\nx = 2\\n[outputs]\\ny = "3*x"').point
        {'x': Formula(head='number', args=('2',))}
        """
        parts = parts_of(text, source)
        try:
            return cls(**parts)
        except (ProblemError, ShapeError) as error:
            raise type(error)(error.message, error.place or Place(source)) from None
