"""An Answer as safe HTML.

All text that comes from a document, a question or a model goes through `escape`, and nothing else
writes it. Every block carries its language and a direction of its own, so that a thread may mix
scripts. Ids begin with the turn's, so a citation always leads to the source of its own answer.
The words around an answer are in the `language` of the page; without one, in the question's.
"""

from assistant.types import Answer, Citation, Sentence
from index.errors import SanadError
from index.queries import parse
from index.types import Document
from ui.bidi import direction
from ui.escaping import escape
from ui.markdown import answer_markdown
from ui.marking import Marks, Span, lines_html, words_html
from ui.sources import sources_html
from ui.verdicts import thumbs_html
from ui.words import RTL_LANGUAGES, Words, confidence_level, words

# A document is shown up to this many characters before and after a place: enough for any article,
# and a file of megabytes does not stop the browser.
DOCUMENT_WINDOW = 40_000


def question_html(question: str) -> str:
    """The question as the reader typed it."""
    return f'<h2 class="question" dir="{direction(question)}">{escape(question)}</h2>'


def problem_html(message: str, detail: str = "") -> str:
    """One plain line for something that went wrong, and its English `detail` in small letters."""
    line, exact = (" ".join(text.split()) for text in (message, detail))
    small = f'<small lang="en" dir="ltr">{escape(exact)}</small>' if exact else ""
    return f'<p class="problem" role="alert" dir="{direction(line)}">{escape(line)}{small}</p>'


def turn_html(answer: Answer, turn: str, language: str | None = None) -> str:
    """An answer and its sources side by side; `turn` is the prefix of every id in it."""
    language = language or answer.language
    rtl = language.split("-")[0] in RTL_LANGUAGES
    return (
        f'<div class="turn-body" lang="{escape(language)}" dir="{"rtl" if rtl else "ltr"}">'
        f"{answer_html(answer, turn, language)}{sources_html(answer, turn, language)}</div>"
    )


def answer_html(answer: Answer, turn: str, language: str | None = None) -> str:
    """The sentences, each a block with its citation numbers; or the refusal."""
    label = words(language or answer.language)
    if answer.refused:
        return f'<div class="answer">{_refusal(answer, label)}</div>'
    sentences = "".join(
        _sentence(sentence, f"{turn}-a{i}", answer, turn, label)
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
        f"{_foot(answer, label, language or answer.language)}</div>"
    )


def document_html(document: Document, start: int, end: int, language: str = "en") -> str:
    """A document around `[start, end)`, which is marked, under its name."""
    name = f'<h2 class="document-name" dir="ltr">{escape(document.doc_id)}</h2>'
    return name + around_html(document, Marks((start, end)), (start, end), language)


def around_html(
    document: Document, marks: Marks, place: Span, language: str, written: str = "und"
) -> str:
    """A document around a place, in its language (`written`) where that is known."""
    length = len(document.text)
    first, last = max(0, place[0] - DOCUMENT_WINDOW), min(length, place[1] + DOCUMENT_WINDOW)
    whole = (first, last) == (0, length)
    note = "" if whole else f'<p class="note" dir="auto">{escape(words(language).only_part)}</p>'
    text = lines_html(document.text, marks, written, first, last)
    return f'{note}<div class="text">{text}</div>'


def _sentence(sentence: Sentence, name: str, answer: Answer, turn: str, label: Words) -> str:
    citations = [c for c in answer.citations if c.number in sentence.citations]
    quoted = next((c for c in citations if sentence.text in c.quote), None)
    links = "".join(_cite(citation, name, turn, label) for citation in citations)
    return (
        f'<p class="sentence" id="{name}" dir="{direction(sentence.text)}" '
        f'lang="{escape(quoted.language if quoted else answer.language)}">'
        f'<span class="said">{words_html(sentence.text, sentence.words, "strong")}</span>'
        f'<span class="cites">{links}{_caveat(sentence, answer, label)}</span></p>'
    )


def _cite(citation: Citation, sentence: str, turn: str, label: Words) -> str:
    """The number of a source, which opens it; what it quotes is its description, shown by the page
    while the number is pointed at or has the focus."""
    title = citation.title or citation.outlet or citation.doc_id
    name = label.source.format(number=citation.number, title=title)
    described = f"{sentence}-q{citation.number}"
    return (
        f'<button type="button" class="cite" data-goto="{turn}-s{citation.number}" '
        f'aria-label="{escape(name)}" aria-describedby="{described}">{citation.number}</button>'
        f'<span id="{described}" class="quoted" hidden dir="{direction(citation.quote)}" '
        f'lang="{escape(citation.language)}">{escape(citation.quote)}</span>'
    )


def _caveat(sentence: Sentence, answer: Answer, label: Words) -> str:
    text = label.caveat(sentence, answer.citations)
    return f'<small class="caveat">{escape(text)}</small>' if text else ""


def _foot(answer: Answer, label: Words, language: str) -> str:
    level = confidence_level(answer.confidence)
    said = label.confidence(answer.confidence)
    return (
        f'<footer><span class="confidence" data-level="{level}">{escape(said)}</span>'
        f'<span class="thumbs">{thumbs_html(answer, language)}</span>'
        f'<button type="button" class="copy" data-copy="{escape(answer_markdown(answer))}" '
        f'data-done="{escape(label.copied)}" data-failed="{escape(label.copy_failed)}">'
        f"{escape(label.copy)}</button></footer>"
    )


def _refusal(answer: Answer, label: Words) -> str:
    """In the language of the question: it is the answer."""
    said = words(answer.language).refusal
    refusal = f'<p class="refusal" dir="auto" lang="{escape(answer.language)}">{escape(said)}</p>'
    return refusal + _searched(answer, label)


def _searched(answer: Answer, label: Words) -> str:
    """What was searched, where it is not what was asked."""
    if answer.query == answer.question:
        return ""
    said = label.unquoted if _is_unquoted(answer) else label.searched
    return f'<p class="note">{escape(said)}: <bdi>{escape(answer.query)}</bdi></p>'


def _is_unquoted(answer: Answer) -> bool:
    """Whether what the question has in quotation marks was searched without them."""
    try:
        return bool(parse(answer.question).phrases) and not parse(answer.query).phrases
    except SanadError:  # no query, as kept answers may have it
        return False
