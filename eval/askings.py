"""What is asked to measure answers: which question, of which documents, and what answers it there.

A set whose questions all have answers says nothing of refusals. With `without_relevant` each is
asked a second time with the documents that answer it left out: the same words, and nothing but the
evidence to tell the two apart. Half of what is asked is then answerable, whatever the set, so that
a confidence is measured where it matters. It is a little too strict: a passage that nobody judged
may answer, too.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eval.datasets import Dataset, Qrels, Query, document_language
from index.errors import DatasetError
from index.filters import Filter

Among = Literal["all", "own", "each", "alone"]

# Another seed draws another sample.
_SEED = "sanad"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, asked of the documents in the language `among` (None: of all).

    `relevant` are those of them that answer it, in `target` (its own language if one is, None
    without any), and `answers` what any of them may say; with `left_out` they are kept from the
    search, and nothing answers. Where `hidden` is a set, documents in all languages are searched
    but these: those that answer in another language than `among`.
    """

    query: Query
    among: str | None
    target: str | None
    relevant: frozenset[str]
    answers: tuple[str, ...]
    left_out: bool = False
    hidden: frozenset[str] | None = None

    @property
    def answerable(self) -> bool:
        """Whether the documents that are searched answer it."""
        return self.query.answerable and not self.left_out

    @property
    def filters(self) -> Filter:
        """Which passages are searched."""
        gone = (self.hidden or frozenset()) | (self.relevant if self.left_out else frozenset())
        one = self.among if self.hidden is None else None
        return Filter(languages=(one,) if one else (), without=sorted(gone) or ())

    @property
    def pair(self) -> str | None:
        """`en>ar`: the languages of question and documents."""
        target = self.target or self.among
        return f"{self.query.language}>{target}" if target else None

    @property
    def key(self) -> str:
        """Tells it from the set's other askings."""
        return f"{self.query.query_id} {self.among or '*'}{' left out' if self.left_out else ''}"


def askings(
    dataset: Dataset,
    whole: Dataset,
    among: Among = "all",
    limit: int | None = None,
    without_relevant: bool = False,
) -> list[Asking]:
    """Every question of `dataset` (a cut of `whole`) asked of all documents, of those in its `own`
    language, of those of `each` language by themselves, or of all but those that answer in other
    languages than one, each in turn (the answer stands in that language `alone`); with `limit`, at
    most so many of each pair of languages, drawn by their ids.

    A question that nobody judged, or that has no acceptable answer to look for, is left out. Raises
    DatasetError when none is left.
    """
    found = list(_all(dataset, translated_answers(whole), among))
    if limit is not None:
        found = _drawn(found, limit)
    if without_relevant:
        found = [x for one in found for x in _both(one)]
    if not any(one.answerable for one in found):
        raise DatasetError(
            f"no question of '{dataset.name}' has both 'answers' and a relevant document among "
            "those asked; choose other languages or another split"
        )
    return found


def _both(one: Asking) -> Iterator[Asking]:
    yield one
    if one.answerable:
        yield replace(one, left_out=True)


def _all(
    dataset: Dataset, answers: Mapping[str, Mapping[str, tuple[str, ...]]], among: Among
) -> Iterator[Asking]:
    languages = {d.doc_id: document_language(d) for d in dataset.documents}
    held = sorted(set(languages.values()))
    made = [
        _asking(query, language, dataset.qrels, languages, answers.get(query.query_id, {}))
        for query in dataset.queries
        for language in _corpora(query, among, held)
    ]
    if among == "alone":
        made = [
            replace(one, hidden=_relevant(one.query, dataset.qrels) - one.relevant) for one in made
        ]
    usable = [one for one in made if one.answerable and one.relevant and one.answers]
    met = {(one.query.language, one.among) for one in usable}
    kept = {one.key for one in usable}
    for one in made:
        unanswerable = not one.query.answerable
        if one.key in kept or (unanswerable and (one.among is None or _pair(one) in met)):
            yield one


def _relevant(query: Query, qrels: Qrels) -> frozenset[str]:
    return frozenset(i for i, r in qrels.get(query.query_id, {}).items() if r > 0)


def _corpora(query: Query, among: Among, held: Sequence[str]) -> Sequence[str | None]:
    """The documents of which languages it is asked of, one after another; None: of all at once."""
    if among == "all":
        return [None]
    return [query.language] if among == "own" else held


def _pair(one: Asking) -> tuple[str, str | None]:
    return one.query.language, one.among


def _asking(
    query: Query,
    among: str | None,
    qrels: Qrels,
    languages: Mapping[str, str],
    answers: Mapping[str, tuple[str, ...]],
) -> Asking:
    there = {i: languages[i] for i in _relevant(query, qrels)}
    relevant = {i: x for i, x in there.items() if among in {None, x}}
    held = set(relevant.values())
    target = query.language if query.language in held else min(held, default=None)
    said = [*query.answers, *(a for x in sorted(held) for a in answers.get(x, ()))]
    return Asking(query, among, target, frozenset(relevant), tuple(dict.fromkeys(said)))


def translated_answers(dataset: Dataset) -> dict[str, dict[str, tuple[str, ...]]]:
    """By question, its answers as the same question has them in other languages: the one whose id
    differs in the language code alone and whose relevant documents are the same (`xq-ar-q7` and
    `xq-en-q7`)."""
    groups: dict[tuple[str, frozenset[str]], list[Query]] = {}
    for query in dataset.queries:
        code = rf"(?<![^\W_]){re.escape(query.language)}(?![^\W_])"
        alike = re.sub(code, "\0", query.query_id)
        relevant = _relevant(query, dataset.qrels)
        groups.setdefault((alike, relevant), []).append(query)
    return {
        query.query_id: {other.language: other.answers for other in alike}
        for (_, relevant), alike in groups.items()
        for query in alike
        if relevant and len(alike) > 1
    }


def _drawn(every: Iterable[Asking], limit: int) -> list[Asking]:
    """At most `limit` of each pair of languages, in their order."""
    groups: dict[tuple[str, str | None], list[Asking]] = {}
    found = list(every)
    for one in found:
        groups.setdefault(_group(one), []).append(one)
    drawn = {one.key for group in groups.values() for one in sorted(group, key=_lot)[:limit]}
    return [one for one in found if one.key in drawn]


def _group(one: Asking) -> tuple[str, str | None]:
    return one.query.language, one.among or one.target


def _lot(one: Asking) -> str:
    return hashlib.sha256(f"{_SEED} {one.query.query_id}".encode()).hexdigest()
