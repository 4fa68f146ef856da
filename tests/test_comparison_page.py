"""The page of a comparison in a real browser: what a reader sees, and what never happens."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eval.beir import write_beir
from eval.compare import compare
from eval.datasets import Dataset, Query
from eval.experiment import Measured, Source, save
from eval.measures import evaluate
from eval.runs import Run
from tests.conftest import document
from tests.saved import saved_run
from ui.cli.main import main
from ui.comparison import comparison_html
from ui.side_by_side import Evidence

HOSTILE = (
    "<script>window.broken=1</script><img src='http://outside.example/x.png' "
    "onerror='window.broken=1'><a href=\"javascript:window.broken=1\">x</a> \u202eolleh "
    "</p></article></details><style>body{display:none}</style>"
)
# What no policy forbids, so that escaping alone stands before it.
REFRESH = "<meta http-equiv=refresh content='0;url=http://outside.example/'>"
LONG = "Nothing of note is said here. " * 60
SET = Dataset(
    "toy",
    (
        document("ar1", "انعقد المنتدى في مدينة قازان.", "ar"),
        document("en1", "The forum met in Kazan.", "en"),
        document("long", f"{LONG}The forums were meeting.\n{LONG}", "en"),
        document("<b>bad", f"A forum {HOSTILE}{REFRESH}", "en"),
    ),
    (
        Query("q-ar", "أين انعقد المنتدى؟", "ar"),
        Query("q-en", "Where did the forum meet?", "en"),
        Query("q-bad", HOSTILE, "en"),
    ),
    {"q-ar": {"ar1": 1}, "q-en": {"en1": 1}, "q-bad": {"<b>bad": 2}},
)
RANKED = {
    "before": {"q-ar": ["en1", "ar1"], "q-en": ["en1"], "q-bad": ["long", "<b>bad"]},
    "after": {"q-ar": ["ar1"], "q-en": ["long", "en1"], "q-bad": ["<b>bad"]},
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two saved runs, with their data."""
    folder = tmp_path_factory.mktemp("runs")
    write_beir(SET, folder / "toy")
    for name, ranked in RANKED.items():
        found = {q: [(d, -float(n)) for n, d in enumerate(ids)] for q, ids in ranked.items()}
        run = Run(name, found)
        measured = Measured(run, evaluate(SET, run, ["RR"]), {"retriever": name}, None)
        save(measured, SET, Source((str(folder / "toy"),)), folder)
    return [str(folder / f"{name}.json") for name in RANKED]


@pytest.fixture(scope="module")
def file(runs: list[str]) -> Path:
    file = Path(runs[0]).with_name("page.html")
    assert main(["eval", "compare", *runs, "--html", str(file)]) == 0
    return file


