"""References in a style, held to what its own manual prints."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import StyleError
from assistant.references import Author
from assistant.styles import NAMED, Run, formatted, plain
from index.types import CalendarDate
from tests.citations import reference

CAREY = reference(
    title="Can we get better at forgetting?",
    authors=(Author("Carey", "Benedict"),),
    outlet="The New York Times",
    day=datetime.date(2019, 3, 22),
    language="en",
    url="https://www.nytimes.com/2019/03/22/health/memory-forgetting-psychology.html",
)
MANJOO = reference(
    key="manjoo",
    title="Snap Makes a Bet on the Cultural Supremacy of the Camera",
    authors=(Author("Manjoo", "Farhad"),),
    outlet="New York Times",
    day=datetime.date(2017, 3, 8),
    language="en",
    url="https://www.nytimes.com/2017/03/08/snap.html",
)
ROBERTS = reference(
    title="US draft resolution allows Obama 90 days for military action against Syria",
    authors=(Author("Roberts", "Dan"), Author("Ackerman", "Spencer")),
    outlet="The Guardian",
    day=datetime.date(2013, 9, 4),
    language="en",
    url="http://www.theguardian.com/world/syria",
    accessed=datetime.date(2015, 9, 9),
)


def entry(style: str, given: object = None, language: str | None = None, **facts: object) -> str:
    chosen = given or reference(**facts)
    (one,) = formatted([chosen], style, language)  # type: ignore[list-item]
    return plain(one.entry)


def test_apa_is_as_its_manual_has_it() -> None:
    """The newspaper article of https://apastyle.apa.org/style-grammar-guidelines/references."""
    (one,) = formatted([CAREY], "apa")
    assert plain(one.entry) == (
        "Carey, B. (2019, March 22). Can we get better at forgetting? The New York Times. "
        "https://www.nytimes.com/2019/03/22/health/memory-forgetting-psychology.html"
    )
    assert Run("The New York Times", italic=True) in one.entry


def test_chicago_is_as_its_manual_has_it() -> None:
    """The news article of the quick guide to the Chicago Manual of Style."""
    (one,) = formatted([MANJOO], "chicago")
    assert plain(one.note) == (
        "Farhad Manjoo, “Snap Makes a Bet on the Cultural Supremacy of the Camera,” New York "
        "Times, March 8, 2017, https://www.nytimes.com/2017/03/08/snap.html."
    )
    assert plain(one.entry) == (
        "Manjoo, Farhad. “Snap Makes a Bet on the Cultural Supremacy of the Camera.” New York "
        "Times, March 8, 2017. https://www.nytimes.com/2017/03/08/snap.html."
    )


def test_harvard_is_as_cite_them_right_has_it() -> None:
    assert entry("harvard", ROBERTS) == (
        "Roberts, D. and Ackerman, S. (2013) ‘US draft resolution allows Obama 90 days for "
        "military action against Syria’, The Guardian, 4 September. Available at: "
        "http://www.theguardian.com/world/syria (Accessed: 9 September 2015)."
    )


def test_mla_is_as_its_handbook_has_it() -> None:
    """Author. “Title.” Container, day month year, address. (MLA Handbook, 9th edition, 5.1)"""
    assert entry("mla", MANJOO) == (
        "Manjoo, Farhad. “Snap Makes a Bet on the Cultural Supremacy of the Camera.” New York "
        "Times, 8 Mar. 2017, https://www.nytimes.com/2017/03/08/snap.html."
    )


def test_gost_is_as_the_standard_has_it() -> None:
    """Author. Title // source. Year. Day month. URL: … (дата обращения: …)."""
    assert entry("gost", url="http://tass.ru/1") == (
        "Иванов П. И. Лавров заявил о «важности» связей // ТАСС. 2022. 24 окт. "
        "URL: http://tass.ru/1 (дата обращения: 26.11.2026)."
    )
    assert entry("gost", authors=(), url=None, accessed=None, day=None) == (
        "Лавров заявил о «важности» связей // ТАСС."
    )


@pytest.mark.parametrize("style", NAMED)
@pytest.mark.parametrize("missing", ["authors", "outlet", "day", "url"])
def test_what_is_not_known_leaves_no_gap_and_nothing_is_said_twice(
    style: str, missing: str
) -> None:
    known = {"title": "Talks in Kazan", "outlet": "Tatar-inform", "language": "en"}
    text = entry(style, **(known | {missing: () if missing == "authors" else None}))
    assert text.count("Talks in Kazan") == 1
    assert text.count("Tatar-inform") == (missing != "outlet")
    assert "  " not in text
    assert not {"..", ",,", ". .", "()", "“”"} & {
        text[i : i + n] for n in (2, 3) for i in range(999)
    }


def test_a_date_of_another_calendar_stands_beside_the_gregorian_one() -> None:
    jalali = {"stated": CalendarDate("jalali", 1401, 8, 2), "day": datetime.date(2022, 10, 24)}
    assert "(2022, October 24 [2 Aban 1401 SH])" in entry("apa", **jalali)
    assert "24 окт. [2 абана 1401 г. солнечной хиджры]" in entry("gost", **jalali)
    hijri = {"stated": CalendarDate("hijri", 1444, 3, 28), "day": datetime.date(2022, 10, 24)}
    assert "24 أكتوبر، 2022 [28 ربيع الأول 1444 هـ]" in entry("mla", None, "ar", **hijri)
    assert "[۲ آبان ۱۴۰۱]" in entry("chicago", None, "fa", **jalali)


def test_months_are_in_the_language_asked_for() -> None:
    assert "24 октября 2022" in entry("mla", None, "ru")
    assert "24 أكتوبر، 2022" in entry("mla", None, "ar")


def test_a_list_has_each_article_once_in_the_order_of_its_style() -> None:
    second = reference(key="b", authors=(Author("Абаев", "Олег"),))
    found = formatted([MANJOO, reference(), second, reference()], "apa")
    assert [f.reference.authors[0].family for f in found] == ["Manjoo", "Абаев", "Иванов"]


def test_any_style_of_the_collection_and_of_a_file_can_be_used(tmp_path: Path) -> None:
    assert entry("ieee", CAREY).startswith("[1] B. Carey, “Can we get better at forgetting?,” ")
    own = Path("assistant/csl/gost-r-7-0-5.csl").read_text("utf-8")
    file = tmp_path / "mine.csl"
    file.write_text(own.replace("URL: ", "Адрес: "), "utf-8")
    assert "Адрес: https://" in entry(str(file))


@pytest.mark.parametrize(
    ("content", "said"),
    [("<x/>", "is no CSL style"), ("junk", "stands by itself"), (None, "cannot be read")],
)
def test_what_is_no_style_is_refused_in_one_line(
    content: str | None, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.csl"
    if content is not None:
        file.write_text(content)
    with pytest.raises(StyleError, match=said) as caught:
        entry(str(file))
    assert "\n" not in str(caught.value)


def test_an_unknown_style_is_told_with_those_of_like_names() -> None:
    with pytest.raises(StyleError, match=r"no style 'chicgo'.*did you mean chicago"):
        entry("chicgo")
    with pytest.raises(StyleError, match="no style"):
        entry("../../etc/passwd")


def test_references_are_the_same_when_several_are_made_at_once() -> None:
    styles = [*NAMED] * 4
    alone = [formatted([CAREY, MANJOO], style) for style in styles]
    with ThreadPoolExecutor(max_workers=8) as threads:
        at_once = list(threads.map(lambda style: formatted([CAREY, MANJOO], style), styles))
    assert at_once == alone
