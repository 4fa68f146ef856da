import math
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eval.answer_figures import answer_tables
from eval.datasets import Dataset, Query
from eval.experiment import Source
from eval.figures import across, in_language, in_pool, main, tables, within
from eval.retrieval import System
from eval.runs import Run
from tests.conftest import document

# Each says in its language where the river flows; the English one says it of another river, too.
DOCUMENTS = (
    document("en1", "The Volga flows into the Caspian Sea.", "en"),
    document("en2", "The Rhine flows into the North Sea.", "en"),
    document("ru1", "Волга впадает в Каспийское море.", "ru"),
)
QUERIES = (
    Query("q1", "Where does the Volga flow?", "en", split="report"),
    Query("q2", "Куда впадает Волга?", "ru", split="report"),
    Query("q3", "Where does the Rhine flow?", "en", split="report"),
)
BOTH = {"en1": 1, "ru1": 1}
RIVERS = Dataset("rivers", DOCUMENTS, QUERIES, {"q1": BOTH, "q2": BOTH, "q3": {"en2": 1}})
MOUNTAINS = Dataset(
    "mountains",
    (document("en3", "Elbrus is the highest mountain of Europe.", "en"),),
    (Query("q4", "Which mountain is the highest?", "en", split="report"),),
    {"q4": {"en3": 1}},
)


@dataclass(frozen=True)
class InOrder:
    """A System that finds every document that it may, by id, the last first."""

    name: str = "in-order"
    fingerprint: str | None = None

    @property
    def config(self) -> Mapping[str, str | int]:
        return {}

    def run(self, dataset: Dataset, languages: Sequence[str] | None = None) -> Run:
        found = [
            (document.doc_id, float(n))
            for n, document in enumerate(sorted(dataset.documents, key=lambda d: d.doc_id))
            if languages is None or document.sections[0].language in languages
        ]
        return Run(self.name, dict.fromkeys(dataset.qrels, found))


def test_only_documents_in_a_questions_own_language_are_relevant_within_it() -> None:
    assert within(RIVERS).qrels == {"q1": {"en1": 1}, "q2": {"ru1": 1}, "q3": {"en2": 1}}
    russian = Dataset("x", DOCUMENTS, QUERIES[:1], {"q1": {"ru1": 1, "en1": 0}})
    assert within(russian).qrels == {}


def test_in_language_each_question_is_searched_among_the_documents_of_its_language() -> None:
    measured = in_language(RIVERS, InOrder())
    assert [doc_id for doc_id, _ in measured.run.found["q1"]] == ["en2", "en1"]
    assert measured.evaluation.by_language["en"].values["RR"] == pytest.approx((1 / 2 + 1) / 2)
    assert measured.evaluation.by_language["ru"].values["RR"] == 1


def test_in_the_pool_it_is_searched_among_all_for_the_same_documents() -> None:
    pooled = in_pool(RIVERS, InOrder())
    assert pooled["en"].values["RR"] == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert pooled["ru"].values["RR"] == 1


def test_across_languages_questions_in_the_documents_own_are_left_out() -> None:
    found = across(RIVERS, InOrder())
    assert {pair: means.n_queries for pair, means in found.items()} == {"en>ru": 1, "ru>en": 1}
    assert found["ru>en"].values["RR"] == 1 / 2


def opened(_: Dataset) -> AbstractContextManager[Sequence[System]]:
    """Three systems that find alike."""
    return nullcontext([InOrder(name, "f-e") for name in ("bm25", "dense", "hybrid")])


def made() -> dict[str, list[list[str]]]:
    """The words of each line of each table, without what stands above it."""
    sets = {"mountains": MOUNTAINS, "rivers": RIVERS}
    found = tables(sets, opened, Source(tuple(sets), "report"))
    return {name: [line.split() for line in text.splitlines()[4:]] for name, text in found.items()}


def test_the_tables_hold_every_language_pair_and_system() -> None:
    files = ["in-language.txt", "by-set.txt", "across.txt", "pooled.txt", "compared.txt"]
    found = made()
    assert list(found) == files
    systems = ["bm25", "dense", "hybrid"]
    assert [row[:3] for row in found["in-language.txt"][1:]] == [
        *(["en", "3", system] for system in systems),
        *(["ru", "1", system] for system in systems),
    ]
    assert [row[:3] for row in found["by-set.txt"][1::3]] == [
        ["mountains", "en", "1"],
        ["rivers", "en", "2"],
        ["rivers", "ru", "1"],
    ]
    assert [row[:3] for row in found["across.txt"][1::3]] == [
        ["rivers", "en>ru", "1"],
        ["rivers", "ru>en", "1"],
    ]


def test_a_set_is_searched_alone_and_the_pool_with_all() -> None:
    found = made()
    # The one English mountain; three English documents, ordered en3, en2, en1; with ru1 before.
    assert found["by-set.txt"][1][-1] == "1.000"
    assert found["in-language.txt"][1][-1] == f"{(1 / 3 + 1 / 2 + 1) / 3:.3f}"
    alone = (1 + 1 / math.log2(3) + 1 / math.log2(4)) / 3
    among = (1 / math.log2(3) + 1 / math.log2(4) + 1 / math.log2(5)) / 3
    row = ["en", "hybrid", f"{alone:.3f}", f"{among:.3f}", f"{among - alone:.3f}"]
    assert found["pooled.txt"][1] == row


def test_the_tables_come_out_the_same_again() -> None:
    assert made() == made()


def test_a_set_that_is_missing_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "arcd-dev' is not a folder" in error
    assert error.count("\n") == 1


def test_answers_are_told_by_set_language_and_pair_whoever_chose_them(tmp_path: Path) -> None:
    said = {"q1": ("Caspian",), "q2": ("Каспийское",), "q3": ("North",)}
    queries = tuple(replace(q, answers=said[q.query_id]) for q in RIVERS.queries)
    highest = tuple(replace(q, answers=("Elbrus",)) for q in MOUNTAINS.queries)
    sets = {
        "rivers": replace(RIVERS, queries=queries),
        "mountains": replace(MOUNTAINS, queries=highest),
    }
    found = answer_tables(sets, sets, "report", tmp_path)
    lines = {name: text.splitlines() for name, text in found.items()}
    assert lines["answers.txt"][0].startswith("Answers in the question's language. 0 of ")
    assert [line.split()[:3] for line in lines["answers.txt"][5::3]] == [
        ["rivers", "en", "2"],
        ["rivers", "ru", "1"],
        ["mountains", "en", "1"],
    ]
    assert lines["answers.txt"][5].split()[3:6] == ["extractive", "1.000", "1.000"]
    assert [line.split()[1] for line in lines["answers-across.txt"][5:]] == ["en>ru", "ru>en"]
    # Each of six askings is repeated without what answers it; both sets have English ones.
    assert [re.split(r" {2,}", line.strip())[:3] for line in lines["answers-trust.txt"][5:]] == [
        ["rivers en>en", "4", "2"],
        ["rivers ru>ru", "2", "1"],
        ["mountains en>en", "2", "1"],
        ["rivers en>ru", "2", "1"],
        ["rivers ru>en", "2", "1"],
        ["all sets en>en", "6", "3"],
        ["all sets across languages", "4", "2"],
        ["all sets one language", "8", "4"],
    ]
