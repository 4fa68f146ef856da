"""Where an article comes from, as its own text states it: the outlet and the address."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

_MAX_CHARS = 160
_MAX_NAME_WORDS = 6

_SOURCE = re.compile(
    r"\W*(?:المصدر|المصادر|مصدر|sources?|источник[иа]?|منبع|منابع)\s*[::]\s*(?P<name>\S.*)", re.I
)
_ADDRESS = re.compile(
    r"\W*(?:(?:url|link|الرابط|رابط|ссылка|لینک|پیوند)\s*[::]\s*)?(?P<url>https?://[^\s<>\"]+)",
    re.I,
)
# Persian news opens with whom it follows: «به گزارش آران نیوز به نقل از …».
_ACCORDING = re.compile(
    r"به\s+گزارش\s+(?:خبرنگار\s+)?(?P<name>\S.{1,60}?)(?=\s+به\s+نقل\s+از\s|\s+از\s|\s*[،,؛:.(])"
)
_ACCORDING_LINES = 4
# «According to media, to sources, to us» names nobody.
_NOBODY = ("رسانه", "منابع", "برخی", "ما ", "این ", "شاهدان", "پایگاه خبری ما")

_AGENCIES = (
    "TASS|ТАСС|تاس|Reuters|رويترز|AP|AFP|أ ?ف ?ب|RIA Novosti|РИА Новости|Interfax|Интерфакс|"
    "Татар-информ|Tatar-inform|Sputnik|سبوتنيك|Xinhua|شينخوا|Anadolu|الأناضول|IRNA|ایرنا|واس|قنا"
)
# «MOSCOW, October 24. /TASS/.», «موسكو (رويترز) -», «КАЗАНЬ, 24 окт — РИА Новости.»
_LEAD = re.compile(
    rf"[^.\n]{{0,40}}[.,]?\s*(?:[(/](?P<name>{_AGENCIES})[)/]|[—–-]\s(?P<after>{_AGENCIES})\.)"
)
_LEAD_LINES = 4


def outlet_of(lines: Sequence[str]) -> str | None:
    """The outlet named in a source line, else by the opening, of an article of these lines."""
    # «Источник: …» as the first line is a headline about what a source said.
    named = [name for line in lines[1:] if (name := _source(line))]
    if named:
        return named[-1]
    return _according(lines[:_ACCORDING_LINES]) or _lead(lines[:_LEAD_LINES])


def url_of(lines: Sequence[str]) -> str | None:
    """The address that stands alone or behind a label in a line at either end of the article."""
    for line in [*lines[:4], *lines[4:][-4:]]:
        if len(line) <= 2000 and (found := _ADDRESS.fullmatch(line.strip())):
            return found["url"]
    sources = (_SOURCE.fullmatch(line.strip()) for line in lines[1:] if len(line) <= _MAX_CHARS)
    addresses = (found["name"] for found in sources if found)
    return next((name for name in addresses if _host(name)), None)


def is_source(line: str) -> bool:
    """Whether a line does nothing but name the source or the address."""
    return _source(line) is not None or (
        len(line) <= 2000 and _ADDRESS.fullmatch(line.strip()) is not None
    )


def _source(line: str) -> str | None:
    if len(line) > _MAX_CHARS or not (found := _SOURCE.fullmatch(line.strip())):
        return None
    name = found["name"].strip(" .،,;«»\"'“”*_|")
    return (_host(name) or name) if 0 < len(name.split()) <= _MAX_NAME_WORDS else None


def _host(name: str) -> str | None:
    if not name.startswith(("http://", "https://")) or " " in name:
        return None
    try:
        host = urlsplit(name).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _according(lines: Sequence[str]) -> str | None:
    for line in lines:
        if found := _ACCORDING.match(line):
            name = found["name"].strip(' "«»')
            if len(name.split()) <= _MAX_NAME_WORDS and not name.startswith(_NOBODY):
                return name
    return None


def _lead(lines: Sequence[str]) -> str | None:
    for line in lines:
        if found := _LEAD.match(line):
            return found["name"] or found["after"]
    return None
