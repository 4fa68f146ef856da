"""Compare ways of making terms: `python -m eval.analyses DIR… [--split S]`.

BM25 alone, questions and whole documents of one language, all BEIR folders pooled: nDCG@10 by
language for raw words, folded ones, stems, character n-grams, subword pieces and pairs of them,
without stop words in the question and (`every word`) with them. What `index.analysis` does is the
row `ours`; choose on `fit`, report on `report`.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.beir import read_beir
from eval.datasets import Dataset, Query, document_language, languages_of, pool, select
from eval.measures import evaluate
from eval.report import aligned
from eval.runs import Run
from index import sparse
from index.analysis import light_stem, snowball, term, words
from index.encoder import BUNDLED_FOLDER
from index.queries import content_words
from index.text import fold

# A text and its language → terms.
Analysis = Callable[[str, str], list[str]]
Scores = NDArray[np.float64]

MEASURE = "nDCG@10"
_SNOWBALL = {"ar": "arabic", "fa": "persian", "ru": "russian", "en": "english"}


def raw(text: str, language: str) -> list[str]:  # noqa: ARG001 - an Analysis
    """Lower-cased words, as most tokenizers have them: diacritics cut Arabic to pieces."""
    return re.findall(r"\w+", text.lower())


def folded(text: str, language: str) -> list[str]:  # noqa: ARG001
    """Words in one spelling."""
    return words(text)


def stemmed(text: str, language: str) -> list[str]:
    """Snowball in every language, Arabic and Persian too."""
    stem = snowball(_SNOWBALL.get(language, "english"))
    return list(map(stem, words(text)))


def light(text: str, language: str) -> list[str]:
    """light10 for Arabic script, Snowball for the others."""
    return (
        [light_stem(w) for w in words(text)]
        if language in {"ar", "fa"}
        else stemmed(text, language)
    )


def ours(text: str, language: str) -> list[str]:
    """The terms of `index.analysis`."""
    return [term(word, language) for word in words(text)]


def grams(n: int) -> Analysis:
    """Character n-grams within words; a shorter word is itself."""

    def analyse(text: str, language: str) -> list[str]:  # noqa: ARG001
        return [
            word[i : i + n]
            for word in (f"_{word}_" for word in words(text))
            for i in range(max(1, len(word) - n + 1))
        ]

    return analyse


def pieces(text: str, language: str) -> list[str]:  # noqa: ARG001
    """Subword pieces of the bundled encoder's tokenizer."""
    return list(_tokenizer()(fold(text)))


@cache
def _tokenizer() -> Callable[[str], list[str]]:
    from tokenizers import Tokenizer  # noqa: PLC0415 - one row needs it

    tokenizer = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()
    return lambda text: tokenizer.encode(text, add_special_tokens=False).tokens


ANALYSES: dict[str, Analysis] = {
    "raw": raw,
    "folded": folded,
    "snowball": stemmed,
    "light": light,
    "ours": ours,
    "3-grams": grams(3),
    "4-grams": grams(4),
    "5-grams": grams(5),
    "pieces": pieces,
}
# Shares of the best score, added.
PAIRS = (("ours", "folded"), ("ours", "4-grams"), ("ours", "pieces"))


def naming(analyse: Analysis) -> Analysis:
    """The same without the words of a question that name nothing."""
    return lambda text, language: analyse(" ".join(content_words(text)), language)


@dataclass(frozen=True, slots=True)
class Cut:
    """The questions and documents of one language."""

    language: str
    dataset: Dataset
    queries: Sequence[Query]

    def shares(self, of_documents: Analysis, of_queries: Analysis) -> Scores:
        """BM25 by query and document, `(n_queries, n_documents)`, as a share of the best."""
        texts = [of_documents(d.text, self.language) for d in self.dataset.documents]
        counts = sparse.count(range(len(texts)), texts)
        asked = (of_queries(query.text, self.language) for query in self.queries)
        scores = np.array([counts.scores(terms) for terms in asked])
        return np.asarray(scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9))

    def figure(self, shares: Scores) -> float:
        """The measure of a ranking by `shares`."""
        run = Run(
            "", {q.query_id: self._best(row) for q, row in zip(self.queries, shares, strict=True)}
        )
        return evaluate(self.dataset, run, [MEASURE]).overall.values[MEASURE]

    def _best(self, row: Scores) -> list[tuple[str, float]]:
        first = np.argsort(-row, kind="stable")[:20].tolist()
        return [(self.dataset.documents[i].doc_id, float(row[i])) for i in first if row[i] > 0]


def cuts(whole: Dataset, split: str) -> list[Cut]:
    """One for each language in which questions of the split are answered."""
    found = []
    for language in languages_of(map(document_language, whole.documents)):
        dataset = select(whole, language, language, split)
        asked = [query for query in dataset.queries if query.query_id in dataset.qrels]
        found.append(Cut(language, dataset, asked))
    return found


def rows(found: Sequence[Cut]) -> Iterator[list[str]]:
    """For each analysis, all words asked and then naming words alone, its figures; then pairs."""
    made: dict[str, list[Scores]] = {}
    for name, analyse in ANALYSES.items():
        made[name] = [cut.shares(analyse, naming(analyse)) for cut in found]
        every = [cut.shares(analyse, analyse) for cut in found]
        yield [f"{name}, every word", *_figures(found, every)]
        yield [name, *_figures(found, made[name])]
    for a, b in PAIRS:
        both = [x + y for x, y in zip(made[a], made[b], strict=True)]
        yield [f"{a} + {b}", *_figures(found, both)]


def _figures(found: Sequence[Cut], shares: Sequence[Scores]) -> list[str]:
    return [f"{cut.figure(share):.3f}" for cut, share in zip(found, shares, strict=True)]


def main(argv: Sequence[str] | None = None) -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.analyses", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--split", default="fit", help="whose questions are asked (fit)")
    args = parser.parse_args(argv)
    found = cuts(pool([read_beir(folder) for folder in args.folders]), args.split)
    print(aligned([[MEASURE, *(cut.language for cut in found)], *rows(found)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