@contextmanager
def opened(browser: Any, file: Path, **options: Any) -> Iterator[Any]:
    """The page, which has asked for nothing but itself and broken no rule of its policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(block => block.open = true)")
    yield page
    assert seen == [file.as_uri()]
    context.close()


def question(page: Any, text: str) -> Any:
    return page.locator("details", has=page.locator("summary", has_text=text))


def test_both_rankings_stand_side_by_side_with_matched_words_and_relevant_ones_marked(
    browser: Any, file: Path
) -> None:
    with opened(browser, file) as page:
        before, after = question(page, "Where did the forum meet?").locator("section").all()
        assert before.locator("article.relevant mark").all_inner_texts() == ["forum"]
        assert after.locator("article").first.locator("mark").all_inner_texts() == [
            "forums",
            "meeting",
        ]
        assert "relevant (1)" in after.locator("article").nth(1).inner_text()
        boxes = before.bounding_box(), after.bounding_box()
        assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]


def test_a_long_document_is_cut_to_what_matches(browser: Any, file: Path) -> None:
    with opened(browser, file) as page:
        shown = page.locator("article", has_text="long").first.inner_text()
    assert shown.count("…") == 2
    assert len(shown) < 800


def test_arabic_blocks_run_right_to_left_and_english_ones_left_to_right(
    browser: Any, file: Path
) -> None:
    with opened(browser, file) as page:
        block = question(page, "المنتدى")
        directions = {
            text: page.locator("article p", has_text=text).first.evaluate(
                "block => getComputedStyle(block).direction"
            )
            for text in ("قازان", "Kazan")
        }
        heading = block.locator(".question").evaluate("b => getComputedStyle(b).direction")
    assert (directions, heading) == ({"قازان": "rtl", "Kazan": "ltr"}, "rtl")


def test_hostile_text_is_shown_as_text_runs_nothing_and_asks_nothing_even_without_the_policy(
    browser: Any, file: Path
) -> None:
    with opened(browser, file, bypass_csp=True) as page:
        page.wait_for_timeout(200)
        assert page.evaluate("window.broken") is None
        shown = page.locator("article.relevant", has_text="A forum").first.inner_text()
        assert "<script>window.broken=1</script>" in shown
        assert "[U+202E]olleh" in shown
        tags = "img, script, style:not(head style), meta:not(head meta), a:not([href^='#'])"
        assert page.locator(tags).count() == 0


def test_the_policy_stops_what_an_escape_would_let_through(browser: Any, file: Path) -> None:
    broken = file.with_name("broken.html")
    broken.write_text(file.read_text("utf-8").replace("<main>", f"<main>{HOSTILE}"), "utf-8")
    page = browser.new_page()
    requested: list[str] = []
    page.on("requestfinished", lambda request: requested.append(request.url))
    page.goto(broken.as_uri())
    page.wait_for_timeout(200)
    assert page.evaluate("window.broken") is None
    page.close()
    assert [url for url in requested if "outside" in url] == []


def test_a_click_on_a_dot_opens_the_rankings_of_its_question(browser: Any, file: Path) -> None:
    with opened(browser, file) as page:
        page.evaluate("document.querySelectorAll('details').forEach(block => block.open = false)")
        dot = page.locator("a:has(circle.down)")
        assert "Where did the forum meet? (q-en)" in dot.locator("title").inner_html()
        dot.click()
        assert question(page, "Where did the forum meet?").locator("article").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_light_and_dark_and_fits_a_narrow_window(
    browser: Any, file: Path, scheme: str
) -> None:
    with opened(browser, file, color_scheme=scheme) as page:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        lightness = sum(map(int, re.findall(r"\d+", colour)))
        assert (lightness > 380) == (scheme == "light")
        page.set_viewport_size({"width": 360, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_runs_measured_by_different_judgements_are_refused(
    runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("after.json", "qrels.trec"):
        text = Path(runs[0]).with_name(name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("q-en 0 en1 1", "q-en 0 en1 2"), "utf-8")
    assert main(["eval", "compare", runs[0], str(tmp_path / "after.json")]) == 1
    assert "different judgements, of the question 'q-en'" in capsys.readouterr().err


def test_without_texts_the_page_says_so_and_shows_ids(
    runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, gone = tmp_path / "page.html", str(tmp_path / "gone")
    assert main(["eval", "compare", *runs, "--html", str(file), "--data", gone]) == 0
    text = file.read_text("utf-8")
    assert "No texts, only ids" in text
    assert ">q-ar</span>" in text
    assert "gone" in capsys.readouterr().err


def test_a_page_of_many_questions_stays_below_two_megabytes() -> None:
    runs = {"a": saved_run({"en": [0.0] * 300}), "b": saved_run({"en": [1.0] * 300})}
    made = compare(runs)
    long = {question.query_id: "word " * 2000 for question in made.questions}
    page = comparison_html(made, runs, Evidence(questions=long), n_moved=300)
    assert 1_000_000 < len(page.encode()) < 2_000_000
    assert " of 300 that moved" in page
