"""What the words of a text stand for: declared names in any spelling, functions, constants, or words run together."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Any

from tracegen.formula import PI, E, Formula
from tracegen.mathtext.unicode_text import GREEK, greek_word
from tracegen.primitives import find
from tracegen.primitives import names as operations

BARE = frozenset(
    """sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc asin acos atan acot sinh cosh tanh coth sech
    csch arsinh arcosh artanh arcsinh arccosh arctanh asinh acosh atanh exp ln log lg log2 log10 sqrt cbrt relu
    sigmoid softplus sgn sign tr det""".split()  # noqa: SIM905
)
"""Functions that may stand before their operand without brackets."""

GREEK_WORDS = frozenset(GREEK.values()) | {"varphi", "varepsilon", "vartheta", "varsigma", "ell"}
GREEK_VARIANTS = {"varphi": "phi", "varepsilon": "epsilon", "vartheta": "theta", "varsigma": "sigma", "ell": "l"}

MAX_RUN = 64
"""Letters of a word that is tried as several words run together."""

MAX_SUGGESTIONS = 40
"""Names that a misspelt one is compared with."""

MAX_DIGITS = 1_000
MAX_EXPONENT = 400
MAX_MEMO = 20_000

_CALLS: dict[str, tuple[str, int]] = {}
"""Tokens of functions that may stand bare, with their rows' names and arities, once met."""

_INDEX = re.compile(r"(?<!_)_\{?(-?)([A-Za-z0-9]+)\}?")
_LETTER = re.compile(r"[A-Za-z](?:_\{-?[A-Za-z0-9]+\}|_?\d+|_[A-Za-z])?")
_LETTERS = re.compile("|".join([*sorted(BARE | {"pi"}, key=len, reverse=True), _LETTER.pattern, r"\d+", "."]))
_NUMBERED = re.compile(r"(?:[A-Za-z](?:_\{-?\d+\}|_?\d+)){2,}")
_LAMDA = re.compile(r"^([lL])amda(?![A-Za-z])")
"""Unicode's own spelling of λ."""

_EXPONENT = re.compile(r"[eE]([+-]?\d+)$")


@lru_cache(maxsize=20_000)
def normal(spelled: str) -> str:
    """The one spelling of a name, for `v_1`, `v_{1}` and `v1`; for `v_{-1}`; for `x_{i}`.

    >>> normal("v_{1}"), normal("v_{-1}"), normal("x_{i}"), normal("lamda")
    ('v1', 'v-1', 'x_i', 'lambda')
    """
    if spelled[1:5] == "amda":
        spelled = _LAMDA.sub(r"\1ambda", spelled)
    if "_" not in spelled:
        return spelled
    return _INDEX.sub(lambda match: match[1] + match[2] if match[2].isdigit() else f"_{match[2]}", spelled)


def name_of(key: Any) -> Any:
    """The name that a caller's key stands for: a text or a symbol of SymPy's, Greek letters spelled out; else the key.

    >>> name_of("λ"), name_of("lamda2"), name_of("x_1"), name_of(3)
    ('lambda', 'lambda2', 'x_1', 3)
    """
    if not isinstance(key, str) and hasattr(key, "free_symbols"):
        return normal(greek_word(str(getattr(key, "name", key)).removeprefix("\\")))
    return _LAMDA.sub(r"\1ambda", greek_word(key)) if isinstance(key, str) else key


