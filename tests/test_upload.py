"""Adding files to the archive: the page, the limits, and the index that follows."""

import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from assistant.assistant import Assistant
from assistant.following import FollowingAssistant
from index.build import index_paths
from index.config import IndexConfig
from index.errors import InputError
from index.generations import writing
from index.search import Searcher
from tests.browsing import served
from tests.conftest import sanad
from ui import chat, upload
from ui.serving import Options

UFA = "The forum met in Ufa in the year after that, as everybody there remembers well."


@dataclass(frozen=True)
class Archive:
    folder: Path
    index: Path
    address: str


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("archive")
    folder, index = root / "docs", root / "index"
    folder.mkdir()
    (folder / "kazan.txt").write_text("The forum met in Kazan in May of that year.")
    index_paths([folder], index, IndexConfig())
    assistant = FollowingAssistant(index, lambda: Searcher.open(index), Assistant)
    options = Options(index_dir=index, uploads=upload.folder_for(index))
    with served(chat.build_app(assistant, options=options)) as url:
        yield Archive(folder, index, url.rstrip("/"))


def outcomes(page: Any) -> dict[str, str]:
    # Another process indexes; on a busy machine it takes long to begin.
    page.locator(".progress-line", has_text="تم.").wait_for(timeout=200_000)
    lines = page.locator(".outcomes li").all_inner_texts()
    return dict(line.split(" — ") for line in lines)


def test_a_reader_adds_files_and_asks_about_them_while_another_writes(
    browser: Any, archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "أوفا.txt").write_text(UFA)
    (tmp_path / "empty.txt").write_text(" ")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    (tmp_path / "scan.txt").write_bytes(b"%PDF-1.4")
    page = browser.new_page(locale="ar")
    page.goto(f"{archive.address}/corpus")
    page.click("a[href*='/upload']")
    page.set_input_files("input", sorted(tmp_path.glob("*.*")))
    with writing(archive.index):
        page.click(".upload button")
        page.locator(".progress-line", has_text="الفهرسة").wait_for()
        assert httpx.get(f"{archive.address}/document/kazan.txt").status_code == 200
    assert outcomes(page) == {
        "أوفا.txt": "أُضيف",
        "empty.txt": "مرفوض: الملف فارغ",
        "scan.pdf": "مرفوض: لا يمكن أن يُضاف إلا .txt, .text, .md, .markdown, .html, .htm, .xhtml",
        "scan.txt": "مرفوض: هذا ملف PDF وليس نصًّا",
    }
    assert [f.name for f in (archive.folder / "uploads").iterdir()] == ["أوفا.txt"]
    page.goto(f"{archive.address}/?q=Which city did the forum meet in the year after?")
    page.wait_for_selector(".turn-body")
    assert "Ufa" in page.inner_text(".turn-body")
    page.close()


def test_another_file_of_that_name_stays_until_the_reader_says_so(
    browser: Any, archive: Archive, tmp_path: Path
) -> None:
    file, mine = archive.folder / "uploads" / "a.txt", tmp_path / "a.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text("The first text of that name.")
    mine.write_text("The second text of that name.")
    page = browser.new_page(locale="ar")
    page.goto(f"{archive.address}/upload")
    page.set_input_files("input", mine)
    page.click(".upload > button")
    page.wait_for_selector(".tools button")
    assert file.read_text().startswith("The first")
    page.click(".tools button")
    assert outcomes(page) == {"a.txt": "أُضيف"}
    assert file.read_text().startswith("The second")
    page.close()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/x.txt", "_.._etc_x.txt"),
        ("..\\x.txt", "_x.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\x00b\u202etxt.html", "a_b_txt.html"),
        ("e\u0301.TXT", "\u00e9.TXT"),
    ],
)
def test_a_name_is_made_safe(name: str, kept: str) -> None:
    assert upload.safe_name(name) == kept


@pytest.mark.parametrize("name", ["x", "x.py", ".txt", "...txt", "x" * 300 + ".txt", ""])
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        upload.safe_name(name)


async def content(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def received(folder: Path, name: str, *parts: bytes, replace: bool = False) -> str:
    """In a thread of its own, for Chromium's driver runs a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(anyio.run, upload.receive, folder, name, content(*parts), replace)
        return run.result()


def test_a_file_is_taken_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert received(tmp_path, "a.txt", b"on", b"e") == "new"
    assert received(tmp_path, "a.txt", b"one") == "same"
    assert received(tmp_path, "a.txt", b"two") == "taken"
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    assert received(tmp_path, "a.txt", b"two", replace=True) == "replaced"
    monkeypatch.setattr(upload, "MAX_BYTES", 4)
    with pytest.raises(InputError, match="larger than"):
        received(tmp_path, "b.txt", b"123", b"45")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="something else"):
        received(tmp_path, "link.txt", b"x", replace=True)
    monkeypatch.setattr(upload, "MAX_FILES", 2)
    with pytest.raises(InputError, match="holds 2 files"):
        received(tmp_path, "c.txt", b"x")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["a.txt", "link.txt"]


def test_what_cannot_be_read_takes_the_place_of_nothing(tmp_path: Path) -> None:
    received(tmp_path, "a.txt", b"A good text.")
    (tmp_path / "own.txt").write_bytes(b" ")
    for name, bad in (("a.txt", b" "), ("a.txt", b"\x00\x01"), ("own.txt", b" "), ("new.txt", b"")):
        with pytest.raises(InputError):
            received(tmp_path, name, bad, replace=True)
    kept = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    assert kept == {"a.txt": b"A good text.", "own.txt": b" "}


def test_without_leave_there_is_nothing_to_add_files_with(archive: Archive) -> None:
    assistant = FollowingAssistant(archive.index, lambda: Searcher.open(archive.index), Assistant)
    with served(chat.build_app(assistant, options=Options(index_dir=archive.index))) as url:
        assert httpx.put(f"{url}upload/files/a.txt", content=b"x").status_code >= 400
        assert httpx.post(f"{url}upload/index").status_code >= 400
        assert not re.search('"/upload"', httpx.get(f"{url}corpus").text)


def test_files_can_be_added_only_where_the_index_mirrors_them(
    archive: Archive, tmp_path: Path
) -> None:
    assert upload.folder_for(archive.index) == archive.folder / "uploads"
    done = sanad("chat", "--allow-upload", tmp_path, "--index", archive.index)
    assert (done.returncode, "is in no folder that the index mirrors" in done.stderr) == (1, True)
    with pytest.raises(InputError, match="index one again"):
        upload.folder_for(tmp_path)


def test_the_readmes_proxy_lets_through_what_may_be_added() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert f"client_max_body_size {upload.MAX_BYTES >> 20}m;" in readme
