"""Every case and every target."""

from __future__ import annotations

from tests.benchmarks.workloads import (
    building,
    classes,
    documents,
    drawing,
    grading,
    networks,
    numbers,
    reading,
    starting,
    sweeping,
)  # fmt: skip

MODULES = (starting, building, sweeping, documents, numbers, reading, grading, classes, networks, drawing)

CASES = [case for module in MODULES for case in module.CASES]
TARGETS = [target for module in MODULES for target in module.TARGETS]
