import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.types import Answer, Citation
from eval.answers import AnswerScores, Tally, answered, holds, score_answers, to_json, to_text
from eval.beir import read_beir
from eval.datasets import Query
from index.types import Hit, Passage
from tests.conftest import SEEDS
from ui.cli.main import main


def answer(*quotes: str, doc_id: str = "d1", hits: tuple[Hit, ...] = ()) -> Answer:
    """An answer that quotes a document, or a refusal."""
    citations = tuple(
        Citation(n, doc_id, "p", None, None, "ar", None, None, quote, 0, len(quote))
        for n, quote in enumerate(quotes, start=1)
    )
    return Answer("", "", (), citations, hits, not quotes, 0.5, "ar", "fake", "fake")


def hits(*found: tuple[str, str]) -> tuple[Hit, ...]:
    """Hits of documents with these texts, best first."""
    passages = [Passage(f"p{i}", d, 0, 1, text, "ar", ()) for i, (d, text) in enumerate(found)]
    return tuple(Hit(passage, 1.0 / rank, rank) for rank, passage in enumerate(passages, start=1))


def asks(answers: dict[str, Answer]) -> Callable[[str], Answer]:
    return answers.__getitem__


QUESTIONS = [
    Query("q1", "متى؟", "ar", ("عام 2006",), True, None, "fact"),
    Query("q2", "когда", "ru", ("عام 2006",), True, None, "fact"),
    Query("q3", "where", "en", ("قازان",), True, None, "fact"),
    Query("q4", "who", "en", (), False, None, "near-miss"),
    Query("q5", "کجا", "fa", (), False, None, "off-topic"),
]
QRELS = {"q1": {"d1": 1}, "q2": {"d1": 1, "d2": 1}, "q3": {"d1": 1, "d2": 0}}
ANSWERS = {
    "متى؟": answer("بدأت عام ٢٠٠٦ م", "غير ذلك", hits=hits(("d2", "عام 2006"), ("d1", "عام 2009"))),
    "когда": answer("في عام 2009", hits=hits(("d1", "x"), ("d2", "x"), ("d1", "عام ٢٠٠٦"))),
    "where": answer(),
    "who": answer("someone"),
    "کجا": answer(),
}


@pytest.fixture
def scores() -> AnswerScores:
    return score_answers(QUESTIONS, asks(ANSWERS), QRELS, {"d1": "ar", "d2": "en"})


def test_answers_and_refusals_are_counted(scores: AnswerScores) -> None:
    assert scores.overall == Tally(
        n_answerable=3,
        n_found=1,
        n_wrong=1,
        n_refused=1,
        n_unanswerable=2,
        n_rightly_refused=1,
        n_in_first=1,
    )
    assert [outcome.found for outcome in scores.outcomes] == [True, False, False, False, False]


def test_counts_are_given_for_each_language_of_the_questions(scores: AnswerScores) -> None:
    assert list(scores.by_language) == ["ar", "en", "fa", "ru"]
    assert scores.by_language["en"] == Tally(1, 0, 0, 1, 1, 0, 0)


def test_own_language_means_that_a_relevant_document_is_in_it(scores: AnswerScores) -> None:
    # q1 is in the language of d1; q3 is in that of d2, which is judged, but not relevant.
    assert scores.by_reach["own language"] == Tally(1, 1, 0, 0, 0, 0, 0)
    assert scores.by_reach["another"] == Tally(2, 0, 1, 1, 0, 0, 1)


def test_answerable_questions_are_counted_by_pair_of_languages(scores: AnswerScores) -> None:
    # q2 is answered in d1 (ar) and in d2 (en), and counts once.
    assert {pair: t.n_answerable for pair, t in scores.by_pair.items()} == {
        "ar>ar": 1,
        "ru>ar": 1,
        "en>ar": 1,
    }


