"""Tells the head of a table from its rows, and the input along which a column of it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tracegen.grading.columns import operator_along
from tracegen.grading.headings import is_words
from tracegen.grading.readings import Reader
from tracegen.grading.sheet import Cell, key_of
from tracegen.grading.sizes import LABELS

LONGEST_LABEL = 40


def is_row(cell: Cell, declared: Collection[str]) -> bool:
    """Whether a cell is a row of a list, v0 = x1, and not what rows are called, v_i = …"""
    if cell.formula is None or cell.formula.head != "equals":
        return False
    label = cell.formula.args[0]
    text = key_of(label)[0] if label.head in LABELS else ""
    return text[-1:].isdigit() or text in declared


def begins_row(text: str, reader: Reader, line: int) -> bool:
    """Whether a text that can't be mathematics as a whole begins with the name of a row: ``v4 = the square of v1``."""
    before, sign, after = text.partition("=")
    if not sign or not after.strip() or len(before) > LONGEST_LABEL:
        return False
    label = reader.read(before.strip("$ :"), line).formula
    if label is None or label.head not in LABELS:
        return False
    name, words = key_of(label)[0], reader.words
    if name in words.inputs:
        return label.head != "name"
    return name[-1:].isdigit() or name in words.declared


def directions(heads: Sequence[str], reader: Reader, line: int) -> dict[int, str]:
    """The columns that are headed by a derivative along an input, or by an input, each with the input."""
    inputs, found = reader.words.inputs, {}
    for column, text in enumerate(heads):
        if text.partition("_")[0] in inputs and text.endswith(("_exact", "_decimal")):
            found[column] = text.partition("_")[0]
        elif column and (along := operator_along(text)):
            found[column] = along
        elif column and text and not is_words(text, reader.known):
            formula = reader.read(text, line).formula
            if formula is not None and formula.head == "partial" and formula.args[1].head == "name":
                found[column] = str(formula.args[1].args[0])
            elif formula is not None and formula.head == "name":
                found[column] = str(formula.args[0])
    return {column: along for column, along in found.items() if along in inputs}
