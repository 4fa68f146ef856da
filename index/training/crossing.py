"""How well BM25 through translation tables finds a passage for another language's question.

`python -m index.training.crossing --help`. The task is that of the development sets: questions in
one language, the corpus and its relevant passages cut to another, BM25 alone.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from math import log2
from pathlib import Path

from index.counting import TermCounter
from index.sparse import LanguageCounts
from index.training.pairs import read_jsonl, relevant
from index.translation import BUNDLED, Translator, query_terms
from index.transliteration import Names


@dataclass(frozen=True, slots=True)
class Passages:
    """One language's passages of a BEIR folder."""

    ids: list[str]
    counts: LanguageCounts
    names: Names


def crossing(
    folder: Path, translator: Translator, splits: Sequence[str] = ()
) -> dict[str, tuple[float, float]]:
    """nDCG@10 and R@5 by direction (`en>ar`, …) over the questions of `splits` (all if none)."""
    passages = _passages(folder)
    answering = _relevant(folder)
    found: dict[str, tuple[float, float]] = {}
    for source, target in permutations(sorted(passages), 2):
        ranks = [
            _rank(question["text"], source, passages[target], translator, ids)
            for question in read_jsonl(folder / "queries.jsonl")
            if question["lang"] == source and (not splits or question["split"] in splits)
            if (ids := answering.get(question["_id"], set()).intersection(passages[target].ids))
        ]
        gain = sum(1 / log2(1 + rank) for rank in ranks if rank <= 10)
        near = sum(rank <= 5 for rank in ranks)
        found[f"{source}>{target}"] = gain / max(1, len(ranks)), near / max(1, len(ranks))
    return found


def _rank(
    question: str, source: str, passages: Passages, translator: Translator, answering: set[str]
) -> int:
    """The rank of the first relevant passage (xquad-r has one a language); 1,000,000 for one
    without a score."""
    virtual = query_terms(question, source, translator, passages.names)
    scores = passages.counts.virtual_scores([v.terms for v in virtual], [v.weight for v in virtual])
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], passages.ids[i]))
    places = (rank for rank, i in enumerate(order, 1) if passages.ids[i] in answering and scores[i])
    return next(places, 1_000_000)


def _passages(folder: Path) -> dict[str, Passages]:
    rows = read_jsonl(folder / "corpus.jsonl")
    found = {}
    for language in sorted({row["lang"] for row in rows}):
        own = [row for row in rows if row["lang"] == language]
        counter = TermCounter(language)
        for i, row in enumerate(own):
            counter.add(i, f"{row['title']} {row['text']}")
        counts, _ = counter.counts()
        ids = [row["_id"] for row in own]
        found[language] = Passages(
            ids, counts, Names(counts.vocabulary, language, counts.spellings)
        )
    return found


def _relevant(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for question, passage in relevant(folder):
        found.setdefault(question, set()).add(passage)
    return found


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m index.training.crossing", description=__doc__)
    parser.add_argument("folder", type=Path, help="a BEIR folder with lang and split fields")
    parser.add_argument("--tables", type=Path, default=BUNDLED, help="(the bundled ones)")
    parser.add_argument("--split", action="append", default=[], help="train, fit, report (all)")
    args = parser.parse_args()
    for pair, (ndcg, recall) in crossing(
        args.folder, Translator.load(args.tables), args.split
    ).items():
        print(f"{pair}  nDCG@10 {ndcg:.3f}  R@5 {recall:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
