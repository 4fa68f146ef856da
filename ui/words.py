"""What the pages say, in the languages they speak: one file of texts each in `static/words`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.prompts import REFUSALS
from assistant.types import Citation, Note, Sentence

_FOLDER = Path(__file__).parent / "static" / "words"
# In the order in which they are offered.
SPOKEN = ("ar", "en", "fa", "ru")
# Below this a sentence of the answer is marked as weakly supported.
WEAK_SUPPORT = 0.5
# Words for the calibrated probability that the quoted sentences hold the answer; a reader is told
# which of three things to do, not a percentage that looks more exact than it is.
STRONG, MODERATE = 0.8, 0.5
_DIGITS = {"fa": str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬"), "ru": str.maketrans(",", "\u00a0")}
RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """Labels of one language; `{…}` are filled in with `str.format`."""

    refusal: str
    nearest: str
    searched: str
    unquoted: str
    sources: str
    source: str
    copy: str
    copied: str
    copy_failed: str
    open: str
    back: str
    untitled: str
    rank: str
    score: str
    bm25: str
    dense: str
    sentence: str
    language: str
    forms: str
    near: str
    context: str
    strong: str
    moderate: str
    weak: str
    weak_sentence: str
    no_source: str
    only_part: str
    failed: str
    refused: str
    unmarked: str
    removed: str
    dropped: str
    differ: str
    dated: str
    why: str
    met: str
    none_met: str
    missing: str
    form: str
    acronym: str
    translation: str
    sound: str
    adds: str
    arrow: str

    def how(self, how: str) -> str:
        """How a word of the question met one of a passage."""
        known = {
            "form": self.form,
            "acronym": self.acronym,
            "translation": self.translation,
            "sound": self.sound,
        }
        return known.get(how, "")

    def retriever(self, name: str) -> str:
        """The label of a retriever's score, or its own name where we have none."""
        known = {
            "bm25": self.bm25,
            "dense": self.dense,
            "sentence": self.sentence,
            "language": self.language,
            "form": self.forms,
            "near": self.near,
            "context": self.context,
        }
        return known.get(name, name)

    def note(self, note: Note) -> str:
        """The line that tells a reader how the answer came about."""
        lines = {
            "failed": self.failed,
            "refused": self.refused,
            "unmarked": self.unmarked,
            "removed": self.removed,
            "dropped": self.dropped,
            "differ": self.differ,
            "dated": self.dated,
        }
        return lines[note.kind].format(detail=note.detail, n=note.n)

    def confidence(self, probability: float) -> str:
        """What a reader is told of how sure an answer is."""
        said = {"strong": self.strong, "moderate": self.moderate, "weak": self.weak}
        return said[confidence_level(probability)]

    def caveat(self, sentence: Sentence, citations: Iterable[Citation]) -> str:
        """What is wrong with a sentence's sources, of all those of its answer; the empty string if
        nothing is. A quotation is its own source, and how far it answers is said of the answer."""
        if any(sentence.text == citation.quote for citation in citations):
            return ""
        if not sentence.citations:
            return self.no_source
        return self.weak_sentence if sentence.support < WEAK_SUPPORT else ""


def confidence_level(confidence: float) -> str:
    """`strong`, `moderate` or `weak`."""
    if confidence >= STRONG:
        return "strong"
    return "moderate" if confidence >= MODERATE else "weak"


def words(language: str) -> Words:
    """The labels of `language` (`ar`, `ar-EG`), English for one that we do not speak."""
    return _words(spoken(language))


def page_words(language: str) -> Mapping[str, str]:
    """The words of the page around the answers, by name; English for a language that we do not
    speak. `{…}` are filled in as those of `Words` are."""
    return texts(spoken(language))["page"]


def site_words(language: str) -> Mapping[str, str]:
    """The words of the plain pages beside the chat, as `page_words` gives those of the chat."""
    return texts(spoken(language))["site"]


def language_name(code: str, language: str) -> str:
    """What a language is called in another; its code where we do not know."""
    return texts(spoken(language))["languages"].get(code, code)


def number(n: int, language: str) -> str:
    """`n` as a page of that language writes it, as its script does (`Number.toLocaleString`)."""
    return f"{n:,}".translate(_DIGITS.get(spoken(language), {}))


def spoken(language: str) -> str:
    """The one of `SPOKEN` that `language` (`ar`, `ar-EG`) is, or English."""
    code = language.split("-", maxsplit=1)[0].lower()
    return code if code in SPOKEN else "en"


@cache
def texts(language: str) -> Mapping[str, Mapping[str, str]]:
    """All words of one of `SPOKEN`, by section and name, as its file has them."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


@cache
def _words(language: str) -> Words:
    return Words(refusal=REFUSALS[language], **texts(language)["answer"])
