import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.types import Answer, Citation, Sentence
from eval.answer_measures import group, measure, values
from eval.answer_report import to_json, to_text
from eval.answer_tally import Tally, tallies
from eval.answers import Answers, Outcome, answered, holds, outcomes_of
from eval.askings import askings
from eval.beir import read_beir, write_beir
from eval.datasets import Dataset, Query
from index.filters import Filter
from index.types import Document, Hit, Passage
from tests.conftest import SEEDS, document
from tests.llm_server import serving_model
from ui.cli.main import main

TEXTS = {"d1": "بدأت عام ٢٠٠٦ م، لا عام 2009.", "d2": "It began, they say, in عام 2006."}
DOCUMENTS = {
    "d1": document("d1", TEXTS["d1"], "ar"),
    "d2": document("d2", TEXTS["d2"], "en"),
}


def hit(doc_id: str, rank: int = 1, text: str | None = None) -> Hit:
    """The whole of a document; `text` is what the passage holds instead."""
    whole = TEXTS[doc_id]
    passage = Passage(f"{doc_id}#0", doc_id, 0, len(whole), text or whole, "ar", ())
    return Hit(passage, 1.0 / rank, rank)


def answer(
    *quotes: tuple[str, str], hits: tuple[Hit, ...] = (), sure: float = 0.9, refused: bool = False
) -> Answer:
    """An answer that quotes documents, one sentence a citation."""
    citations = []
    for n, (doc_id, quote) in enumerate(quotes, start=1):
        start = max(0, TEXTS[doc_id].find(quote))
        place = (start, start + len(quote))
        facts = (f"{doc_id}#0", None, None, "ar", None, None)
        citations.append(Citation(n, doc_id, *facts, quote, *place))
    sentences = tuple(Sentence(c.quote, (c.number,), 1.0) for c in citations)
    found = hits or (hit("d1"), hit("d2", 2))
    return Answer("", "", sentences, tuple(citations), found, refused, sure, "ar", "fake", "fake")


REFUSAL = answer(refused=True, sure=0.2)


@dataclass
class Fake:
    """Answers as it is told; insisted on, it gives what it would have said."""

    given: Mapping[str, Answer]
    insisted: Mapping[str, Answer]
    name: str = "fake"

    def ask(self, question: str, filters: Filter) -> Answer:
        assert not filters.languages
        return self.given[question]

    def insist(self, question: str, filters: Filter) -> Answer:
        assert not filters.languages
        return self.insisted[question]

    def document(self, doc_id: str) -> Document | None:
        return DOCUMENTS[doc_id]


SET = Dataset(
    "toy",
    tuple(DOCUMENTS.values()),
    (
        Query("q1", "متى؟", "ar", ("عام 2006",)),
        Query("q2", "когда", "ru", ("عام 2006",)),
        Query("q3", "where", "en", ("قازان",)),
        Query("q4", "who", "en", (), False, None, "near-miss"),
        Query("q5", "کجا", "fa", (), False, None, "off-topic"),
    ),
    {"q1": {"d1": 1}, "q2": {"d1": 1}, "q3": {"d1": 1, "d2": 0}},
)
RIGHT, WRONG = ("d1", "بدأت عام ٢٠٠٦ م"), ("d1", "لا عام 2009.")
ELSEWHERE = ("d2", "in عام 2006.")
late = (hit("d1", 1, "x"), hit("d2", 2), hit("d1", 3))
FAKE = Fake(
    {
        "متى؟": answer(WRONG, RIGHT, hits=(hit("d2"), hit("d1", 2, "عام 2009"))),
        "когда": answer(ELSEWHERE, hits=late),
        "where": REFUSAL,
        "who": answer(WRONG, sure=0.6),
        "کجا": REFUSAL,
    },
    {"where": answer(RIGHT, sure=0.2), "کجا": answer(RIGHT, sure=0.2)},
)


@pytest.fixture
def outcomes() -> list[Outcome]:
    return list(outcomes_of(askings(SET, SET), FAKE))


def test_answers_and_refusals_are_counted(outcomes: list[Outcome]) -> None:
    assert tallies(outcomes).overall == Tally(
        n_answerable=3,
        n_found=1,
        n_wrong=1,
        n_refused=1,
        n_unanswerable=2,
        n_rightly_refused=1,
        n_in_first=1,
    )
    assert [outcome.found for outcome in outcomes] == [True, False, False, False, False]


