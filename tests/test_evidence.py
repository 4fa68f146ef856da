"""Sentences are scored by what they hold, and quoted until one of them is likely to answer."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.config import AnswerConfig
from assistant.evidence import Evidence, gather
from assistant.extractive import WORTH, choose
from assistant.features import Features, all_features, wanted
from assistant.fits import STATIC
from eval.evidence import Case, fit, recall
from index.analysis import term
from index.queries import content_words
from index.types import Hit, Passage, QueryTerm

CONFIG = AnswerConfig()
WEIGHTS = STATIC.evidence


def hit(*sentences: str, title: str | None = None, doc_id: str = "d", language: str = "en") -> Hit:
    text, spans, start = " ".join(sentences), [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    passage = Passage(doc_id, doc_id, 0, len(text), text, language, tuple(spans), title=title)
    return Hit(passage, 2.0, 1, sentence_scores=(0.5,) * len(spans))


def asked(**idf: float) -> list[QueryTerm]:
    return [QueryTerm(word, {word: 1.0}, idf=value) for word, value in idf.items()]


def features(question: str, terms: list[QueryTerm], *found: Hit) -> list[Features]:
    language = found[0].passage.language
    every = all_features(found, {language: wanted(question, terms)})
    return [one for own in every for one in own]


def test_coverage_is_the_share_by_idf_and_neighbours_add_what_they_hold() -> None:
    found = hit("The bridge of Kazan was closed.", "It opened in spring again.", "Rain fell there.")
    first, second, third = features("bridge open", asked(bridg=3.0, open=1.0), found)
    assert (first.coverage, second.coverage, third.coverage) == (0.75, 0.25, 0.0)
    assert (first.before, second.before, third.before) == (0.0, 0.75, 0.25)
    assert (first.after, second.after, third.after) == (0.25, 0.0, 0.0)
    assert first.around == second.around == third.around == 1.0
    assert first.passage == 1.0


def test_a_translation_that_is_less_likely_holds_less() -> None:
    term = QueryTerm("мост", {"bridg": 0.8, "deck": 0.2}, idf=1.0)
    likely, unlikely = features("мост", [term], hit("A bridge was built.", "A deck was built."))
    assert likely.coverage == 1.0
    assert unlikely.coverage == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("question", "sentence", "date", "amount"),
    [
        ("How many came in 2023?", "In 2023 there came 16 thousand guests.", 0.0, 1.0),
        ("How many came in 2023?", "In 2023 three ministers came to us.", 0.0, 1.0),
        ("How many came in 2023?", "In 2023 there came many guests.", 0.0, 0.0),
        ("When did they come?", "They came on 3 May 2023.", 1.0, 0.0),
        ("When did they come?", "There came 16 thousand guests.", 0.0, 0.0),
        ("Who came in 2023?", "There came 16 guests on 3 May.", 0.0, 0.0),
    ],
)
def test_a_question_for_a_value_wants_one_that_it_does_not_hold(
    question: str, sentence: str, date: float, amount: float
) -> None:
    (found,) = features(question, asked(came=1.0), hit(sentence))
    assert (found.date, found.amount) == (date, amount)


def words_of(question: str, language: str) -> list[QueryTerm]:
    return [QueryTerm(word, {term(word, language): 1.0}) for word in content_words(question)]


@pytest.mark.parametrize(
    ("language", "question", "counted", "measured"),
    [
        ("en", "How many states joined?", "57 Islamic states joined.", "It joined 15 years ago."),
        ("ru", "Сколько стран вошло?", "Вошло 57 стран.", "Это было 15 лет назад."),
        ("ar", "كم عدد الدول الأعضاء؟", "تضم 57 دولة.", "انضمت منذ 15 سنة."),
        ("fa", "چند کشور عضو است؟", "۵۷ کشور عضو است.", "حدود ۱۵ سال پیش عضو شد."),
    ],
)
def test_a_measure_is_no_amount_where_numbers_count_what_the_question_counts(
    language: str, question: str, counted: str, measured: str
) -> None:
    terms = words_of(question, language)
    found = features(question, terms, hit(counted, measured, language=language))
    assert [one.amount for one in found] == [1.0, 0.0]
    (alone,) = features(question, terms, hit(measured, language=language))
    assert alone.amount == 1.0


@pytest.mark.parametrize(
    ("language", "question", "sentence", "other"),
    [
        ("en", "How long did states wait?", "They waited three years.", "Of 57 states some wait."),
        ("ru", "Сколько процентов против?", "Против них 20 % стран.", "За них 30 процентов стран."),
        ("ar", "كم عاماً انتظرت الدول؟", "انتظرت ٣٠ سنة.", "انتظرت ٤٠ عاماً."),
        ("fa", "چند سال کشورها منتظر ماندند؟", "سه سال منتظر ماندند.", "۵۷ کشور منتظر ماندند."),
    ],
)
def test_a_question_for_a_measure_takes_any(
    language: str, question: str, sentence: str, other: str
) -> None:
    terms = words_of(question, language)
    found = features(question, terms, hit(sentence, other, language=language))
    assert [one.amount for one in found] == [1.0, 1.0]


def test_a_word_that_every_sentence_has_does_not_tell_them_apart() -> None:
    capital, plain = features(
        "capital of Tatarstan",
        asked(tatarstan=2.0, capit=1.0),
        hit("Kazan is the capital of Tatarstan.", "Tatarstan lies on the Volga."),
    )
    assert plain.coverage == pytest.approx(2 / 3)
    # rare: ln 3/1.5 for the capital, ln 3/2.5 for Tatarstan, times 1/3 and 2/3
    assert plain.telling == pytest.approx(0.3446, abs=0.02)
    assert capital.telling == pytest.approx(1.0)


def test_a_word_of_like_meaning_is_seen() -> None:
    near, far = features("doctor", asked(doctor=1.0), hit("A physician came.", "A kettle boiled."))
    assert near.coverage == far.coverage == 0.0
    assert near.alike > far.alike + 0.2


def test_words_that_stand_together_in_question_and_sentence_are_seen() -> None:
    together, apart = features(
        "bank growth",
        asked(bank=1.0, growth=1.0),
        hit("Bank growth was slow.", "The bank told us that we should not expect any growth."),
    )
    assert (together.together, apart.together) == (1.0, 0.0)


def test_a_sentence_knows_whether_it_is_in_another_language_than_the_question() -> None:
    own = replace(hit("A bridge."), scores={"language": 1.0})
    assert features("bridge", asked(bridg=1.0), own)[0].other_language == 0.0
    assert features("мост", asked(bridg=1.0), hit("A bridge."))[0].other_language == 1.0


def test_a_headline_and_a_fragment_are_known_as_such() -> None:
    title, short, plain = features(
        "bridge",
        asked(bridg=1.0),
        hit(
            "The bridge is open!",
            "So it.",
            "He crossed the new bridge.",
            title="The bridge is open!",
        ),
    )
    assert (title.headline, short.headline, plain.headline) == (1.0, 0.0, 0.0)
    assert (title.fragment, short.fragment, plain.fragment) == (0.0, 1.0, 0.0)


def test_probabilities_add_up_to_one_and_fall_with_the_score() -> None:
    terms = {"en": asked(bridg=3.0, open=1.0)}
    found = gather(
        "bridge open", [hit("The bridge is open now.", "Rain fell on the town.")], terms, WEIGHTS
    )
    assert sum(e.probability for e in found) == pytest.approx(1)
    assert [e.sentence for e in found] == [0, 1]
    odds = np.exp(found[0].score - found[1].score)
    assert found[0].probability / found[1].probability == pytest.approx(odds)


def evidence(*probabilities: float) -> list[Evidence]:
    hits = [hit(f"Sentence number {i} says {'abcdef'[i] * 9}.", doc_id="d") for i in range(6)]
    (one,) = gather("x", hits[:1], {}, WEIGHTS)
    return [
        replace(one, hit=hits[i], score=-float(i), probability=p)
        for i, p in enumerate(probabilities)
    ]


def test_a_second_sentence_is_quoted_only_if_it_may_well_hold_the_answer() -> None:
    assert len(choose(evidence(0.99 - WORTH, 0.99 * WORTH), "en", CONFIG)) == 1
    assert len(choose(evidence(0.72, 0.25, 0.03), "en", CONFIG)) == 2
    assert len(choose(evidence(0.3, 0.2, 0.2, 0.2, 0.1), "en", CONFIG)) == 3


def test_a_third_document_is_passed_over() -> None:
    told = [
        replace(e, hit=hit(e.text, doc_id="abca"[i])) for i, e in enumerate(evidence(*[0.25] * 4))
    ]
    chosen = choose(told, "en", CONFIG)
    assert [choice.evidence.hit.passage.doc_id for choice in chosen] == ["a", "b", "a"]


def test_what_comes_first_is_quoted_of_every_document_and_brings_nothing_unlikely() -> None:
    told = [
        hit(f"The league of states has {'abc'[i] * 9} members.", doc_id="abc"[i]) for i in range(3)
    ]
    first = [replace(e, hit=one) for e, one in zip(evidence(0.9, 0.05, 0.04), told, strict=True)]
    unlikely = evidence(1e-5)
    for n in (2, 3):
        chosen = choose([*first[:n], *unlikely], "en", CONFIG, first[:n])
        assert [choice.evidence for choice in chosen] == first[:n]


def test_a_story_told_twice_is_one_sentence_with_two_sources() -> None:
    story = "The forum was opened in Kazan by the president on Monday"
    hits = [
        hit(f"{story}.", doc_id="a"),
        hit(f"{story} morning.", doc_id="b"),
        hit("Rain fell on the town all day.", doc_id="c"),
    ]
    (chosen,) = choose(
        gather("forum opened", hits, {"en": asked(forum=1.0, open=1.0)}, WEIGHTS), "en", CONFIG
    )
    assert {e.hit.passage.doc_id for e in (chosen.evidence, *chosen.repeats)} == {"a", "b"}


def test_the_fit_finds_the_feature_that_tells() -> None:
    rng = np.random.default_rng(3)
    cases = []
    for _ in range(60):
        rows = rng.normal(size=(8, 3))
        right = np.arange(8) == (2 * rows[:, 1] + 0.1 * rng.normal(size=8)).argmax()
        cases.append(Case("set", "fit", rows, right, np.ones(8, int), rows))
    weights = fit(cases)
    assert weights[1] > 5 * np.abs(weights[[0, 2]]).max()
    assert np.mean([recall(case, weights, 1) for case in cases]) > 0.9
