"""The sources of an answer as safe HTML: an article for each citation, or for each passage that is
nearest to a refused question. See `ui.render`, which draws the answer itself.

The last row of an article, its `tools`, is where actions on a source belong. The reading pane
shows a copy of it, so a button there must carry all that it needs in attributes of its own.
"""

from collections.abc import Iterator

from assistant.config import N_NEAREST
from assistant.types import Answer, Citation, Sentence
from index.gloss import can_gloss
from index.languages import UNKNOWN
from index.matching import matched_spans
from index.translation import bundled_tables
from index.types import Hit, Passage
from ui.bidi import direction
from ui.escaping import escape, exact
from ui.facts import address_html, day_html
from ui.marking import Marks, Span, lines_html
from ui.verdicts import wrong_html
from ui.why import why_html
from ui.words import RTL_LANGUAGES, Words, language_name, page_words, spoken, words

_NO_SPAN = (0, 0)


def sources_html(answer: Answer, turn: str, language: str | None = None) -> str:
    """One article a citation, or the passages nearest to a refused question; labels in `language`,
    without one in the question's."""
    language = language or answer.language
    label = words(language)
    if answer.refused:
        hits = answer.hits[:N_NEAREST]
        articles = "".join(_nearest(hit, i, answer, turn, language) for i, hit in _numbered(hits))
        return _panel(articles, label.nearest, "sources nearest")
    hits_by_id = {hit.passage.passage_id: hit for hit in answer.hits}
    articles = "".join(
        _source(citation, hits_by_id.get(citation.passage_id), answer, turn, language)
        for citation in answer.citations
    )
    return _panel(articles, label.sources, "sources")


def supporting(answer: Answer, citation: Citation) -> str:
    """The text whose words support a citation: what was searched, and what the answer says by it
    in words of its own."""
    said = [
        sentence.text
        for sentence in answer.sentences
        if citation.number in sentence.citations and not _quotes(sentence, citation)
    ]
    return " ".join([answer.query, *said])


def _quotes(sentence: Sentence, citation: Citation) -> bool:
    return sentence.text in citation.quote


def _numbered(hits: tuple[Hit, ...]) -> Iterator[tuple[int, Hit]]:
    return enumerate(hits, start=1)


def _panel(articles: str, heading: str, classes: str) -> str:
    if not articles:
        return ""
    return (
        f'<aside class="{classes}" aria-label="{escape(heading)}">'
        f"<h3>{escape(heading)}</h3>{articles}</aside>"
    )


def _source(citation: Citation, hit: Hit | None, answer: Answer, turn: str, language: str) -> str:
    label, wanted = words(language), supporting(answer, citation)
    text, at = (hit.passage.text, hit.passage.start) if hit else (citation.quote, citation.start)
    marks = Marks(
        (citation.start - at, citation.end - at), matched_spans(wanted, text, citation.language)
    )
    tools = _why(hit, answer, label) if hit else ""
    name = f"{turn}-s{citation.number}"
    span = (citation.start, citation.end)
    tools += _open(citation, span, citation.quote, wanted, label) + _take(citation, language)
    return _article(
        name,
        head_html(citation, language, name, citation.number),
        lines_html(text, marks, citation.language),
        tools + _others(citation, span, answer, language),
    )


def _nearest(hit: Hit, i: int, answer: Answer, turn: str, language: str) -> str:
    label, passage = words(language), hit.passage
    marks = Marks(words=matched_spans(answer.query, passage.text, passage.language))
    name = f"{turn}-n{i}"
    tools = _why(hit, answer, label) + _open(passage, _NO_SPAN, "", answer.query, label)
    return _article(
        name,
        head_html(passage, language, name),
        lines_html(passage.text, marks, passage.language),
        tools + _others(passage, _NO_SPAN, answer, language),
    )


def _article(name: str, head: str, text: str, tools: str) -> str:
    return (
        f'<article class="source" id="{name}" tabindex="-1" aria-labelledby="{name}-t">'
        f'{head}<div class="text">{text}</div>'
        f'<div class="tools">{tools}</div></article>'
    )


def head_html(of: Citation | Passage, language: str, name: str, number: int | None = None) -> str:
    """Title, date, outlet, language, file and address of a source; `name` begins the ids in it."""
    title = of.title or words(language).untitled
    badge = f'<span class="number" aria-hidden="true">{number}</span>' if number else ""
    parts = "".join(f"<span>{part}</span>" for part in _meta(of, language))
    written = of.language if of.title else language
    way = "rtl" if of.language in RTL_LANGUAGES else "ltr"
    return (
        f'<header dir="{way}">{badge}'
        f'<h4 id="{name}-t" dir="{direction(title)}" lang="{escape(written)}">'
        f'{escape(title)}</h4><p class="meta">{parts}</p></header>'
    )


def _meta(of: Citation | Passage, language: str) -> Iterator[str]:
    if of.date:
        yield day_html(of.date)
    if of.outlet:
        yield f"<bdi>{escape(of.outlet)}</bdi>"
    yield f'<bdi class="language">{escape(language_name(of.language, language))}</bdi>'
    yield f'<bdi class="file" dir="ltr">{escape(of.doc_id)}</bdi>'
    if of.url:
        yield address_html(of.url, new_tab=True)


def _why(hit: Hit, answer: Answer, label: Words) -> str:
    return why_html(hit, answer.explanations.get(hit.passage.passage_id), label)


def _open(of: Citation | Passage, span: Span, quote: str, wanted: str, label: Words) -> str:
    """The button that opens the document at a place; `ui.reading` reads its data."""
    return (
        f'<button type="button" class="open" data-document="{exact(of.doc_id)}" '
        f'data-passage="{exact(of.passage_id)}" data-start="{span[0]}" data-end="{span[1]}" '
        f'data-quote="{escape(quote)}" data-wanted="{escape(wanted)}">{escape(label.open)}</button>'
    )


def _take(citation: Citation, language: str) -> str:
    """The button that cites a source; `ui.taking` reads its data."""
    if not citation.anchor:
        return ""
    return (
        f'<button type="button" class="take" aria-expanded="false" '
        f'data-anchor="{escape(citation.anchor)}">{escape(page_words(language)["cite"])}</button>'
    )


def _others(of: Citation | Passage, span: Span, answer: Answer, language: str) -> str:
    """What else can be done with a source."""
    link = (
        f'<button type="button" class="link" data-passage="{exact(of.passage_id)}">'
        f"{escape(page_words(language)['copy_link'])}</button>"
    )
    wrong = wrong_html(answer, of.passage_id, language)
    return _gloss(of, span, answer, language) + link + wrong


def _gloss(of: Citation | Passage, span: Span, answer: Answer, language: str) -> str:
    """The button that says a quotation in the page's language, for whom does not read its own:
    neither the page nor the question is in it. A language model translates, where there is one."""
    if of.language in {language, answer.language, UNKNOWN}:
        return ""
    said = page_words(language)
    known = "" if can_gloss(of.language, spoken(language), bundled_tables()) else " unknown"
    return (
        f'<button type="button" class="gloss{known}" aria-expanded="false" '
        f'data-passage="{exact(of.passage_id)}" data-start="{span[0]}" data-end="{span[1]}">'
        f'<span class="by-word">{escape(said["gloss"])}</span>'
        f'<span class="by-model">{escape(said["translate"])}</span></button>'
    )