def test_counts_are_given_by_language_reach_pair_and_kind(outcomes: list[Outcome]) -> None:
    found = tallies(outcomes)
    assert list(found.by_language) == ["ar", "en", "fa", "ru"]
    assert found.by_language["en"] == Tally(1, 0, 0, 1, 1, 0, 0)
    # q1 is in the language of d1; q3 is in that of d2, which is judged, but not relevant.
    assert found.by_reach["own language"] == Tally(1, 1, 0, 0, 0, 0, 0)
    assert found.by_reach["another"] == Tally(2, 0, 1, 1, 0, 0, 1)
    assert {pair: t.n_answerable for pair, t in found.by_pair.items()} == {
        "ar>ar": 1,
        "ru>ar": 1,
        "en>ar": 1,
    }
    assert found.by_kind == {
        "near-miss": Tally(0, 0, 0, 0, 1, 0, 0),
        "off-topic": Tally(0, 0, 0, 0, 1, 1, 0),
    }


def test_an_answer_is_looked_for_in_the_first_sentence_and_the_first_two(
    outcomes: list[Outcome],
) -> None:
    first, second, *_ = map(values, outcomes)
    assert (first["answer_recall@1"], first["answer_recall@2"]) == (0.0, 1.0)
    # The words stand in another document: quoted, but nothing relevant carries them.
    assert (second["answer_recall@1"], second["supported_recall@2"]) == (1.0, 0.0)
    assert (first["citation_precision"], second["citation_precision"]) == (1.0, 0.0)


def test_what_is_refused_counts_by_what_would_have_been_quoted(outcomes: list[Outcome]) -> None:
    measures = group(outcomes).measures
    assert measures["answered"] == pytest.approx(2 / 3)
    # q1 and q2 hold it; q3 quotes d1, which does not say "Kazan".
    assert measures["answer_recall@2"] == pytest.approx(2 / 3)
    assert measures["answered_recall@2"] == 1.0
    assert measures["quoted_sentences"] == pytest.approx((2 + 1 + 1) / 3)


def test_refusals_are_measured_over_all_questions(outcomes: list[Outcome]) -> None:
    measures = group(outcomes).measures
    assert (measures["refusal_precision"], measures["refusal_recall"]) == (0.5, 0.5)
    # Of .9 one of two is right; of .6 and .2 none: risks 1/4 (by chance), 1/2, 2/3, 3/4, 4/5.
    assert measures["aurc"] == pytest.approx((1 / 2 + 1 / 2 + 2 / 3 + 3 / 4 + 4 / 5) / 5)
    assert measures["ece"] == pytest.approx((2 * 0.4 + 0.6 + 2 * 0.2) / 5)


def test_a_measure_of_nothing_is_null(outcomes: list[Outcome]) -> None:
    found = measure(outcomes)
    assert found.by_language["fa"].measures["answer_recall@1"] is None
    assert found.by_language["ru"].measures["refusal_recall"] is None
    assert found.overall.measures["f1"] is None


def test_marked_words_are_held_against_the_answers() -> None:
    said = answer(RIGHT)
    place = said.sentences[0].text.index("عام"), len("بدأت عام ٢٠٠٦")
    marked = replace(said, sentences=(replace(said.sentences[0], words=(place,)),))
    fake = Fake({"متى؟": marked}, {})
    asked = askings(replace(SET, queries=SET.queries[:1]), SET)
    [row] = map(values, outcomes_of(asked, fake))
    # SQuAD's own rules know no Arabic digits.
    assert (row["exact_match"], row["exact_match_strict"], row["f1_strict"]) == (1.0, 0.0, 0.5)


@pytest.mark.parametrize(
    "change", [{"start": 1}, {"quote": "x"}, {"passage_id": "d9#0"}, {"doc_id": "d2"}]
)
def test_a_citation_that_is_not_in_its_place_is_counted(change: dict[str, object]) -> None:
    said = answer(RIGHT)
    moved = replace(said, citations=(replace(said.citations[0], **change),))  # type: ignore[arg-type]
    asked = askings(replace(SET, queries=SET.queries[:1]), SET)
    for given, n_wrong in ((said, 0), (moved, 1)):
        [outcome] = outcomes_of(asked, Fake({"متى؟": given}, {}))
        assert (outcome.n_citations, outcome.n_wrong_places) == (1, n_wrong)


