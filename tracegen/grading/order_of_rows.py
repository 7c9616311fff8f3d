"""Puts the rows of a list that runs backwards, as texts on the reverse sweep state it, in the order of their use."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from tracegen.grading.sheet import Row


def in_order_of_use(rows: Sequence[Row]) -> list[Row]:
    """The rows of a list, each after those that it names, where most stand before them; otherwise as they are. Rows
    that have one label stay together.

    >>> from tracegen.grading.read import Words, read_sheet
    >>> rows = read_sheet("v3 = 2 v2\\nv2 = sin(v1)\\nv1 = x y", Words(frozenset("xy"))).items
    >>> [row.key[0] for row in in_order_of_use(rows)]
    ['v1', 'v2', 'v3']
    """
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.key[0], place)
    after = before = 0
    for place, row in enumerate(rows):
        for text in row.said.names & first.keys() - {row.key[0]}:
            before += first[text] > place
            after += first[text] < place
    return _sorted(rows, list(first)) if before > after else list(rows)


def _sorted(rows: Sequence[Row], labels: Sequence[str]) -> list[Row]:
    """The rows, those of a label together, each label after those that its rows name; what goes in a circle is last."""
    places = {label: place for place, label in enumerate(labels)}
    own: dict[str, list[Row]] = {label: [] for label in labels}
    for row in rows:
        own[row.key[0]].append(row)
    users: dict[str, list[str]] = {label: [] for label in labels}
    lacking: dict[str, int] = {}
    for label, named in own.items():
        used = frozenset[str]().union(*(row.said.names for row in named)) & places.keys() - {label}
        lacking[label] = len(used)
        for text in used:
            users[text].append(label)
    ready = [places[label] for label in labels if not lacking[label]]
    done: list[str] = []
    while ready:
        label = labels[heappop(ready)]
        done.append(label)
        for user in users[label]:
            lacking[user] -= 1
            if not lacking[user]:
                heappush(ready, places[user])
    left = [label for label in labels if lacking[label]]
    return [row for label in (*done, *left) for row in own[label]]
