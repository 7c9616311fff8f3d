"""Keeps a list in one file of plain arrays, which are mapped into memory when it is read.

The file: a line that names the format, the length of a JSON header, the header, and three arrays: the code of every
line, how many operands it has, and all operands one after the other. Nothing in it is ever executed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from tracegen.errors import Place, ProblemError
from tracegen.files.writing import write
from tracegen.formula import Formula, postorder
from tracegen.primitives import Primitive, find
from tracegen.primitives.letters import letter
from tracegen.wengert.wengert_list import WengertList

MAGIC = b"tracegen list 1\n"
_ARRAYS = (("codes", "<i4"), ("counts", "<u1"), ("operands", "<i4"))
_ALIGNED = 64


def save(wengert: WengertList, path: str | Path) -> None:
    """Write a list to a file. Raises ToolError where the folder can't be written to."""
    import numpy as np

    lines = wengert.lines
    operands = [operand for line in lines for operand in line[1:]]
    arrays = [
        np.array([line[0] for line in lines], dtype="<i4"),
        np.array([len(line) - 1 for line in lines], dtype="<u1"),
        np.array(operands, dtype="<i4"),
    ]
    header = json.dumps(_header(wengert, len(operands)), ensure_ascii=False).encode()
    content = bytearray(MAGIC + len(header).to_bytes(8, "little") + header)
    for array in arrays:
        content += bytes(-len(content) % _ALIGNED) + array.tobytes()
    write(Path(path), bytes(content))


def load(path: str | Path) -> WengertList:
    """The list of a file, proved well formed. Raises ProblemError where it can't be read or is not such a file.

    >>> import tempfile
    >>> from tracegen.wengert.wengert_list import Builder
    >>> builder = Builder.of(["x"])
    >>> builder.append("sin", (0,))
    1
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(builder.list, f"{folder}/sine.list")
    ...     load(f"{folder}/sine.list") == builder.list
    True
    """
    place = Place(str(path))
    try:
        header, arrays = mapped(path)
        wengert = _list(header, arrays)
        wengert.check()
    except OSError as error:
        raise ProblemError(f"can't be read: {error.strerror or error}", place) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError) as error:
        raise ProblemError(f"is no list that tracegen wrote: {error}", place) from None
    return wengert


def mapped(path: str | Path) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The header of a file, and its arrays mapped into memory: what is not looked at is not read.

    Raises OSError where the file can't be read, ValueError where it is not such a file.
    """
    import numpy as np

    with Path(path).open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError("it starts otherwise")
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length)) if length <= Path(path).stat().st_size else {}
    at = len(MAGIC) + 8 + length
    arrays = {}
    for name, kind in _ARRAYS:
        at += -at % _ALIGNED
        count = int(header["operands" if name == "operands" else "lines"])
        arrays[name] = np.memmap(path, dtype=kind, mode="r", offset=at, shape=(count,)) if count else np.empty(0, kind)
        at += arrays[name].nbytes
    return header, arrays


def _header(wengert: WengertList, operands: int) -> dict[str, Any]:
    return {
        "lines": len(wengert),
        "operands": operands,
        "inputs": wengert.inputs,
        "primitives": [list(row.letter) if row.letter else row.name for row in wengert.primitives],
        "constants": _flat(wengert.constants),
        "outputs": wengert.outputs,
        "names": list(wengert.names.items()),
        "shapes": list(wengert.shapes.items()),
        "symmetric": sorted(wengert.symmetric),
        "functions": wengert.functions,
    }


def _list(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> WengertList:
    operands = arrays["operands"].tolist()
    counts = arrays["counts"].tolist()
    ends = accumulate(counts)
    lines = [
        (code, *operands[end - count : end])
        for code, count, end in zip(arrays["codes"].tolist(), counts, ends, strict=True)
    ]
    return WengertList(
        tuple(header["inputs"]),
        lines,
        _formulas(header["constants"]),
        [_row(written) for written in header["primitives"]],
        dict(header["outputs"]),
        dict(header["names"]),
        {operand: tuple(shape) for operand, shape in header["shapes"]},
        set(header["symmetric"]),
        dict(header["functions"]),
    )


def _row(written: Any) -> Primitive:
    if isinstance(written, list):
        text, primes = written
        return letter(text, primes)
    row = find(written)
    if row is None:
        raise ValueError(f"the operation {written} is not registered")
    return row


def _flat(formulas: list[Formula]) -> dict[str, Any]:
    """Formulas as a list of their nodes, operands first, since they can be deeper than JSON may nest."""
    places: dict[Formula, int] = {}
    nodes: list[Any] = []
    for formula in formulas:
        for node in postorder(formula):
            if node not in places:
                nodes.append([node.head, [_written(arg, places) for arg in node.args]])
                places[node] = len(nodes) - 1
    return {"nodes": nodes, "roots": [places[formula] for formula in formulas]}


def _written(arg: Any, places: Mapping[Formula, int]) -> Any:
    if isinstance(arg, Formula):
        return {"node": places[arg]}
    return [_written(part, places) for part in arg] if isinstance(arg, tuple) else arg


def _formulas(flat: Mapping[str, Any]) -> list[Formula]:
    made: list[Formula] = []
    for head, args in flat["nodes"]:
        made.append(Formula(head, tuple(_read(arg, made) for arg in args)))
    return [made[root] for root in flat["roots"]]


def _read(arg: Any, made: list[Formula]) -> Any:
    if isinstance(arg, dict):
        return made[arg["node"]]
    return tuple(_read(part, made) for part in arg) if isinstance(arg, list) else arg