@pytest.mark.parametrize(("quote", "found"), [(RIGHT, True), (ELSEWHERE, False)])
def test_only_a_quotation_from_a_relevant_document_counts(
    quote: tuple[str, str], found: bool
) -> None:
    assert answered(answer(quote), SET.queries[0], SET.qrels) is found


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


def test_scripts_find_measures_and_counts_in_each_group(outcomes: list[Outcome]) -> None:
    found = to_json(Answers("toy", "extractive", outcomes, {"plain": outcomes}))
    assert (found["dataset"], found["generator"], found["n_questions"]) == ("toy", "extractive", 5)
    assert found["by_language"]["ar"]["answer_recall@2"] == 1.0
    assert found["by_language"]["ar"]["n_found"] == 1
    assert found["overall"]["found"] == pytest.approx(1 / 3)
    assert found["baselines"]["plain"]["measures"] == found["measures"]
    assert sum(one["n"] for one in found["reliability"]) == 5
    assert found["risk_coverage"][-1] == [1.0, pytest.approx(4 / 5)]
    assert json.loads(json.dumps(found)) == found


def test_people_read_tables_with_the_systems_below_each_other(outcomes: list[Outcome]) -> None:
    counts, quoted, _, beside, last = to_text(
        Answers("toy", "extractive", outcomes, {"plain": outcomes})
    ).split("\n\n")
    assert counts.splitlines()[1].split() == ["overall", "3", *["33.3", "%"] * 4, "2", "50.0", "%"]
    assert quoted.splitlines()[2].split()[:4] == ["overall", "3", "0.333", "0.667"]
    assert [line.split()[2] for line in beside.splitlines()[2:4]] == ["extractive", "plain"]
    assert last.startswith("0 of 6 citations are not in their place")


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
    found = json.loads(capsys.readouterr().out)
    assert (found["overall"]["n_answerable"], found["overall"]["n_unanswerable"]) == (1, 1)
    assert (found["measures"]["answer_recall@1"], found["measures"]["refusal_recall"]) == (1, 1)
    assert main(["eval", "answers", str(archive), "--index", str(seeds_index)]) == 0
    assert "answerable" in capsys.readouterr().out.splitlines()[0]
    with pytest.raises(SystemExit) as wrong:
        main(["eval", "answers", "--split", "report"])
    assert wrong.value.code == 2


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A BEIR folder in the working directory, with one question."""
    monkeypatch.chdir(tmp_path)
    texts = ("The forum met in Kazan in May.", "Oil became cheaper.", "The summit was in Doha.")
    documents = tuple(document(f"d{i}", text) for i, text in enumerate(texts))
    queries = (Query("q0", "Where did the forum meet?", "en", ("Kazan",)),)
    write_beir(Dataset("toy", documents, queries, {"q0": {"d0": 1}}), Path("toy"))
    return "toy"


def test_a_language_model_is_measured_by_what_it_wrote_and_cited(
    toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving_model("It was held in Kazan [1]. ", "Oil is cheap [1].") as model:
        asked = ["--generator", "ollama/m", "--llm-url", model.url]
        assert main(["eval", "answers", toy, *asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["generator"] == "ollama/m"
    assert (found["measures"]["answer_recall@1"], found["measures"]["quoted_sentences"]) == (1, 2)


def test_the_command_takes_sets_and_leaves_out_what_answers(
    toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["eval", "answers", toy, "--among", "own", "--without-relevant", "--baselines"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n_questions"], found["n_wrong_places"]) == (2, 0)
    assert found["measures"]["answer_recall@1"] == found["measures"]["citation_recall"] == 1.0
    assert found["measures"]["aurc"] == pytest.approx((0 + 1 / 2) / 2)
    assert sorted(found["baselines"]) == ["hand-set weights", "top passage, BM25"]
    assert found["by_pair"]["en>en"]["n_questions"] == 2


def test_the_command_writes_the_seeds_as_a_beir_folder(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "seeds", "out"]) == 0
    assert capsys.readouterr().out == "5 documents, 2 questions → 'out'\n"
    dataset = read_beir(Path("out"))
    assert [d.doc_id for d in dataset.documents] == sorted(p.name for p in SEEDS.iterdir())
    assert dataset.qrels == {"q1": {"003_b3e058f4b2c0909a.txt": 1}}
    assert archive.is_file()
