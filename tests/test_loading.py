"""Files → Documents: encodings, formats, sections, furniture, and what is refused."""

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bylines import byline_of
from index.errors import DuplicateDocument, InputError, Unreadable
from index.loading import Skipped, file_sha256, find_files, load, load_all
from index.reasons import because
from index.sections import find_sections
from index.store import PassageStore
from index.types import CalendarDate, Document

SEEDS = Path(__file__).parent.parent / "seeds" / "documents"
ARABIC = "وصل الوفد الروسي إلى مدينة قازان.\nوقال الوزير إن الاجتماع كان مفيداً للجانبين."
RUSSIAN = "Делегация прибыла в Казань.\nМинистр заявил, что встреча была полезной для сторон."
ENGLISH = "The delegation arrived in Kazan.\nThe minister said that the meeting was useful."
LEAD = "The leaders of the republic met the guests of the forum in Kazan and spoke of trade there."
STORY = "Farmers in the south sold the whole harvest of wheat before the first rain of the autumn."
FRENCH = "Le président a été reçu à Kazan, où il a déclaré sa volonté."
ENCODED = [(FRENCH, "cp1252"), ("It’s “fine”, he said.", "cp1252"), (ENGLISH, "utf-16-le")]
ENCODED += [(RUSSIAN, name) for name in ("cp1251", "koi8-r", "cp866", "utf-16-be", "utf-32")]
ENCODED += [(ARABIC, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")]
ENCODED += [(ARABIC, name) for name in ("cp1256", "iso8859-6")]
HOSTILE = [b"<" * 100_000, b"<div>" * 50_000, b"[a](" * 50_000, b"'\"&#", b"* " * 50_000 + b"x"]
HOSTILE += [b"# Title" + gap * 50_000 + b"x" for gap in (b"  ", b" #")]


def seed(number: str) -> Document:
    path = next(SEEDS.glob(f"{number}_*"))
    return load(path.name, path)


def loaded(folder: Path, name: str, content: str | bytes) -> Document:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(name, path)


def refusal(folder: Path, name: str, content: str | bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        loaded(folder, name, content)
    assert "\n" not in str(caught.value)
    return str(caught.value.reason)


def visible(document: Document) -> str:
    """The text of all sections, less their furniture."""
    pieces = []
    for section in document.sections:
        at = section.start
        for start, end in (*section.furniture, (section.end, section.end)):
            pieces.append(document.text[at:start])
            at = end
    return "\n".join(pieces)


def test_a_directory_gives_its_files_by_their_relative_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", ".hidden", ".git/x.txt", "a/.y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    files = [("a/c.md", tmp_path / "a/c.md"), ("b.txt", tmp_path / "b.txt")]
    assert find_files([tmp_path]) == files


def test_a_file_reached_twice_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    assert len(find_files([tmp_path, tmp_path / "a.txt"])) == 1


@pytest.mark.parametrize("mark", ["current", "lock"])
def test_an_index_among_the_files_is_left_out(tmp_path: Path, mark: str) -> None:
    for name in (f"my/{mark}", "my/generations/a.txt", "my/b.txt", "generations/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    assert [doc_id for doc_id, _ in find_files([tmp_path])] == ["generations/c.txt"]


def test_a_linked_file_is_taken_and_a_linked_folder_named(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(ENGLISH)
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "loop.d").symlink_to(tmp_path)
    *documents, skipped = load_all(find_files([tmp_path]))
    assert [type(item) for item in documents] == [Document, Document]
    assert skipped == Skipped(tmp_path / "loop.d", because("link"))


def test_two_files_with_one_name_are_refused_by_name(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(folder)
    with pytest.raises(DuplicateDocument, match=r"one/a\.txt.*two/a\.txt"):
        find_files([tmp_path / "one", tmp_path / "two"])


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        find_files([tmp_path / "nothing"])


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
def test_every_encoding_gives_the_same_text(tmp_path: Path, text: str, encoding: str) -> None:
    content = text.replace("\n", "\r\n").encode(encoding)
    document = loaded(tmp_path, "a.txt", content)
    assert document.text == text
    assert document.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("text", "language"), [(ARABIC, "ar"), (RUSSIAN, "ru"), (ENGLISH, "en"), ("12 + 30", "und")]
)
def test_a_section_knows_its_language(tmp_path: Path, text: str, language: str) -> None:
    assert loaded(tmp_path, "a.txt", text).sections[0].language == language


def test_a_few_broken_bytes_do_not_hide_a_file(tmp_path: Path) -> None:
    document = loaded(tmp_path, "a.txt", ARABIC.encode() + b" \xff" + ARABIC.encode())
    assert document.text == f"{ARABIC} \ufffd{ARABIC}"


def test_a_nul_and_a_lone_surrogate_keep_their_places(tmp_path: Path) -> None:
    assert loaded(tmp_path, "a.txt", f"{ENGLISH}\0end").text == f"{ENGLISH}\0end"
    content = "\ufeffab\ud800cd efgh".encode("utf-16-le", "surrogatepass")
    assert loaded(tmp_path, "b.txt", content).text == "ab\ufffdcd efgh"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "it is empty"),
        ("a.txt", b" \n\t\n", "it is empty"),
        ("a.txt", b"Ru En\nTags: a, b\n", "it holds no text"),
        ("a.docx", b"text", "'.docx' is not supported"),
        ("a.txt", b"%PDF-1.7 text", "this is a PDF file"),
        ("a.txt", bytes(range(256)) * 20, "encoding"),
        ("a.txt", b"a\x01\x02\x03" * 50, "binary"),
        ("a.html", b"<html><body></body></html>", "it holds no text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    assert reason in refusal(tmp_path, name, content)


def test_a_file_over_the_limit_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    assert "60 MiB, the limit is 32 MiB" in refusal(tmp_path, "a.txt", b"a" * (60 << 20))


def test_what_is_skipped_is_named_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_text("text")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
    first, second = load_all(find_files([tmp_path]))
    assert isinstance(first, Skipped)
    assert first.path.name == "a.bin"
    assert isinstance(second, Skipped)
    assert str(second.reason) == "cannot be read (there is no such file)"


@pytest.mark.timeout(10)
def test_a_file_has_the_hash_of_its_document_and_a_pipe_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, "a.txt", ENGLISH).sha256 == file_sha256(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    with pytest.raises(Unreadable, match="it is not a regular file"):
        load("b.txt", tmp_path / "b.txt")
    (tmp_path / "c.txt").write_bytes(b"a" * ((32 << 20) + 1))
    assert [file_sha256(tmp_path / name) for name in ("b.txt", "c.txt", "d.txt")] == [""] * 3


def test_a_fault_on_one_file_is_told_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.loading.find_sections", lambda *_: int("two\nlines"))
    assert "could not be read (ValueError: " in refusal(tmp_path, "a.txt", ENGLISH)


def test_front_matter_is_metadata_and_no_text(tmp_path: Path) -> None:
    fields = 'title: "A: forum"\ndate: 2022-10-24\nsource: RT\nurl: https://rt.example/1\n'
    fields += "author: Anna Smith\n"
    document = loaded(tmp_path, "a.md", f"---\n{fields}---\n# Heading\n\n**Bold** [link](u) end.\n")
    assert document.text == "Heading\n\nBold link end.\n"
    (section,) = document.sections
    assert (section.title, section.date) == ("A: forum", date(2022, 10, 24))
    assert (section.outlet, section.url) == ("RT", "https://rt.example/1")
    assert section.byline == "Anna Smith"


def test_a_first_level_heading_is_the_title(tmp_path: Path) -> None:
    text = "# Kazan hosts a forum.\n\n24 October 2022\n\nThe forum opened.\n"
    section = loaded(tmp_path, "a.md", text).sections[0]
    assert (section.title, section.date) == ("Kazan hosts a forum.", date(2022, 10, 24))


def test_a_page_gives_its_article_and_metadata(tmp_path: Path) -> None:
    page = f"""<html><head><meta property="og:site_name" content="TASS">
        <meta property="og:title" content="Forum opens"><meta name="author" content="Ivan Petrov">
        <meta property="article:published_time" content="2022-10-25T08:00:00Z"></head><body>
        <nav><a href="/">Menu</a></nav><article><h1>Forum opens</h1><p>{LEAD}</p><p>{STORY}</p>
        </article></body></html>"""
    document = loaded(tmp_path, "a.html", page)
    section = document.sections[0]
    assert (section.title, section.date) == ("Forum opens", date(2022, 10, 25))
    assert (section.outlet, section.byline) == ("TASS", "Ivan Petrov")
    assert document.text.split("\n") == ["Forum opens", LEAD, STORY]


@pytest.mark.parametrize(
    "page",
    ["<p>Hello there.", "Hello there.", "<div>" * 200 + "Hello there.", "<x <y>Hello there.</z>"],
)
def test_broken_html_still_gives_its_text(tmp_path: Path, page: str) -> None:
    assert "Hello there." in loaded(tmp_path, "a.html", page).text


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize("suffix", [".html", ".md", ".txt"])
@pytest.mark.timeout(60)
def test_hostile_text_is_read_or_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(content)
    (result,) = load_all(find_files([tmp_path]))
    assert isinstance(result, Document | Skipped)


@pytest.mark.parametrize(
    ("number", "day", "outlet", "language"),
    [
        ("000", date(2021, 10, 27), None, "ar"),
        ("001", date(2024, 3, 7), "RT Arabic", "ar"),
        ("002", date(2022, 10, 24), "تاس", "ar"),
        ("003", date(2022, 10, 24), "تاس", "ar"),
        ("004", None, "آران نیوز", "fa"),
    ],
)
def test_a_seed_states_its_date_and_outlet(
    number: str, day: date | None, outlet: str | None, language: str
) -> None:
    section = seed(number).sections[0]
    assert (section.date, section.outlet, section.language) == (day, outlet, language)


def test_a_second_article_has_fields_of_its_own() -> None:
    first, second = seed("001").sections
    assert first.title is not None
    assert first.title.startswith("اجتماع موسع في موسكو")
    headline = "موسكو تعلن استعادة كورسك وزيلينسكي يعلن اعتقال صينيين يقاتلان مع روسيا"
    assert (second.title, second.date, second.outlet) == (headline, None, None)


def test_furniture_of_the_seeds_is_not_visible() -> None:
    text = visible(seed("000")) + visible(seed("001"))
    for furniture in ("Ru En", "list of", "end of list", "كلمات دلالية", "الصورة:", "إعلان"):
        assert furniture not in text
    assert text.count("كاراسين يعقد اجتماعا") == 1  # the title, not its captions
    assert "وتحاول روسيا منذ" in text
    assert "وقال زيلينسكي في منشور" in text


@pytest.mark.parametrize("label", ["Read also:", "Читайте также", "بیشتر بخوانید:", "اقرأ أيضاً"])
def test_links_under_a_read_also_label_are_cut(label: str) -> None:
    text = f"{LEAD}\n{label}\nOne headline\nAnother headline\n{STORY}"
    (section,) = find_sections(text)
    assert [text[a:b] for a, b in section.furniture] == [label, "One headline", "Another headline"]


def test_an_article_states_its_fields_in_russian_and_persian() -> None:
    russian = f"Форум открыт\n24 октября 2022\nКАЗАНЬ, 24 октября. /ТАСС/. {RUSSIAN}\nТеги: форум"
    persian = f"نشست کازان\nبه گزارش خبرگزاری ایرنا، {ARABIC}\nتاریخ انتشار: ۲ آبان ۱۴۰۱"
    for text, outlet in ((russian, "ТАСС"), (persian, "خبرگزاری ایرنا")):
        (section,) = find_sections(text)
        assert (section.date, section.outlet) == (date(2022, 10, 24), outlet)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Anna Smith and John van Dyke", "Anna Smith and John van Dyke"),
        ("بقلم: محمد علي", "محمد علي"),
        ("نویسنده: علی رضایی", "علی رضایی"),
        ("Автор: Пётр Иванов", "Пётр Иванов"),
        ("By the numbers", None),
        ("Автор сообщил, что форум открыт", None),
        ("Текст: форум открыт сегодня.", None),
    ],
)
def test_a_by_line_says_who_wrote_and_a_headline_does_not(line: str, name: str | None) -> None:
    assert byline_of(["Headline", line, LEAD]) == name


def test_the_date_that_an_article_bears_outlives_the_store(tmp_path: Path) -> None:
    (section,) = find_sections(f"نشست کازان\n۲ آبان ۱۴۰۱\nنویسنده: علی رضایی\n{ARABIC}")
    assert section.stated == CalendarDate("jalali", 1401, 8, 2)
    store = PassageStore(tmp_path / "p.sqlite", writable=True)
    document = Document("a.txt", "", "", (section,))
    store.add(document, [])
    assert store.document("a.txt") == document
    store.close()


def test_a_link_inside_an_article_does_not_end_it() -> None:
    more = f"The guests of the forum also saw Kazan. {LEAD}"
    text = f"Guests of the forum meet in Kazan\n{LEAD}\nRead also:\nWheat is sold\n{more}\n{more}"
    assert [section.title for section in find_sections(text)] == [text.split("\n", maxsplit=1)[0]]


def test_the_first_date_and_outlet_do_not_leak_into_a_second_article() -> None:
    first = f"Forum opens\nPublished: 7 March 2024\n{LEAD}\n{LEAD}\nSource: RT"
    text = f"{first}\nRead also:\nWheat is sold\n{STORY}\n{STORY} It was dry.\n{STORY}"
    one, two = find_sections(text)
    assert (one.date, one.outlet) == (date(2024, 3, 7), "RT")
    assert (two.title, two.date, two.outlet) == ("Wheat is sold", None, None)


@pytest.mark.parametrize("word", ["إعلانات", "إعلانها", "إعلاناً", "إعلانية", "إعلاناتهم"])
def test_forms_of_a_word_are_not_an_advertisement(word: str) -> None:
    assert find_sections(f"{word} الشركة كثيرة في هذه المدينة.")[0].furniture == ()


@given(st.text("ab .\n:ايقرأضنшю؟", max_size=300))
def test_sections_are_in_order_and_furniture_lies_within_them(text: str) -> None:
    at = 0
    for section in find_sections(text):
        assert at <= section.start < section.end <= len(text)
        bounds = [section.start, *sum(section.furniture, ()), section.end]
        assert bounds == sorted(bounds)
        at = section.end
