"""What `sanad eval speed` has each system do, in a process of its own:

    python -m eval.contestants build SYSTEM N FOLDER
    python -m eval.contestants answer SYSTEM N FOLDER N_QUESTIONS

Either prints one line of JSON. `build` indexes the first N synthetic documents into FOLDER;
`answer` opens what it built and asks questions, after some others that warm it up.
"""

import datetime
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.assistant import Assistant
from eval import baselines, synthetic
from eval.synthetic import Question
from index.analysis import terms
from index.build import index_documents
from index.config import BUNDLED, IndexConfig
from index.encoder import load_encoder
from index.filters import Filter
from index.search import Searcher
from index.threads import one_for_linear_algebra

K = 10
N_WARMING = 20
# A year in the middle: about a twenty-fifth of the passages.
_YEAR = Filter(since=datetime.date(2012, 1, 1), until=datetime.date(2012, 12, 31))

Ask = Callable[[Question], object]


class Contestant(Protocol):
    """`prepare` is not timed; `open` gives the searches by name, to be asked question by question.
    A system that keeps nothing on disk builds again when it is opened."""

    def prepare(self, n: int, questions: list[Question]) -> None:
        """Make what the system is given: documents, words, vectors."""
        ...

    def build(self, folder: Path) -> None:
        """Index into an empty folder."""
        ...

    def open(self, folder: Path) -> Mapping[str, Ask]:
        """Load what `build` made."""
        ...


class Sanad:
    """An answer without a language model, the whole search, each half alone, and with filters."""

    def prepare(self, n: int, questions: list[Question]) -> None:
        self._documents = [] if questions else list(synthetic.documents(n))

    def build(self, folder: Path) -> None:
        index_documents(self._documents, folder / "index", IndexConfig())

    def open(self, folder: Path) -> Mapping[str, Ask]:
        self._searcher = Searcher.open(folder / "index")
        assistant = Assistant(self._searcher)
        return {
            "answer": lambda asked: assistant.ask(asked.text),
            "hybrid": partial(self._ask, "hybrid", _anything),
            "hybrid, one language": partial(self._ask, "hybrid", _own_language),
            "hybrid, one year": partial(self._ask, "hybrid", _one_year),
            "bm25, own language": partial(self._ask, "bm25", _own_language),
            "bm25, three others": partial(self._ask, "bm25", _other_languages),
            "dense": partial(self._ask, "dense", _anything),
        }

    def _ask(
        self, retriever: Any, filters: Callable[[Question], Filter], asked: Question
    ) -> object:
        return self._searcher.search(asked.text, K, retriever=retriever, filters=filters(asked))


def _anything(_: Question) -> Filter:
    return Filter()


def _one_year(_: Question) -> Filter:
    return _YEAR


def _own_language(asked: Question) -> Filter:
    return Filter(languages=(asked.language,))


def _other_languages(asked: Question) -> Filter:
    return Filter(languages=tuple(x for x in synthetic.LANGUAGES if x != asked.language))


class _Words:
    """The words of every passage, cut as Sanad cuts them: only the search differs."""

    def prepare(self, n: int, questions: list[Question]) -> None:
        del questions
        self._passages: list[list[str]] = []
        self._by_language: dict[str, list[list[str]]] = {}
        for document in synthetic.documents(n):
            language = document.sections[0].language
            self._passages.append(terms(document.text, language))
            self._by_language.setdefault(language, []).append(self._passages[-1])


class RankBM25(_Words):
    """rank_bm25 over all passages, and over those of one language."""

    def build(self, folder: Path) -> None:
        folder.mkdir()
        baselines.Okapi(self._passages)

    def open(self, folder: Path) -> Mapping[str, Ask]:
        del folder
        everything = baselines.Okapi(self._passages)
        apart = {x: baselines.Okapi(of) for x, of in self._by_language.items()}
        return {
            "all": lambda asked: everything.search(terms(asked.text, asked.language), K),
            "own language": lambda asked: apart[asked.language].search(
                terms(asked.text, asked.language), K
            ),
        }