class Vocabulary:
    """The names that a text may use, the letters that stand for functions, and how its words are cut.

    ``names`` of None allows any name; those ``declared`` are names then, whatever else they could be. ``latex`` cuts
    unknown words into single letters.
    """

    __slots__ = (
        "_folded", "_learnt", "_resolved", "atoms", "calls", "declared", "latex", "letters", "loose", "names", "ten",
    )  # fmt: skip

    def __init__(
        self,
        names: Collection[str] | None,
        letters: Collection[str] = (),
        *,
        latex: bool = False,
        ten: bool = False,
        loose: bool = True,
        declared: Collection[str] = (),
    ) -> None:
        self.names = names
        self.declared = declared
        self.letters = frozenset(greek_word(letter) for letter in letters)
        self.latex = latex
        self.ten = ten
        self.loose = loose
        self.atoms: dict[str, Formula] = {}
        self.calls = _CALLS
        self._folded: dict[str, str | None] | None = None
        self._resolved: dict[str, str | None] = {}
        self._learnt: list[str] = []

    def name(self, spelled: str) -> str | None:
        """The declared name that a spelling stands for, or None."""
        if self.names is None:
            return normal(spelled)
        if spelled in self._resolved:
            return self._resolved[spelled]
        declared = self._look_up(spelled, self.names)
        if len(self._resolved) < MAX_MEMO:
            self._resolved[spelled] = declared
        return declared

    def _look_up(self, spelled: str, names: Collection[str]) -> str | None:
        written = normal(spelled)
        for candidate in (spelled, written, _with_underscore(written)):
            if candidate in names:
                return candidate
        return self._in_other_case(written) if self.loose and len(written) > 1 else None

    def ambiguous(self, word: str) -> bool:
        """Whether what a name means depends on what follows it, so that it can't be remembered."""
        if word in self.letters or function(normal(word)) is not None or (word[0] == "d" and len(word) > 1):
            return True
        return self.names is None and len(word) > 1 and word.isalpha()

    def word_of(self, token: str) -> str | None:
        """The word that a token is: an identifier, a Greek letter, a function's command, words in a font."""
        if token[:1] != "\\":
            return token if token[:1].isalpha() and token.isascii() else None
        if token[-1] == "}" and "{" in token:
            inner = token[token.index("{") + 1 : -1].strip().replace(r"\_", "_")
            return inner if inner.isidentifier() and not token.startswith(("\\begin", "\\end")) else None
        text = token[1:]
        if text in GREEK_VARIANTS:
            return text if self.known(text) else GREEK_VARIANTS[text]
        return text if text in GREEK_WORDS or function(text) is not None else None

    def known(self, spelled: str) -> bool:
        """Whether a spelling is a declared name; where any name is allowed, one of those that are ``declared``."""
        if self.names is None:
            return spelled in self.declared
        return self.name(spelled) is not None

    def constant(self, word: str) -> Formula | None:
        """π or Euler's number, unless declared as something else."""
        if word == "pi":
            return PI
        return E if word == "e" or (word == "E" and not self.latex) else None

    def keep(self, token: str, formula: Formula) -> Formula:
        """Remember what a token stands for."""
        if len(self.atoms) < MAX_MEMO:
            self.atoms[token] = formula
            if formula.head not in ("name", "number") or formula.args[0] != token:
                self._learnt.append(token)
        return formula

    def forget(self) -> None:
        """Forget what may be a name from now on, since there are more ``names`` than before: all but numbers, and
        names that stand as they were declared."""
        for token in self._learnt:
            self.atoms.pop(token, None)
        self._learnt.clear()
        self._resolved.clear()
        self._folded = None
        self.letters = self.letters.difference(self.names or ())

    def pieces(self, run: str, *, single: bool = False) -> tuple[str, ...]:
        """The words that a run of letters and digits is made of; the run alone where it is one word or unknown."""
        if len(run) > MAX_RUN:
            return (run,)
        if self.names is not None:
            return (self._segments(run) if self.loose or self.latex else None) or (run,)
        if self.latex or single:
            return tuple(_LETTERS.findall(run))
        if _NUMBERED.fullmatch(run):
            return tuple(_LETTER.findall(run))
        stem = run.rstrip("0123456789")
        return (stem, run[len(stem) :]) if stem in BARE and stem != run and function(run) is None else (run,)

    def nearest(self, word: str) -> str | None:
        """The declared name or operation that looks most like a word."""
        for known, likeness in (self.names or (), 0.5), (operations(), 0.7):
            alike = (name for name in known if abs(len(name) - len(word)) < 3 and _share_an_end(name, word))
            close = get_close_matches(word, list(islice(alike, MAX_SUGGESTIONS)), 1, likeness)
            if close:
                return close[0]
        return None

    def _segments(self, run: str) -> tuple[str, ...] | None:
        """Declared names, functions and constants that make up a run, the longest first."""
        cuts: dict[int, tuple[str, ...] | None] = {len(run): ()}
        for start in range(len(run) - 1, -1, -1):
            cuts[start] = next(
                (
                    (run[start:end], *rest)
                    for end in range(len(run), start, -1)
                    if (rest := cuts[end]) is not None and self._is_word(run[start:end], rest)
                ),
                None,
            )
        return cuts[0]

    def _is_word(self, word: str, following: tuple[str, ...]) -> bool:
        if following and word[-1].isdigit() and following[0][0].isdigit():
            return False
        if word in BARE or word in ("pi", "e"):
            return True
        if word.isdigit() or not word[0].isalpha():
            return False
        return self.name(word) is not None

    def _in_other_case(self, written: str) -> str | None:
        """The only declared name that differs in case alone: `w^{(1)}` for W1."""
        if self._folded is None:
            self._folded = {}
            for declared in self.names or ():
                key = normal(declared).lower()
                self._folded[key] = None if key in self._folded else declared
        return self._folded.get(written.lower())


def function(word: str) -> tuple[str, int] | None:
    """The name and arity of the row that a word calls; SymPy's capitals (`Abs`, `Max`) are accepted."""
    row = find(word)
    if row is None and word[:1].isupper():
        row = find(word.lower())
    return None if row is None else (row.name, row.arity)


def numeral(text: str) -> Formula | None:
    """The formula of a number as written; None where it has too many digits to be worked with."""
    exponent = None if text.isdigit() else _EXPONENT.search(text)
    if len(text) > MAX_DIGITS or (exponent and abs(int(exponent[1][:9])) > MAX_EXPONENT):
        return None
    return Formula("number", (text,))


@lru_cache(maxsize=64)
def _cached(names: frozenset[str] | None, letters: frozenset[str], latex: bool, ten: bool) -> Vocabulary:
    return Vocabulary(names, letters, latex=latex, ten=ten)


def vocabulary(names: Collection[str] | None, letters: Collection[str], *, latex: bool, ten: bool) -> Vocabulary:
    """The vocabulary of an answer; the same one for the same words, so that what it has learnt is kept."""
    frozen = names if names is None or isinstance(names, frozenset) else frozenset(names)
    return _cached(frozen, letters if isinstance(letters, frozenset) else frozenset(letters), latex, ten)


def _share_an_end(one: str, other: str) -> bool:
    return one[:1] == other[:1] or one[-1:] == other[-1:]


def _with_underscore(written: str) -> str:
    stem = written.rstrip("0123456789")
    return f"{stem}_{written[len(stem) :]}" if len(stem) < len(written) else written
