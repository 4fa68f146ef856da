import json
import time
from pathlib import Path

import pytest

from tests.conftest import SEEDS, sanad

QUESTION = "متى تأسست منظمة التعاون الإسلامي؟"
COMMANDS = ["index", "ask", "search", "chat", "eval", "config"]
ANSWER_FIELDS = {
    *("question", "query", "language", "refused", "confidence", "text", "sentences", "citations"),
    *("hits", "generator", "timings_ms"),
}
CITATION_FIELDS = {
    *("number", "doc_id", "passage_id", "title", "date", "language", "outlet", "url", "quote"),
    *("start", "end"),
}
HIT_FIELDS = {"rank", "score", "scores", "doc_id", "passage_id", "start", "end"}


def test_an_answer_is_printed_with_its_sources(seeds_index: Path) -> None:
    done = sanad("ask", QUESTION, "--index", seeds_index)
    assert done.returncode == 0, done.stderr
    assert "1969" in done.stdout
    assert "003_b3e058f4b2c0909a.txt:" in done.stdout
    assert "2022-10-24" in done.stdout


def test_json_has_the_fields_scripts_rely_on(seeds_index: Path) -> None:
    answer = json.loads(sanad("ask", QUESTION, "--json", "--index", seeds_index).stdout)
    assert answer.keys() == ANSWER_FIELDS
    assert answer["language"] == "ar"
    assert 0 <= answer["confidence"] <= 1
    assert answer["citations"][0].keys() == CITATION_FIELDS
    assert answer["hits"][0].keys() == HIT_FIELDS
    assert answer["sentences"][0].keys() == {"text", "citations", "support"}
    assert "[1]" in answer["text"]


def test_quotes_stand_in_the_file_at_their_offsets(seeds_index: Path) -> None:
    answer = json.loads(sanad("ask", QUESTION, "--json", "--index", seeds_index).stdout)
    for citation in answer["citations"]:
        text = (SEEDS / citation["doc_id"]).read_text("utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_file_of_questions_is_answered_line_by_line(seeds_index: Path, tmp_path: Path) -> None:
    questions = [QUESTION, "Кто возглавляет группу?", "What is the capital of Peru?"]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps({"question": q}) for q in questions) + "\n\n")
    done = sanad("ask", "--input", file, "--json", "--index", seeds_index)
    assert [json.loads(line)["question"] for line in done.stdout.splitlines()] == questions


def test_search_prints_the_score_of_each_retriever(seeds_index: Path) -> None:
    done = sanad("search", "قمة قازان", "-k", "2", "--index", seeds_index)
    assert done.stdout.startswith("1. ")
    assert all(name in done.stdout for name in ("bm25", "dense", "sentence"))
    found = json.loads(sanad("search", "قمة قازان", "--json", "--index", seeds_index).stdout)
    assert [hit["rank"] for hit in found["hits"]] == list(range(1, len(found["hits"]) + 1))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(command: str) -> None:
    done = sanad(command, "--help")
    assert done.returncode == 0
    assert f"sanad {command}" in done.stdout
    assert "example" in done.stdout


def test_the_version_is_printed() -> None:
    assert sanad("--version").stdout.startswith("sanad ")


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "a", "--input", "b"],
        ["search", "x", "-k", "many"],
        ["index"],
    ],
)
def test_wrong_use_is_one_line_and_exit_2(args: list[str]) -> None:
    done = sanad(*args)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "--help" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["ask", "why?", "--index", "nowhere"],
        ["search", "why?", "--index", "README.md"],
        ["search", "x", "-k", "0"],
        ["ask", "   "],
        ["ask", "long " * 1000],
        ["ask", "--input", "no-such.jsonl"],
        ["ask", "--input", "README.md"],
        ["index", "no-such-folder"],
        ["index", "ui/static/favicon.png"],
        ["eval", "run", "no-such-folder"],
        ["chat", "--index", "nowhere"],
        ["chat", "--examples", "no-such-file"],
    ],
)
def test_a_failure_is_one_line_and_exit_1(args: list[str], seeds_index: Path) -> None:
    index = [] if "--index" in args or args[0] == "eval" else ["--index", seeds_index]
    done = sanad(*args, *index)
    assert done.returncode == 1, done.stderr
    assert done.stderr.strip().startswith("sanad: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_bytes_that_are_no_text_are_no_traceback(seeds_index: Path) -> None:
    done = sanad("ask", "what \udcff is this", "--index", seeds_index)
    assert done.returncode == 0, done.stderr


def test_nothing_to_do_is_said(seeds_index: Path) -> None:
    done = sanad("index", SEEDS, "--index", seeds_index)
    assert done.returncode == 0
    assert done.stdout.startswith("nothing to do: 5 documents")


def test_settings_are_shown_with_their_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_PORT", "8000")
    assert json.loads(sanad("config", "--json").stdout)["port"] == {
        "value": "8000",
        "source": "SANAD_PORT",
    }


def test_a_question_imports_neither_torch_nor_llama_index_nor_gradio(seeds_index: Path) -> None:
    code = (
        "import sys; from ui.cli.main import main; main(sys.argv[1:]); "
        "heavy = {'torch', 'llama_index', 'gradio', 'sentence_transformers', 'lingua'}; "
        "print(heavy & sys.modules.keys(), file=sys.stderr)"
    )
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    command = [sys.executable, "-c", code, "ask", QUESTION, "--index", str(seeds_index)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"


def test_time_is_reported_in_milliseconds(seeds_index: Path) -> None:
    started = time.monotonic()
    answer = json.loads(sanad("ask", QUESTION, "--json", "--index", seeds_index).stdout)
    assert 0 < sum(answer["timings_ms"].values()) < 1000 * (time.monotonic() - started)
