"""What a notation says: how it prints leaves, brackets and signs; the rest is in the table of primitives."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from tracegen.formula import Formula, name
from tracegen.notation.profiles import Convention
from tracegen.primitives import Form
from tracegen.primitives.primitive import ATOM


class Piece(NamedTuple):
    """A printed formula: its text, how tightly it binds, and what its surroundings need to know.

    ``trails``: it ends in a call without brackets. ``tall``: it is higher than a line, and its brackets grow.
    """

    text: str
    binds: int = ATOM
    trails: bool = False
    tall: bool = False


made: Callable[[type[Piece], tuple[str, int, bool, bool]], Piece] = tuple.__new__
"""``made(Piece, (…))`` is a Piece in half the time of its own constructor."""

Join = Callable[[Formula, list[Piece]], Piece]
"""How an operation is printed, from its node and the pieces of its parts."""


class Notation(ABC):
    """One notation under one convention."""

    convention: Convention

    call: ClassVar[re.Pattern[str]]
    """The pattern of a function's application; its group is what stands before the bracket."""

    grows: ClassVar[str] = "+="
    comma: ClassVar[str] = ", "
    colon: ClassVar[str] = ":"

    high: ClassVar[re.Pattern[str] | None] = None
    """What makes a pattern higher than a line, in a notation of two dimensions."""

    @abstractmethod
    def __call__(self, formula: Formula) -> str:
        """A formula as text."""

    def adjoint(self, of: Formula) -> Piece:
        """v̄3, ∂f/∂v3 or df/dv3, as the convention says."""
        if self.convention.adjoint == "bar":
            return self.over(of, "bar")
        d = "∂" if self.convention.adjoint == "partial" else "d"
        return self.fraction(d, self(name(self.convention.function)), self(of))

    def tangent(self, of: Formula, direction: Formula | None = None) -> Piece:
        """v̇3, ∂v3/∂x1, v3′ or D_p v3, as the convention says; v̇3 where a fraction has no direction."""
        style = self.convention.tangent
        if style == "fraction" and direction is not None:
            return self.fraction("∂", self(of), self(direction))
        if style == "prime":
            return self.primed(of)
        if style == "directional":
            return self.along(of, direction or name("p"))
        return self.over(of, "dot")

    def partial(self, node: Formula, parts: list[Piece]) -> Piece:
        """∂v8/∂v3"""
        return self.fraction("∂", parts[0].text, parts[1].text)

    def operator(self, node: Formula, parts: list[Piece]) -> Piece:
        """∂/∂x, of whatever stands in the row"""
        return self.fraction("∂", "", parts[0].text)

    def grown(self, pattern: str) -> str:
        """The pattern for operands that are higher than a line."""
        return pattern

    @abstractmethod
    def form(self, head: str) -> Form:
        """The Form of an operation in this notation."""

    @abstractmethod
    def bracket(self, part: Piece) -> str:
        """A piece in brackets."""

    @abstractmethod
    def multiplied(self, before: str, after: str) -> str:
        """Two factors with a sign between."""

    @abstractmethod
    def raised(self, base: str, exponent: Piece, on_one_line: bool) -> str:
        """A base with its exponent."""

    @abstractmethod
    def letter(self, node: Formula, parts: list[Piece]) -> Piece:
        """An application of a function known by its letter."""

    @abstractmethod
    def matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        """A matrix of formulas."""

    @abstractmethod
    def name(self, text: str) -> Piece:
        """A name."""

    @abstractmethod
    def number(self, text: str) -> Piece:
        """A number."""

    @abstractmethod
    def constant(self, text: str) -> Piece:
        """Euler's number or π."""

    @abstractmethod
    def dots(self, *nothing: Any) -> Piece:
        """Something left out."""

    @abstractmethod
    def over(self, of: Formula, mark: str) -> Piece:
        """A formula under a ``"bar"`` or a ``"dot"``."""

    @abstractmethod
    def fraction(self, d: str, over: str, under: str) -> Piece:
        """A derivative, with ``"∂"`` or ``"d"``."""

    @abstractmethod
    def primed(self, of: Formula) -> Piece:
        """v3′"""

    @abstractmethod
    def along(self, of: Formula, direction: Formula) -> Piece:
        """D_p v3"""
