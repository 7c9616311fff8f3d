"""Random problems as homework has them: small functions at small points, and small networks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Task:
    """A problem's text, and texts of the same function by which a writer may make another list."""

    kind: str
    toml: str
    writers: tuple[str, ...]
    title: tuple[str, ...] = ()
    point: tuple[tuple[str, str], ...] = ()


@dataclass
class Tree:
    """A random formula: ``text`` of the problem, ``other`` the same function written with other steps."""

    text: str
    other: str
    size: int = 0
    used: set[str] = field(default_factory=set)


NAMES = [
    ("x1", "x2", "x3"), ("a", "b", "c"), ("x", "y", "z"), ("u", "w", "s"), ("p", "q", "r"), ("s", "t", "u"),
    ("x", "t", "w"), ("alpha", "beta", "gamma"), ("w1", "w2", "w3"),
    ("phat", "q", "t"),
]  # fmt: skip
OUTPUTS = ["f", "g", "F", "L", "J", "h"]
POINTS = ["1", "2", "0", "3", "1/2", "-1", "4", "0.2", "1.5", "-2", "5", "0.7", "1.2", "-0.5", "0.3", "2.5"]
UNARY = ["exp({0})", "sin({0})", "cos({0})", "{0}**2", "{0}**3", "log({0})", "sqrt({0})", "tanh({0})", "exp(-{0})"]
OTHERS = {"{0}**3": "{0}*{0}**2"}
KINKED = ["abs({0})", "relu({0})"]
PAIRS = [("{0} + {1}", "{1} + {0}"), ("{0} - {1}", "{0} + (-{1})"), ("{0}*{1}", "{1}*{0}"),
         ("{0}*{1}", "{0}*{1}"), ("{0}/{1}", "{0}*(1/{1})")]  # fmt: skip


def _tree(source: random.Random, names: list[str], depth: int, kinks: bool) -> Tree:
    if depth == 0:
        wanted = source.choice(names)
        return Tree(wanted, wanted, 0, {wanted})
    roll = source.random()
    if roll < 0.42:
        inner = _tree(source, names, depth - 1, kinks)
        form = source.choice(KINKED) if kinks and source.random() < 0.5 else source.choice(UNARY)
        other = OTHERS.get(form, form)
        return Tree(form.format(_bracket(inner.text)), other.format(_bracket(inner.other)), inner.size + 1, inner.used)
    if roll < 0.52:
        inner = _tree(source, names, depth - 1, kinks)
        digit = source.choice(["2", "3", "4", "5"])
        return Tree(f"{digit}*{_bracket(inner.text)}", f"{digit}*{_bracket(inner.other)}", inner.size + 1, inner.used)
    left = _tree(source, names, depth - 1, kinks)
    right = _tree(source, names, source.randrange(depth), kinks)
    if left.text == right.text:
        right = Tree("2", "2")
    if kinks and source.random() < 0.3:
        return Tree(f"max({left.text}, {right.text})", f"max({left.other}, {right.other})", left.size + right.size + 1,
                    left.used | right.used)  # fmt: skip
    form, other = source.choice(PAIRS)
    return Tree(
        form.format(_bracket(left.text), _bracket(right.text)),
        other.format(_bracket(left.other), _bracket(right.other)),
        left.size + right.size + 1,
        left.used | right.used,
    )


def _bracket(text: str) -> str:
    return text if re.fullmatch(r"\w+|\w*\([^()]*\)", text) else f"({text})"


def _sized(source: random.Random, names: list[str], kinks: bool = False, most: int = 8, least: int = 3) -> Tree:
    while True:
        found = _tree(source, names, source.randint(1, 4), kinks)
        if least <= found.size <= most and found.used == set(names):
            return found


def _toml(inputs: dict[str, str], outputs: dict[str, str], steps: dict[str, str], parameters: dict[str, str]) -> str:
    parts = ["[inputs]", *(f"{key} = {_value(value)}" for key, value in inputs.items())]
    if parameters:
        parts += ["[parameters]", *(f"{key} = {_value(value)}" for key, value in parameters.items())]
    if steps:
        parts += ["[steps]", *(f'{key} = "{value}"' for key, value in steps.items())]
    return "\n".join([*parts, "[outputs]", *(f'{key} = "{value}"' for key, value in outputs.items())]) + "\n"


def _value(text: str) -> str:
    return f'"{text}"' if "/" in text and not text.startswith("{") else text


def _point(source: random.Random, names: list[str]) -> dict[str, str]:
    """Numbers that differ, so that one input can be told from another."""
    return dict(zip(names, source.sample(POINTS, len(names)), strict=True))


