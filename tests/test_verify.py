from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.anchors import anchor
from assistant.drafts import read_draft
from assistant.verify import Finding, verify
from eval.verifying import read_drafts, score, totals
from index.build import index_paths
from index.config import IndexConfig
from index.search import Searcher
from tests.conftest import ROOT, SEEDS, sanad

Check = Callable[[str], list[Finding]]

SET = ROOT / "eval" / "drafts"
NOTE = "\n\n[^1]: Old bridge over the Sarna reopens after nine years, 14 June 2023."


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "index"
    index_paths([SET / "documents", SEEDS], folder, IndexConfig())
    return folder


@pytest.fixture(scope="module")
def archive(index: Path) -> Iterator[Searcher]:
    with Searcher.open(index) as opened:
        yield opened


@pytest.fixture
def check(archive: Searcher, tmp_path: Path) -> Check:
    def run(text: str) -> list[Finding]:
        (tmp_path / "draft.md").write_text(text, "utf-8")
        return verify(read_draft(tmp_path / "draft.md"), archive)

    return run


def test_an_exact_quotation_is_found_at_its_place(check: Check, archive: Searcher) -> None:
    (found,) = check("“No cars will be allowed on the bridge”[^1]." + NOTE)
    assert (found.outcome, found.doc_id, found.cited) == ("exact", "bridge-en.txt", ("1",))
    source = archive.document("bridge-en.txt")
    assert source is not None
    assert source.text[found.start : found.end] == found.text
    assert found.date is not None


def test_an_altered_quotation_says_what_was_altered(check: Check) -> None:
    (found,) = check("“No trams will be allowed on the bridge”[^1]." + NOTE)
    assert found.outcome == "altered"
    assert [(c.draft, c.source) for c in found.changes] == [("trams", "cars")]


def test_a_quotation_from_another_document_than_cited_is_elsewhere(check: Check) -> None:
    (found,) = check("“it is the end of guessing”[^1]" + NOTE)
    assert (found.outcome, found.doc_id, found.as_cited) == ("elsewhere", "water-en.txt", False)


def test_an_anchor_names_its_document(check: Check, archive: Searcher) -> None:
    source = archive.document("water-en.txt")
    assert source is not None
    at = source.text.index("it is the end of guessing")
    (found,) = check(f"“it is the end of guessing” [^1]\n\n[^1]: {anchor(source, at, at + 25)}")
    assert (found.outcome, found.cited) == ("exact", ("1",))
    (found,) = check(f"“No cars will be allowed” [^1]\n\n[^1]: {anchor(source, at, at + 25)}")
    assert found.outcome == "elsewhere"


def test_each_quotation_of_a_sentence_takes_the_source_after_it(check: Check) -> None:
    text = "“No cars will be allowed” (bridge-en.txt), “the end of guessing” (water-en.txt)."
    assert [f.outcome for f in check(text) if f.what == "quotation"] == ["exact", "exact"]


def test_a_title_that_is_quoted_is_right(check: Check) -> None:
    (found,) = check("I read “Nine countries sign the Lake Orum water agreement” today.")
    assert found.outcome == "exact"


def test_a_draft_without_quotations_and_citations_has_nothing_wrong(check: Check) -> None:
    assert check("Only text, and a [link](https://example.org) to elsewhere.") == []


def test_at_least_nineteen_in_twenty_alterations_are_found_and_hardly_a_false_one(
    check: Check,
) -> None:
    """A quarter of the reported half; `sanad eval verify` has all of it."""
    drafts = [d for d in read_drafts(SET / "drafts.jsonl") if d.half == "reported"]
    found, false = totals(score(drafts[::4], check))
    assert found >= 0.95
    assert false <= 0.02


def test_the_command_prints_a_table_and_exits_with_1_when_something_is_wrong(
    index: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "a.md"
    draft.write_text("One.\n\n“No trams will be allowed on the bridge” is said.", "utf-8")
    done = sanad("verify", draft, "--index", index)
    assert done.returncode == 1
    row, change, _, summary = done.stdout.splitlines()
    assert row.split()[:5] == ["!", "line", "3", "altered", "bridge-en.txt"]
    assert change.strip() == "“trams” ← the source has “cars”"
    assert summary == "1 looked up: 1 altered. 1 wrong."


@pytest.mark.parametrize("name", ["missing.md", "broken.docx", "a.pdf"])
def test_a_draft_that_cannot_be_read_is_wrong_use(index: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.docx").write_bytes(b"PK broken")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    done = sanad("verify", tmp_path / name, "--index", index)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


ACROSS = "“{}” (water-ru.txt)."
TRANSLATION = "Nine countries signed an agreement on sharing the water of Lake Orum"


def test_a_translated_quotation_is_to_be_looked_at_beside_its_nearest_sentence(
    check: Check, archive: Searcher
) -> None:
    (found,) = check(ACROSS.format(TRANSLATION))
    assert (found.outcome, found.is_wrong, found.is_open) == ("translated", False, True)
    source = archive.document("water-ru.txt")
    assert source is not None
    assert source.text[found.start : found.end] == found.source
    assert "Девять стран подписали" in source.text[found.start : found.end]


def test_an_invented_quotation_in_another_language_is_not_found(check: Check) -> None:
    (found,) = check(ACROSS.format("The fishermen have gone on strike over their wages"))
    assert (found.outcome, found.is_wrong, found.foreign) == ("missing", True, True)


def test_a_sentence_of_which_only_the_names_are_in_its_source_is_unsupported(check: Check) -> None:
    found = check("Chief engineer Pavel Orlik was arrested for embezzlement (bridge-en.txt).")
    assert [f.outcome for f in found] == ["unsupported"]


@pytest.mark.parametrize(("flags", "code"), [([], 0), (["--strict"], 1)])
def test_only_strict_fails_for_what_is_to_be_looked_at(
    index: Path, tmp_path: Path, flags: list[str], code: int
) -> None:
    draft = tmp_path / "a.md"
    draft.write_text(ACROSS.format(TRANSLATION), "utf-8")
    done = sanad("verify", draft, "--index", index, *flags)
    assert done.returncode == code
    assert "not checked word for word" in done.stdout
    assert done.stdout.rstrip().endswith("1 to look at (not checked word for word).")
