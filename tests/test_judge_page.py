"""The judging page in a real browser: three judgements are three lines, and nothing tells tales."""

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import Dataset, Query
from eval.judgements import judged
from eval.judging import Sitting
from eval.pooling import pooled
from eval.runs import Run
from index.errors import InputError
from tests.browsing import served
from tests.conftest import document
from ui import judge, serving
from ui.cli.main import main

HOSTILE = "<img src='http://outside.example/x' onerror='window.broken=1'> ${1} {{x}} \u202eolleh"
SET = Dataset(
    "toy",
    (
        document("ar", "انعقد المنتدى في مدينة قازان.\nوحضره الوزير.", "ar"),
        document("en", "The forum met in Kazan.", "en"),
        document("bad", f"A forum {HOSTILE}", "en"),
    ),
    (Query("q-ar", "أين انعقد المنتدى؟", "ar", ("قازان",)), Query("q-en", "Where? <b>", "en")),
    {},
)
RUNS = [
    Run("secret-lexical", {"q-ar": [("ar", 2.0), ("bad", 1.0)]}),
    Run("secret-dense", {"q-ar": [("en", 2.0)], "q-en": [("en", 9.0)]}),
]


@contextmanager
def judging(sitting: Sitting) -> Iterator[str]:
    with served(judge.build_app(sitting)) as address:
        yield address


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> Sitting:
    file = tmp_path_factory.mktemp("judged") / "out.tsv"
    return Sitting(pooled(RUNS, SET, 5, 0), file)


@pytest.fixture(scope="module")
def address(sitting: Sitting) -> Iterator[str]:
    with judging(sitting) as url:
        yield url


def press(page: Any, key: str) -> None:
    """Press a key and wait for the next card."""
    page.evaluate("document.querySelector('.place').firstElementChild.dataset.old = 1")
    page.keyboard.press(key)
    page.wait_for_selector(".place > :first-child:not([data-old])")


def lines(sitting: Sitting) -> list[str]:
    return sitting.file.read_text("utf-8").splitlines()[1:]


def test_three_keys_are_three_lines_and_nothing_tells_which_run_found_what(
    browser: Any, sitting: Sitting, address: str
) -> None:
    page = browser.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.goto(address)
    page.wait_for_selector(".card")
    shown = ""
    for n, key in enumerate("102", 1):
        shown += page.content()
        press(page, key)
        assert len(lines(sitting)) == n
    assert sorted(line.split("\t")[2] for line in lines(sitting)) == ["0", "1", "2"]
    assert "secret" not in shown
    assert not re.search(r"\b(bm25|dense|hybrid|rank|score)\b", page.inner_text("main"))
    assert page.evaluate("window.broken") is None
    assert "${1} {{x}} [U+202E]olleh" in shown
    assert [url for url in seen if not url.startswith((address, "data:"))] == []

    press(page, "u")
    assert len(lines(sitting)) == 2
    page.click("[data-grade='2']")
    page.wait_for_function("document.querySelector('progress').value === 3")
    press(page, "0")
    assert "All 4 passages are judged" in page.inner_text(".done")
    assert len(judged(sitting.file)) == 4
    page.close()


def test_each_block_runs_its_own_way_and_the_page_fits_a_narrow_window(
    browser: Any, tmp_path: Path
) -> None:
    fresh = Sitting(pooled(RUNS[:1], SET, 1, 0), tmp_path / "out.tsv")
    with judging(fresh) as url:
        page = browser.new_page(viewport={"width": 360, "height": 700})
        page.goto(url)
        page.wait_for_selector(".card")
        for css in (".question", ".text p"):
            found = page.locator(css).first
            assert found.evaluate("block => getComputedStyle(block).direction") == "rtl"
        assert page.locator("mark").all_inner_texts() == ["انعقد", "المنتدى"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()


@pytest.mark.parametrize("port_of", ["evil.example", "null"])
def test_a_page_of_another_origin_can_judge_nothing(
    address: str, sitting: Sitting, port_of: str
) -> None:
    before = judged(sitting.file) if sitting.file.exists() else {}
    origin = port_of if port_of == "null" else f"http://{port_of}"
    body = {"session_hash": "x", "component_id": 1, "fn_name": "act", "data": {"do": "undo"}}
    port = int(address.split(":")[2].strip("/"))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        headers = {"Origin": origin, "Content-Type": "text/plain"}
        connection.request("POST", "/gradio_api/component_server", json.dumps(body), headers)
        assert connection.getresponse().status == 403
    assert (judged(sitting.file) if sitting.file.exists() else {}) == before


@pytest.mark.parametrize(
    "asked", [{}, {"do": "judge", "item": 9, "grade": 1}, {"do": "judge", "item": 0, "grade": 3}]
)
def test_what_the_page_should_not_ask_is_refused_and_writes_nothing(
    asked: dict[str, Any], tmp_path: Path
) -> None:
    fresh = Sitting(pooled(RUNS, SET, 1, 0), tmp_path / "out.tsv")
    assert "reload it" in judge.answer(fresh, asked)
    assert judged(fresh.file) == {}


def test_a_judgement_that_cannot_be_written_is_told_and_asked_for_again(tmp_path: Path) -> None:
    fresh = Sitting(pooled(RUNS, SET, 1, 0), tmp_path / "out.tsv")
    fresh.file.mkdir()
    assert "It was not written" in judge.answer(fresh, {"do": "judge", "item": 0, "grade": 1})
    assert fresh.next == 0


def test_the_command_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "a.trec"
    assert main(["eval", "judge", str(run), "--qrels", str(tmp_path / "out.tsv")]) == 1
    assert "does not say where its data are; give --data DIR" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["eval", "judge", str(run)])


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with serving.claim("127.0.0.1", 0) as taken, pytest.raises(InputError, match="is taken"):
        judge.serve(Sitting([], tmp_path / "out.tsv"), port=taken.getsockname()[1])
