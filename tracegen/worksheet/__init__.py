"""Makes exercise sheets with keys: variants of a problem that have its graph and other numbers and functions."""

from __future__ import annotations

from tracegen.worksheet.sheets import Worksheet, worksheets

__all__ = ["Worksheet", "worksheets"]
