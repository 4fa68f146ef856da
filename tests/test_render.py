"""An Answer as HTML and as Markdown: no text of it is markup, and everything is in its place."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Citation, Note, Sentence
from index.explain import Explanation, Met, Part
from index.search import Searcher
from index.types import Document, Hit, Passage
from ui.bidi import direction
from ui.cli.output import answer_text
from ui.escaping import escape
from ui.markdown import answer_markdown
from ui.render import (
    answer_html,
    document_html,
    problem_html,
    question_html,
    turn_html,
)
from ui.sources import sources_html
from ui.words import confidence_level, words

TEXT = "Before it.\nThe forum met in Kazan. After it."
QUOTE = "The forum met in Kazan."
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "\"><svg onload='alert(1)'>",
    "</p></article><style>*{display:none}</style>",
    "{{constructor}} ${alert(1)} `x`",
    "&lt;b&gt; &amp;",
]


def one_source(quote: str = QUOTE, text: str = TEXT, **facts: object) -> Answer:
    """An answer of one sentence, quoted from one passage that stands at offset 100."""
    known = {"title": "Forum", "date": date(2024, 5, 16), "outlet": "RT", "url": None} | facts
    start = 100 + text.index(quote)
    passage = Passage("p1", "a_b.txt", 100, 100 + len(text), text, "en", ((0, 10),), **known)  # type: ignore[arg-type]
    citation = Citation(
        1, "a_b.txt", "p1", language="en", quote=quote, start=start, end=start + len(quote), **known  # type: ignore[arg-type]
    )  # fmt: skip
    hit = Hit(passage, 1.5, 1, {"bm25": 12.345, "dense": 0.5})
    sentence = Sentence(quote, (1,), 0.9)
    return Answer("Where?", "Where?", (sentence,), (citation,), (hit,), False, 0.9, "en", "x", "f")


def test_a_reader_is_told_that_the_quotation_marks_were_left_out() -> None:
    question = "When did «the Kazan forum» meet?"
    unquoted = replace(one_source(), question=question, query="When did the Kazan forum meet?")
    assert words("en").unquoted in answer_html(unquoted, "t1")
    quoted = replace(unquoted, query=f"{question} Kazan")
    assert words("en").unquoted not in answer_html(quoted, "t1")


def refusal(language: str, n_hits: int = 4) -> Answer:
    hits = tuple(replace(one_source().hits[0], rank=rank) for rank in range(1, n_hits + 1))
    return Answer("Where?", "Where?", (), (), hits, True, 0.1, language, "x", "f")


class _Page(HTMLParser):
    """Every tag, attribute and piece of text that a browser would see."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_of_a_document_adds_no_tag_and_no_attribute(hostile: str) -> None:
    plain = _Page(turn_html(one_source(), "t1"))
    page = _Page(
        turn_html(one_source(hostile, f"x\n{hostile} y", title=hostile, outlet=hostile), "t1")
    )
    assert page.tags == plain.tags
    assert [name for name, _ in page.attributes] == [name for name, _ in plain.attributes]
    assert (
        page.text.count(hostile) == 5
    )  # the sentence, its quotation, the title, the outlet, the passage


@given(st.text())
def test_a_question_adds_no_tag_whatever_it_is(question: str) -> None:
    assert _Page(question_html(question)).tags == ["h2"]
    assert _Page(problem_html(question)).tags == ["p"]


def test_what_a_model_and_its_server_say_adds_no_tag() -> None:
    said = "<img src=x onerror=x> **bold** </p>"
    answer = one_source()
    pending = replace(answer, whole=False, pending=said)
    noted = replace(answer, notes=(Note("failed", said), Note("removed", n=2)))
    for html in (turn_html(pending, "t1"), turn_html(noted, "t1")):
        assert "<img" not in html
        assert "&lt;img src=x onerror=x&gt; **bold** &lt;/p&gt;" in html


def test_an_address_that_is_not_of_the_web_is_text_and_no_link() -> None:
    bad = sources_html(one_source(url="javascript:alert(1)"), "t1")
    good = sources_html(one_source(url="https://example.org/a"), "t1")
    assert "href" not in bad
    assert "javascript:alert(1)" in _Page(bad).text
    assert 'href="https://example.org/a"' in good


