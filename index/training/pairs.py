"""Sentence pairs for training: read, cleaned, joined through English, sampled by source.

The input is a folder of `en-XX.tsv.gz` files (UTF-8, one `source<TAB>English<TAB>other` a line).
Whatever equals a passage, question or sentence of the development sets is removed here, whoever
gathered the pairs.
"""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from index.passages import sentence_spans
from index.queries import content_words
from index.text import fold

# Single words and names: about a tenth of the batches is enough (see `sample`).
NAME_SOURCES = (
    "netranslit_names",
    "place_names_dr5hn",
    "cldr_country_names",
    "wiktionary_dict",
    "l10n-names",
    "docs_ai_terms_dict",
    "tico19_terms",
)
# Manuals are most of the pairs and all alike; a source of n pairs counts as n ** DAMPING of them.
DAMPING = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together: the same thing said in two languages (`kind` is `text` or `name`), or
    what asks and what answers (`question`)."""

    source: str
    kind: str
    left: str
    right: str


def read_pairs(folder: Path, forbidden: frozenset[str] = frozenset()) -> dict[str, list[Pair]]:
    """Cleaned pairs by language pair (`en-ar`, …), none of `forbidden` (folded texts) in them."""
    files = sorted(folder.glob("en-*.tsv.gz"))
    return {
        file.name.removesuffix(".tsv.gz"): list(_clean(read_file(file), forbidden))
        for file in files
    }


def read_file(file: Path) -> Iterator[Pair]:
    """The pairs of one file as they are."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            source, english, other = line.rstrip("\n").split("\t")
            kind = "name" if source.startswith(NAME_SOURCES) else "text"
            yield Pair(source, kind, english, other)


def _clean(pairs: Iterable[Pair], forbidden: frozenset[str]) -> Iterator[Pair]:
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        key = fold(pair.left).strip(), fold(pair.right).strip()
        if key in seen or key[0] == key[1] or forbidden.intersection(key):
            continue
        seen.add(key)
        if _plausible(*key):
            yield pair


def _plausible(left: str, right: str) -> bool:
    """Both sides are words, and neither is four times as long as the other."""
    letters = sum(c.isalpha() for c in left), sum(c.isalpha() for c in right)
    return min(letters) >= 2 and max(letters) <= 4 * min(letters) + 12


def join_through_english(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, list[Pair]]:
    """Direct pairs of two other languages whose English line is the same (`ar-fa`, …)."""
    tables: dict[str, dict[tuple[str, str], Pair]] = defaultdict(dict)
    for name, items in pairs.items():
        for pair in items:
            tables[name.removeprefix("en-")][pair.source, pair.left] = pair
    names = sorted(tables)
    return {
        f"{a}-{b}": [
            Pair(pair.source, pair.kind, pair.right, tables[b][key].right)
            for key, pair in tables[a].items()
            if key in tables[b]
        ]
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    }


def sample(pairs: Sequence[Pair], n: int, rng: random.Random) -> list[Pair]:
    """`n` pairs, names a tenth of them, the other sources damped by `DAMPING`; with repetition
    only when there are not enough."""
    n_names = n // 10 if any(pair.kind == "name" for pair in pairs) else 0
    names = [pair for pair in pairs if pair.kind == "name"]
    texts = [pair for pair in pairs if pair.kind != "name"]
    chosen = _by_source(texts, n - n_names, rng) + _by_source(names, n_names, rng)
    rng.shuffle(chosen)
    return chosen


def _by_source(pairs: Sequence[Pair], n: int, rng: random.Random) -> list[Pair]:
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    weights = {source: len(items) ** DAMPING for source, items in by_source.items()}
    scale = n / max(1e-9, sum(weights.values()))
    chosen = [
        pair
        for source, items in sorted(by_source.items())
        for pair in _draw(items, round(weights[source] * scale), rng)
    ]
    rng.shuffle(chosen)
    return chosen[:n]


def _draw(items: Sequence[Pair], n: int, rng: random.Random) -> list[Pair]:
    """`n` of `items`, each taken equally often up to one."""
    whole, rest = divmod(n, len(items))
    return list(items) * whole + rng.sample(list(items), rest)


