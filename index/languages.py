"""Which language and which script a text is in."""

import re
from collections.abc import Callable, Sequence
from functools import cache

UNKNOWN = "und"

# Fewer letters than this say too little: lingua takes the single word قازان for Persian.
_MIN_LETTERS = 12
# Enough to tell the language of an article, and bounded however long the file is.
_SAMPLE_CHARS = 3000
# Below this lingua's trigram mode errs (it takes «وزیر خارجه روسیه گفت» for Urdu). Above it, it was
# right on every stretch of the seeds, and costs 0.1 s and 20 MB where the full models take 1 s and
# 300 MB.
_TRIGRAMS_SUFFICE = 60

# The four languages of the house, and neighbours in script so that those are not claimed wrongly.
_LANGUAGES = ("AR", "FA", "UR", "RU", "UK", "BG", "KK", "EN", "TR", "FR", "DE", "ES")

_SCRIPTS = {
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefe]+"),
    "cyrillic": re.compile("[\u0400-\u052f]+"),
    "latin": re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]+"),
}
_SCRIPT_OF = dict.fromkeys(("ar", "fa", "ur"), "arabic")
_SCRIPT_OF |= dict.fromkeys(("ru", "uk", "bg", "kk", "tt"), "cyrillic")
_SCRIPT_OF |= dict.fromkeys(("en", "tr", "fr", "de", "es"), "latin")

# lingua does not know Tatar and calls it Kazakh; each has letters that the other lacks.
_TATAR, _KAZAKH = re.compile("[җҗһ]", re.I), re.compile("[қғұі]", re.I)


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of `text`, or "und" when there is too little of it."""
    sample = text[:_SAMPLE_CHARS]
    n_letters = sum(map(str.isalpha, sample))
    if n_letters < _MIN_LETTERS or script_of(sample) is None:
        return UNKNOWN
    code = _detector(n_letters >= _TRIGRAMS_SUFFICE)(sample) or UNKNOWN
    if code == "kk" and _TATAR.search(sample) and not _KAZAKH.search(sample):
        return "tt"
    return code


def scripts_in(text: str, among: Sequence[str] = tuple(_SCRIPTS)) -> list[str]:
    """The scripts of the letters of `text`, of those it may have."""
    if text.isascii():
        among = [name for name in among if name == "latin"]
    return [name for name in among if _SCRIPTS[name].search(text)]


def script_of(text: str, among: Sequence[str] = tuple(_SCRIPTS)) -> str | None:
    """`arabic`, `cyrillic` or `latin`, whichever has most letters in `text`; None without any.
    Those that it may have need not be all, where they are known (`scripts_in`)."""
    met = scripts_in(text, among)
    if len(met) < 2:  # as nearly always, and no letter need be counted
        return met[0] if met else None
    counts = {name: sum(map(len, _SCRIPTS[name].findall(text))) for name in met}
    return max(met, key=counts.__getitem__)


def script_of_language(language: str) -> str | None:
    """The script that a language is written in, if it is one of those that `detect` gives."""
    return _SCRIPT_OF.get(language)


@cache
def _detector(trigrams: bool) -> Callable[[str], str | None]:
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # noqa: PLC0415 - only loading needs it

    codes = [getattr(IsoCode639_1, code) for code in _LANGUAGES]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    detector = (builder.with_low_accuracy_mode() if trigrams else builder).build()

    def code_of(text: str) -> str | None:
        language = detector.detect_language_of(text)
        return language.iso_code_639_1.name.lower() if language else None

    return code_of
