"""Measures one case at one size in a process of its own, so that nothing is warm, shared or left over."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.case import Case

ROOT = Path(__file__).parent.parent.parent
ENOUGH, MOST_RUNS = 0.6, 30
"""A case is repeated for so many seconds, and at most so often; the shortest time counts."""

MEMORY = 8 << 30

ALIKE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
}
"""What every system runs under: one thread, and memory that stays with the process once it has it, since otherwise
the order in which arrays are freed decides whether the kernel clears them anew at each run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The time of one run in seconds, and by how many bytes memory grew at most; or why there are none."""

    seconds: float = 0.0
    memory: int = 0
    failure: str = ""


def measured(case: Case, size: int, limit: float) -> Measured:
    """Measure a case at a size in a new process, for ``limit`` seconds at most."""
    command = [sys.executable, "-m", "tests.benchmarks.measure", case.name, str(size)]
    try:
        done = subprocess.run(command, cwd=ROOT, env=os.environ | ALIKE, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return Measured(failure=f"more than {limit:.0f} s")
    if done.returncode == 0:
        return Measured(**json.loads(done.stdout.splitlines()[-1]))
    if done.returncode < 0:
        return Measured(failure=f"killed by signal {-done.returncode}")
    lines = done.stderr.strip().splitlines()
    return Measured(failure=lines[-1].split(":")[0].rpartition(".")[2] if lines else "no result")


def measure(case: Case, size: int) -> Measured:
    """Measure a case at a size here and now."""
    clock = time.perf_counter if case.wall else time.process_time
    run = case.make(size)
    if case.percentile:
        return Measured(at_percentile(run(), case.percentile))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times: list[float] = []
    memory = 0
    while not times or (sum(times) < ENOUGH and len(times) < MOST_RUNS):
        start = clock()
        result = run()
        times.append(clock() - start)
        memory = memory or (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        del result
    return Measured(min(times), memory)


def at_percentile(parts: Any, percentile: int) -> float:
    """The time of an item in the part of a run at a percentile; each part gives how many items it had."""
    times: list[float] = []
    start = time.process_time()
    for items in parts:
        now = time.process_time()
        times.append((now - start) / items)
        start = time.process_time()
    return sorted(times)[min(len(times) * percentile // 100, len(times) - 1)]


def main(name: str, size: str) -> None:
    """Print what a case measures."""
    from tests.benchmarks.workloads import CASES

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    (case,) = [case for case in CASES if case.name == name]
    found = measure(case, int(size))
    print(json.dumps({"seconds": found.seconds, "memory": found.memory}))


if __name__ == "__main__":
    main(*sys.argv[1:])
