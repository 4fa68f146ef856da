"""A passage that points back is embedded with what it points to."""

from pathlib import Path

import pytest

from index.antecedents import embedded
from index.build import index_documents
from index.config import IndexConfig
from index.encoder import load_encoder
from index.passages import split_passages
from index.scale import scale_of
from index.search import Searcher
from index.types import Passage
from tests.conftest import document

ABOUT = "The society of lighthouse keepers was founded in Odessa. It has a choir of its own."
BACK = "It has published a yearbook since 1931, which its members write themselves."
ELSEWHERE = "A yearbook of lamps has been published since 1931 by another house."


def passage(text: str, language: str = "en", title: str = "News", n: int = 0) -> Passage:
    spans, start = [], 0
    for sentence in text.split(". "):
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 2
    return Passage(f"{title}{n}", title, 0, len(text), text, language, tuple(spans), title=title)


def test_two_sentences_of_the_passage_before_go_with_one_that_points_back() -> None:
    before = passage("One. Two comes next. Three comes last")
    after = passage("He added this. And that", n=1)
    own, joined = embedded([before, after])
    assert own == before.text
    assert joined == "Two comes next Three comes last He added this. And that"


def test_what_would_leave_the_passage_no_room_is_left_out() -> None:
    after = passage("He added this", n=1)
    long = "x" * 400
    assert embedded([passage(f"{long}. {long}"), after])[1] == f"{long} {after.text}"
    assert embedded([passage(2 * long), after])[1] == after.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "وأضافت أن الأمر انتهى"),
        ("ar", "هٰذا الاتحاد كبير"),
        ("en", "But she disagreed"),
        ("fa", "این گروه از سال ۲۰۰۶ فعالیت می‌کند"),
        ("ru", "Её избрали вчера"),
    ],
)
def test_each_language_has_words_that_point_back(language: str, text: str) -> None:
    before = passage("A name", language)
    assert embedded([before, passage(text, language, n=1)])[1] == f"A name {text}"


def test_what_points_nowhere_or_to_another_article_stands_alone() -> None:
    before, pointing = passage("A name"), passage("He added this", n=1)
    others = [
        passage("The minister said that he added this", n=1),
        passage("He added this", title="Other"),
        passage("Он добавил это", "ru", n=1),
        passage("He added this", "tr", n=1),
    ]
    for after in others:
        assert embedded([before, after])[1] == after.text
    assert embedded([pointing]) == [pointing.text]
    assert embedded([]) == []


def test_a_question_finds_what_points_back_to_its_subject(tmp_path: Path) -> None:
    told = document("a", f"{ABOUT}\n\n{BACK}\n\n{ELSEWHERE}")
    config = IndexConfig("accurate", min_words=8, max_words=16)
    texts = [p.text for p in split_passages(told, config.min_words, config.max_words)]
    assert texts == [ABOUT, BACK, ELSEWHERE]
    index_documents([told], tmp_path / "index", config)
    question = "What do the lighthouse keepers publish?"
    encoder = load_encoder("accurate")
    alone, joined = encoder.passages([BACK, f"{ABOUT} {BACK}"]) @ encoder.queries([question])[0]
    assert joined > alone
    with Searcher.open(tmp_path / "index") as searcher:
        hits = {hit.passage.text: hit for hit in searcher.search(question, retriever="dense")}
        scale = scale_of("accurate", searcher.manifest.unrelated)
    assert hits[BACK].scores["dense"] == pytest.approx(scale(joined), abs=1e-3)
