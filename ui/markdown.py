"""An Answer as Markdown with footnotes: what a reader pastes into a text of their own."""

import re
from itertools import groupby

from assistant.directions import is_rtl
from assistant.markdown import escaped
from assistant.types import Answer, Citation, Sentence
from ui.bidi import plain
from ui.words import Words, words

WEB = re.compile(r"https?://[^\s<>\"]+")


def answer_markdown(answer: Answer) -> str:
    """The answer with footnote marks, a paragraph a direction, and its references as footnotes."""
    if answer.refused:
        return f"{_markdown(words(answer.language).refusal)}\n"
    groups = groupby(answer.sentences, key=lambda sentence: is_rtl(sentence.text))
    body = [" ".join(_marked(sentence) for sentence in group) for _, group in groups]
    notes = [_footnote(citation, words(answer.language)) for citation in answer.citations]
    return "\n\n".join([*body, *notes]) + "\n"


def _markdown(text: str) -> str:
    return escaped(plain(text))


def _marked(sentence: Sentence) -> str:
    return _markdown(sentence.text) + "".join(f"[^{number}]" for number in sentence.citations)


def _footnote(citation: Citation, label: Words) -> str:
    known = [citation.title, citation.outlet, citation.date and citation.date.isoformat()]
    about = ", ".join(_markdown(str(part)) for part in known if part)
    quote = ("«{}»" if citation.language in {"ar", "fa", "ru"} else "“{}”").format(
        _markdown(citation.quote)
    )
    place = f"{_code(citation.doc_id)}, {citation.start}–{citation.end}"
    if citation.anchor:
        place += f", {citation.anchor}"
    return f"[^{citation.number}]: {about or label.untitled}. {quote} ({place}).{_link(citation)}"


def _code(text: str) -> str:
    return _markdown(text) if re.search(r"[`\s\u202d\u202e]", text) else f"`{text}`"


def _link(citation: Citation) -> str:
    if not citation.url:
        return ""
    is_web = WEB.fullmatch(citation.url)
    return f" <{citation.url}>" if is_web else f" {_markdown(citation.url)}"
