"""What people decided about cells, kept in a file: it counts for every sheet that says the same of a quantity."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from tracegen.errors import ProblemError
from tracegen.formula import Formula
from tracegen.grading.findings import remembered
from tracegen.grading.meaning import MeaninglessError, Scalars, compiled, value
from tracegen.grading.report import read_as
from tracegen.grading.verdicts import CARRIED, RIGHT, WRONG, Judgement
from tracegen.notation import text as printed
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import text_of
from tracegen.problems.toml_text import Toml

RULED = "ruled"
"""The tag of a cell that a person decided."""

SAID = "decided by a person"

_POINTS = 3
_CLOSE = 1e-9
_KEYS = {"problem", "quantity", "reads", "text", "meaning", "verdict", "marks", "says"}


@dataclass(frozen=True)
class Ruling:
    """One decision: of which problem and quantity, how the cell was read (or what stands there, where it was not),
    whether it is right or wrong, what it has of its marks where that is said, and a sentence for the student."""

    problem: str
    quantity: str
    verdict: str
    reads: str = ""
    text: str = ""
    meaning: tuple[float, ...] = ()
    marks: float | None = None
    says: str = ""

    def fits(self, cell: Judgement) -> bool:
        """Whether a cell of its quantity says the same."""
        if cell.reading is None or not (self.reads or self.meaning):
            return cell.reading is None and bool(self.text) and _words(self.text) == _words(cell.text)
        if self.meaning:
            found = meaning_of(cell.reading)
            return len(found) == len(self.meaning) and all(map(_is_close, found, self.meaning))
        return self.reads == read_as(cell)

    def applied(self, cell: Judgement) -> Judgement:
        """The cell as it was decided."""
        because = f"{SAID}: {self.says}" if self.says else SAID
        return replace(
            cell, verdict=self.verdict, tags=(RULED,), because=because, repair=None, root=None, slip="", witness="",
            ruled=self.marks,
        )  # fmt: skip


@dataclass(frozen=True)
class Rulings:
    """All decisions of a file, by problem and quantity; the later of two on the same cell counts."""

    by_quantity: Mapping[tuple[str, str], Sequence[Ruling]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str | Path) -> Rulings:
        """The rulings of a TOML file. Raises ProblemError where it can't be read or holds something else."""
        return cls.from_toml(text_of(path), str(path))

    @classmethod
    def from_toml(cls, text: str, source: str = "rulings") -> Rulings:
        """The rulings of a TOML text.

        >>> text = '[[ruling]]\\nproblem = "1f"\\nquantity = "y/primal v2 value"\\nreads = "7"\\nverdict = "right"\\n'
        >>> [ruling.reads for ruling in Rulings.from_toml(text).all()]
        ['7']
        """
        toml = Toml(text, source)
        document = toml.load()
        entries = document.pop("ruling", [])
        if document or not isinstance(entries, list):
            key = next(iter(document), "ruling")
            raise ProblemError("a file of rulings has [[ruling]] sections only", toml.place((key,)))
        found: dict[tuple[str, str], list[Ruling]] = {}
        for number, entry in enumerate(entries, 1):
            ruling = _ruling(entry, number, toml)
            found.setdefault((ruling.problem, ruling.quantity), []).append(ruling)
        return cls(found)

    def all(self) -> list[Ruling]:
        """The rulings, one after the other."""
        return [ruling for rulings in self.by_quantity.values() for ruling in rulings]

    def apply(self, cells: Sequence[Judgement], problems: Sequence[Problem]) -> list[Judgement]:
        """The cells of a sheet, with what a person decided in place of what was found. What is right stays right."""
        if not self.by_quantity:
            return list(cells)
        keys = problem_keys(problems)
        return [self._decided(cell, keys) for cell in cells]

    def _decided(self, cell: Judgement, keys: Mapping[str, str]) -> Judgement:
        if cell.verdict in (RIGHT, CARRIED):
            return cell
        for ruling in reversed(self.by_quantity.get((problem_of(cell, keys), quantity_of(cell)), ())):
            if ruling.fits(cell):
                return ruling.applied(cell)
        return cell


