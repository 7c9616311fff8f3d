"""A list that is saved and loaded is the same list; whatever else is in a file is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.networks import network
from tracegen.errors import ProblemError
from tracegen.formula import Formula, name, number, postorder
from tracegen.primitives.letters import letter
from tracegen.wengert.storing import load, mapped, save
from tracegen.wengert.sweep import reverse
from tracegen.wengert.wengert_list import ONE, Builder, WengertList


def scalars() -> WengertList:
    builder = Builder.of(["x", "y"])
    product = builder.append("mul", (0, builder.constant(Formula("div", (name("c"), number(3))))))
    last = builder.append("atan2", (product, 1))
    builder.list.outputs["f"] = last
    builder.list.names[product] = "p"
    return reverse(builder.list, {last: ONE}).wengert


def letters() -> WengertList:
    builder = Builder.of(["x"])
    builder.append(letter("sigma", 1), (0,))
    builder.list.functions["sigma"] = "tanh"
    return builder.list


def matrices() -> WengertList:
    net = network({"A": ("N", "N"), "x": ("N", 1)}, {"y": "x.T @ A @ x", "z": "A[0:2, 1:] * y"}, symmetric=["A"])
    return net.wengert


@pytest.mark.parametrize("made", [scalars, letters, matrices])
def test_the_same_list(made: type, tmp_path: Path) -> None:
    wengert = made()
    save(wengert, tmp_path / "a.list")
    assert load(tmp_path / "a.list") == wengert


def test_constants_can_be_deeper_than_json(tmp_path: Path) -> None:
    constant = name("a")
    for place in range(3000):
        constant = Formula("add", (constant, name(f"a{place}")))
    builder = Builder.of(["x"])
    builder.append("mul", (0, builder.constant(constant)))
    save(builder.list, tmp_path / "a.list")
    (found,) = load(tmp_path / "a.list").constants
    assert [node.head for node in postorder(found)] == [node.head for node in postorder(constant)]


def test_arrays_are_mapped_not_read(tmp_path: Path) -> None:
    save(scalars(), tmp_path / "a.list")
    header, arrays = mapped(tmp_path / "a.list")
    assert all(isinstance(array, np.memmap) for array in arrays.values())
    assert header["lines"] == len(arrays["codes"]) == len(scalars())


def damaged(content: bytes, kind: str) -> bytes:
    return {
        "another format": b"\x93NUMPY" + content[6:],
        "cut short": content[:-40],
        "an empty file": b"",
        "a header that is too long": content[:16] + b"\xff" * 8 + content[24:],
        "an unknown operation": content.replace(b'"mul"', b'"lum"'),
        "an operand after its line": content[:-4] + (1000).to_bytes(4, "little"),
        "no such constant": content[:-4] + (-1000).to_bytes(4, "little", signed=True),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "another format", "cut short", "an empty file", "a header that is too long", "an unknown operation",
        "an operand after its line", "no such constant",
    ],
)  # fmt: skip
def test_another_file_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.list"
    save(scalars(), path)
    path.write_bytes(damaged(path.read_bytes(), kind))
    with pytest.raises(ProblemError, match="is no list that tracegen wrote"):
        load(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="can't be read"):
        load(tmp_path / "a.list")
