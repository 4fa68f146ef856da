"""References for tests, in four scripts and three calendars."""

import datetime

from assistant.anchors import Anchor
from assistant.references import Author, Reference, Source
from index.types import CalendarDate

DAY = datetime.date(2022, 10, 24)
READ = datetime.date(2026, 11, 26)
URL = "https://news.example/a_1?x=1&y=%20#top"


def reference(**facts: object) -> Reference:
    """A Russian article with everything known of it, but for what `facts` say."""
    known: dict[str, object] = {
        "key": "tass2022-0a1b2c",
        "title": "Лавров заявил о «важности» связей",
        "authors": (Author("Иванов", "Пётр Ильич"),),
        "outlet": "ТАСС",
        "day": DAY,
        "stated": None,
        "language": "ru",
        "url": URL,
        "accessed": READ,
    }
    return Reference(**(known | facts))  # type: ignore[arg-type]


def quotation(quote: str = "Форум открыт.", **facts: object) -> Source:
    """A quotation from such an article."""
    return Source(reference(**facts), quote, Anchor("0" * 12, "0" * 6, 7, 7 + len(quote), 13, 99))


# Whatever a format might obey: braces, percents, hashes, backslashes, tildes, quotation marks.
AWKWARD = r"100% of \"ties\" & {half} } of #1, $5_a^b~c \cite{x} — «да»…"

SOURCES = [
    quotation(),
    quotation("The forum opened.", key="x2022-1", title=AWKWARD, language="en", outlet="A & B {C}"),
    quotation(
        "افتتح المنتدى.",
        **{"key": "ar2022-2", "title": "انعقاد منتدى قازان", "outlet": "واس", "language": "ar"},
        authors=(Author("محمد علي"), Author("أحمد سالم")),
        stated=CalendarDate("hijri", 1444, 3, 28),
    ),
    quotation(
        "نشست گشایش یافت.",
        **{"key": "fa2022-3", "title": "نشست می‌شود", "outlet": None, "language": "fa"},
        stated=CalendarDate("jalali", 1401, 8, 2),
    ),
    quotation(
        "No more.", key="ennd-4", title="A note", authors=(), outlet=None, day=None, url=None
    ),
]
