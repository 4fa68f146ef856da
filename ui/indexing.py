"""Indexing while the chat window runs: `sanad index` in a process of its own, so that questions go
on being answered, and what became of each file."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.generations import current, read_manifest
from index.given import read
from index.reasons import Reason
from ui.telling import reason_in

# Another writer is waited for so long.
PATIENCE_S = 600.0
_AGAIN_S = 1.0

_log = logging.getLogger("sanad")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: `new`, `changed`, `unchanged`, `skipped` (and `why`), `waiting`."""

    what: str
    why: Reason | None = None

    def told(self, language: str) -> dict[str, str]:
        """The same for the script of a page in that language."""
        return {"what": self.what, "why": reason_in(self.why, language) if self.why else ""}


class Indexing:
    """What was added and what became of it, by file name; safe to share between threads.

    `done` is called after each indexing.
    """

    def __init__(self, index_dir: Path, done: Callable[[], object]) -> None:
        self._index_dir = index_dir
        self._done = done
        self._lock = threading.Lock()
        self._waiting: dict[str, Path] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._since: float | None = None
        self._failed = False

    def add(self, file: Path) -> None:
        """A file is in its place and is to be indexed."""
        with self._lock:
            self._waiting[file.name] = file
            self._outcomes.pop(file.name, None)

    def start(self) -> None:
        """Index what waits, unless that is going on."""
        with self._lock:
            if self._since is None and self._waiting:
                self._since, self._failed = time.monotonic(), False
                threading.Thread(target=self._run, daemon=True).start()

    def state(self, language: str = "en") -> dict[str, Any]:
        """`running`, since how many `seconds`; the `outcomes` by name (`what`, and `why` in that
        language); and whether the last one `failed`."""
        with self._lock:
            since = self._since
            return {
                "running": since is not None,
                "seconds": round(time.monotonic() - since, 1) if since is not None else 0,
                "outcomes": {n: each.told(language) for n, each in self._outcomes.items()},
                "failed": self._failed,
            }

    def _run(self) -> None:
        while batch := self._batch():
            try:
                self._tell(batch, self._index())
                self._done()
            except Exception as error:
                # The reason may name folders of the server: it is for who keeps the archive.
                _log.warning("while indexing what was added: %s", error)
                self._give_back(batch)
                return

    def _batch(self) -> dict[str, Path]:
        """What waits; with nothing, indexing is over from that moment on."""
        with self._lock:
            batch, self._waiting = self._waiting, {}
            if not batch:
                self._since = None
            return batch

    def _give_back(self, batch: Mapping[str, Path]) -> None:
        """What was not indexed waits for the next start."""
        with self._lock:
            self._waiting = {**batch, **self._waiting}
            self._outcomes.update({name: Outcome("waiting") for name in self._waiting})
            self._since, self._failed = None, True

    def _index(self) -> Mapping[str, Any]:
        until = time.monotonic() + PATIENCE_S
        while True:
            done = subprocess.run(
                self._command(), capture_output=True, text=True, check=False, encoding="utf-8"
            )
            if not done.returncode:
                report: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
                return report
            why = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            if "is being written by" not in why or time.monotonic() > until:
                raise RuntimeError(why.removeprefix("sanad: "))
            time.sleep(_AGAIN_S)

    def _command(self) -> list[str]:
        given = read(self._index_dir)
        encoder = given.encoder or read_manifest(current(self._index_dir)).encoder
        paths = map(str, given.paths)
        # -P: a folder named "index" where the user stands is not ours.
        command = [sys.executable, "-P", "-m", "ui.cli.main", "index", "--json"]
        return [*command, "--encoder", encoder, "--index", str(self._index_dir), "--", *paths]

    def _tell(self, batch: Mapping[str, Path], report: Mapping[str, Any]) -> None:
        """Keep what became of each file; why one was left out, the build wrote beside the index."""
        given = read(self._index_dir)
        skipped = {each.doc_id: each.reason for each in given.left_out}
        for name, file in batch.items():
            ids = {file.relative_to(r).as_posix() for r in given.paths if file.is_relative_to(r)}
            outcome = Outcome("unchanged")
            if ids & set(report["added"]):
                outcome = Outcome("new")
            elif ids & set(report["changed"]):
                outcome = Outcome("changed")
            elif why := next((skipped[i] for i in ids if i in skipped), None):
                outcome = Outcome("skipped", why)
            with self._lock:
                self._outcomes[name] = outcome
