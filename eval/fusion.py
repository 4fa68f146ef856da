"""Choose how two rankings become one: `python -m eval.fusion DIR… [--split S] [--fit S]`.

Pools BEIR folders, searches once for every question of a split (in the documents of each language
by themselves, then in all of them) and keeps what the hits scored under data/eval; then tries ways
to join the scores on it, in seconds: one half alone, reciprocal ranks, scores divided by the best
one or stretched from 0 to 1, the weights of `index.fusion`, and a logistic model fitted on `--fit`.
Within a language nDCG@10 is shown, across languages R@5, and for the pool of all documents nDCG@10
of those in the question's language. The weights go into `index/fusion.py` by hand.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.beir import read_beir
from eval.datasets import Dataset, Query, document_language, languages_of, pool, select
from eval.logistic import fit
from eval.measures import evaluate
from eval.report import aligned
from eval.retrieval import CACHE, cached_searcher
from eval.runs import Run
from index.config import BUNDLED, IndexConfig
from index.filters import Filter
from index.fusion import NEAR, OWN_LANGUAGE, TRANSLATED
from index.queries import Query as Words
from index.queries import language_of
from index.scale import scale_of
from index.search import N_CANDIDATES, Searcher
from index.types import Hit

Scores = NDArray[np.float64]
# Rows of what one search found `(n, len(FEATURES))` → a score each.
Way = Callable[[Scores], Scores]

FEATURES = ("dense", "sentence", "bm25", "form", "near", "own")
POOL = "all"
_RECIPROCAL_K = 60  # Cormack, Clarke & Büttcher 2009


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found for the query `query_ids[i]` in documents of the language `targets[i]`
    (or `all`): rows `ends[i - 1]` to `ends[i]` of `rows`, from the entries `doc_ids`."""

    query_ids: NDArray[np.str_]
    targets: NDArray[np.str_]
    ends: NDArray[np.int64]
    doc_ids: NDArray[np.str_]
    rows: Scores

    def each(self) -> Iterator[tuple[str, str, slice]]:
        """Query id, target and rows of each search."""
        starts = [0, *self.ends[:-1].tolist()]
        for start, end, i in zip(starts, self.ends.tolist(), range(len(self.ends)), strict=True):
            yield str(self.query_ids[i]), str(self.targets[i]), slice(start, end)


def collect(dataset: Dataset, searcher: Searcher) -> Found:
    """Search for every judged query of `dataset` in each language that answers it, and in all."""
    languages = {document.doc_id: document_language(document) for document in dataset.documents}
    searches: list[tuple[Query, str]] = []
    for query in (q for q in dataset.queries if q.query_id in dataset.qrels):
        answering = {languages[doc_id] for doc_id in dataset.qrels[query.query_id]}
        searches += [(query, target) for target in [*sorted(answering), POOL]]
    found = [_hits(searcher, q, target) for q, target in tqdm(searches, "searching", disable=None)]
    return Found(
        np.array([query.query_id for query, _ in searches]),
        np.array([target for _, target in searches]),
        np.cumsum([len(hits) for hits in found]),
        np.array([hit.passage.doc_id for hits in found for hit in hits]),
        np.array(
            [_row(q, hit) for (q, _), hits in zip(searches, found, strict=True) for hit in hits]
        ),
    )


def _hits(searcher: Searcher, query: Query, target: str) -> list[Hit]:
    filters = Filter(() if target == POOL else (target,))
    return searcher.search(Words(query.text), N_CANDIDATES, filters=filters)


def _row(query: Query, hit: Hit) -> list[float]:
    parts = {**hit.scores, "bm25": hit.shares["bm25"]}
    own = float(hit.passage.language == language_of(query.text))
    return [own if name == "own" else parts.get(name, 0.0) for name in FEATURES]


def kept(file: Path, make: Callable[[], Found]) -> Found:
    """What `make` finds, read from `file` where it was found before."""
    if not file.exists():
        found = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **{name: getattr(found, name) for name in Found.__slots__})
    with np.load(file, allow_pickle=False) as arrays:
        return Found(**{name: arrays[name] for name in Found.__slots__})


def weighted(near: float, translated: float, own: float, meaning: float = 1.0) -> Way:
    """The sum of `index.fusion` with these constants; cosines count `meaning`."""

    def way(rows: Scores) -> Scores:
        dense, sentence, bm25, form, close, same = rows.T
        trust = np.where(same > 0, 1.0, translated)
        added: Scores = (
            meaning * (dense + sentence) + bm25 + trust * (form + near * close) + own * same
        )
        return added

    return way


def plain(*names: str) -> Way:
    """The sum of some features."""
    columns = [FEATURES.index(name) for name in names]
    return lambda rows: rows[:, columns].sum(axis=1)


def by_best(rows: Scores) -> Scores:
    """Each half divided by its best score."""
    return sum((column / max(column.max(), 1e-9) for column in rows[:, :3].T), np.zeros(len(rows)))


def stretched(rows: Scores) -> Scores:
    """Each half from 0, its worst score, to 1, its best."""
    low, high = rows[:, :3].min(axis=0), rows[:, :3].max(axis=0)
    return np.asarray(((rows[:, :3] - low) / np.maximum(high - low, 1e-9)).sum(axis=1))