def _names(source: random.Random, least: int = 1) -> list[str]:
    return list(source.choice(NAMES)[: source.choice([each for each in (1, 2, 2, 2, 3) if each >= least])])


def _task(kind: str, inputs: dict[str, str], outputs: dict[str, Tree], steps: dict[str, Tree],
          parameters: dict[str, str]) -> Task:  # fmt: skip
    first, second = (
        _toml(
            inputs,
            {key: getattr(tree, form) for key, tree in outputs.items()},
            {key: getattr(tree, form) for key, tree in steps.items()},
            parameters,
        )
        for form in ("text", "other")
    )
    title = tuple(f"{key} = {tree.text}" for key, tree in [*steps.items(), *outputs.items()])
    return Task(kind, first, (first, first, second), title, tuple({**inputs, **parameters}.items()))


def scalar(source: random.Random) -> Task:
    """One output of one to three inputs."""
    names = _names(source)
    return _task("scalar", _point(source, names), {source.choice(OUTPUTS): _sized(source, names)}, {}, {})


def kinked(source: random.Random) -> Task:
    """With |x|, max and relu, away from their kinks."""
    names = _names(source)
    tree = _sized(source, names, kinks=True)
    return _task("kinks", _point(source, names), {source.choice(OUTPUTS): tree}, {}, {})


def several(source: random.Random) -> Task:
    """Two outputs."""
    names = _names(source, 2)
    keys = source.choice([("f1", "f2"), ("f", "g"), ("F", "G")])
    outputs = {key: _sized(source, names, most=5, least=2) for key in keys}
    return _task("several outputs", _point(source, names), outputs, {}, {})


def with_parameters(source: random.Random) -> Task:
    """One or two inputs, and a parameter."""
    names = _names(source)
    tree = _sized(source, [*names, "k"], most=7)
    parameters = {"k": source.choice(["2", "3", "0.5", "4"])}
    return _task("parameters", _point(source, names), {source.choice(OUTPUTS): tree}, {}, parameters)


def with_steps(source: random.Random) -> Task:
    """A step that the problem names, used in the output."""
    names = _names(source)
    step = _sized(source, names, most=3, least=1)
    called = source.choice(["m", "m", "yhat"])
    tree = _sized(source, [source.choice(names), called], most=5, least=2)
    return _task("named steps", _point(source, names), {source.choice(OUTPUTS): tree}, {called: step}, {})


ACTIVATIONS = ["tanh({0})", "relu({0})", "sigmoid({0})"]
ENDS = ["norm({0} - t)**2/2", "norm({0})**2/2", "t.T @ {0}"]


def _network(source: random.Random, sized: dict[str, str], kind: str) -> Task:
    end = source.choice(ENDS)
    steps = {"z": source.choice(["W @ x + b", "W @ x"]), "h": source.choice(ACTIVATIONS).format("z")}
    outputs = {"L": end.format("h")}
    used = [key for key in sized if key in "Wx" or (key == "b" and "b" in steps["z"]) or (key == "t" and "t" in end)]
    text = _toml({key: sized[key] for key in used}, outputs, steps, {})
    title = tuple(f"{key} = {value}" for key, value in {**steps, **outputs}.items())
    return Task(kind, text, (text,), title)


def vectors(source: random.Random) -> Task:
    """A layer of a network in numbers."""

    def digit() -> str:
        return source.choice(["1", "2", "0", "-1", "3", "1", "0.5"])

    entries = {
        "W": f"[[{digit()}, {digit()}], [{digit()}, {digit()}]]",
        "x": f"[[{digit()}], [{digit()}]]",
        "b": f"[[{digit()}], [{digit()}]]",
    }
    entries["t"] = f"{{ shape = [2, 1], value = [[{digit()}], [{digit()}]], constant = true }}"
    return _network(source, entries, "vectors in numbers")


def symbolic(source: random.Random) -> Task:
    """A layer of a network in letters: no values."""
    entries = {
        "W": '{ shape = ["M", "N"] }', "x": '{ shape = ["N", 1] }', "b": '{ shape = ["M", 1] }',
        "t": '{ shape = ["M", 1], constant = true }',
    }  # fmt: skip
    return _network(source, entries, "matrices in letters")


KINDS: list[tuple[Callable[[random.Random], Task], float]] = [
    (scalar, 4), (kinked, 1.5), (several, 1.5), (with_parameters, 1), (with_steps, 1), (vectors, 1), (symbolic, 1),
]  # fmt: skip
"""The kinds of problems and how often they come."""
