"""Texts → the counts of BM25 and their running words, each distinct one folded and stemmed once.

    python -m index.counting FOLDER LANGUAGE…

does so for all passages in some languages of a generation that is being built. What lies between
white space folds by itself, and no word spans white space: a text's words are those of its pieces,
one after another. A test holds this to `analysis.terms`.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

import numpy as np

from index import processes, running, sparse
from index.analysis import spellings, terms_of, words_of_each
from index.errors import IndexBroken
from index.pieces import Numbers, Places, laid_out
from index.running import RunningWords, running_words
from index.sparse import LanguageCounts, from_numbers
from index.store import PassageStore

# Fewer passages are counted in the time that another process takes to start.
_FEW = 4_000


class TermCounter:
    """Counts the passages of one language, given one after another."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._pieces = Places()
        self._rows: list[int] = []
        # The numbers of a passage's pieces, as bytes: what is joined needs no loop.
        self._passages: list[bytes] = []

    def add(self, row: int, text: str) -> None:
        """The passage in that row of the index."""
        self._rows.append(row)
        self._passages.append(self._pieces.of(text.split()).tobytes())

    def counts(self) -> tuple[LanguageCounts, RunningWords]:
        """The counts of all passages, which should be in the order of their rows, and what words
        they are of; the counter is empty afterwards."""
        words, numbers, lengths = self._spoken()
        # What follows needs as much memory again.
        self._pieces, self._passages = Places(), []
        found = np.bincount(numbers, minlength=len(words)).tolist()
        terms = terms_of(words, self._language)
        spelt = spellings(dict(zip(words, found, strict=True)), terms)
        vocabulary, of_word = _numbered(terms)
        counts = from_numbers(self._rows, vocabulary, of_word[numbers], lengths, spelt)
        return counts, running_words(list(words), of_word, numbers, lengths)

    def _spoken(self) -> tuple[Places, Numbers, Numbers]:
        """The distinct words, those of all passages one after another, and how many each has."""
        words = Places()
        of_each = words_of_each(list(self._pieces))
        parts = np.frombuffer(words.of(chain.from_iterable(of_each)), np.int32)
        pieces = np.frombuffer(b"".join(self._passages), np.int32)
        ends = np.cumsum([0, *(len(passage) // 4 for passage in self._passages)])
        places = np.cumsum([0, *map(len, of_each)], dtype=np.int32)
        numbers, starts = laid_out(pieces, parts, places, ends)
        return words, numbers, np.diff(starts).astype(np.int32)


def _numbered(terms: Sequence[str]) -> tuple[list[str], Numbers]:
    """The distinct terms in order, and the place of each one."""
    vocabulary = sorted(set(terms))
    places = {known: place for place, known in enumerate(vocabulary)}
    return vocabulary, np.array([places[found] for found in terms], np.int32)


def write(folder: Path, language: str) -> None:
    """Count the passages of one language of a generation, and keep their words."""
    counter = TermCounter(language)
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        rows = [row for row, each in enumerate(store.languages()) if each == language]
        for row, text in zip(rows, store.texts_in(language), strict=True):
            counter.add(row, text)
    counts, spoken = counter.counts()
    sparse.save(counts, folder / "sparse" / language)
    running.save(spoken, folder / running.FOLDER / language)


@contextmanager
def shared(folder: Path, languages: Mapping[str, int]) -> Iterator[list[str]]:
    """Which of the languages, given with their numbers of passages, are to be counted here; another
    process counts the others meanwhile, where there is much to count. Raises IndexBroken when it
    fails."""
    here, there = _halves(languages)
    if not there or sum(languages.values()) < _FEW:
        yield list(languages)
        return
    with processes.beside("index.counting", str(folder), *there) as process:
        yield here
        wrong = processes.fault(process, "it died")
    if wrong:
        raise IndexBroken(f"the words could not be counted: {wrong}. Try again")


def _halves(languages: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """The languages in two parts of about as many passages."""
    parts: tuple[list[str], list[str]] = ([], [])
    sizes = [0, 0]
    for language in sorted(languages, key=lambda x: (-languages[x], x)):
        smaller = sizes.index(min(sizes))
        parts[smaller].append(language)
        sizes[smaller] += languages[language]
    return parts


if __name__ == "__main__":
    for each in sys.argv[2:]:
        write(Path(sys.argv[1]), each)
