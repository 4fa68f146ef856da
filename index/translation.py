"""A term → weighted terms of another language, so that BM25 crosses languages.

A query word scores in another language's passages as one *virtual term*: its translations with
their probabilities (probabilistic structured queries, Darwish & Oard, SIGIR 2003). They come from
the bundled tables, learned by `index.training.tables`. A number is itself; a word that the tables
do not know, or whose translations no passage holds, is looked for by its sound, as a name.

The tables hold folded surface forms; stems are made here, when a word is looked up, so that a
better stemmer needs no new tables. On disk, `XX.txt` lists a language's words, and
`tables.safetensors` holds for every direction `XX-YY` the number of translations of each word,
their places in the other list and their probabilities in 255ths; and for each language, in 255ths
too, how much each word tells.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.analysis import term
from index.queries import content_words
from index.transliteration import CLITICS, Names, similarities, skeleton, sounds
from index.types import QueryTerm

BUNDLED = Path(__file__).parent / "models" / "translation"
# Words are numbered in 16 bits.
MOST_WORDS = 1 << 16
_ONE = 255

_ARTICLE_RE = re.compile("^[وبكف]?ال|^لل|^و")

# Chosen on the train and fit splits of xquad-r, which the tables do not know; see eval/LOG.md.
# Words of every sentence should neither rule nor vanish.
TELLING_POWER = 0.5
FLATTEN = 0.75
# When less than this of a word's translations is in the index, it may rather be a name there.
UNCERTAIN = 0.5
SAME_NAME = 0.9
# A word whose translations have this probability in all, and none of which sounds this much like
# it, is no name.
KNOWN = 0.6
KIN = 0.6


@dataclass(frozen=True, slots=True)
class Table:
    """One direction. Word `i` has `counts[i]` translations, those of word 0 first: `targets` are
    places in the other language's list, `weights` probabilities in 255ths."""

    counts: NDArray[np.uint8]
    targets: NDArray[np.uint16]
    weights: NDArray[np.uint8]
    starts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        ends = np.cumsum(self.counts, dtype=np.int64)
        object.__setattr__(self, "starts", ends - self.counts)

    def row(self, i: int) -> list[tuple[int, float]]:
        """The translations of word `i` and their probabilities."""
        span = slice(self.starts[i], self.starts[i] + self.counts[i])
        return [
            (target, weight / _ONE)
            for target, weight in zip(
                self.targets[span].tolist(), self.weights[span].tolist(), strict=True
            )
        ]


class WordList:
    """The words of one language, and in 255ths how much each tells (a rare word much)."""

    def __init__(self, language: str, words: Sequence[str], telling: NDArray[np.uint8]) -> None:
        self.language = language
        self.words = words
        self.telling = telling

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each word."""
        return dict(zip(self.words, range(len(self.words)), strict=True))

    def kin(self, word: str) -> list[int]:
        """The words with the same stem; for an Arabic word without any, with a clitic off."""
        found = self._same_stem(word)
        if found or self.language != "ar" or len(word) < 5 or word[0] not in CLITICS:
            return found
        return self._same_stem(word[1:])

    def _same_stem(self, word: str) -> list[int]:
        stem = term(word, self.language)
        alike = self._by_beginning.get(_beginning(word), ())
        return [i for i in alike if term(self.words[i], self.language) == stem]

    def tells(self, word: str) -> float:
        """From 0, a word of every sentence, to 1, a rare or unknown one."""
        i = self.places.get(word)
        return 1.0 if i is None else float(self.telling[i]) / _ONE

    @cached_property
    def _by_beginning(self) -> dict[str, list[int]]:
        """To stem the whole list would take a third of a second."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.words):
            found[_beginning(word)].append(i)
        return found


def _beginning(word: str) -> str:
    """What words of one stem have in common, and few others."""
    return _ARTICLE_RE.sub("", word)[:3]