def test_an_answer_is_looked_for_in_the_first_three_passages_of_relevant_documents() -> None:
    late = hits(("d1", "x"), ("d1", "x"), ("d1", "x"), ("d1", "عام 2006"))
    elsewhere = hits(("d2", "عام 2006"))
    for found in (late, elsewhere):
        asked = asks({"متى؟": answer(hits=found)})
        [outcome] = score_answers(QUESTIONS[:1], asked, QRELS, {"d1": "ar"}).outcomes
        assert not outcome.in_first


def test_unanswerable_questions_are_counted_by_how_they_miss(scores: AnswerScores) -> None:
    assert scores.by_kind == {
        "near-miss": Tally(0, 0, 0, 0, 1, 0, 0),
        "off-topic": Tally(0, 0, 0, 0, 1, 1, 0),
    }


@pytest.mark.parametrize(("doc_id", "found"), [("d1", True), ("d2", False)])
def test_only_a_quotation_from_a_relevant_document_counts(doc_id: str, found: bool) -> None:
    said = answer("عام 2006", doc_id=doc_id)
    assert answered(said, QUESTIONS[0], QRELS) is found


@pytest.mark.parametrize(
    ("quote", "acceptable", "held"),
    [
        ("منظّمة التعاون الاسلامى", "منظمة التعاون الإسلامي", True),
        ("سال ۲۰۰۶ میلادی", "2006", True),
        ("two\nlines", "Two lines", True),
        ("والقازان", "قازان", True),
        ("in 1957", "5", False),
        ("in 2,500 and 57", "57", True),
        ("anything", " ", False),
    ],
)
def test_a_quotation_holds_an_answer_whatever_its_spelling(
    quote: str, acceptable: str, held: bool
) -> None:
    assert holds([quote], [acceptable]) is held


def test_shares_are_null_where_nothing_can_be_divided(scores: AnswerScores) -> None:
    found = to_json(scores)
    assert found["n_questions"] == 5
    assert found["overall"]["found"] == pytest.approx(1 / 3)
    assert found["overall"]["rightly_refused"] == 0.5
    assert found["by_language"]["fa"]["found"] is None
    assert json.loads(json.dumps(found)) == found


def test_the_table_is_right_aligned(scores: AnswerScores) -> None:
    table = to_text(scores).splitlines()
    assert len({len(line) for line in table}) == 1
    assert table[1].split() == ["overall", "3", *["33.3", "%"] * 4, "2", "50.0", "%"]
    assert [line.split("  ")[0] for line in table[6:8]] == ["another", "own language"]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Questions on the seed documents, in the working directory."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SEEDS, tmp_path / "seeds" / "documents")
    rows = [
        {
            "id": "q1",
            "question": "متى تأسست منظمة التعاون الإسلامي؟",
            "language": "ar",
            "answerable": True,
            "documents": ["003_b3e058f4b2c0909a.txt"],
            "answers": ["1969"],
            "kind": "fact",
        },
        {
            "id": "q2",
            "question": "zzzz?",
            "language": "en",
            "answerable": False,
            "kind": "off-topic",
        },
    ]
    file = tmp_path / "seeds" / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def test_the_command_asks_every_question(
    archive: Path, capsys: pytest.CaptureFixture[str], seeds_index: Path
) -> None:
    assert main(["eval", "answers", "--index", str(seeds_index), "--json"]) == 0
    overall = json.loads(capsys.readouterr().out)["overall"]
    assert (overall["n_answerable"], overall["n_unanswerable"]) == (1, 1)
    assert main(["eval", "answers", str(archive), "--index", str(seeds_index)]) == 0
    assert "answerable" in capsys.readouterr().out.splitlines()[0]


def test_the_command_writes_the_seeds_as_a_beir_folder(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "seeds", "out"]) == 0
    assert capsys.readouterr().out == "5 documents, 2 questions → 'out'\n"
    dataset = read_beir(Path("out"))
    assert [d.doc_id for d in dataset.documents] == sorted(p.name for p in SEEDS.iterdir())
    assert dataset.qrels == {"q1": {"003_b3e058f4b2c0909a.txt": 1}}
    assert archive.is_file()
