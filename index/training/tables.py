"""Sentence pairs → the bundled translation tables.

Each direction is learned twice, from surface forms and from stems, and a row is the mean of the
two, so that a rare form leans on its kin while *founded* is not *find*. Only surface forms are
kept: a class of forms stands under the member that the row's own evidence prefers. Languages that
have few direct pairs are helped through English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from index.training.alignment import Bitext, Floats, Ids, Lexicon, Side, bitext, by_class, model1
from index.training.pairs import Pair, development_texts, join_through_english, read_pairs
from index.translation import MOST_WORDS, Table, Translator, WordList

# A word of fewer sentences than this share tells all it can.
_RARE = 1e-4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the tables are learned; the values are those of the bundled ones."""

    iterations: int = 5
    surface: float = 0.5  # share of a row that its own surface form decides, its stem the rest
    pivot: float = 0.5  # share of a row that comes through English, where there are direct pairs
    n_translations: int = 12
    least: float = 0.01
    n_words: int = MOST_WORDS


SMALL = Recipe(iterations=2, n_words=2_000)


def prune(table: csr_array, n: int, least: float) -> csr_array:
    """The `n` largest of each row that are above `least`."""
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    order = np.lexsort((-table.data, rows))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - table.indptr[rows[order]]
    keep = (rank < n) & (table.data > least)
    entries = table.data[keep], (rows[keep], table.indices[keep])
    return csr_array(entries, shape=table.shape)


def normalised(table: csr_array) -> csr_array:
    """Rows that sum to 1, or to 0."""
    sums = np.asarray(table.sum(axis=1)).ravel()
    return csr_array(diags_array(1 / np.where(sums > 0, sums, 1)) @ table)


@dataclass(frozen=True, slots=True)
class Direction:
    """What was learned about translating one language into another, rows that sum to at most 1:
    from surface forms to surface forms, and from stem classes to stem classes."""

    surface: csr_array
    stems: csr_array


def learn(
    texts: Mapping[str, Bitext], classes: Mapping[str, Ids], recipe: Recipe
) -> dict[tuple[str, str], Direction]:
    """Both directions of every two languages of `texts` (`en-ar`, …)."""
    found: dict[tuple[str, str], Direction] = {}
    for name, text in sorted(texts.items()):
        a, b = name.split("-")
        stems = Bitext(
            by_class(text.left, classes[a]), by_class(text.right, classes[b]), text.weights
        )
        sizes = len(classes[a]), len(classes[b])
        surface_both = model1(text, *sizes, recipe.iterations)
        stems_both = model1(stems, *sizes, recipe.iterations)
        for i, key in enumerate(((a, b), (b, a))):
            found[key] = Direction(_trim(surface_both[i]), _trim(stems_both[i]))
    return found


def _trim(table: csr_array) -> csr_array:
    return normalised(prune(table, 30, 0.002))


def blend(
    directions: Mapping[tuple[str, str], Direction],
    classes: Mapping[str, Ids],
    recipe: Recipe,
) -> dict[tuple[str, str], csr_array]:
    """For each direction `(n words, n words)` the probabilities of translating a surface form into
    a stem class."""
    direct = {
        (a, b): _mean(
            _into_classes(learned.surface, classes[b]),
            learned.stems[classes[a]],
            recipe.surface,
        )
        for (a, b), learned in directions.items()
    }
    blended = {}
    for (a, b), table in direct.items():
        blended[a, b] = table
        if "en" not in (a, b) and recipe.pivot:
            through = csr_array(direct[a, "en"] @ directions["en", b].stems)
            blended[a, b] = _mean(through, table, recipe.pivot)
    return {
        key: prune(table, recipe.n_translations, recipe.least) for key, table in blended.items()
    }


def _into_classes(table: csr_array, classes: Ids) -> csr_array:
    n = len(classes)
    member = csr_array((np.ones(n), (np.arange(n), classes)), shape=(n, n))
    return csr_array(table @ member)


def _mean(first: csr_array, second: csr_array, share: float) -> csr_array:
    """`share` of the first and the rest of the second; a row that one lacks is the other's."""
    has_first = np.diff(first.indptr) > 0
    has_second = np.diff(second.indptr) > 0
    of_first = np.where(has_first, np.where(has_second, share, 1.0), 0.0)
    return csr_array(diags_array(of_first) @ first + diags_array(1 - of_first) @ second)


def likeliest_forms(table: csr_array, surface: csr_array, classes: Ids, common: Ids) -> csr_array:
    """`table` with each target class as the surface form that its row's own evidence prefers, or
    the class's most `common` one."""
    n = len(classes)
    rows = np.repeat(np.arange(surface.shape[0]), np.diff(surface.indptr))
    keys = rows * np.int64(n) + classes[surface.indices]
    order = np.lexsort((-surface.data, keys))
    keys, first = np.unique(keys[order], return_index=True)
    forms = surface.indices[order][first]
    table_rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    wanted = table_rows * np.int64(n) + table.indices
    at = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    known = keys[at] == wanted if len(keys) else np.zeros(len(wanted), bool)
    chosen = np.where(known, forms[at] if len(keys) else 0, common[table.indices])
    return csr_array((table.data, (table_rows, chosen)), shape=table.shape)


