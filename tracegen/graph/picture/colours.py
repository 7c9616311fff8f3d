"""The colours of a picture: told apart without red and green, and by their darkness when printed in grey.

Source: M. Okabe and K. Ito, "Color Universal Design" (2008), darkened to be read as text on white.
"""

from __future__ import annotations

INK, SOFT, WIRE, PAPER = "#1d1b19", "#5f5a53", "#57534d", "#ffffff"
PRIMAL, TANGENT, ADJOINT = "#00578f", "#00705a", "#b84500"
FILL, INPUT_FILL = "#ffffff", "#f0ede7"

OF_KIND = {"primal": PRIMAL, "tangent": TANGENT, "adjoint": ADJOINT, "shape": SOFT}

__all__ = ["ADJOINT", "FILL", "INK", "INPUT_FILL", "PAPER", "PRIMAL", "SOFT", "TANGENT", "WIRE"]
