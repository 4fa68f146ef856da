"""How well questions are answered: is the answer quoted, and are the others refused?"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.types import Answer
from eval.datasets import Qrels, Query
from eval.report import aligned
from index.text import fold

# As many passages are read by someone who looks for the answer among them.
FIRST = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `found` is whether a quotation from a relevant document holds an acceptable answer, `in_first`
    whether one of the first three passages does; `target` the language of the relevant document,
    the question's own if there is one in it (None where there is none at all).
    """

    query: Query
    target: str | None
    refused: bool
    found: bool
    in_first: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some questions.

    Of `n_answerable`, `n_found` had the answer quoted, `n_wrong` something else, `n_refused`
    nothing, and `n_in_first` had it in one of the first three passages; of `n_unanswerable`,
    `n_rightly_refused` were refused.
    """

    n_answerable: int
    n_found: int
    n_wrong: int
    n_refused: int
    n_unanswerable: int
    n_rightly_refused: int
    n_in_first: int


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Every outcome in the order of the questions, and their counts, overall and by group.

    `by_reach` tells `own language` from `another`, `by_pair` the languages of question and document
    (`en>ar`; answerable questions alone in both), `by_kind` how unanswerable questions miss.
    """

    outcomes: tuple[Outcome, ...]
    overall: Tally
    by_language: Mapping[str, Tally]
    by_reach: Mapping[str, Tally]
    by_pair: Mapping[str, Tally]
    by_kind: Mapping[str, Tally]


def score_answers(
    questions: Iterable[Query],
    ask: Callable[[str], Answer],
    qrels: Qrels,
    languages: Mapping[str, str],
) -> AnswerScores:
    """Ask every question. `qrels` name the relevant documents, `languages` the language of each."""
    outcomes = tuple(_outcome(query, ask(query.text), qrels, languages) for query in questions)
    return AnswerScores(
        outcomes,
        tally(outcomes),
        _by(outcomes, lambda o: o.query.language),
        _by(outcomes, _reach),
        _by(outcomes, _pair),
        _by(outcomes, lambda o: None if o.query.answerable else o.query.kind),
    )


def _outcome(query: Query, answer: Answer, qrels: Qrels, languages: Mapping[str, str]) -> Outcome:
    relevant = _relevant(query, qrels)
    held = [language for doc_id in relevant if (language := languages.get(doc_id))]
    target = query.language if query.language in held else min(held, default=None)
    first = [hit.passage.text for hit in answer.hits[:FIRST] if hit.passage.doc_id in relevant]
    found = answered(answer, query, qrels)
    return Outcome(query, target, answer.refused, found, holds(first, query.answers))


def answered(answer: Answer, query: Query, qrels: Qrels) -> bool:
    """Whether a quotation from a relevant document holds an acceptable answer: the same words in
    another document may tell of something else."""
    relevant = _relevant(query, qrels)
    quotes = [c.quote for c in answer.citations if c.doc_id in relevant]
    return not answer.refused and holds(quotes, query.answers)


def _relevant(query: Query, qrels: Qrels) -> list[str]:
    return [doc_id for doc_id, r in qrels.get(query.query_id, {}).items() if r > 0]


def holds(quotes: Iterable[str], answers: Iterable[str]) -> bool:
    """Whether one of the quotations contains one of the answers, spelling aside.

    A number is not contained in a longer one, as 5 is not in 1957; but a word may stand within a
    longer one, as Arabic ties conjunctions and the article to it.
    """
    patterns = [_pattern(folded) for a in answers if (folded := fold(a).strip())]
    return any(pattern.search(fold(quote)) for quote in quotes for pattern in patterns)


def _pattern(answer: str) -> re.Pattern[str]:
    before = r"(?<!\d)" if answer[0].isdigit() else ""
    after = r"(?!\d)" if answer[-1].isdigit() else ""
    return re.compile(before + re.escape(answer) + after)


def _reach(outcome: Outcome) -> str | None:
    if not outcome.query.answerable or outcome.target is None:
        return None
    return "own language" if outcome.target == outcome.query.language else "another"


def _pair(outcome: Outcome) -> str | None:
    answerable = outcome.query.answerable and outcome.target
    return f"{outcome.query.language}>{outcome.target}" if answerable else None


def _by(outcomes: Iterable[Outcome], of: Callable[[Outcome], str | None]) -> dict[str, Tally]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if (group := of(outcome)) is not None:
            groups.setdefault(group, []).append(outcome)
    return {group: tally(groups[group]) for group in sorted(groups)}


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """The counts over `outcomes`."""
    every = list(outcomes)
    answerable = [o for o in every if o.query.answerable]
    others = [o for o in every if not o.query.answerable]
    return Tally(
        n_answerable=len(answerable),
        n_found=sum(o.found for o in answerable),
        n_wrong=sum(not o.found and not o.refused for o in answerable),
        n_refused=sum(o.refused for o in answerable),
        n_unanswerable=len(others),
        n_rightly_refused=sum(o.refused for o in others),
        n_in_first=sum(o.in_first for o in answerable),
    )


def to_json(scores: AnswerScores) -> dict[str, Any]:
    """The object that `sanad eval answers --json` prints: counts and shares (0 to 1, null where
    there is nothing to divide by) for each group."""
    return {
        "n_questions": len(scores.outcomes),
        "overall": _tally_json(scores.overall),
        "by_language": {name: _tally_json(t) for name, t in scores.by_language.items()},
        "by_reach": {name: _tally_json(t) for name, t in scores.by_reach.items()},
        "by_pair": {name: _tally_json(t) for name, t in scores.by_pair.items()},
        "by_kind": {name: _tally_json(t) for name, t in scores.by_kind.items()},
    }


def _tally_json(t: Tally) -> dict[str, Any]:
    return asdict(t) | {
        "found": _share(t.n_found, t.n_answerable),
        "wrong": _share(t.n_wrong, t.n_answerable),
        "refused": _share(t.n_refused, t.n_answerable),
        "rightly_refused": _share(t.n_rightly_refused, t.n_unanswerable),
        "in_first": _share(t.n_in_first, t.n_answerable),
    }


def _share(n: int, total: int) -> float | None:
    return n / total if total else None


def to_text(scores: AnswerScores) -> str:
    """A table: a row overall, then one for each language, reach, pair and kind. `found` is the
    answer quoted, `in 3` the answer in one of the first three passages."""
    head = ["", "answerable", "in 3", "found", "wrong", "refused", "unanswerable", "refused"]
    groups = {"overall": scores.overall}
    for more in (scores.by_language, scores.by_reach, scores.by_pair, scores.by_kind):
        groups |= more
    return aligned([head, *(_row(name, t) for name, t in groups.items())])


def _row(name: str, t: Tally) -> list[str]:
    shares = _tally_json(t)
    return [
        name,
        str(t.n_answerable),
        *(_percent(shares[x]) for x in ("in_first", "found", "wrong", "refused")),
        str(t.n_unanswerable),
        _percent(shares["rightly_refused"]),
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