class Frequencies:
    """How often the words of one language stand in its pairs, by weight."""

    def __init__(self, classes: Ids) -> None:
        self.classes = classes
        self.words = np.zeros(len(classes))
        self.total = 0.0

    def add(self, side: Side, weights: Floats) -> None:
        """Count one side of a bitext."""
        self.words += np.bincount(side.words, weights[side.sentences], len(self.words))
        self.total += weights.sum()

    def common(self) -> Ids:
        """Of each class, by its number, the most frequent word."""
        common = np.arange(len(self.classes), dtype=np.int32)
        order = np.argsort(self.words, kind="stable")
        common[self.classes[order]] = order
        return common

    def chosen(self, n: int) -> Ids:
        """The `n` words to keep: the most frequent, where the commonest form of a class counts for
        all of it."""
        worth = self.words.copy()
        of_class = np.bincount(self.classes, self.words, len(self.words))
        numbers = np.unique(self.classes)
        worth[self.common()[numbers]] = of_class[numbers]
        return np.sort(np.argsort(-worth, kind="stable")[:n]).astype(np.int32)

    def telling(self) -> NDArray[np.uint8]:
        """Each word's idf over its greatest, in 255ths."""
        idf = -np.log(np.maximum(self.words, 1e-9) / max(1e-9, self.total))
        share = np.clip(idf / -np.log(_RARE), 0, 1)
        return np.asarray(np.round(255 * share), np.uint8)


def pack(table: csr_array, rows: Ids, columns: Ids) -> Table:
    """The `rows` and `columns` of a table, its probabilities in 255ths."""
    kept = csr_array(table[rows][:, columns])
    kept.sort_indices()
    order = np.lexsort((-kept.data, np.repeat(np.arange(len(rows)), np.diff(kept.indptr))))
    return Table(
        np.diff(kept.indptr).astype(np.uint8),
        kept.indices[order].astype(np.uint16),
        np.clip(np.floor(255 * kept.data[order]), 1, 255).astype(np.uint8),
    )


def build(pairs: Mapping[str, Sequence[Pair]], recipe: Recipe) -> Translator:
    """Tables for both directions of every two languages of `pairs` (`en-ar`, `ar-fa`, …)."""
    languages = sorted({language for name in pairs for language in name.split("-")})
    lexicons = {language: Lexicon(language) for language in languages}
    texts = {}
    for name, items in pairs.items():
        a, b = name.split("-")
        texts[name] = bitext(items, lexicons[a], lexicons[b])
    classes = {language: lexicon.classes() for language, lexicon in lexicons.items()}
    return assemble(texts, lexicons, classes, learn(texts, classes, recipe), recipe)


def assemble(
    texts: Mapping[str, Bitext],
    lexicons: Mapping[str, Lexicon],
    classes: Mapping[str, Ids],
    directions: Mapping[tuple[str, str], Direction],
    recipe: Recipe,
) -> Translator:
    """What was learned, blended and cut to the words worth keeping."""
    frequencies = _frequencies(texts, classes)
    common = {language: f.common() for language, f in frequencies.items()}
    chosen = {language: f.chosen(recipe.n_words) for language, f in frequencies.items()}
    tables = {}
    for (a, b), table in blend(directions, classes, recipe).items():
        forms = likeliest_forms(table, directions[a, b].surface, classes[b], common[b])
        kept = _only_chosen(forms, classes[b], common[b], chosen[b])
        tables[a, b] = pack(kept, chosen[a], chosen[b])
    lists = {}
    for language, lexicon in lexicons.items():
        words, telling = lexicon.words, frequencies[language].telling()
        own = chosen[language]
        lists[language] = WordList(language, [words[i] for i in own], telling[own])
    return Translator(lists, tables)


def _frequencies(texts: Mapping[str, Bitext], classes: Mapping[str, Ids]) -> dict[str, Frequencies]:
    """From the pairs with English alone; what was joined through it would count twice."""
    found = {language: Frequencies(of) for language, of in classes.items()}
    for name, text in texts.items():
        a, b = name.split("-")
        if "en" in (a, b) or len(texts) == 1:
            found[a].add(text.left, text.weights)
            found[b].add(text.right, text.weights)
    return found


def _only_chosen(table: csr_array, classes: Ids, common: Ids, chosen: Ids) -> csr_array:
    """`table` with columns that are not kept replaced by the commonest form of their class."""
    kept = np.zeros(len(classes), bool)
    kept[chosen] = True
    columns = np.where(kept[table.indices], table.indices, common[classes[table.indices]])
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return csr_array((table.data, (rows, columns)), shape=table.shape)


def train(pairs_folder: Path, bench: Path | None, out: Path, recipe: Recipe) -> Translator:
    """Learn from the `en-XX.tsv.gz` of a folder, none of the development sets among them, and save
    to `out`."""
    pairs = read_pairs(pairs_folder, development_texts(bench) if bench else frozenset())
    if not pairs:
        raise FileNotFoundError(f"'{pairs_folder}' holds no en-XX.tsv.gz")
    translator = build(pairs | join_through_english(pairs), recipe)
    translator.save(out)
    return translator
