"""The tables of answers in `eval/results`, which `python -m eval.figures` writes, too.

Questions are samples, drawn always alike: `IN_LANGUAGE` of each set and language, `ACROSS` of each
pair of languages of a set; each is asked with and without the documents that answer it.

    answers.txt           in the question's language: who chooses the sentences, and how well
    answers-across.txt    questions in one language, documents in another
    answers-trust.txt     refusals and confidence, in both; each set, and all together
    answers-seeds.txt     the reporting half of the questions on the seeds
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from assistant import confidence
from assistant.config import AnswerConfig
from eval.answer_measures import Group, group
from eval.answer_report import TRUST, places_text, tables_text
from eval.answerers import Assisted, plain_ways
from eval.answers import Answerer, Answers, Outcome, outcomes_of
from eval.askings import Among, Asking, askings
from eval.datasets import Dataset, pool, select
from eval.provenance import headed
from eval.report import aligned
from eval.retrieval import cached_searcher
from index.config import AUTO, IndexConfig
from index.search import Searcher

IN_LANGUAGE, ACROSS = 200, 100

_QUOTED = {
    "recall@1": "answer_recall@1",
    "recall@2": "answer_recall@2",
    "supported@2": "supported_recall@2",
    "sentences": "quoted_sentences",
    "passage@1": "passage@1",
    "cited P": "citation_precision",
    "cited R": "citation_recall",
    "marked": "marked",
    "EM": "exact_match",
    "F1": "f1",
    "strict EM": "exact_match_strict",
    "strict F1": "f1_strict",
}
_ACROSS = {
    "recall@1": "answer_recall@1",
    "recall@2": "answer_recall@2",
    "passage@5": "passage@5",
    "recall@2 then": "answer_recall@2_if_passage@5",
    "sentences": "quoted_sentences",
}
# Outcomes by who answered.
Found = Mapping[str, Sequence[Outcome]]


def answer_tables(
    sets: Mapping[str, Dataset], wholes: Mapping[str, Dataset], split: str, cache: Path
) -> dict[str, str]:
    """Every table by the name of its file; `sets` are cut to `split`, `wholes` are not."""
    whole = pool(list(wholes.values()))
    with cached_searcher(whole.documents, IndexConfig(), cache, progress=True) as searcher:
        own = {x: _found(sets[x], wholes[x], "own", IN_LANGUAGE, searcher) for x in sets}
        each = {x: _found(sets[x], wholes[x], "each", ACROSS, searcher) for x in sets}
        fingerprint = searcher.fingerprint
    made = {
        "answers.txt": ("Answers in the question's language.", _quoted(own)),
        "answers-across.txt": ("Answers in another language.", _across(each)),
        "answers-trust.txt": ("Refusals and confidence.", _trust(own, each)),
    }
    every = [o for found in (*own.values(), *each.values()) for one in found.values() for o in one]
    facts = f"split {split}; {IN_LANGUAGE} questions of a set and language, {ACROSS} of a pair"
    return {
        name: headed(f"{title} {places_text(every)}.", aligned(rows), fingerprint, facts)
        for name, (title, rows) in made.items()
    }


def seeds_table(dataset: Dataset, cache: Path) -> dict[str, str]:
    """The questions on the seeds, each asked once among all of them."""
    half = select(dataset, split="reporting")
    with cached_searcher(dataset.documents, IndexConfig(AUTO), cache, progress=True) as searcher:
        own = _asked(askings(half, dataset), Assisted(searcher, AnswerConfig()))
        text = tables_text(Answers("seeds", "extractive", own))
        made = headed("Answers on the seeds.", text, searcher.fingerprint, "split reporting")
    return {"answers-seeds.txt": made}


def _found(
    dataset: Dataset, whole: Dataset, among: Among, limit: int, searcher: Searcher
) -> dict[str, list[Outcome]]:
    """Ours on all askings, the plain ways on those that they can answer; across, ours alone and
    without what is within one language."""
    asked = askings(dataset, whole, among, limit, without_relevant=True)
    config = AnswerConfig()
    if among == "each":
        asked = [one for one in asked if one.among != one.query.language]
        return {"extractive": _asked(asked, Assisted(searcher, config))} if asked else {}
    answerable = [one for one in asked if one.answerable]
    beside = {x.name: _asked(answerable, x) for x in plain_ways(searcher, config.n_hits)}
    return {"extractive": _asked(asked, Assisted(searcher, config)), **beside}


def _asked(asked: Sequence[Asking], answerer: Answerer) -> list[Outcome]:
    return list(outcomes_of(tqdm(asked, answerer.name, unit=" questions"), answerer))


def _groups(
    outcomes: Iterable[Outcome], of: Callable[[Outcome], str]
) -> Iterator[tuple[str, Group]]:
    names: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        names.setdefault(of(outcome), []).append(outcome)
    for name in sorted(names):
        yield name, group(names[name])


def _quoted(found: Mapping[str, Found]) -> list[list[str]]:
    rows = [["set and language", "questions", "who chooses", *_QUOTED]]
    for name, systems in found.items():
        told = {
            x: dict(_groups(own, lambda o: o.asking.query.language)) for x, own in systems.items()
        }
        for language in next(iter(told.values())):
            for system, groups in told.items():
                one = groups[language]
                cells = _cells(one, _QUOTED)
                rows.append([f"{name} {language}", str(one.n_answerable), system, *cells])
    return rows


def _across(found: Mapping[str, Found]) -> list[list[str]]:
    rows = [["set and languages", "questions", *_ACROSS]]
    for name, systems in found.items():
        for pair, one in _groups(systems.get("extractive", ()), _pair):
            rows.append([f"{name} {pair}", str(one.n_answerable), *_cells(one, _ACROSS)])
    return rows


def _trust(own: Mapping[str, Found], each: Mapping[str, Found]) -> list[list[str]]:
    """By set and pair of languages; then all sets together, the pairs that several have and all
    pairs, where errors of opposite sign cancel."""
    rows = [["set and languages", "questions", "unanswerable", *TRUST]]
    every: list[Outcome] = []
    pairs: Counter[str] = Counter()
    for name, systems in [*own.items(), *each.items()]:
        ours = systems.get("extractive", ())
        every += ours
        pairs.update({_pair(outcome) for outcome in ours})
        rows += _trust_rows(name, ours, _pair)
    shared = [outcome for outcome in every if pairs[_pair(outcome)] > 1]
    rows += _trust_rows("all sets", shared, _pair)
    return [*rows, *_trust_rows("all sets", every, _reach)]


def _trust_rows(
    name: str, outcomes: Iterable[Outcome], of: Callable[[Outcome], str]
) -> Iterator[list[str]]:
    for label, one in _groups(outcomes, of):
        counts = [str(one.n_questions), str(one.n_questions - one.n_answerable)]
        yield [f"{name} {label}", *counts, *_cells(one, TRUST)]


def _pair(outcome: Outcome) -> str:
    return outcome.asking.pair or ""


def _reach(outcome: Outcome) -> str:
    asked, _, answered = _pair(outcome).partition(">")
    return confidence.OWN if asked == answered else confidence.ACROSS


def _cells(found: Group, columns: Mapping[str, str]) -> list[str]:
    values = (found.measures[measure] for measure in columns.values())
    return ["–" if value is None else f"{value:.3f}" for value in values]
