"""What readers take away from the chat page: a source as a citation, a conversation as a file."""

import base64
import datetime
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from assistant.places import sources_at
from assistant.writeup import answers_of, write_up
from index.errors import SanadError
from ui.citing import FORMS, cited
from ui.exporting import exported
from ui.library import Library
from ui.telling import line_of
from ui.words import SPOKEN, page_words, spoken

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown;charset=utf-8",
    "html": "text/html;charset=utf-8",
}
# What no file system takes in a name, and what would be a path.
_NO_NAME = re.compile(r"[\W_]+")
_MAX_NAME_CHARS = 60
# What the archive has lost is looked for in all of it: some hundred questions' citations at once.
MOST_CITED = 1_000

_Make = Callable[[Library, Mapping[str, Any], str], dict[str, str]]

_log = logging.getLogger("sanad")


def cite_source(library: Library, data: Mapping[str, Any]) -> dict[str, str]:
    """The `text` of a source as a citation; `data` are its `anchor`, a `form` of `ui.citing.FORMS`,
    a `style`, and the `language` of the page. What goes wrong is told as the `problem`."""
    return _told(_cited, "citing a source", library, data)


def export_talk(library: Library, data: Mapping[str, Any]) -> dict[str, str]:
    """A conversation as a file: its `name`, `type` and `content` (base64). `data` are its `title`
    and `turns` as the browser keeps them, a `form` (docx, md, html), a `style`, and the `language`
    of the page. What goes wrong is told as the `problem`."""
    return _told(_exported, "exporting a conversation", library, data)


def _told(make: _Make, doing: str, library: Library, data: Mapping[str, Any]) -> dict[str, str]:
    language = spoken(str(data.get("language", "")))
    try:
        return make(library, data, language)
    except SanadError as error:
        return {"problem": line_of(error, language)}
    except Exception:
        _log.exception("while %s", doing)
        return {"problem": page_words(language)["not_exported"]}


def _cited(library: Library, data: Mapping[str, Any], language: str) -> dict[str, str]:
    sources, _ = sources_at([str(data["anchor"])], library, datetime.date.today())
    form = data["form"] if data["form"] in FORMS else "text"
    return {"text": cited(sources, form, _style(data), _terms(data, language))}


def _exported(library: Library, data: Mapping[str, Any], language: str) -> dict[str, str]:
    title, answers = answers_of({"title": data.get("title", ""), "turns": data["turns"]})
    if sum(len(answer.cited) for answer in answers) > MOST_CITED:
        return {"problem": page_words(language)["too_many_cited"].format(n=f"{MOST_CITED:,}")}
    made = write_up(answers, library, datetime.date.today(), title)
    form = data["form"] if data["form"] in _TYPES else "docx"
    content = base64.b64encode(exported(made, form, _style(data))).decode()
    return {"name": f"{_name(made.title)}.{form}", "type": _TYPES[form], "content": content}


def _style(data: Mapping[str, Any]) -> str:
    """The style by its name alone: what comes over the network names no file of this machine."""
    style = str(data.get("style", "apa"))
    return style if re.fullmatch(r"[\w-]{1,100}", style) else "apa"


def _terms(data: Mapping[str, Any], language: str) -> str | None:
    """The language of months in a citation: that of the page, but in ГОСТ, which is Russian."""
    return None if _style(data) == "gost" or language not in SPOKEN else language


def _name(title: str) -> str:
    return _NO_NAME.sub("-", title)[:_MAX_NAME_CHARS].strip("-") or "sanad"