class Translator:
    """Translation tables, open for reading; safe to share between threads."""

    def __init__(
        self, lists: Mapping[str, WordList], tables: Mapping[tuple[str, str], Table]
    ) -> None:
        self.lists = lists
        self.tables = tables

    @classmethod
    def load(cls, folder: Path = BUNDLED) -> "Translator":
        """Read what `save` wrote."""
        arrays = load_file(folder / "tables.safetensors")
        lists = {
            file.stem: WordList(
                file.stem, file.read_text("utf-8").split("\n"), arrays[f"{file.stem}.telling"]
            )
            for file in folder.glob("??.txt")
        }
        tables = {
            (a, b): Table(*(arrays[f"{a}-{b}.{part}"] for part in ("counts", "targets", "weights")))
            for a in lists
            for b in lists
            if f"{a}-{b}.counts" in arrays
        }
        return cls(lists, tables)

    def save(self, folder: Path) -> None:
        """Write the tables into a `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"{language}.telling": words.telling for language, words in self.lists.items()}
        for (a, b), table in self.tables.items():
            for part in ("counts", "targets", "weights"):
                arrays[f"{a}-{b}.{part}"] = getattr(table, part)
        save_file(arrays, folder / "tables.safetensors")
        for language, words in self.lists.items():
            (folder / f"{language}.txt").write_text("\n".join(words.words), encoding="utf-8")

    def translate(self, word: str, source: str, target: str) -> dict[str, float]:
        """Folded words of `target` with their probabilities, the likeliest first, which sum to at
        most 1; empty for a word that the tables do not know."""
        source = _language_of(word, source)
        if source == target or not word[0].isalpha():
            return {word: 1.0}
        table = self.tables.get((source, target))
        if table is None:
            return {}
        words = self.lists[target].words
        return {words[i]: weight for i, weight in self._row(table, self.lists[source], word)}

    def tells(self, word: str, language: str) -> float:
        """How much a folded word tells: 0 for a word of every sentence, 1 for a rare one."""
        words = self.lists.get(_language_of(word, language))
        return words.tells(word) if words and word[0].isalpha() else 1.0

    def _row(self, table: Table, words: WordList, word: str) -> list[tuple[int, float]]:
        """The word's own row, else the mean of its kin's."""
        place = words.places.get(word)
        own = [] if place is None else table.row(place)
        if own:
            return own
        rows = [row for i in words.kin(word) if (row := table.row(i))]
        sums: dict[int, float] = {}
        for row in rows:
            for target, weight in row:
                sums[target] = sums.get(target, 0.0) + weight / len(rows)
        return sorted(sums.items(), key=lambda item: -item[1])


@cache
def bundled_tables() -> Translator:
    """The tables that the repository carries, read once."""
    return Translator.load(BUNDLED) if BUNDLED.is_dir() else Translator({}, {})


def _language_of(word: str, source: str) -> str:
    """Latin letters in an Arabic, Persian or Russian question are English; Cyrillic are Russian."""
    if "a" <= word[0] <= "z" and source in {"ar", "fa", "ru"}:
        return "en"
    return "ru" if "\u0400" <= word[0] <= "\u04ff" and source in {"ar", "fa", "en"} else source


def query_terms(query: str, source: str, translator: Translator, names: Names) -> list[QueryTerm]:
    """The words of a query in language `source` as virtual terms of another language's passages.

    `names` are the terms of those passages; keep one `Names` for each language of an index. Words
    that no passage can match are left out.
    """
    found = (virtual_term(word, source, translator, names) for word in content_words(query))
    return [virtual for virtual in found if virtual.terms]


def virtual_term(word: str, source: str, translator: Translator, names: Names) -> QueryTerm:
    """One folded query word; without `terms` when nothing in the index is like it."""
    translations = translator.translate(word, source, names.language)
    terms = _indexed(translations, names)
    own = term(word, names.language)
    if not terms and own in names.vocabulary:
        terms = {own: 1.0}
    elif _may_be_a_name(word, translations, terms):
        terms = _with_names(terms, names.alike(word, source))
    weight = translator.tells(word, source) ** TELLING_POWER
    return QueryTerm(word, _flattened(terms), weight)


def _may_be_a_name(
    word: str, translations: Mapping[str, float], terms: Mapping[str, float]
) -> bool:
    """Not a word whose translations are known, and none of which sounds like it. Two consonants
    are enough for a word that nothing else is known of, but no more."""
    if not word[0].isalpha():
        return False
    uncertain = sum(terms.values()) < UNCERTAIN and len(skeleton(word)) > 2
    return (not terms or uncertain) and not _is_common(word, translations)


def _is_common(word: str, translations: Mapping[str, float]) -> bool:
    if sum(translations.values()) < KNOWN:
        return False
    spoken = [sounds(translation) for translation in translations]
    return bool(np.all(similarities(sounds(word), spoken) < KIN))


def _indexed(translations: Mapping[str, float], names: Names) -> dict[str, float]:
    """The terms of `translations` that some passage holds."""
    found: dict[str, float] = {}
    for word, weight in translations.items():
        analysed = term(word, names.language)
        if analysed in names.vocabulary:
            found[analysed] = found.get(analysed, 0.0) + weight
    return found


def _with_names(terms: Mapping[str, float], alike: Mapping[str, float]) -> dict[str, float]:
    """`terms`, and what they leave to 1 shared out among the names: all of them when there is
    nothing else, else only names that sound all but the same."""
    if terms and sum(alike.values()) < SAME_NAME:
        return dict(terms)
    left = 1 - sum(terms.values())
    named = {name: left * weight for name, weight in alike.items()}
    return {key: terms.get(key, 0.0) + named.get(key, 0.0) for key in (*terms, *named)}


def _flattened(terms: Mapping[str, float]) -> dict[str, float]:
    """Likely translations a little less ahead of the others, and half (on a log scale) of what the
    index lacks given to what it has."""
    total = sum(terms.values())
    flat = {key: weight**FLATTEN for key, weight in terms.items() if weight > 0}
    return {key: weight * total**0.5 / sum(flat.values()) for key, weight in flat.items()}
