"""Every case and every target."""

from __future__ import annotations

from tests.benchmarks.workloads import building, documents, grading, networks, numbers, reading, starting, sweeping

MODULES = (starting, building, sweeping, documents, numbers, reading, grading, networks)

CASES = [case for module in MODULES for case in module.CASES]
TARGETS = [target for module in MODULES for target in module.TARGETS]
