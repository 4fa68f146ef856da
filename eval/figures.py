"""The tables in `eval/results`: `python -m eval.figures BENCH [--out DIR]`.

BENCH holds BEIR folders. Questions are those of one split, the corpus is always whole:

    in-language.txt   each language: corpus and qrels cut to it, all sets pooled
    by-set.txt        the same within each set
    across.txt        questions in one language, corpus and qrels cut to another, within each set
    pooled.txt        in-language again, among the documents of all languages at once
    compared.txt      is the hybrid better than the others, or lucky?

and, by `eval.answer_figures`, how well questions are answered. The same code, model and data give
the same files.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from eval.answer_figures import answer_tables, seeds_table
from eval.archives import SEEDS, beside
from eval.baselines import PlainLlamaIndex
from eval.beir import read_beir
from eval.compare import compare
from eval.compare_text import signed, to_text
from eval.datasets import Dataset, document_language, pool, select
from eval.experiment import Measured, Source, saved_run
from eval.jsonl import write_text
from eval.measures import evaluate
from eval.provenance import headed
from eval.report import aligned
from eval.retrieval import CACHE, Search, System, cached_searcher
from eval.runs import Means, Run
from index.config import IndexConfig
from index.errors import SanadError
from index.search import Retriever

SETS = ("arcd-dev", "pquad-dev", "xquad-r")
RETRIEVERS: tuple[Retriever, ...] = ("bm25", "dense", "hybrid")
# What all others are compared with.
OURS: Retriever = "hybrid"
# Other people's searches, measured in-language alone: they build an index of their own each time.
OTHERS: tuple[System, ...] = (PlainLlamaIndex(),)
MEASURES = ("nDCG@10", "R@1", "R@5", "R@100", "RR")

Rows = list[list[str]]
# By system, then by language or pair of languages.
Groups = Mapping[str, Mapping[str, Means]]


# Opens the searches of a set: an index of its documents.
Searches = Callable[[Dataset], AbstractContextManager[Sequence[System]]]


@contextmanager
def searches(dataset: Dataset, cache: Path) -> Iterator[Sequence[System]]:
    """Our own searches on an index of the documents of a set, which is kept in `cache`."""
    with cached_searcher(dataset.documents, IndexConfig(), cache, progress=True) as searcher:
        yield [Search(searcher, retriever, progress=True) for retriever in RETRIEVERS]


def within(dataset: Dataset) -> Dataset:
    """The set with each question's qrels cut to the documents in its own language."""
    held = {document.doc_id: document_language(document) for document in dataset.documents}
    qrels = {}
    for query in dataset.queries:
        row = dataset.qrels.get(query.query_id, {})
        own = {i: relevance for i, relevance in row.items() if held[i] == query.language}
        if max(own.values(), default=0) > 0:
            qrels[query.query_id] = own
    return replace(dataset, qrels=qrels)


def asking(dataset: Dataset, languages: Collection[str]) -> Dataset:
    """The set with the questions in `languages` alone."""
    queries = tuple(query for query in dataset.queries if query.language in languages)
    qrels = {q.query_id: dataset.qrels[q.query_id] for q in queries if q.query_id in dataset.qrels}
    return replace(dataset, queries=queries, qrels=qrels)


def in_language(dataset: Dataset, system: System) -> Measured:
    """Every question searched for among the documents in its own language, as one run."""
    own = within(dataset)
    runs = (system.run(select(own, x, x), [x]) for x in _asked(own))
    run = Run(system.name, dict(chain.from_iterable(run.found.items() for run in runs)))
    return Measured(run, evaluate(own, run, MEASURES), system.config, system.fingerprint)


def _asked(dataset: Dataset) -> list[str]:
    """The languages of the questions that have qrels."""
    return sorted({q.language for q in dataset.queries if q.query_id in dataset.qrels})


def _held(dataset: Dataset) -> list[str]:
    """The languages of the documents."""
    return sorted(set(map(document_language, dataset.documents)))


def across(dataset: Dataset, system: System) -> dict[str, Means]:
    """Means by `en>ar`, questions in one language and documents in another."""
    pairs: dict[str, Means] = {}
    for language in _held(dataset):
        cut = select(dataset, corpus_language=language)
        foreign = asking(cut, set(_asked(cut)) - {language})
        if foreign.qrels:
            found = evaluate(foreign, system.run(foreign, [language]), MEASURES).by_language
            pairs |= {f"{asked}>{language}": means for asked, means in found.items()}
    return dict(sorted(pairs.items()))


def in_pool(dataset: Dataset, system: System) -> Mapping[str, Means]:
    """The same questions and qrels, among the documents of all languages."""
    own = within(dataset)
    return evaluate(own, system.run(own), MEASURES).by_language