def explained(word: str, found: str) -> Answer:
    answer = one_source(text=f"{TEXT} {found}")
    met, part = Met(word, found, "translation"), Part("bm25", 2, 12.345, 0.8)
    return replace(answer, explanations={"p1": Explanation((met,), (word,), 0, (part,))})


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_of_an_explanation_add_no_tag(hostile: str) -> None:
    plain, page = (_Page(sources_html(explained(x, x), "t1")) for x in ("word", hostile))
    assert page.tags == plain.tags
    assert page.text.count(hostile) == 4  # met, found, missing, the passage


@pytest.mark.parametrize(
    ("language", "arrow"), [("en", "→"), ("ru", "→"), ("ar", "←"), ("fa", "←")]
)
def test_an_explanation_is_in_the_language_of_the_question(language: str, arrow: str) -> None:
    label = words(language)
    shown = _Page(
        sources_html(replace(explained("founded", "تأسست"), language=language), "t1")
    ).text
    assert f"founded {arrow} تأسست {label.translation}" in shown
    assert f"{label.bm25}{label.rank} 2{label.score} 12.35{label.adds} +0.80" in shown
    assert all(heading in shown for heading in (label.why, label.met, label.missing))


def test_labels_are_in_the_language_of_the_page_and_a_refusal_in_that_of_the_question() -> None:
    shown = turn_html(refusal("ar"), "t1", "ru")
    assert words("ar").refusal in shown
    assert words("ru").nearest in shown
    assert words("ar").nearest not in shown


def test_the_words_that_support_an_answer_are_underlined_in_every_spelling() -> None:
    text = "قالَ المنتدي. إن الكِتاب هنا."
    answer = one_source(text, text)
    asked = replace(
        answer, query="الكتاب المنتدى", citations=(replace(answer.citations[0], language="ar"),)
    )
    markup = sources_html(asked, "t1")
    assert re.findall('<b class="met">(.*?)</b>', markup) == ["المنتدي", "الكِتاب"]


def test_a_bidi_override_is_shown_and_not_obeyed() -> None:
    answer = one_source("abc \u202efed", "abc \u202efed")
    for shown in (turn_html(answer, "t1"), answer_markdown(answer)):
        assert "\u202e" not in shown
        assert "U+202E" in shown


def test_the_half_space_and_the_marks_of_honest_text_are_kept() -> None:
    assert escape("می‌گوید\u200f") == "می‌گوید\u200f"


def test_the_quoted_sentence_alone_is_marked_in_the_whole_passage() -> None:
    markup = sources_html(one_source(), "t1")
    assert re.findall("<mark>(.*?)</mark>", markup) == [QUOTE]
    assert "Before it." in markup
    assert "After it." in markup


def test_a_quotation_across_lines_is_marked_in_each_of_them() -> None:
    markup = sources_html(one_source("one\n\ntwo", "zero\none\n\ntwo three"), "t1")
    assert re.findall("<mark>(.*?)</mark>", markup) == ["one", "two"]


def test_a_citation_number_leads_to_the_source_of_its_own_turn() -> None:
    first, second = (turn_html(one_source(), turn) for turn in ("t1", "t2"))
    for markup, turn in ((first, "t1"), (second, "t2")):
        assert f'data-goto="{turn}-s1"' in markup
        assert markup.count(f'<article class="source" id="{turn}-s1"') == 1
    assert not set(re.findall(' id="(.*?)"', first)) & set(re.findall(' id="(.*?)"', second))


def test_a_citation_without_its_hit_still_shows_its_quotation() -> None:
    markup = sources_html(replace(one_source(), hits=()), "t1")
    assert f"<mark>{QUOTE}</mark>" in markup


def test_scores_are_numbers_and_never_percentages() -> None:
    text = _Page(sources_html(one_source(), "t1")).text
    assert "Rank 1" in text
    assert "words (BM25) 12.35" in text or "words (BM25) 12.34" in text
    assert "%" not in text


def test_a_sentence_says_when_it_is_weakly_supported_or_has_no_source() -> None:
    answer = one_source()
    weak = replace(answer, sentences=(Sentence("It met.", (1,), 0.2), Sentence("So.", (), 0.9)))
    quoted = replace(answer, sentences=(Sentence(QUOTE, (1,), 0.2),))
    assert "caveat" not in answer_html(answer, "t1") + answer_html(quoted, "t1")
    assert _Page(answer_html(weak, "t1")).text.count("weakly supported") == 1
    assert _Page(answer_html(weak, "t1")).text.count("no source") == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The archive does not say."),
        ("ar", "لا يذكر الأرشيف ذلك."),
        ("fa", "بایگانی در این باره چیزی نمی‌گوید."),
        ("ru", "В архиве об этом ничего не сказано."),
        ("xx", "The archive does not say."),
    ],
)
def test_a_refusal_is_in_the_language_of_the_question(language: str, said: str) -> None:
    assert said in answer_html(refusal(language), "t1")