def question_pairs(bench: Path) -> dict[str, list[Pair]]:
    """Question → sentence that holds an answer, from the `train` split of the development sets.

    A question whose relevant passages are in several languages gives a pair for each, keyed by the
    two languages (`en-ru`, `ar-ar`, …), the question on the left.
    """
    found: dict[str, list[Pair]] = defaultdict(list)
    for folder in sorted(path.parent for path in bench.glob("*/queries.jsonl")):
        corpus = {row["_id"]: row for row in read_jsonl(folder / "corpus.jsonl")}
        queries = {row["_id"]: row for row in read_jsonl(folder / "queries.jsonl")}
        for query_id, passage_id in relevant(folder):
            query, passage = queries[query_id], corpus[passage_id]
            if query["split"] != "train":
                continue
            answers = _answers_in(query, passage, queries)
            for sentence in _sentences_with(passage["text"], passage["lang"], answers):
                pair = Pair(folder.name, "question", query["text"], sentence)
                found[f"{query['lang']}-{passage['lang']}"].append(pair)
    return dict(found)


def passage_pairs(bench: Path) -> dict[str, list[Pair]]:
    """What leads to each passage of the `train` split, by a key that its translations share: its
    questions → it, and each of its sentences → the rest of it (inverse cloze, Lee et al. 2019)."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for folder in sorted(path.parent for path in bench.glob("*/queries.jsonl")):
        rows = read_jsonl(folder / "corpus.jsonl")
        corpus = {row["_id"]: row for row in rows if row["split"] == "train"}
        queries = {row["_id"]: row["text"] for row in read_jsonl(folder / "queries.jsonl")}
        for query_id, passage_id in relevant(folder):
            if row := corpus.get(passage_id):
                text = f"{row.get('title', '')} {row['text']}"
                found[_key(row)].append(Pair(folder.name, "question", queries[query_id], text))
        for row in corpus.values():
            found[_key(row)] += _cloze(folder.name, row)
    return dict(found)


def _key(row: Mapping[str, Any]) -> str:
    return str(row["_id"]).replace(f"-{row['lang']}-", "-")


def _cloze(source: str, row: Mapping[str, Any]) -> list[Pair]:
    text = row["text"]
    spans = [(a, b) for a, b in sentence_spans(text, row["lang"]) if len(text[a:b].split()) > 4]
    rests = [f"{row.get('title', '')} {text[:a]} {text[b:]}" for a, b in spans]
    return [
        Pair(source, "question", text[a:b], rest)
        for (a, b), rest in zip(spans, rests, strict=True)
        if len(rest.split()) > 4
    ]


def keyword_pairs(pairs: Sequence[Pair], n: int, rng: random.Random) -> list[Pair]:
    """A fifth to half of a sentence's naming words → the sentence, on `n` sentences at most, both
    sides of `pairs` taken in turn: what a question and its passage have in common in one language.
    """
    texts = (text for pair in sample(pairs, n, rng) for text in (pair.left, pair.right))
    asked = ((_some_words(text, rng), text) for text in texts)
    found = (Pair("keywords", "question", words, text) for words, text in asked if words)
    return list(islice(found, n))


def _some_words(text: str, rng: random.Random) -> str:
    named = content_words(text)
    if len(named) < 8:
        return ""
    return " ".join(rng.sample(named, max(3, round(len(named) * rng.uniform(0.2, 0.45)))))


def relevant(folder: Path) -> Iterator[tuple[str, str]]:
    """The (query id, passage id) pairs of a BEIR folder's `qrels/test.tsv` that are relevant."""
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query_id, passage_id, grade = line.split("\t")
        if int(grade) > 0:
            yield query_id, passage_id


def _answers_in(query, passage, queries) -> list[str]:  # type: ignore[no-untyped-def]
    """The acceptable answers in the passage's language (xquad-r numbers its questions alike)."""
    own = query["_id"].replace(f"-{query['lang']}-", f"-{passage['lang']}-")
    return list(queries.get(own, query)["answers"])


def _sentences_with(text: str, language: str, answers: Sequence[str]) -> list[str]:
    folded = [fold(answer) for answer in answers]
    sentences = [text[start:end] for start, end in sentence_spans(text, language)]
    return [s for s in sentences if any(answer in fold(s) for answer in folded)][:1]


def development_texts(bench: Path) -> frozenset[str]:
    """Every passage, sentence and question of the development sets, folded: never trained on as a
    pair of sentences (`question_pairs` takes the `train` split on purpose)."""
    texts: set[str] = set()
    for file in sorted(bench.glob("*/*.jsonl")):
        for row in read_jsonl(file):
            texts.add(row["text"])
            texts.update(row["text"][a:b] for a, b in sentence_spans(row["text"], row["lang"]))
    for file in sorted(bench.glob("*/??.txt")):
        texts.update(file.read_text("utf-8").splitlines())
    return frozenset(fold(text).strip() for text in texts)


def read_jsonl(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, in order."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
