"""`sanad open`, `cite` and `export`: what people take away, on the command line."""

import io
import json
import resource
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from assistant.anchors import anchor
from eval.jsonl import write_bytes
from index.loading import load
from tests.conftest import SEEDS
from ui.cli.main import main

FOUNDED = "وقد تأسست عام 1969"
SEED = "003_b3e058f4b2c0909a.txt"


def anchored(words: str = FOUNDED) -> str:
    document = load(SEED, SEEDS / SEED)
    start = document.text.index(words)
    return str(anchor(document, start, start + len(words)))


def test_an_anchor_opens_the_passage_in_its_document(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", anchored(), "--index", str(seeds_index)]) == 0
    printed = capsys.readouterr().out
    assert "تاس · 2022-10-24" in printed
    assert f"{SEED}:" in printed
    assert "(unchanged)" in printed
    assert f"> {FOUNDED}" in printed
    assert "بعد الأمم المتحدة." in printed


def test_a_changed_document_is_told_and_fails_only_when_it_no_longer_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, index = tmp_path / "docs", ["--index", str(tmp_path / "index")]
    docs.mkdir()
    text = (SEEDS / SEED).read_text("utf-8")
    (docs / SEED).write_text(f"تصحيح.\n\n{text.replace('1969', '1970')}", "utf-8")
    main(["index", str(docs), *index])
    capsys.readouterr()
    assert main(["open", anchored("موسكو تقدّر ذلك"), "--json", *index]) == 0
    moved = json.loads(capsys.readouterr().out)
    assert (moved["place"], moved["text"]) == ("moved", "موسكو تقدّر ذلك")
    assert main(["open", anchored(FOUNDED), *index]) == 1
    assert "no longer says it" in capsys.readouterr().out
    gone = "sanad:3f2a9c81d0e4-7b2c91-1204-1310-96-9c3e12ab34cd5678"
    assert main(["open", gone, *index]) == 1
    assert capsys.readouterr().err.startswith(f"sanad: neither the document of '{gone}'")


def test_the_browser_gets_the_document_with_the_passage_marked(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    main(["open", anchored(), "--browser", "--index", str(seeds_index)])
    (address,) = opened
    page = Path(url2pathname(urlsplit(address).path)).read_text("utf-8")
    assert address.endswith("#quote")
    assert f'<mark id="quote">{FOUNDED}</mark>' in page
    assert "default-src 'none'" in page


def test_every_citation_of_an_answer_opens_where_it_says(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ask", "متى تأسست منظمة التعاون الإسلامي؟", "--json", "--index", str(seeds_index)])
    for citation in json.loads(capsys.readouterr().out)["citations"]:
        assert main(["open", citation["anchor"], "--json", "--index", str(seeds_index)]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["place"] == "unchanged"
        assert (found["doc_id"], found["start"], found["text"]) == (
            *(citation["doc_id"], citation["start"]),
            citation["quote"],
        )


@pytest.mark.parametrize("given", ["nonsense", "sanad:12-3"])
def test_what_is_no_anchor_is_one_line(
    given: str, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", given, "--index", str(seeds_index)]) == 1
    assert capsys.readouterr().err.startswith(f"sanad: '{given}' is no anchor; one looks like")


def test_a_passage_is_cited_in_a_style_and_for_a_reference_manager(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(seeds_index)]
    assert main(["cite", anchored(), "--style", "gost", *index]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"«{FOUNDED}»\n[يعقد وزير الخارجية الروسي")
    assert printed.endswith("] // تاس. 2022. 24 окт.\n")
    assert main(["cite", anchored(), "--format", "csl-json", *index]) == 0
    (item,) = json.loads(capsys.readouterr().out)
    assert item["custom"]["anchors"] == [anchored()]
    assert item["issued"] == {"date-parts": [[2022, 10, 24]]}


def test_anchors_are_read_from_standard_input(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two = f"{anchored()}\n{anchored('موسكو تقدّر ذلك')}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(two))
    assert main(["cite", "-", "--format", "markdown", "--index", str(seeds_index)]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n[^ar2022-") == 2
    assert "-2]: " in printed


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["--style", "nosuch"], 1, "there is no style 'nosuch'"),
        (["--accessed", "yesterday"], 2, "'yesterday' is not a day like 2026-11-26"),
        (["--format", "docx"], 2, "invalid choice: 'docx'"),
    ],
)
def test_a_wrong_style_day_or_form_is_one_line(
    asked: list[str],
    code: int,
    said: str,
    seeds_index: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        got: object = main(["cite", anchored(), *asked, "--index", str(seeds_index)])
    except SystemExit as error:
        got = error.code
    assert got == code
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_file_that_cannot_be_written_whole_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            write_bytes(file, b"new and longer")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a.docx", b"old")]
