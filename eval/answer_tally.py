"""What became of questions, counted: answers found and missed, refusals right and wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.answers import Outcome


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
class Tallies:
    """The counts overall and by group.

    `by_reach` tells `own language` from `another`, `by_pair` the languages of question and document
    (`en>ar`; answerable questions alone in both), `by_kind` how unanswerable questions miss.
    """

    overall: Tally
    by_language: Mapping[str, Tally]
    by_reach: Mapping[str, Tally]
    by_pair: Mapping[str, Tally]
    by_kind: Mapping[str, Tally]


def tallies(outcomes: Iterable[Outcome]) -> Tallies:
    """The counts of every group."""
    every = list(outcomes)
    return Tallies(
        tally(every),
        _by(every, lambda o: o.asking.query.language),
        _by(every, _reach),
        _by(every, lambda o: o.asking.pair if o.asking.answerable else None),
        _by(every, _kind),
    )


def _reach(outcome: Outcome) -> str | None:
    asking = outcome.asking
    if not asking.answerable or asking.target is None:
        return None
    return "own language" if asking.target == asking.query.language else "another"


def _kind(outcome: Outcome) -> str | None:
    if outcome.asking.answerable:
        return None
    return "left out" if outcome.asking.left_out else outcome.asking.query.kind


def _by(outcomes: Iterable[Outcome], of: Callable[[Outcome], str | None]) -> dict[str, Tally]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if (group := of(outcome)) is not None:
            groups.setdefault(group, []).append(outcome)
    return {group: tally(groups[group]) for group in sorted(groups)}


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """The counts over `outcomes`."""
    every = list(outcomes)
    answerable = [o for o in every if o.asking.answerable]
    others = [o for o in every if not o.asking.answerable]
    return Tally(
        n_answerable=len(answerable),
        n_found=sum(o.found for o in answerable),
        n_wrong=sum(not o.found and not o.refused for o in answerable),
        n_refused=sum(o.refused for o in answerable),
        n_unanswerable=len(others),
        n_rightly_refused=sum(o.refused for o in others),
        n_in_first=sum(o.in_first for o in answerable),
    )


def tally_json(t: Tally) -> dict[str, Any]:
    """Counts, and shares (0 to 1, null where there is nothing to divide by)."""
    return asdict(t) | {
        "found": _share(t.n_found, t.n_answerable),
        "wrong": _share(t.n_wrong, t.n_answerable),
        "refused": _share(t.n_refused, t.n_answerable),
        "rightly_refused": _share(t.n_rightly_refused, t.n_unanswerable),
        "in_first": _share(t.n_in_first, t.n_answerable),
    }


def _share(n: int, total: int) -> float | None:
    return n / total if total else None


def tally_rows(found: Tallies) -> list[list[str]]:
    """A head, a row overall, then one for each language, reach, pair and kind. `found` is the
    answer quoted, `in 3` the answer in one of the first three passages."""
    head = ["", "answerable", "in 3", "found", "wrong", "refused", "unanswerable", "refused"]
    groups = {"overall": found.overall}
    for more in (found.by_language, found.by_reach, found.by_pair, found.by_kind):
        groups |= more
    return [head, *(_row(name, t) for name, t in groups.items())]


def _row(name: str, t: Tally) -> list[str]:
    shares = tally_json(t)
    return [
        name,
        str(t.n_answerable),
        *(_percent(shares[x]) for x in ("in_first", "found", "wrong", "refused")),
        str(t.n_unanswerable),
        _percent(shares["rightly_refused"]),
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
