"""Letters that Unicode has raised or lowered are exponents and indices, as raised and lowered digits are."""

from __future__ import annotations

import unicodedata
from string import ascii_letters

import pytest

from tracegen.mathtext import read
from tracegen.mathtext.unicode_text import SUBSCRIPTS, SUPERSCRIPTS

RAISED = [
    chr(code)
    for code in (*range(0x2B0, 0x300), *range(0x1D2C, 0x1DC0), *range(0x2070, 0x20A0))
    if (parts := unicodedata.decomposition(chr(code)).split())[:1] == ["<super>"]
    and chr(int(parts[1], 16)) in ascii_letters
]
"""Every raised Latin letter of Unicode."""


@pytest.mark.parametrize("letter", RAISED)
def test_a_raised_letter_is_an_exponent(letter: str) -> None:
    plain = unicodedata.normalize("NFKC", letter)
    wanted = "x^\\top" if plain == "T" else f"x^({plain})"
    assert read(f"x{letter}").alternatives == read(wanted).alternatives


@pytest.mark.parametrize("table", [SUPERSCRIPTS, SUBSCRIPTS], ids=["raised", "lowered"])
def test_every_letter_of_the_tables_is_what_unicode_says(table: dict[str, str]) -> None:
    for letter, written in table.items():
        if written.isascii() and written.isalnum():
            assert unicodedata.normalize("NFKC", letter) == written