class BM25S(_Words):
    """bm25s, with the same words."""

    def build(self, folder: Path) -> None:
        baselines.BM25S.build(folder, self._passages)

    def open(self, folder: Path) -> Mapping[str, Ask]:
        opened = baselines.BM25S(folder)
        return {"all": lambda asked: opened.search(terms(asked.text, asked.language), K)}


class Chroma:
    """A bare collection of the passages' vectors; the questions' vectors are made beforehand."""

    def prepare(self, n: int, questions: list[Question]) -> None:
        encoder = load_encoder(BUNDLED)
        vectors = encoder.queries([asked.text for asked in questions])
        self._questions = dict(zip(questions, vectors, strict=True))
        if not questions:
            made = [encoder.passages([d.text]) for d in synthetic.documents(n)]
            self._vectors = np.concatenate(made)

    def build(self, folder: Path) -> None:
        baselines.BareChroma.build(folder, list(map(str, range(len(self._vectors)))), self._vectors)

    def open(self, folder: Path) -> Mapping[str, Ask]:
        opened = baselines.BareChroma(folder)
        return {"nearest": lambda asked: opened.search(self._questions[asked], K)}


class LlamaIndex:
    """The plain set-up of `baselines`, with the bundled encoder."""

    def prepare(self, n: int, questions: list[Question]) -> None:
        self._documents = [] if questions else list(synthetic.documents(n))

    def build(self, folder: Path) -> None:
        baselines.LlamaIndex.build(folder, self._documents)

    def open(self, folder: Path) -> Mapping[str, Ask]:
        opened = baselines.LlamaIndex(folder, K)
        return {"hybrid": lambda asked: opened.search(asked.text)}


CONTESTANTS: dict[str, Callable[[], Contestant]] = {
    "sanad": Sanad,
    "rank_bm25": RankBM25,
    "bm25s": BM25S,
    "chroma": Chroma,
    "llamaindex": LlamaIndex,
}


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds on the clock, and of processor time in all processes."""

    wall_s: float
    cpu_s: float


def _timed(do: Callable[[], Any]) -> tuple[Any, Timed]:
    wall, cpu = time.perf_counter(), _cpu()
    made = do()
    return made, Timed(time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:

    return sum(os.times()[:4])


def build(system: str, n: int, folder: Path) -> dict[str, Any]:
    """Index `n` documents; seconds, passages a second, MiB on disk."""
    contestant = CONTESTANTS[system]()
    contestant.prepare(n, [])
    _announce_start()
    _, took = _timed(partial(contestant.build, folder))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"build_s": took.wall_s, "build_cpu_s": took.cpu_s, "disk_mib": size / 2**20}


def answer(system: str, n: int, folder: Path, n_questions: int) -> dict[str, Any]:
    """Open and ask; seconds to open, milliseconds a question by search, in the order asked."""
    contestant = CONTESTANTS[system]()
    questions = synthetic.questions(n, N_WARMING + n_questions)
    contestant.prepare(n, questions)
    _announce_start()
    searches, took = _timed(partial(contestant.open, folder))
    asked = {name: _latencies(ask, questions) for name, ask in searches.items()}
    return {"load_s": took.wall_s, "load_cpu_s": took.cpu_s, "searches": asked}


def _latencies(ask: Ask, questions: list[Question]) -> dict[str, list[float]]:
    for asked in questions[:N_WARMING]:
        ask(asked)
    took = [_timed(partial(ask, asked))[1] for asked in questions[N_WARMING:]]
    return {"ms": [1000 * t.wall_s for t in took], "cpu_ms": [1000 * t.cpu_s for t in took]}


def _announce_start() -> None:
    """Tell the watcher that what is prepared is in memory."""
    print("prepared", flush=True)


def main() -> None:
    """See the module's docstring."""
    one_for_linear_algebra()
    phase, system, n, folder, *rest = sys.argv[1:]
    if phase == "build":
        made = build(system, int(n), Path(folder))
    else:
        made = answer(system, int(n), Path(folder), int(rest[0]))
    print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main()
