"""Rewrites Unicode mathematics, such as `v̄₁ = ∂y/∂v₁`, as ASCII with LaTeX commands, and keeps where it came from."""

from __future__ import annotations

import unicodedata

SUPERSCRIPTS = {
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()", strict=True)),
    **dict(zip("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", "abcdefghijklmnoprstuvwxyz", strict=True)),
    **dict(zip("ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ", "ABDEGHIJKLMNOPRUVW", strict=True)),
    **dict(zip("ᵝᵞᵟᶿᵠᵡ", (rf"\{word} " for word in ("beta", "gamma", "delta", "theta", "phi", "chi")), strict=True)),
    "ᵀ": r"\top",
}
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-aehijklmnoprstuvx", strict=True))
ACCENTS = {"\u0304": "bar", "\u0305": "bar", "\u0307": "dot", "\u0302": "hat", "\u0303": "tilde"}

SYMBOLS = {
    letter: written
    for letters, written in {
        "·⋅∙•": r"\cdot ", "×✕": r"\times ", "∗": "*", "÷∕⁄": "/", "−–—‐‑﹣": "-", "√": r"\sqrt ",
        "∛": r"\cbrt ", "∂𝜕": r"\partial ", "∘◦": r"\circ ", "⊙": r"\odot ", "‖∥": r"\Vert ", "∣": "|",
        "′’ʹ": "'", "″": "''", "≡≈≃≅≐": "=", "≔": ":=", "←⟵": r"\leftarrow ", "…⋯⋮⋱": r"\dots ",
        "≥⩾": r"\ge ", "≤⩽": r"\le ", "≠": r"\ne ",
        "⇒⟹": r"\Rightarrow ", "→⟶": r"\to ",
        "°": r"^{\circ}", "∞": r"\infty ", "⊤": r"\top ", "⟨": r"\langle ", "⟩": r"\rangle ", "𝟏𝟙": "1", "ℯ": "e",
    }.items()
    for letter in letters
}  # fmt: skip

GREEK = {
    chr(code): unicodedata.name(chr(code)).split()[-1].lower().replace("lamda", "lambda")
    for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))
}
GREEK |= {"ϕ": "phi", "ϵ": "epsilon", "ϑ": "theta", "ς": "sigma", "µ": "mu"}
GREEK |= {
    chr(code): unicodedata.name(chr(code)).split()[-1].capitalize().replace("Lamda", "Lambda")
    for code in (*range(0x391, 0x3A2), *range(0x3A3, 0x3AA))
}


UPRIGHT = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in range(0x1D400, 0x1D7CC)
    if unicodedata.category(chr(code)) in ("Lu", "Ll") and chr(code) not in SYMBOLS
}
"""Letters that Unicode has in mathematical fonts, bold or slanted, as the letters that they are."""


def spell(text: str) -> tuple[str, list[int]]:
    """The text in ASCII where it can be, and for every character of it the index of the character it came from.

    >>> spell("v̄₁·2")[0]
    '\\\\bar{v}_{1}\\\\cdot 2'
    """
    pieces: list[tuple[str, int]] = []
    index = 0
    while index < len(text):
        index = _spell_one(text, index, pieces)
    spelled = "".join(piece for piece, _ in pieces)
    return spelled, [start for piece, start in pieces for _ in piece]


def greek_word(name: str) -> str:
    """A name with its Greek letters spelled out.

    >>> greek_word("ξ1")
    'xi1'
    """
    return name if name.isascii() else "".join(GREEK.get(letter, letter) for letter in name)


def _spell_one(text: str, index: int, pieces: list[tuple[str, int]]) -> int:
    """Write the character at an index, with the scripts or digits that belong to it; the next index."""
    letter = text[index]
    if letter in ACCENTS:
        _accent(ACCENTS[letter], pieces)
        return index + 1
    if letter in SUPERSCRIPTS or letter in SUBSCRIPTS:
        return _scripts(text, index, pieces)
    if letter.isascii() or letter in SYMBOLS:
        pieces.append((SYMBOLS.get(letter, letter), index))
        return index + 1
    for part in unicodedata.normalize("NFD", letter):
        if part in ACCENTS:
            _accent(ACCENTS[part], pieces)
        else:
            pieces.append((_plain(part), index))
    return _digits_of_greek(text, index + 1, pieces)


def _plain(letter: str) -> str:
    if letter in SYMBOLS:
        return SYMBOLS[letter]
    if unicodedata.category(letter) == "Cf":
        return ""
    normal = unicodedata.normalize("NFKC", letter)
    if normal in GREEK:
        return f"\\{GREEK[normal]} "
    over, slash, under = normal.partition("⁄")
    if slash and over and under:
        return rf"\frac{{{over}}}{{{under}}}"
    return normal if normal.isascii() else letter


def _digits_of_greek(text: str, index: int, pieces: list[tuple[str, int]]) -> int:
    """`ξ1` is one name: its digits become a subscript, or a product would be read."""
    written = pieces[-1][0] if pieces else ""
    end = index
    while end < len(text) and text[end] in "0123456789":
        end += 1
    if end == index or not (written.startswith("\\") and written[1:].rstrip() in GREEK.values()):
        return index
    pieces.append((f"_{{{text[index:end]}}}", index))
    return end


def _scripts(text: str, index: int, pieces: list[tuple[str, int]]) -> int:
    table, mark = (SUPERSCRIPTS, "^") if text[index] in SUPERSCRIPTS else (SUBSCRIPTS, "_")
    end = index
    while end < len(text) and text[end] in table:
        end += 1
    pieces.append((f"{mark}{{{''.join(table[letter] for letter in text[index:end])}}}", index))
    return end


def _accent(command: str, pieces: list[tuple[str, int]]) -> None:
    """Put an accent over the last letter; digits and subscripts between belong to that letter's name."""
    at = len(pieces) - 1
    while at > 0 and (pieces[at][0].startswith("_") or pieces[at][0].isdigit()):
        at -= 1
    if at >= 0 and pieces[at][0].strip():
        letter, start = pieces[at]
        pieces[at] = (f"\\{command}{{{letter.strip()}}}", start)