def quantity_of(cell: Judgement) -> str:
    """What a cell is of: the table, the row, and whether it is a label, a formula or a value."""
    return " ".join(filter(None, (cell.part, cell.row, cell.cell)))


def problem_keys(problems: Iterable[Problem]) -> dict[str, str]:
    """A short text for the problem of each output, and by "" for all of them; it is another one where anything in a
    problem is that matters for its tables."""
    keys: dict[str, str] = {}
    for problem in problems:
        key = _key(problem)
        keys.update(dict.fromkeys(problem.outputs, key))
        keys[""] = f"{keys['']}+{key}" if "" in keys else key
    return keys


def problem_of(cell: Judgement, keys: Mapping[str, str]) -> str:
    """The problem that a cell is of; all of them where its table is of no output."""
    return keys.get(cell.part.split("/")[0].split("+")[0], keys[""])


def _key(problem: Problem) -> str:
    said = [f"{entry.name}:{entry.shape}={_printed(entry.value)}" for entry in problem.inputs]
    for section in (problem.parameters, problem.steps, problem.outputs):
        said += [f"{name}={_printed(formula)}" for name, formula in section.items()]
    said += [f"{name}={meant}" for name, meant in problem.functions.items()]
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _printed(formula: Formula | None) -> str:
    return "" if formula is None else printed(formula)


@remembered(20_000)
def meaning_of(reading: Formula) -> tuple[float, ...]:
    """What a formula is worth at a few points that are the same in every run; nothing where it has no such number.
    Two readings that mean the same have the same, however they are written.

    >>> from tracegen.formula import name
    >>> a, b = name("a"), name("b")
    >>> meaning_of(Formula("mul", (a, b))) == meaning_of(Formula("mul", (b, a)))
    True
    """
    try:
        with np.errstate(all="ignore"):
            found = value(compiled(reading), _at_points, Scalars())
    except (MeaninglessError, ValueError, TypeError, ArithmeticError):
        return ()
    numbers = np.broadcast_to(found, (_POINTS,)).tolist() if np.ndim(found) <= 1 else []
    return tuple(numbers) if all(map(math.isfinite, numbers)) else ()


def _at_points(leaf: Formula) -> Any:
    """The values of a name, of an adjoint and the like: told by what it is called."""
    digest = hashlib.sha256(printed(leaf).encode("utf-8", "surrogatepass")).digest()
    shares = [int.from_bytes(digest[4 * at : 4 * at + 4], "big") / 2**32 for at in range(_POINTS)]
    return np.array([0.4 + 1.5 * share for share in shares])


def _is_close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=_CLOSE, abs_tol=1e-12)


def _words(text: str) -> list[str]:
    return text.split()


def _ruling(entry: object, number: int, toml: Toml) -> Ruling:
    """One section of a file. Raises ProblemError, with its number."""
    place = toml.place(("ruling",))

    def wrong(said: str) -> ProblemError:
        return ProblemError(f"ruling {number}: {said}", place)

    if not isinstance(entry, dict):
        raise wrong("has to be a section")
    for key in entry:
        if key not in _KEYS:
            raise wrong(f"there is no {key!r}; there are {', '.join(sorted(_KEYS))}")
    texts = {key: entry.get(key, "") for key in ("problem", "quantity", "reads", "text", "verdict", "says")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise wrong("problem, quantity, reads, text, verdict and says are texts")
    if not texts["problem"] or not texts["quantity"]:
        raise wrong("says of which problem and quantity it is")
    if texts["verdict"] not in (RIGHT, WRONG):
        raise wrong(f'verdict is "{RIGHT}" or "{WRONG}"')
    marks, meaning = entry.get("marks"), entry.get("meaning", [])
    if marks is not None and not (_is_number(marks) and 0 <= marks < 1e6):
        raise wrong("marks has to be a number, 0 or more")
    if not isinstance(meaning, list) or not all(map(_is_number, meaning)):
        raise wrong("meaning is a list of numbers")
    if not (meaning or texts["reads"] or texts["text"]):
        raise wrong("says how the cell reads, or what stands there")
    return Ruling(**texts, meaning=tuple(map(float, meaning)), marks=None if marks is None else float(marks))


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e300
