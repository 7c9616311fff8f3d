"""Says for each row of a block which derivative it is: by its label, or by its meaning where the label is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from tracegen.formula import Formula, name
from tracegen.grading.choose import Choice, called_in, symbols_in, target_of
from tracegen.grading.fits import NO_NAMES, Fit, placed_fit
from tracegen.grading.headings import FORWARD, REVERSE
from tracegen.grading.leaves import names_of
from tracegen.grading.lookalikes import look_alike
from tracegen.grading.meaning import MeaninglessError
from tracegen.grading.sheet import Row

MOST_RENAMINGS = 64


@dataclass
class Assigned:
    """A row, the derivative that it is (``name``, ``direction``), and what is wrong with its label or its names."""

    row: Row
    name: str
    direction: str
    fit: Fit
    label: Formula | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    unknown: str = ""
    called: frozenset[str] = frozenset()
    symbols: Mapping[str, str] = field(default_factory=dict)

    def of(self, row: Row) -> Assigned:
        """The same for a row that says the same."""
        return Assigned(
            row, self.name, self.direction, self.fit, self.label, self.names, self.unknown, self.called, self.symbols
        )

    @property
    def exact(self) -> bool:
        """Whether everything in the row was found right, in exact numbers and without second readings."""
        cells = (*self.row.members, *self.row.beside)
        return self.fit.whole and self.fit.exact and self.fit.count == len(cells) and not self.unknown


def assigned(choice: Choice) -> list[Assigned]:
    """The rows of a block, assigned."""
    block, world = choice.block, choice.world
    key = ("assigned", block.kind, tuple(row.said for row in block.rows), world.list, choice.direction)
    found = world.reference.findings.of(key, lambda: _assigned(choice))
    return [one.of(row) for one, row in zip(found, block.rows, strict=True)]


def _assigned(choice: Choice) -> list[Assigned]:
    choice.world.called = called_in(choice.block)
    choice.world.symbols = symbols_in(choice.block, choice.world)
    found = [_by_label(row, choice) for row in choice.block.rows]
    misfits = [one for one in found if one.fit.right * 2 <= one.fit.count and not one.fit.whole]
    if len(misfits) >= 2:
        _rename(misfits, choice)
    for one in found:
        one.called, one.symbols = choice.world.called, choice.world.symbols
    return found


def relabel(rows: Sequence[tuple[Assigned, Choice]]) -> None:
    """Give rows of one sweep whose labels are wrong the place of the derivative that they fit wholly.

    A label is only doubted where another row has it and is right, where no row of the list is called so, or where
    nearly all rows of its block are along another input.
    """
    taken = {(one.name, one.direction) for one, _ in rows if one.fit.right and not one.unknown}
    for one, choice in rows:
        if one.names or (one.fit.formulas_right if one.fit.formulas else one.fit.right):
            continue  # a value can be about another row's by chance
        own = (one.name, one.direction)
        occupied = any(
            other is not one and (other.name, other.direction) == own and other.fit.right for other, _ in rows
        )
        block = [other.direction for other, where in rows if where is choice]
        strange = bool(one.direction) and block.count(one.direction) * 4 <= len(block)
        if occupied or one.unknown or strange:
            choice.world.called, choice.world.symbols = one.called, one.symbols
            _by_meaning(one, choice, occupied, taken)


def _by_label(row: Row, choice: Choice) -> Assigned:
    world, kind = choice.world, choice.block.kind
    text, along = row.key
    direction = (along or choice.direction) if kind == FORWARD else ""
    target = target_of(row, world, kind, choice.direction)
    if target is None:
        strange = direction if not world.listing.has_direction(direction) and kind == FORWARD else ""
        unknown = strange or (_label_text(row) if kind == REVERSE else text)
        return Assigned(row, text, direction, Fit(formulas=1), unknown=unknown)
    return Assigned(row, target[1], direction, _fit(row, choice, target[1], direction))


def _label_text(row: Row) -> str:
    below = (
        row.label.formula.args[-1] if row.label.formula is not None and row.label.formula.head == "partial" else None
    )
    return str(below.args[0]) if isinstance(below, Formula) and below.head == "name" else row.key[0]


def _fit(row: Row, choice: Choice, row_name: str, direction: str, names: Mapping[str, str] = NO_NAMES) -> Fit:
    world, kind = choice.world, choice.block.kind
    world.direction, world.local_below = direction or choice.direction, kind == REVERSE
    try:
        target = world.adjoints()[row_name] if kind == REVERSE else world.tangents(direction)[row_name]
    except (MeaninglessError, KeyError):
        return Fit(formulas=1)
    return placed_fit(row, world, target, kind, row_name, names)


def _by_meaning(one: Assigned, choice: Choice, occupied: bool, taken: set[tuple[str, str]]) -> None:
    """Give a row that fits nothing under its label the place of the derivative that it fits wholly."""
    own = (one.name, one.direction)
    fitting = [
        (row_name, direction)
        for row_name, direction in _places(choice, one)
        if (row_name, direction) != own and (row_name, direction) not in taken
        and (fits := _fit(one.row, choice, row_name, direction)).whole and fits.formulas
    ]  # fmt: skip
    same_row = [place for place in fitting if place[0] == one.name]
    alike = [place for place in fitting if look_alike(place[0], one.name)]
    chosen = next(iter(same_row or alike or (fitting if len(fitting) == 1 or occupied else [])), None)
    if chosen is None:
        return
    one.name, one.direction = chosen
    one.fit = _fit(one.row, choice, *chosen)
    one.label = _relabelled(one.row.label.formula, *chosen)
    one.unknown = ""
    taken.add(chosen)


def _places(choice: Choice, one: Assigned) -> list[tuple[str, str]]:
    listing = choice.world.listing
    if choice.block.kind == REVERSE:
        return [(row, "") for row in listing.values]
    return [(row, direction) for direction in listing.inputs for row in listing.values]


def _relabelled(label: Formula | None, row: str, direction: str) -> Formula | None:
    if label is None:
        return None
    if label.head == "adjoint":
        return Formula("adjoint", (name(row),))
    if label.head == "tangent":
        return Formula("tangent", (name(row), label.args[1] and name(direction)))
    return Formula("partial", (name(row), name(direction)) if direction else (label.args[0], name(row)))


def _rename(misfits: list[Assigned], choice: Choice) -> None:
    """Find one renaming of names that look alike under which rows that fit nothing are right, the smallest first."""
    rows = dict.fromkeys([*choice.world.listing.values, *choice.world.listing.also])
    names = {id(one): _names(one.row) for one in misfits}
    used = dict.fromkeys(text for one in misfits for text in names[id(one)])
    options = {text: found for text in used if (found := [row for row in rows if look_alike(text, row)])}
    for text, found in options.items():
        touched = [one for one in misfits if text in names[id(one)]]
        for other in found if len(touched) > 1 else ():
            if all(_renamed_fit(one, choice, {text: other}) for one in touched):
                _apply(touched, choice, {text: other})
                return
    if len(misfits) * 3 >= len(choice.block.rows) * 2:
        _rename_several(misfits, choice, options)


def _rename_several(misfits: list[Assigned], choice: Choice, options: Mapping[str, list[str]]) -> None:
    """Several names misread at once, in every row that fits nothing."""
    count = 1
    for found in options.values():
        count *= len(found) + 1
    if len(options) < 2 or count > MOST_RENAMINGS:
        return
    chosen = product(*([text, *found] for text, found in options.items()))
    renamings = ({old: new for old, new in zip(options, news, strict=True) if old != new} for news in chosen)
    for names in sorted(renamings, key=len):
        if len(names) > 1 and all(_renamed_fit(one, choice, names) for one in misfits):
            _apply(misfits, choice, names)
            return


def _names(row: Row) -> list[str]:
    label = names_of(row.label.formula) if row.label.formula is not None else []
    inside = [text for cell in row.members for reading in cell.readings[:1] for text in _leaf_names(reading)]
    return [*label, *inside]


def _leaf_names(formula: Formula) -> list[str]:
    from tracegen.grading.meaning import compiled, leaves

    try:
        return [text for leaf in leaves(compiled(formula)) for text in names_of(leaf)]
    except MeaninglessError:
        return []


def _renamed_place(one: Assigned, choice: Choice, names: Mapping[str, str]) -> str | None:
    text = _label_text(one.row) if choice.block.kind == REVERSE else one.row.key[0]
    try:
        return choice.world.row(name(names.get(text, text)))
    except MeaninglessError:
        return None


def _renamed_fit(one: Assigned, choice: Choice, names: Mapping[str, str]) -> bool:
    place = _renamed_place(one, choice, names)
    return place is not None and _fit(one.row, choice, place, one.direction, names).whole


def _apply(misfits: list[Assigned], choice: Choice, names: Mapping[str, str]) -> None:
    for one in misfits:
        place = _renamed_place(one, choice, names)
        if place is not None:
            one.names, one.name, one.unknown = names, place, ""
            one.fit = _fit(one.row, choice, place, one.direction, names)
