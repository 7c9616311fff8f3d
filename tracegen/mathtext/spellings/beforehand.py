"""Ways to write that are spelled out on a whole sheet before its names are looked for."""

from __future__ import annotations

from tracegen.mathtext.spellings.rule import Rule, Spellings

_VALUE = r"(?:[-−+\d.*/^()√ ]|\d[eE][-+]\d|(?:(?:np|math|torch)\.)?(?:sqrt|exp|log|ln|sin|cos|tan|tanh|pi)\b)+"
_SPACE = r"[^\S\n]"
COMMENTS = ("#", "//", "%")
SIGNS = ("=", "≈", "->", "→", "")
"""What may stand between the sign of a comment and a value."""

_COMMENT = rf"(?:;{_SPACE}*(?:#|//|%)|(?<={_SPACE})#|(?<={_SPACE}{{2}})(?://|%))(?:{_SPACE}*(?:[=≈→]|->))?"

BEFOREHAND = Spellings(
    [
        Rule(
            "the exponent of a number in a font", ("{e}", "{E}"),
            r"(?<=\d)\\(?:mathrm|text|rm)\s*\{[eE]\}\s*\{?([+-]?\d+)\}?", r"e\1",
            ((r"2\mathrm{e}{-3}", "2e-3"),),
        ),
        Rule(
            "the value of a line of a program as its comment", ("#", "//", "%"),
            rf"(?m)(?<=\S)(?P<space>{_SPACE}*){_COMMENT}(?={_SPACE}*{_VALUE}$)",
            r"\g<space>=",
            (("v0 = x3 - x1  # 2.3", "v0 = x3 - x1  = 2.3"), ("v0 = 2;  % -1e-3", "v0 = 2= -1e-3"),
             ("v0 = x1   // 2", "v0 = x1   = 2"), ("v0 = x1 // 2", "v0 = x1 // 2"), ("v0 = x1 % 2", "v0 = x1 % 2"),
             ("v1 = a**2  # = -1/2*sqrt(3)", "v1 = a**2  = -1/2*sqrt(3)"), ("a = v1  # step 1", "a = v1  # step 1"),
             ("v1 = 5.5 # checked", "v1 = 5.5 # checked"), ("# 2.3", "# 2.3")),
        ),
    ]
)  # fmt: skip
"""Each keeps the length of a text but for spaces, or is found again where a writer's own text is wanted."""