def test_a_refusal_in_the_terminal_names_the_nearest_passages_and_no_scores() -> None:
    shown = answer_text(refusal("ru"))
    assert words("ru").nearest in shown
    assert shown.count(f"{refusal('ru').hits[0].passage.doc_id}:") == 3
    assert "bm25" not in shown
    assert not re.search(r"\d\.\d", shown)
    assert answer_text(refusal("ru", n_hits=0)) == words("ru").refusal


def test_a_refusal_shows_the_three_nearest_passages_and_says_that_they_are_no_answer() -> None:
    markup = sources_html(refusal("en"), "t1")
    assert markup.count("<article") == 3
    assert words("en").nearest in markup
    assert "<mark>" not in markup
    assert sources_html(refusal("en", n_hits=0), "t1") == ""


def test_confidence_is_one_of_three_words() -> None:
    levels = [confidence_level(value) for value in (0.0, 0.49, 0.5, 0.79, 0.8, 1.0)]
    assert levels == ["weak", "weak", "moderate", "moderate", "strong", "strong"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مرحبا", "auto"),
        ("Hello", "auto"),
        ("2024", "auto"),
        ("KazanForum هو منتدى اقتصادي دولي", "rtl"),
        ("تاريخ النشر: 7th, March 2024 GMT", "auto"),
        ("«روسيا» is how the Arabic press writes it", "ltr"),
    ],
)
def test_direction_follows_the_main_script_and_not_the_first_word(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_a_document_is_shown_with_its_quotation_marked() -> None:
    markup = document_html(
        Document("a.txt", TEXT, "", ()), TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE)
    )
    assert f"<mark>{QUOTE}</mark>" in markup
    assert words("en").only_part not in markup


def test_a_huge_document_is_shown_around_the_passage_and_says_so() -> None:
    text = "word " * 100_000
    markup = document_html(Document("a.txt", text, "", ()), 250_000, 250_004)
    assert len(markup) < 100_000
    assert "<mark>word</mark>" in markup
    assert words("en").only_part in markup


def test_markdown_has_footnotes_with_title_outlet_date_quotation_file_and_offsets() -> None:
    assert answer_markdown(one_source()) == (
        "The forum met in Kazan.[^1]\n\n"
        "[^1]: Forum, RT, 2024-05-16. “The forum met in Kazan.” (`a_b.txt`, 111–134).\n"
    )


def test_markdown_paragraphs_do_not_mix_directions() -> None:
    texts = ("One.", "Two.", "ثلاثة.")
    answer = replace(one_source(), sentences=tuple(Sentence(text, (1,), 1.0) for text in texts))
    assert answer_markdown(answer).split("\n\n")[:2] == ["One.[^1] Two.[^1]", "ثلاثة.[^1]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# not a heading", "\\# not a heading"),
        ("1. not a list", "1\\. not a list"),
        ("![x](http://h/x.png) <b>", "!\\[x\\](http://h/x.png) \\<b\\>"),
        ("a&lt;b R&D", "a&amp;lt;b R&D"),
        ("two\nlines", "two lines"),
        ("2021 and 1.5", "2021 and 1.5"),
    ],
)
def test_markdown_of_a_text_is_that_text_and_no_markup(text: str, expected: str) -> None:
    answer = replace(one_source(), sentences=(Sentence(text, (), 1.0),))
    assert answer_markdown(answer).split("\n\n")[0] == expected


@pytest.mark.parametrize("language", ["ar", "fa", "ru", "en"])
def test_what_a_score_is_made_of_is_named_in_the_readers_language(
    searcher: Searcher, language: str
) -> None:
    (hit,) = searcher.search("متى تأسست منظمة التعاون الإسلامي؟", 1)
    names = {words(language).retriever(part) for part in hit.shares}
    assert len(names) == len(hit.shares) == 6
    assert not names & set(hit.shares)


def test_words_that_answer_are_set_off_and_stay_text() -> None:
    text = "Closed in <1990> by rust."
    answer = replace(one_source(), sentences=(Sentence(text, (1,), 1.0, ((10, 16),)),))
    assert "Closed in <strong>&lt;1990&gt;</strong> by rust." in answer_html(answer, "t1")
