"""How wide letters are in Times, which every browser and viewer has or has a twin of, in thousandths of the size.

Source: the font metrics of Nimbus Roman (URW), which are those of Times.
"""

from __future__ import annotations

_UPRIGHT = {
    180: "'", 200: "|", 219: "′", 250: ",.·", 269: "ι", 278: "/:;\\ijlt", 333: "!()-I[]`fr", 389: "Js", 400: "°",
    402: "τ", 408: '"', 414: "ζ", 420: "ε", 442: "γ", 444: "?acezχ", 446: "ξ", 452: "ν", 469: "^", 471: "δ", 479: "θ",
    480: "{}", 485: "λ", 495: "υ", 499: "ρ", 500: "#$*0123456789_bdghknopquvxyο∂–", 504: "κ", 505: "π", 509: "β",
    523: "η", 524: "α", 536: "μ", 539: "σ", 541: "~", 556: "FPS", 564: "+<=>−×÷±¬", 577: "φ", 578: "Γ", 582: "Σ",
    611: "ELTZ", 626: "ψ", 643: "ΔΞ", 658: "ω", 667: "BCR∇", 722: "ADGHKNOQUVXYwΘΠ√→□", 725: "Λ", 731: "Φ", 738: "Ψ",
    743: "Ω", 750: "½", 778: "&m", 833: "%", 889: "M", 921: "@", 944: "W", 1000: "∞≤≥≠…∈∑∏—",
}  # fmt: skip

_ITALIC = {
    214: "'", 219: "′", 250: ",.·", 275: "|", 278: "/\\fijltι", 333: "!()-:;I`", 358: "τ", 389: "[]rsz", 394: "γε",
    400: "{}°", 405: "ζ", 420: '"', 422: "^", 428: "ξ", 433: "λ", 440: "χ", 444: "Jcekvxyν", 459: "υ", 465: "δ",
    480: "κρ", 491: "θ", 493: "σ", 496: "η", 498: "β", 500: "#$*0123456789?S_abdghnopquο∂–", 501: "π", 502: "μ",
    525: "α", 541: "~", 553: "φ", 556: "LTYZ", 569: "Γ", 587: "Δ", 594: "Σ", 604: "Λ", 611: "ABEFPRVX", 621: "ψ",
    639: "Ξ", 667: "CKNw∇", 675: "+<=>−×÷±¬", 703: "Ψ", 706: "ω", 722: "DGHOQUmΘΠ√→□", 723: "Ω", 750: "½", 761: "Φ",
    778: "&", 833: "%MW", 889: "…—", 920: "@", 1000: "∞≤≥≠∈∑∏",
}  # fmt: skip

_OTHERS = 600

_WIDTHS = {
    italic: {letter: width for width, letters in table.items() for letter in letters}
    for italic, table in ((False, _UPRIGHT), (True, _ITALIC))
}


def text_width(text: str, size: float, italic: bool = False) -> float:
    """How wide a text is at a size.

    >>> text_width("10", 20)
    20.0
    """
    widths = _WIDTHS[italic]
    return sum(widths.get(letter, _OTHERS) for letter in text) * size / 1000
