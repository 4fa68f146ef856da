"""Sentences and passages: where they end, and that nothing is lost between them."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.languages import script_of, scripts_in
from index.loading import load
from index.passages import sentence_spans, split_passages
from index.segmentation import count_words
from index.types import Document, Passage, Section

SEEDS = sorted((Path(__file__).parent.parent / "seeds" / "documents").iterdir())
MIXED = st.text('abWОйнаи اوقد.!?؟…؛،:"»)15 \n\t\u200c\u00a0', max_size=400)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def document(text: str, **fields: object) -> Document:
    return Document("d", text, "", (Section(0, len(text), **fields),))  # type: ignore[arg-type]


def check(document: Document, passages: list[Passage]) -> None:
    """Every invariant of passages."""
    covered: list[int] = []
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.passage_id == f"{document.doc_id}#{passage.start}-{passage.end}"
        for start, end in passage.sentences:
            assert 0 <= start < end <= len(passage.text)
            assert passage.text[start:end] == passage.text[start:end].strip()
            covered.extend(range(passage.start + start, passage.start + end))
    assert covered == sorted(set(covered))
    assert [i for i in covered if not document.text[i].isspace()] == searchable(document)


def searchable(document: Document) -> list[int]:
    """Where the characters stand that have to be in some sentence."""
    return [
        i
        for section in document.sections
        for i in range(section.start, section.end)
        if not document.text[i].isspace()
        and not any(start <= i < end for start, end in section.furniture)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Одно. |Два! |Три? |Четыре…",
        "هذا أول. |هل هذا ثان؟ |نعم! |انتهى.",
        "این اول است. |آیا دوم است؟ |بله۔ |پایان",
        "He said: “Stop.” |Then he left. |(She stayed.) |End.",
        'في روسيا.|وقال لافروف: "نعم." |وأضاف أن هذا مهم.',
        "В России.|Президент сказал: «Да». |Конец.",
        "Одно предложение\n|Другое предложение",
        "1. Введение в тему. |Было 25 человек в 2022. |Потом ушли.",
        "سنة 2021 م. |وقال الوزير.",
        "هذا مهم.[12] |وقال إن القصر له. |وكان آن روز بود. |او رفت.",
        "She said no. |Then No. 5 won.",
    ],
)
def test_sentences_end_at_the_bars(text: str) -> None:
    assert sentences(text.replace("|", "")) == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        "В 2022 г. Президент В. В. Путин и др. посетили ул. Баумана, т. е. центр",
        "«Хватит!» — сказал он. и ушёл",
        "Mr. Smith, Dr. Jones and J. R. R. Tolkien met in the U.S. Senate, e.g. on Oct. 24",
        "قال د. محمد وأ.د. علي إن العدد 1.6 مليار سنة 50 ق.م. تقريباً",
        "در سال ۱۴۰۰ ه‍.ش. رفت",
        "مفاده.. أن هذا الاجتماع كان خطوة",
        "Открыт 24.10.2022 на www.kazanforum.ru/en?a=b.c сайт",
        "“Why?” he asked",
        ". . . !",
    ],
)
def test_no_sentence_ends_inside(text: str) -> None:
    assert sentences(text) == [text]


def test_a_very_long_sentence_is_cut_at_its_semicolons() -> None:
    clause = "وقال الوزير إن " + "كلمة " * 30
    assert len(sentences(f"{clause}؛ {clause}؛ {clause}.")) == 3
    assert len(sentences("هذا قصير؛ وهذا قصير أيضاً.")) == 1


@given(MIXED)
def test_sentences_hold_every_visible_character_once(text: str) -> None:
    spans = sentence_spans(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(s.split()) for s in sentences(text)) == "".join(text.split())


@given(MIXED, st.lists(st.integers(0, 400), max_size=6), st.integers(1, 30))
def test_passages_keep_their_invariants(text: str, cuts: list[int], max_words: int) -> None:
    cuts = sorted({min(cut, len(text)) for cut in cuts})
    furniture = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    whole = document(text, furniture=furniture)
    passages = split_passages(whole, max_words // 2, max_words)
    check(whole, passages)
    assert all(count_words(p.text) <= 1.25 * max_words for p in passages)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_keep_the_invariants(path: Path) -> None:
    whole = load(path.name, path)
    passages = split_passages(whole)
    check(whole, passages)
    assert all(30 <= len(passage.text.split()) <= 250 for passage in passages)


def test_a_short_section_is_one_passage_with_its_fields() -> None:
    (passage,) = split_passages(document("One. Two.\n\nThree.", title="T", outlet="O", url="U"))
    assert (passage.title, passage.outlet, passage.url) == ("T", "O", "U")
    assert [passage.sentence(i) for i in range(3)] == ["One.", "Two.", "Three."]


def test_a_passage_never_spans_two_sections_or_furniture() -> None:
    text = "First one. CUT First two. Second one."
    sections = (Section(0, 25, furniture=((11, 14),)), Section(26, len(text)))
    passages = split_passages(Document("d", text, "", sections))
    assert [passage.text for passage in passages] == ["First one.", "First two.", "Second one."]


def test_a_short_tail_joins_the_passage_before_it() -> None:
    paragraph = "слово " * 99 + "слово."
    passages = split_passages(document("\n".join([paragraph, paragraph, "Короткий хвост."])))
    assert [len(passage.sentences) for passage in passages] == [1, 2]


def test_paragraphs_in_two_scripts_are_two_passages_in_two_languages() -> None:
    russian = "Делегация прибыла в Казань и встретилась с руководством республики на форуме. " * 3
    arabic = "وصل الوفد إلى مدينة قازان والتقى قيادة الجمهورية خلال المنتدى الاقتصادي الدولي. " * 3
    passages = split_passages(document(f"{russian}\n{arabic}", language="ru"))
    assert [passage.language for passage in passages] == ["ru", "ar"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("unit", ["a", ". ", "؛ ", "كلمة ", '."', "в. "])
def test_a_long_line_is_cut_into_bounded_passages_in_linear_time(unit: str) -> None:
    whole = document(unit * (1_000_000 // len(unit)))
    assert all(len(passage.text) <= 40 * 250 for passage in split_passages(whole))


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("абв ab", "cyrillic"),
        ("abc اب", "latin"),
        ("اب a б", "arabic"),
        ("12 «漢»", None),
        ("x1", "latin"),
    ],
)
def test_the_script_of_a_text_is_that_of_most_letters(text: str, script: str | None) -> None:
    assert script_of(text) == script
    assert script_of(text, scripts_in(text + " и")) == script
