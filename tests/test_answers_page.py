"""The page of measured answers: what a reader sees, and what never happens."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.types import Citation
from eval.answer_runs import Way, saved_answers
from eval.answers import Answers, Outcome, Said
from eval.askings import askings
from eval.datasets import Dataset, Query
from tests.conftest import document
from tests.test_comparison_page import HOSTILE, opened
from ui.answers_page import answers_html
from ui.failures import failures

SET = Dataset(
    "toy",
    (
        document("ar1", "انعقد المنتدى في مدينة قازان.", "ar"),
        document("<b>bad", f"Kazan, {HOSTILE}.", "en"),
    ),
    (
        Query("q-ar", "أين انعقد المنتدى؟", "ar", ("قازان",)),
        Query("q-en", f"Where? {HOSTILE}", "en", ("Kazan", HOSTILE)),
    ),
    {"q-ar": {"ar1": 1}, "q-en": {"<b>bad": 1}},
)


def outcomes(sure: float = 0.9, refused: bool = False, holds: bool = False) -> list[Outcome]:
    """Both questions, each asked with and without what answers it, with the same outcome."""
    made = []
    for asking in askings(SET, SET, without_relevant=True):
        doc_id = "ar1" if asking.query.language == "ar" else "<b>bad"
        text = next(d.text for d in SET.documents if d.doc_id == doc_id)
        place = (0, len(text))
        cited = Citation(1, doc_id, "p", None, None, "ar", None, None, text, *place)
        said = Said(text, ((0, 5),), (cited,), holds, holds)
        made.append(Outcome(asking, "fake", refused, sure, 1.0, 2, (said,), 1, 0, 0.1))
    return made


def page(found: list[Outcome], file: Path) -> Path:
    answers = Answers("toy <b>", "fake", found, {"plain": found}, "f-f")
    saved = saved_answers(answers, SET, Way(("toy",)), {})
    documents = {document.doc_id: document for document in SET.documents}
    file.write_text(answers_html(answers, saved, documents), "utf-8")
    return file


@pytest.mark.parametrize(
    ("refused", "holds", "kinds"),
    [
        (False, False, {"wrong": 2, "invented": 2}),
        (False, True, {"invented": 2}),
        (True, False, {"missed": 2}),
        (True, True, {"refused": 2}),
    ],
)
def test_a_question_fails_in_one_of_four_ways(
    refused: bool, holds: bool, kinds: dict[str, int]
) -> None:
    found = failures(outcomes(refused=refused, holds=holds))
    assert {kind: len(own) for kind, own in found.items()} == kinds


def test_of_wrong_answers_the_surest_come_first_and_of_refused_ones_the_least_sure() -> None:
    wrong = [*outcomes(0.3)[:1], *outcomes(0.8)[:1]]
    refused = [replace(o, refused=True) for o in outcomes(0.4, holds=True)[:1]]
    refused += [replace(o, refused=True) for o in outcomes(0.2, holds=True)[:1]]
    found = failures([*wrong, *refused])
    assert [o.confidence for o in found["wrong"]] == [0.8, 0.3]
    assert [o.confidence for o in found["refused"]] == [0.2, 0.4]


def test_a_reader_sees_what_was_quoted_and_where_the_answer_stands(
    browser: Any, tmp_path: Path
) -> None:
    with opened(browser, page(outcomes(), tmp_path / "page.html")) as shown:
        block = shown.locator("details", has=shown.locator("summary", has_text="أين")).first
        quoted, answers = block.locator("section").all()
        assert quoted.locator("mark").all_inner_texts() == ["انعقد"]
        assert answers.locator("li").all_inner_texts() == ["قازان"]
        assert answers.locator("article mark").all_inner_texts() == ["قازان"]
        assert "The passage at rank 2 holds it." in answers.inner_text()
        assert quoted.locator("article p").last.evaluate("e => getComputedStyle(e).direction") == (
            "rtl"
        )
        assert shown.locator("figure").count() == 4
        # What documents and questions say stays text: no element of theirs, no request, no script.
        assert shown.locator("img, script, a[href^=javascript]").count() == 0
        assert shown.evaluate("window.broken") is None
