"""Makes exercise sheets with keys: variants of a problem that have its graph and other numbers and functions."""

from __future__ import annotations

from tracegen.publish.worksheet.sheets import MOST, Worksheet, worksheets

__all__ = ["MOST", "Worksheet", "worksheets"]
