"""What the lines of a list are called under a convention."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import count

from tracegen.formula import Formula, name
from tracegen.notation.profiles import Convention
from tracegen.wengert.wengert_list import WengertList

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def line_labels(
    wengert: WengertList, convention: Convention, data: Collection[int] = (), taken: Iterable[str] = ()
) -> list[Formula]:
    """The name of every line: its own where it has one, or the convention's letter and number.

    Named lines take no number, and none has a name that is ``taken``. Of a list with matrices only the first input is
    numbered, unless it is among the given ``data``; weights and data go by their own names. Where lines are letters,
    the line of an output goes by the output's name.

    >>> from tracegen.wengert.wengert_list import Builder
    >>> from tracegen.notation.profiles import profile
    >>> line_labels(Builder.of(["x", "y"]).list, profile("baydin"))[0]
    Formula(head='name', args=('v-1',))
    """
    names = _own_names(wengert, convention, data)
    free = _free_names(wengert, convention, {*names.values(), *wengert.inputs, *taken})
    if wengert.shapes and convention.inputs == "rows" and 0 in names:
        next(free)  # the steps count from v1 whether v0 is an input or not
    outputs = {str(output_label(wengert, text, convention).args[0]): at for text, at in wengert.outputs.items()}
    labels = []
    for place in range(len(wengert)):
        text = names[place] if place in names else next(free)
        while place not in names and outputs.get(text, place) != place:
            text = next(free)  # ∂f/∂x is the derivative of the output, never that of another line called f
        labels.append(name(text))
    return labels


def _own_names(wengert: WengertList, convention: Convention, data: Collection[int]) -> dict[int, str]:
    names = dict(wengert.names)
    if convention.inputs != "rows":
        names.update(enumerate(wengert.inputs))
    elif wengert.shapes:
        names.update((place, text) for place, text in enumerate(wengert.inputs) if place > 0 or place in data)
    if wengert.names or convention.naming == "alphabet":
        for output, operand in wengert.outputs.items():
            if operand >= len(wengert.inputs):
                names.setdefault(
                    operand, output if wengert.names else str(output_label(wengert, output, convention).args[0])
                )
    return names


def _free_names(wengert: WengertList, convention: Convention, taken: set[str]) -> Iterator[str]:
    if convention.naming == "alphabet":
        yield from _letters(taken)
    numbered = convention.inputs == "rows" and convention.counts == "steps" and not wengert.shapes
    first = convention.first - len(wengert.inputs) if numbered else convention.first
    for number in count(first):
        text = f"{convention.letter}{number}"
        if text not in taken:
            yield text


def _letters(taken: set[str]) -> Iterator[str]:
    for number in count():
        text = ALPHABET[number % 26] + (str(number // 26) if number >= 26 else "")
        if text not in taken:
            yield text


def output_label(wengert: WengertList, output: str, convention: Convention) -> Formula:
    """What an output is called in the rows of its list: without its index, where the list is its own.

    >>> from tracegen.wengert.wengert_list import Builder
    >>> wengert = Builder.of(["x"]).list
    >>> wengert.outputs["y1"] = 0
    >>> output_label(wengert, "y1", Convention())
    Formula(head='name', args=('y',))
    """
    bare = output.rstrip("0123456789").rstrip("_")
    alone = len(wengert.outputs) == 1 and convention.lists == "separate" and convention.output == "bare"
    return name(bare if alone and bare and bare not in wengert.inputs else output)