def reciprocal(rows: Scores) -> Scores:
    """Reciprocal rank fusion of BM25 and the cosine of the passage."""
    ranks = [(-rows[:, FEATURES.index(name)]).argsort().argsort() for name in ("bm25", "dense")]
    return np.asarray(sum(1 / (_RECIPROCAL_K + 1 + rank) for rank in ranks))


def logistic(model: Scores) -> Way:
    """A fitted model: its intercept, then a weight for each of `crossed`."""
    return lambda rows: crossed(rows) @ model[1:]


def crossed(rows: Scores) -> Scores:
    """The features, those of words once for the question's language and once for another."""
    own = rows[:, -1:]
    return np.hstack([rows[:, :2], rows[:, 2:5] * own, rows[:, 2:5] * (1 - own), own])


def fitted(found: Found, dataset: Dataset) -> Scores:
    """A logistic model of whether an entry is relevant."""
    relevant = [
        dataset.qrels[query_id].get(str(doc_id), 0) > 0
        for query_id, _, rows in found.each()
        for doc_id in found.doc_ids[rows]
    ]
    return fit(crossed(found.rows), np.array(relevant, float))


def figures(found: Found, dataset: Dataset, way: Way) -> dict[str, float]:
    """By `language`, `language>language` and `language in all`: nDCG@10, R@5 and nDCG@10."""
    runs: dict[str, dict[str, dict[str, float]]] = {}
    for query_id, target, rows in found.each():
        scores = way(found.rows[rows]) if rows.stop > rows.start else np.zeros(0)
        best = runs.setdefault(target, {}).setdefault(query_id, {})
        for doc_id, score in zip(found.doc_ids[rows].tolist(), scores.tolist(), strict=True):
            best[doc_id] = max(score, best.get(doc_id, score))
    return dict(_figures(runs, dataset))


def _figures(
    runs: dict[str, dict[str, dict[str, float]]], dataset: Dataset
) -> Iterator[tuple[str, float]]:
    for target in languages_of(runs.keys() - {POOL}):
        cut = select(dataset, corpus_language=target)
        for asked, means in _measured(cut, runs[target]).items():
            own = asked == target
            yield target if own else f"{asked}>{target}", means["nDCG@10" if own else "R@5"]
        own_pool = _measured(cut, runs[POOL]).get(target)
        if own_pool:
            yield f"{target} in all", own_pool["nDCG@10"]


def _measured(cut: Dataset, found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    run = Run("", {query_id: list(best.items()) for query_id, best in found.items()})
    by_language = evaluate(cut, run, ["nDCG@10", "R@5"]).by_language
    return {language: dict(means.values) for language, means in by_language.items()}


def table(found: Found, dataset: Dataset, ways: Iterable[tuple[str, Way]]) -> str:
    """A row for each way, a column for each figure: languages, pairs, the pool."""
    rows = [(name, figures(found, dataset, way)) for name, way in ways]
    columns = sorted(rows[0][1], key=lambda name: (" in " in name, ">" in name, name))
    lines = [[name, *(f"{row[column]:.3f}" for column in columns)] for name, row in rows]
    return aligned([["", *columns], *lines])


def _searches(dataset: Dataset, searcher: Searcher, split: str) -> tuple[Dataset, Found]:
    cut = select(dataset, split=split)
    file = CACHE / f"fusion-{dataset.name}-{split}-{searcher.fingerprint}.npz"
    return cut, kept(file, lambda: collect(cut, searcher))


def main(argv: Sequence[str] | None = None) -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.fusion", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--split", default="fit", help="what is measured (fit)")
    parser.add_argument("--fit", default="fit", help="what the logistic model is fitted on (fit)")
    parser.add_argument("--encoder", default=BUNDLED)
    args = parser.parse_args(argv)
    whole = pool([read_beir(folder) for folder in args.folders])
    config = IndexConfig(args.encoder)
    with cached_searcher(whole.documents, config, CACHE, progress=True) as searcher:
        to_fit, learned = _searches(whole, searcher, args.fit)
        dataset, found = _searches(whole, searcher, args.split)
    model = fitted(learned, to_fit)
    ways = [
        ("bm25", plain("bm25")),
        ("dense and sentence", plain("dense", "sentence")),
        ("reciprocal rank", reciprocal),
        ("by best", by_best),
        ("stretched", stretched),
        ("both halves", plain("dense", "sentence", "bm25")),
        ("with form", plain("dense", "sentence", "bm25", "form")),
        ("logistic", logistic(model)),
        *((f"near {n}, translated {t}, own {o}", weighted(n, t, o)) for n, t, o in _TRIED),
        *((f"cosines count {m}", weighted(*_KEPT, m)) for m in (1.5, 2.0, 2.5)),
        ("index.fusion", weighted(*_KEPT, scale_of(args.encoder, 0.0).weight)),
    ]
    print(table(found, dataset, ways))
    print("\nlogistic:", ", ".join(f"{weight:.2f}" for weight in model))
    return 0


_KEPT = (NEAR, TRANSLATED, OWN_LANGUAGE)
_TRIED = [(n, t, o) for n in (0.0, 0.5, 1.0) for t in (0.6, 0.8) for o in (0.0, 0.2, 0.4)]


if __name__ == "__main__":
    sys.exit(main())
