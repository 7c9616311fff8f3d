"""Makes the page that steps through a trace: one HTML file with its graph, its rows and its answers."""

from __future__ import annotations

from tracegen.publish.page.page import page_of

__all__ = ["page_of"]
