"""Quotations as people paste them: marks, footnotes, links to the words."""

from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from assistant.quoting import footnote_labels, fragment_url, quoted
from tests.citations import SOURCES, URL, quotation
from ui.citing import FORMS, cited


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ('قال "نعم" اليوم', "ar", "«قال “نعم” اليوم»"),
        ("Он сказал «да»", "ru", "«Он сказал “да”»"),
        ("He said “yes”", "en", "“He said ‘yes’”"),
        ('He said "yes"', "de", "“He said ‘yes’”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(text: str, language: str, shown: str) -> None:
    assert quoted(text, language) == shown


def test_a_short_quotation_is_linked_by_its_words() -> None:
    source = quotation("a-b, c & d? 100%", url="https://news.example/a")
    # https://wicg.github.io/scroll-to-text-fragment: hyphen, comma, ampersand are percent-encoded.
    assert fragment_url(source) == (
        "https://news.example/a#:~:text=a%2Db%2C%20c%20%26%20d%3F%20100%25"
    )


def test_a_long_quotation_is_linked_by_its_first_and_last_words() -> None:
    words = [f"слово{n}" for n in range(60)]
    url = fragment_url(quotation(" ".join(words)))
    assert url
    assert url.startswith(f"{URL}:~:text=")
    start, end = (unquote(part) for part in url.partition("text=")[2].split(","))
    assert start == " ".join(words[:5])
    assert end == " ".join(words[-5:])


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "file:///etc/passwd", "https://a b"])
def test_only_a_web_address_is_linked(url: str | None) -> None:
    source = quotation(url=url)
    assert fragment_url(source) is None
    assert "href" not in cited([source], "html", "gost").replace('href="https://a"', "")


def test_a_second_quotation_from_an_article_has_a_footnote_of_its_own() -> None:
    assert footnote_labels([quotation(), quotation("b"), SOURCES[1]]) == [
        *("tass2022-0a1b2c", "tass2022-0a1b2c-2"),
        "x2022-1",
    ]


def test_a_markdown_footnote_has_reference_and_anchor_and_leads_to_the_words() -> None:
    source = quotation("Форум *открыт*.", url="https://tass.ru/a_b")
    assert cited([source], "markdown", "gost") == (
        "«Форум \\*открыт\\*.»[^tass2022-0a1b2c]\n\n"
        "[^tass2022-0a1b2c]: Иванов П. И. Лавров заявил о «важности» связей // ТАСС. 2022. 24 окт. "
        f"URL: <https://tass.ru/a_b> (дата обращения: 26.11.2026). [{source.anchor}]"
        f"(<{fragment_url(source)}>)"
    )


def test_an_address_is_never_more_than_the_target_of_its_link_in_markdown() -> None:
    hostile = "https://x.example/a)![t](https://evil.example/p.png"
    shown = MarkdownIt().render(cited([quotation(url=hostile)], "markdown", "apa"))
    assert "<img" not in shown
    assert 'href="https://x.example/a)!%5Bt%5D(https://evil.example/p.png#:~:text=' in shown


def test_html_is_escaped_and_its_link_goes_to_the_words() -> None:
    source = quotation("<b>a</b>", title="<script>", outlet="A & B")
    html = cited([source], "html", "apa")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<i>A &amp; B</i>" in html
    assert 'text=%3Cb%3Ea%3C%2Fb%3E"' in html
    assert f'cite="{urlsplit(URL).geturl().replace("&", "&amp;")}"' in html


@pytest.mark.parametrize("form", FORMS)
def test_no_form_carries_marks_of_direction(form: str) -> None:
    from assistant.references import source  # noqa: PLC0415
    from index.types import Document, Section  # noqa: PLC0415

    text = "\u202bقال\u200f الوزير\u202c: «نعم»\u2069."
    section = Section(0, len(text), title="عنوان\u200f", outlet="\u202aRT\u202c", language="ar")
    found = source(Document("a.txt", text, "f" * 64, (section,)), 0, len(text), None)
    shown = cited([found], form, "mla", "ar")
    assert not set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2069") & set(shown)
    assert "عنوان" in shown
