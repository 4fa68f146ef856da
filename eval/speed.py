"""How fast: every system on the same synthetic archive, one after another, in one run.

Each builds in a process of its own and answers in another, so that neither pays for the other's
memory nor gains from its caches. Figures are as good as the machine is quiet; ratios are better.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index.errors import InputError

SYSTEMS = ("sanad", "rank_bm25", "bm25s", "chroma", "llamaindex")
SIZES = (10_000, 100_000)
N_QUESTIONS = 100

_SAMPLE_S = 0.05


@dataclass(frozen=True, slots=True)
class Search:
    """Milliseconds a question takes, warm: the median and the 95th percentile on the clock, and
    the mean of processor time, which a busy machine disturbs less."""

    name: str
    p50_ms: float
    p95_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One system at one size. Peak memory is that of all its processes together, in MiB."""

    system: str
    n_passages: int
    build_s: float
    build_cpu_s: float
    build_mib: float
    disk_mib: float
    load_s: float
    answer_mib: float
    searches: tuple[Search, ...]

    @property
    def passages_per_s(self) -> float:
        """How fast it indexes."""
        return self.n_passages / self.build_s


def measure(
    sizes: Sequence[int] = SIZES,
    systems: Sequence[str] = SYSTEMS,
    n_questions: int = N_QUESTIONS,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Figures]:
    """The figures of each system at each size, as they are made; `tell` hears what is at work.

    Raises InputError when a system fails, with its last line.
    """
    for n in sizes:
        for system in systems:
            with TemporaryDirectory() as folder:
                yield _measure(system, n, Path(folder) / system, n_questions, tell)


def _measure(
    system: str, n: int, folder: Path, n_questions: int, tell: Callable[[str], None]
) -> Figures:
    tell(f"{system} builds {n:,} passages")
    built, build_mib = _run("build", system, n, folder)
    tell(f"{system} answers over {n:,} passages")
    answered, answer_mib = _run("answer", system, n, folder, n_questions)
    return Figures(
        *(system, n, built["build_s"], built["build_cpu_s"], build_mib, built["disk_mib"]),
        *(answered["load_s"], answer_mib),
        tuple(_search(name, took) for name, took in answered["searches"].items()),
    )


def _search(name: str, took: dict[str, list[float]]) -> Search:
    p50, p95 = np.percentile(took["ms"], [50, 95])
    return Search(name, float(p50), float(p95), float(np.mean(took["cpu_ms"])))


def _run(*arguments: object) -> tuple[dict[str, Any], float]:
    """What `eval.contestants` prints for these arguments, and its peak memory in MiB."""
    command = [sys.executable, "-P", "-m", "eval.contestants", *map(str, arguments)]
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        _watched(process.pid) as peak,
    ):
        out, err = process.communicate()
    if process.returncode:
        last = (err.strip().splitlines() or [f"it ended with {process.returncode}"])[-1]
        raise InputError(f"'{arguments[1]}' cannot be measured: {last}")
    made: dict[str, Any] = json.loads(out.splitlines()[-1])
    return made, peak[0]


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """The peak memory of a process and its children, in MiB, looked at every 50 milliseconds."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(_SAMPLE_S):
            peak[0] = max(peak[0], _memory_mib(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _memory_mib(pid: int) -> float:
    import psutil  # noqa: PLC0415

    total = 0
    with suppress(psutil.Error):  # it ended meanwhile
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += each.memory_info().rss
    return total / 2**20
