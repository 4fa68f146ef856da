"""An Answer as safe HTML.

All text that comes from a document, a question or a model goes through `escape`, and nothing else
writes it. Every block carries its language and a direction of its own, so that a thread may mix
scripts. Ids begin with the turn's, so a citation always leads to the source of its own answer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.config import N_NEAREST
from assistant.types import Answer, Citation, Sentence
from index.types import Document, Hit, Passage
from ui.bidi import direction
from ui.escaping import escape
from ui.markdown import WEB, answer_markdown
from ui.why import why_html
from ui.words import RTL_LANGUAGES, Words, words

# Words for the calibrated probability that the quoted sentences hold the answer; a reader is told
# which of three things to do, not a percentage that looks more exact than it is.
STRONG, MODERATE = 0.8, 0.6
# A document is shown up to this many characters before and after the passage: enough for any
# article, and a file of megabytes does not stop the browser.
DOCUMENT_WINDOW = 40_000


def question_html(question: str) -> str:
    """The question as the reader typed it."""
    return f'<h2 class="question" dir="{direction(question)}">{escape(question)}</h2>'


def problem_html(message: str) -> str:
    """One plain line for something that went wrong."""
    line = " ".join(message.split())
    return f'<p class="problem" role="alert" dir="{direction(line)}">{escape(line)}</p>'


def turn_html(answer: Answer, turn: str) -> str:
    """An answer and its sources side by side; `turn` is the prefix of every id in it."""
    rtl = answer.language.split("-")[0] in RTL_LANGUAGES
    return (
        f'<div class="turn-body" lang="{escape(answer.language)}" dir="{"rtl" if rtl else "ltr"}">'
        f"{answer_html(answer, turn)}{sources_html(answer, turn)}</div>"
    )


def answer_html(answer: Answer, turn: str) -> str:
    """The sentences, each a block with its citation numbers; or the refusal."""
    label = words(answer.language)
    if answer.refused:
        return f'<div class="answer">{_refusal(answer, label)}</div>'
    cited = {citation.number: citation for citation in answer.citations}
    sentences = "".join(
        _sentence(sentence, i, cited, answer.language, turn)
        for i, sentence in enumerate(answer.sentences, 1)
    )
    if not answer.whole:
        pending = f'<p class="pending" dir="auto">{escape(answer.pending)} …</p>'
        return f'<div class="answer">{_searched(answer, label)}{sentences}{pending}</div>'
    notes = "".join(
        f'<p class="note" dir="auto">{escape(label.note(note))}</p>' for note in answer.notes
    )
    return (
        f'<div class="answer">{_searched(answer, label)}{sentences}{notes}'
        f"{_foot(answer, label)}</div>"
    )


def sources_html(answer: Answer, turn: str) -> str:
    """One article a citation, or the passages nearest to a refused question."""
    label = words(answer.language)
    if answer.refused:
        hits = answer.hits[:N_NEAREST]
        articles = "".join(_nearest(hit, i, answer, turn) for i, hit in enumerate(hits, 1))
        return _panel(articles, label.nearest, "sources nearest") if articles else ""
    hits_by_id = {hit.passage.passage_id: hit for hit in answer.hits}
    articles = "".join(
        _source(citation, hits_by_id.get(citation.passage_id), answer, turn)
        for citation in answer.citations
    )
    return _panel(articles, label.sources, "sources") if articles else ""


def document_html(document: Document, start: int, end: int, language: str = "en") -> str:
    """A document around `[start, end)`, which is marked."""
    first, last = max(0, start - DOCUMENT_WINDOW), min(len(document.text), end + DOCUMENT_WINDOW)
    whole = first == 0 and last == len(document.text)
    note = "" if whole else f'<p class="note" dir="auto">{escape(words(language).only_part)}</p>'
    text = document.text[first:last]
    return (
        f'<h2 class="document-name" dir="ltr">{escape(document.doc_id)}</h2>{note}'
        f'<div class="text">{_text_html(text, start - first, end - first, "und")}</div>'
    )


def confidence_level(confidence: float) -> str:
    """`strong`, `moderate` or `weak`."""
    if confidence >= STRONG:
        return "strong"
    return "moderate" if confidence >= MODERATE else "weak"


def _sentence(
    sentence: Sentence, i: int, cited: Mapping[int, Citation], language: str, turn: str
) -> str:
    citations = [cited[number] for number in sentence.citations if number in cited]
    quoted = next((c for c in citations if sentence.text in c.quote), None)
    label = words(language)
    links = "".join(_cite(citation, turn, label) for citation in citations)
    return (
        f'<p class="sentence" id="{turn}-a{i}" tabindex="-1" dir="{direction(sentence.text)}" '
        f'lang="{escape(quoted.language if quoted else language)}">{_worded(sentence)}'
        f'<span class="cites">{links}{_caveat(sentence, label)}</span></p>'
    )


def _worded(sentence: Sentence) -> str:
    """The sentence, the words that answer set off."""
    pieces, at = [], 0
    for start, end in sentence.words:
        told = f"<strong>{escape(sentence.text[start:end])}</strong>"
        pieces += [escape(sentence.text[at:start]), told]
        at = end
    return "".join(pieces) + escape(sentence.text[at:])


def _cite(citation: Citation, turn: str, label: Words) -> str:
    title = citation.title or citation.outlet or citation.doc_id
    name = label.source.format(number=citation.number, title=title)
    return (
        f'<a class="cite" href="#{turn}-s{citation.number}" '
        f'data-goto="{turn}-s{citation.number}" aria-label="{escape(name)}" '
        f'title="{escape(citation.quote)}">{citation.number}</a>'
    )


def _caveat(sentence: Sentence, label: Words) -> str:
    text = label.caveat(sentence)
    return f'<small class="caveat">{escape(text)}</small>' if text else ""


def _foot(answer: Answer, label: Words) -> str:
    level = confidence_level(answer.confidence)
    said = {"strong": label.strong, "moderate": label.moderate, "weak": label.weak}[level]
    return (
        f'<footer><span class="confidence" data-level="{level}">{escape(said)}</span>'
        f'<button type="button" class="copy" data-copy="{escape(answer_markdown(answer))}" '
        f'data-done="{escape(label.copied)}" data-failed="{escape(label.copy_failed)}">'
        f"{escape(label.copy)}</button></footer>"
    )


def _refusal(answer: Answer, label: Words) -> str:
    refusal = f'<p class="refusal" dir="auto">{escape(label.refusal)}</p>'
    return refusal + _searched(answer, label)


def _searched(answer: Answer, label: Words) -> str:
    """What was searched, where it is not what was asked."""
    if answer.query == answer.question:
        return ""
    searched = f"<bdi>{escape(answer.query)}</bdi>"
    return f'<p class="note">{escape(label.searched)}: {searched}</p>'


def _panel(articles: str, heading: str, classes: str) -> str:
    return (
        f'<aside class="{classes}" aria-label="{escape(heading)}">'
        f"<h3>{escape(heading)}</h3>{articles}</aside>"
    )


def _source(citation: Citation, hit: Hit | None, answer: Answer, turn: str) -> str:
    label, used = words(answer.language), _first_uses(answer.sentences)
    text, at = (hit.passage.text, hit.passage.start) if hit else (citation.quote, citation.start)
    marked = _text_html(text, citation.start - at, citation.end - at, citation.language)
    back = (
        f'<button type="button" class="back" data-goto="{turn}-a{used[citation.number]}">'
        f"{escape(label.back)}</button>"
        if citation.number in used
        else ""
    )
    tools = (_why(hit, answer) if hit else "") + _open(citation, label) + back
    name = f"{turn}-s{citation.number}"
    return _article(name, _head(citation, label, name, citation.number), marked, tools)


def _nearest(hit: Hit, i: int, answer: Answer, turn: str) -> str:
    label = words(answer.language)
    text = _text_html(hit.passage.text, 0, 0, hit.passage.language)
    tools = _why(hit, answer) + _open(hit.passage, label)
    name = f"{turn}-n{i}"
    return _article(name, _head(hit.passage, label, name), text, tools)


def _article(name: str, head: str, text: str, tools: str) -> str:
    return (
        f'<article class="source" id="{name}" tabindex="-1" aria-labelledby="{name}-t">'
        f'{head}<div class="text">{text}</div>'
        f'<div class="tools">{tools}</div></article>'
    )


def _head(of: Citation | Passage, label: Words, name: str, number: int | None = None) -> str:
    title = of.title or label.untitled
    badge = f'<span class="number">{number}</span>' if number else ""
    return (
        f'<header>{badge}<h4 id="{name}-t" dir="{direction(title)}" lang="{escape(of.language)}">'
        f"{escape(title)}</h4>"
        f'<p class="meta">{"".join(f"<span>{part}</span>" for part in _meta(of))}</p></header>'
    )


def _meta(of: Citation | Passage) -> Iterator[str]:
    if of.date:
        yield f'<time datetime="{of.date.isoformat()}" dir="ltr">{of.date.isoformat()}</time>'
    if of.outlet:
        yield f"<bdi>{escape(of.outlet)}</bdi>"
    yield f'<bdi class="language">{escape(of.language)}</bdi>'
    yield f'<bdi class="file" dir="ltr">{escape(of.doc_id)}</bdi>'
    if of.url:
        yield _url(of.url)


def _url(url: str) -> str:
    """A link for http and https; any other address, such as `javascript:`, stays text."""
    if not WEB.fullmatch(url):
        return f'<bdi dir="ltr">{escape(url)}</bdi>'
    return (
        f'<a class="url" dir="ltr" href="{escape(url)}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{escape(url)}</a>'
    )


def _why(hit: Hit, answer: Answer) -> str:
    why = answer.explanations.get(hit.passage.passage_id)
    return why_html(hit, why, words(answer.language))


def _open(of: Citation | Passage, label: Words) -> str:
    return (
        f'<button type="button" class="open" data-document="{escape(of.doc_id)}" '
        f'data-start="{of.start}" data-end="{of.end}">{escape(label.open)}</button>'
    )


def _text_html(text: str, start: int, end: int, language: str) -> str:
    """Each line of `text` a paragraph of its own direction, `text[start:end]` in `<mark>`."""
    lang = "" if language == "und" else f' lang="{escape(language)}"'
    return "".join(
        f'<p dir="{direction(match.group())}"{lang}>'
        f"{_mark(match.group(), start - match.start(), end - match.start())}</p>"
        for match in re.finditer(r"[^\n\r]*\S[^\n\r]*", text)
    )


def _mark(line: str, start: int, end: int) -> str:
    start, end = max(0, start), min(len(line), end)
    if start >= end:
        return escape(line)
    return f"{escape(line[:start])}<mark>{escape(line[start:end])}</mark>{escape(line[end:])}"


def _first_uses(sentences: Iterable[Sentence]) -> dict[int, int]:
    """Citation number → the first sentence that uses it, from 1."""
    uses: dict[int, int] = {}
    for i, sentence in enumerate(sentences, 1):
        for number in sentence.citations:
            uses.setdefault(number, i)
    return uses
