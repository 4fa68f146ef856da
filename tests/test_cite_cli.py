"""`sanad open`, `cite` and `export`: what people take away, on the command line."""

import json
import shutil
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from assistant.anchors import anchor
from index.build import index_paths
from index.config import IndexConfig
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
    place = anchored()
    docs, index = tmp_path / "docs", tmp_path / "index"
    docs.mkdir()
    shutil.copy(SEEDS / SEED, docs)
    text = (docs / SEED).read_text("utf-8")
    (docs / SEED).write_text(f"تصحيح.\n\n{text}", "utf-8")
    index_paths([docs], index, IndexConfig())
    assert main(["open", place, "--json", "--index", str(index)]) == 0
    moved = json.loads(capsys.readouterr().out)
    assert (moved["place"], moved["text"]) == ("moved", FOUNDED)
    (docs / SEED).write_text(text.replace("1969", "1970"), "utf-8")
    index_paths([docs], index, IndexConfig())
    assert main(["open", place, "--index", str(index)]) == 1
    assert "no longer says it" in capsys.readouterr().out
    (docs / SEED).rename(docs / "other.txt")
    index_paths([docs], index, IndexConfig())
    assert main(["open", place, "--index", str(index)]) == 1
    assert capsys.readouterr().err.startswith("sanad: neither the document of 'sanad:")


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