def tables(
    sets: Mapping[str, Dataset], opened: Searches, source: Source, others: Sequence[System] = ()
) -> dict[str, str]:
    """Every table by the name of its file; `others` are compared in-language alone."""
    whole = pool(list(sets.values()))
    with opened(whole) as systems:
        alone = [in_language(whole, system) for system in (*systems, *others)]
        among = {str(s.name): in_pool(whole, s) for s in systems if s.name == OURS}
    found = {measured.run.name: measured.evaluation.by_language for measured in alone}
    ours = {system.name: found[system.name] for system in systems}
    made = {
        "in-language": [_head("language"), *_groups(found)],
        "by-set": [_head("set and language"), *_by_set(sets, opened, ours)],
        "across": [_head("set and languages"), *_across(sets, opened)],
        "pooled": _pooled(found, among),
    }
    texts = {name: aligned(rows) for name, rows in made.items()}
    texts["compared"] = _compared(alone, whole, source)
    fingerprint = next(m.fingerprint for m in alone if m.run.name == OURS)
    return {f"{x}.txt": _headed(x, text, str(fingerprint), source) for x, text in texts.items()}


def _by_set(sets: Mapping[str, Dataset], opened: Searches, pooled: Groups) -> Rows:
    """In-language within each set. A language that is in one set alone was searched already."""
    counts = Counter(chain.from_iterable(map(_held, sets.values())))
    rows: Rows = []
    for name, dataset in sets.items():
        languages = _asked(within(dataset))
        known = {x for x in languages if counts[x] == 1}
        found = {s: {x: means[x] for x in known} for s, means in pooled.items()}
        again = asking(dataset, set(languages) - known)
        if again.qrels:
            with opened(dataset) as systems:
                fresh = {s.name: in_language(again, s).evaluation.by_language for s in systems}
            found = {
                s: dict(sorted([*found[s].items(), *means.items()])) for s, means in fresh.items()
            }
        rows += _groups(found, f"{name} ")
    return rows


def _across(sets: Mapping[str, Dataset], opened: Searches) -> Rows:
    rows: Rows = []
    for name, dataset in sets.items():
        if len(_held(dataset)) > 1:
            with opened(dataset) as systems:
                rows += _groups({s.name: across(dataset, s) for s in systems}, f"{name} ")
    return rows


def _head(what: str) -> list[str]:
    return [what, "questions", "system", *MEASURES]


def _groups(found: Groups, prefix: str = "") -> Rows:
    """A row for each group and system, groups first."""
    groups = next(iter(found.values()))
    return [
        [prefix + group, str(means[group].n_queries), system, *_cells(means[group])]
        for group in groups
        for system, means in found.items()
    ]


def _cells(means: Means) -> list[str]:
    return [f"{means.values[measure]:.3f}" for measure in MEASURES]


def _pooled(alone: Groups, pooled: Groups) -> Rows:
    """One measure among the documents of one language, among those of all, and the difference."""
    measure = MEASURES[0]
    rows = [["language", "system", f"{measure} alone", "among all", "difference"]]
    for system, by_language in pooled.items():
        for language, among in by_language.items():
            before = alone[system][language].values[measure]
            after = among.values[measure]
            figures = [f"{before:.3f}", f"{after:.3f}", signed(after - before)]
            rows.append([language, system, *figures])
    return rows


def _compared(alone: Sequence[Measured], whole: Dataset, source: Source) -> str:
    own = within(whole)
    runs = {m.run.name: saved_run(m, own, source) for m in alone}
    return to_text(compare({OURS: runs.pop(OURS), **runs}, MEASURES[:1]), n_moved=0)


_TITLES = {
    "in-language": "Questions and documents in one language, all sets pooled.",
    "by-set": "Questions and documents in one language, within each set.",
    "across": "Questions in one language > documents in another, within each set.",
    "pooled": "Questions in one language, among its documents alone and among those of all.",
    "compared": "In-language as above: each system against the hybrid.",
}


def _headed(name: str, text: str, fingerprint: str, source: Source) -> str:
    facts = f"split {source.split}; {', '.join(source.data)}"
    return headed(_TITLES[name], text, fingerprint, facts)


def main(argv: Sequence[str] | None = None) -> int:
    """Make the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.figures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bench", type=Path, metavar="BENCH")
    parser.add_argument("--out", type=Path, default=Path("eval/results"), metavar="DIR")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="DIR")
    parser.add_argument("--split", default="report")
    parser.add_argument("--answers", action="store_true", help="the tables of answers alone")
    args = parser.parse_args(argv)
    try:
        wholes = {x: read_beir(args.bench / x) for x in SETS}
        sets = {x: select(whole, split=args.split) for x, whole in wholes.items()}
        opened, source = partial(searches, cache=args.cache), Source(SETS, args.split)
        made = {} if args.answers else tables(sets, opened, source, OTHERS)
        made |= answer_tables(sets, wholes, args.split, args.cache)
        made |= seeds_table(beside(SEEDS / "questions.jsonl"), args.cache)
    except SanadError as error:
        print(f"eval.figures: {error}", file=sys.stderr)
        return 1
    for name, text in made.items():
        write_text(args.out / name, text)
        print(args.out / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
