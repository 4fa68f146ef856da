import pytest

from assistant.cited import Named, Target
from index.types import Section

TITLE = "Old bridge over the Sarna reopens"
DOCUMENTS = {
    "news/2023/bridge.txt": (Section(0, 90, title=TITLE, url="https://www.example.org/a/?id=1"),),
    "news/two.html": (
        Section(0, 50, title="Nine countries sign"),
        Section(50, 99, title="Nine countries sign the water agreement"),
    ),
    "a b.txt": (Section(0, 9, title="Short title"),),
    "old/same.txt": (),
    "new/same.txt": (),
}
NAMED = Named(DOCUMENTS)
BRIDGE = Target("news/2023/bridge.txt", 0, 90)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("(news/2023/bridge.txt)", Target("news/2023/bridge.txt")),
        ("see ../archive/bridge.txt.", Target("news/2023/bridge.txt")),
        ("`bridge.txt`, 12–34", Target("news/2023/bridge.txt", near=(12, 34))),
        ("news/2023/bridge.txt:12-34", Target("news/2023/bridge.txt", near=(12, 34))),
        ("a%20b.txt", Target("a b.txt")),
        ("<http://example.org/a?id=1>", None),
        ("https://example.org/a/?id=1#:~:text=bridge", BRIDGE),
        (f"Anon. “{TITLE.upper()}.” Daily, 2023.", BRIDGE),
        ("“Nine countries sign the water agreement”", Target("news/two.html", 50, 99)),
    ],
)
def test_a_source_is_named_by_path_address_or_title(text: str, target: Target | None) -> None:
    assert NAMED.named_in(text) == ((target,) if target else ())


@pytest.mark.parametrize("text", ["same.txt", "Short title", "Smith 2019, p. 3", ""])
def test_what_could_be_two_documents_or_is_too_short_names_none(text: str) -> None:
    assert NAMED.named_in(text) == ()


def test_an_article_holds_what_lies_in_it_and_a_path_the_whole_document() -> None:
    assert Target("a", 50, 99).holds("a", 60, 70)
    assert not Target("a", 50, 99).holds("a", 10, 70)
    assert Target("a").holds("a", 10, 70)
    assert not Target("a").holds("b", 10, 70)
