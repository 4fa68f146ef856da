"""The likeliest evidence is read closely: what the reader tells, how it is taught and kept."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.evidence import Evidence, gather
from assistant.excerpts import MAX_CHARS, around, excerpts
from assistant.fits import STATIC
from assistant.reader import GRAPH, MAX_EXCERPT, load, read, sheet
from assistant.rereading import SURE, Reads, by_evidence, odds, readings, reread, weighed
from eval.askings import Asking
from eval.datasets import Query
from index.encoder import ACCURATE_FOLDER
from index.errors import ModelError
from index.queries import parse
from index.search import Searcher
from index.types import Hit
from tests.test_evidence import asked, hit

CITY = (
    "Kazan stands on the Volga.",
    "The bridge across the river was opened in 1989.",
    "Ten thousand people cross it every day.",
)


def evidence(*hits: Hit, question: str = "bridge") -> list[Evidence]:
    return gather(question, hits, {"en": asked(bridg=3.0)}, STATIC.evidence)


def test_an_excerpt_stands_around_the_best_sentence_and_has_room_for_no_more() -> None:
    sentences = [f"Sentence number {i} speaks of something else entirely." for i in range(20)]
    sentences[12] = "Here is the bridge that everybody asks about."
    (found,) = excerpts(evidence(hit(*sentences)), 2)
    assert found.first <= 12 <= found.last
    assert MAX_CHARS - 60 < len(found.text) <= MAX_CHARS
    texts = [found.text[a:b] for a, b in found.sentences]
    assert texts == sentences[found.first : found.last + 1]


def test_more_is_read_around_the_best_sentence_that_is_in_no_excerpt_yet() -> None:
    long = [f"Sentence number {i} speaks of something else entirely." for i in range(30)]
    long[2], long[25] = "Here is the bridge of the town.", "The bridge opened in 1989."
    found = evidence(hit(*long, doc_id="a"), hit(*CITY, doc_id="b"))
    first, second, third = excerpts(found, 2, 1)
    assert first.hit is not second.hit
    assert third.hit.passage.doc_id == "a"
    assert not {first.first, first.last} & set(range(third.first, third.last + 1))
    held = [x for x in (first, third) if x.hit.passage.doc_id == "a"]
    assert all(any(x.first <= i <= x.last for x in held) for i in (2, 25))
    # Where nothing is left, nothing more is read.
    assert len(excerpts(evidence(hit(*CITY)), 2, 3)) == 1


def test_a_sentence_too_long_for_an_excerpt_is_one_by_itself() -> None:
    found = around(evidence(hit("Short.", "bridge " * 200 + ".", "Short again.")))
    assert (found.first, found.last) == (1, 1)


def test_so_many_passages_are_read_and_no_more() -> None:
    hits = [hit(*CITY, doc_id=f"d{i}") for i in range(4)]
    ranked = [replace(each, rank=i, score=9.0 - i) for i, each in enumerate(hits, start=1)]
    assert len(excerpts(evidence(*ranked), 2)) == 2
    found = readings("bridge", evidence(*ranked), Reads(2))
    assert sum(reading is not None for reading in found) == 3 * 2
    assert readings("bridge", [], Reads(2, 1)) == []


@pytest.mark.parametrize(
    ("question", "words", "unanswered"),
    [
        ("When was the bridge opened?", "1989", "Who built the bridge?"),
        ("في أي عام افتُتح الجسر؟", "1989", "من بنى الجسر؟"),
        ("В каком году открыли мост?", "1989", "Кто построил мост?"),
        ("پل در چه سالی افتتاح شد؟", "1989", "چه کسی پل را ساخت؟"),
        ("How many people cross the bridge every day?", "Ten thousand", "Who crosses it by night?"),
    ],
)
def test_the_sentence_that_answers_is_told_from_its_neighbours(
    question: str, words: str, unanswered: str
) -> None:
    excerpt = around(evidence(hit(*CITY)))
    (own,), (other,) = (read(each, [excerpt]) for each in (question, unanswered))
    best = max(range(3), key=lambda i: own[i].here)
    start, end = own[best].words
    assert words in CITY[best]
    assert words in CITY[best][start:end]
    assert odds(own[best]) > max(map(odds, other))


@pytest.mark.parametrize(
    "answered", ["When was the bridge opened?", "How many people cross the bridge every day?"]
)
def test_what_an_excerpt_does_not_say_is_nowhere(answered: str) -> None:
    excerpt = around(evidence(hit(*CITY)))
    (says,), (lacks,) = (
        read(question, [excerpt]) for question in (answered, "Who built the bridge?")
    )
    assert max(map(odds, lacks)) < 0 < max(map(odds, says))
    assert lacks[0].nowhere > says[0].nowhere


def test_of_a_sentence_without_end_only_the_beginning_is_read() -> None:
    sheets = [
        sheet(load(GRAPH).tokenizer, "When?", text) for text in ("bridge " * 4_000, "ب" * 3_000_000)
    ]
    assert [len(one.places) for one in sheets] == [MAX_EXCERPT, MAX_EXCERPT]
    (own,) = read("bridge?", [around(evidence(hit("bridge " * 4_000 + ".", *CITY)))])
    assert len(own) == 1


def test_a_broken_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelError, match=r"cannot be read: .*\. Install Sanad anew") as told:
        load(tmp_path / "reader.onnx")
    assert "\n" not in str(told.value)


def test_probabilities_of_all_places_and_of_nowhere_are_no_more_than_one() -> None:
    (own,) = read("When was the bridge opened?", [around(evidence(hit(*CITY)))])
    total = sum(np.exp(one.here) for one in own) + np.exp(own[0].nowhere)
    assert 0.5 < total <= 1.0 + 1e-9
    assert all(one.probability <= np.exp(one.here) + 1e-9 for one in own)


def test_what_is_read_as_the_answer_comes_first() -> None:
    found = hit("The bridge, the bridge: everybody speaks of the bridge.", *CITY[1:])
    ranked = reread(
        "When was the bridge opened?",
        evidence(found, question="When bridge"),
        STATIC.reading,
        Reads(2),
    )
    assert "1989" in ranked[0].text
    assert sum(one.probability for one in ranked) == pytest.approx(1.0)
    unread = weighed(ranked[0], None)
    assert unread == (ranked[0].score, 0.0, 0.0, 1.0)
    assert all(abs(odds(one.reading)) <= SURE for one in ranked if one.reading)


def test_passages_come_in_the_order_of_what_their_sentences_answer() -> None:
    dull = hit("The bridge is a bridge.", "Nobody asks about it.", doc_id="dull")
    told = hit(*CITY, doc_id="told")
    hits = [replace(dull, rank=1, score=2.0), replace(told, rank=2, score=1.9)]
    question = "When was the bridge opened?"
    found = by_evidence(
        hits, reread(question, evidence(*hits, question=question), STATIC.reading, Reads(2))
    )
    assert [(each.passage.doc_id, each.rank) for each in found] == [("told", 1), ("dull", 2)]
    assert by_evidence([], []) == []


@pytest.fixture(scope="module")
def tiny() -> Any:
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - seconds

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=32,
    )  # fmt: skip
    return BertModel(config)


def toy(rng: random.Random) -> Iterator[Any]:
    """The answer is what follows the piece that is asked for."""
    from index.training.reader import Lesson  # noqa: PLC0415

    for _ in range(64):
        wanted, others = rng.randrange(10, 15), rng.sample(range(20, 30), 4)
        at = rng.randrange(3)
        text = [*others[:at], wanted, *others[at:]]
        gone = rng.random() < 0.3
        given = [15 if x == wanted and gone else x for x in text]
        ids = [0, wanted, 2, *given, 2]
        yield Lesson(ids, 3, () if gone else [(3 + at + 1, 3 + at + 1)])


def test_a_reader_learns_where_answers_stand_and_when_there_is_none(tiny: Any) -> None:
    import torch  # noqa: PLC0415

    from index.training.reader import Reader, Recipe, train  # noqa: PLC0415

    model = Reader(tiny, Recipe(layers=2, rank=8))
    recipe = Recipe(layers=2, rank=8, rate=1e-2, epochs=60, batch_size=32)
    train(model, toy, recipe, tell=lambda _: None)
    right = 0
    tests = list(toy(random.Random(99)))
    for lesson in tests:
        ids = torch.tensor([list(lesson.ids)])
        with torch.no_grad():
            starts = model(ids, torch.ones_like(ids))[0, :, 0]
        allowed = [0, *range(lesson.start, len(lesson.ids) - 1)]
        best = max(allowed, key=lambda i: float(starts[i]))
        right += best == (lesson.answers[0][0] if lesson.answers else 0)
    assert right / len(tests) > 0.8


def test_its_loss_is_what_is_wanted_of_the_probability_of_any_right_place() -> None:
    import torch  # noqa: PLC0415

    from index.training.reader import loss_of  # noqa: PLC0415

    logits = torch.log(torch.tensor([[[1.0, 1.0], [5.0, 5.0], [2.0, 3.0], [1.0, 1.0]]]))
    allowed = torch.tensor([[True, False, True, True]])
    # Starts: 1/4, 2/4, 1/4; ends: 1/5, 3/5, 1/5.
    both = loss_of(logits, allowed, [[(2, 2), (3, 3)]])
    assert float(both) == pytest.approx(-np.log(2 / 4 * 3 / 5 + 1 / 4 * 1 / 5))
    assert float(loss_of(logits, allowed, [()])) == pytest.approx(-np.log(1 / 4 * 1 / 5))


def test_its_file_takes_what_it_shares_from_the_encoders(tmp_path: Path) -> None:
    import onnx  # noqa: PLC0415
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    from index.training.quantise import share  # noqa: PLC0415

    shared = np.arange(600, dtype=np.float32)
    own = np.full(600, 0.5, np.float32)
    tensors = [numpy_helper.from_array(x, n) for x, n in ((shared, "shared"), (own, "own"))]
    node = helper.make_node("Add", ["shared", "own"], ["sum"])
    made = helper.make_tensor_value_info("sum", TensorProto.FLOAT, [600])
    graph = helper.make_graph([node], "g", [], [made], tensors)
    opset = [helper.make_opsetid("", 21)]
    (tmp_path / "model.onnx").write_bytes(b"something" + shared.tobytes() + b"more")
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=10), tmp_path / "r.onnx")
    share(tmp_path / "r.onnx", tmp_path / "model.onnx")
    places = {t.name: len(t.raw_data) for t in _initializers(tmp_path / "r.onnx")}
    assert places == {"shared": 0, "own": 2_400}
    assert (_sum(tmp_path / "r.onnx") == shared + own).all()


def _initializers(file: Path) -> Any:
    import onnx  # noqa: PLC0415

    return onnx.load(file, load_external_data=False).graph.initializer


def _sum(file: Path) -> Any:
    from onnxruntime import InferenceSession  # noqa: PLC0415

    return InferenceSession(str(file), providers=["CPUExecutionProvider"]).run(["sum"], {})[0]


def test_where_an_answer_stands_is_found_to_the_letter() -> None:
    from eval.reading import places  # noqa: PLC0415

    assert places("سنة 1969 وسنة 1969", ("1969", " ")) == [(4, 8), (14, 18)]
    assert places("none", ()) == []
    assert places("aaa", ("aa",)) == [(0, 2), (1, 3)]


def test_lessons_hold_the_answer_or_are_found_first_and_lack_it(searcher: Searcher) -> None:
    from tokenizers import Tokenizer  # noqa: PLC0415

    from eval.reading import lessons, places, tasks  # noqa: PLC0415

    query = Query("q", "متى تأسست منظمة التعاون الإسلامي؟", "ar", answers=("1969",))
    relevant = frozenset({"003_b3e058f4b2c0909a.txt"})
    (task,) = tasks([Asking(query, "ar", "ar", relevant, query.answers)], searcher)
    assert task.kept == 1.0
    assert task.right
    assert all(places(text, ["1969"]) == list(spans) != [] for text, spans in task.right)
    assert task.others
    assert not any("1969" in text for text in task.others)
    tokenizer = Tokenizer.from_file(str(ACCURATE_FOLDER / "tokenizer.json"))
    first, *others = lessons([task] * 20, tokenizer, random.Random(1))
    said = {tokenizer.decode(first.ids[a : b + 1]).strip("▁") for a, b in first.answers}
    assert said == {"1969"}
    assert tokenizer.decode(first.ids[: first.start]).endswith("passage :")
    assert [] in [lesson.answers for lesson in others]


def test_what_nothing_answers_is_taught_on_what_is_found_first(searcher: Searcher) -> None:
    from eval.reading import N_HITS, tasks  # noqa: PLC0415

    query = Query("q", "ما عاصمة اليابان؟", "ar", answerable=False)
    (task,) = tasks([Asking(query, None, None, frozenset(), ())], searcher)
    assert task.right == []
    hits = searcher.search(parse(query.text), N_HITS)
    evidence = gather(query.text, hits, searcher.query_terms(query.text), STATIC.evidence)
    first = excerpts(evidence, 1)[0].text
    assert task.missing == [first]
    assert task.others
    assert first not in task.others


def test_a_near_miss_is_taught_on_its_report_alone_and_others_in_their_language() -> None:
    from eval.reading import to_teach  # noqa: PLC0415

    near = Query("near", "Когда открыли мост?", "ru", answerable=False)
    lost = Query("lost", "Кто живёт на Луне?", "ru", answerable=False)
    report = Asking(near, "ar", "ar", frozenset({"report"}), ())
    nowhere = Asking(near, "ru", None, frozenset(), ())
    own, other = (Asking(lost, language, None, frozenset(), ()) for language in ("ru", "ar"))
    assert to_teach([report, nowhere, own, other]) == [report, own]


def test_a_question_that_says_too_little_to_find_its_report_is_taught_on_it(
    searcher: Searcher,
) -> None:
    from eval.reading import tasks  # noqa: PLC0415

    query = Query("q", "متى تأسست منظمة التعاون الإسلامي؟", "ar", answers=("الصينيين",))
    found = [
        next(tasks([Asking(query, "ar", "ar", frozenset({doc_id}), query.answers)], searcher))
        for doc_id in searcher.hashes()
        if (passages := searcher.passages_of(doc_id)) and passages[0].language == "ar"
    ]
    assert len(found) > 1
    assert all(task.right or task.missing for task in found)
