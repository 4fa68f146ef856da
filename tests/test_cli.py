import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS
from tests.llm_server import serving_model
from ui.cli.main import main
from ui.cli.text import clean, one_line, to_json

QUESTION = "متى تأسست منظمة التعاون الإسلامي؟"
COMMANDS = ["index", "ask", "search", "chat", "eval", "config"]
ANSWER_FIELDS = {
    *("question", "query", "language", "refused", "confidence", "text", "sentences", "citations"),
    *("hits", "generator", "notes", "timings_ms", "calibration"),
}
CITATION_FIELDS = {
    *("number", "doc_id", "passage_id", "title", "date", "language", "outlet", "url", "quote"),
    "anchor",
    *("start", "end"),
}
HIT_FIELDS = {"rank", "score", "scores", "doc_id", "passage_id", "start", "end"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without settings, and an environment without any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in [name for name in os.environ if name.upper().startswith("SANAD_")]:
        monkeypatch.delenv(name)


def sanad(*args: str | Path, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, in a process of its own."""
    command = [sys.executable, "-m", "ui.cli.main", *map(str, args)]
    env = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=env, encoding=encoding
    )


def questions_file(*lines: str) -> Path:
    file = Path("questions.jsonl")
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


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
    assert answer["sentences"][0].keys() == {"text", "citations", "support", "words"}
    assert "[1]" in answer["text"]


def test_quotes_stand_in_the_file_at_their_offsets(seeds_index: Path) -> None:
    answer = json.loads(sanad("ask", QUESTION, "--json", "--index", seeds_index).stdout)
    for citation in answer["citations"]:
        text = (SEEDS / citation["doc_id"]).read_text("utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_file_of_questions_is_answered_line_by_line(seeds_index: Path) -> None:
    questions = [QUESTION, "Кто возглавляет группу?", "What is the capital of Peru?"]
    file = questions_file(*(json.dumps({"question": q}) for q in questions), "")
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
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "1001"],
        ["ask", "x", "--hits", "0"],
        ["ask", "x", "--max-risk", "7"],
        ["ask", "x", "--max-risk", "nan"],
        ["ask", "x", "--index", ""],
        ["ask", "x", "--since", "2024-13"],
        ["search", "x", "--until", "yesterday"],
        ["search", "x", "--since", "2024", "--until", "2023-12-31"],
        ["ask", "x", "--outlet", " "],
        ["search", "x", "--path", ""],
        ["index", ""],
        ["chat", "--port", "99999"],
        ["chat", "--host", ""],
        ["eval", "run", "seeds", "--encoder", "bundled"],
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(args)
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert len(said.splitlines()) == 1
    assert "--help" in said


@pytest.mark.parametrize(
    "args",
    [
        ["ask", "why?", "--index", "nowhere"],
        ["search", "why?", "--index", f"{ROOT}/README.md"],
        ["search", ""],
        ["search", " \t"],
        ["search", "x", "--language", "xx"],
        ["search", "-лавров -форум"],
        ["ask", "x", "--outlet", "nobody"],
        ["search", "x", "--path", "no/such/folder"],
        ["ask", "x", "--language", "fa", "--path", "003*"],
        ["ask", "   "],
        ["ask", "long " * 1000],
        ["ask", "--input", "no-such.jsonl"],
        ["ask", "--input", f"{ROOT}/README.md"],
        ["index", "no-such-folder"],
        ["index", f"{ROOT}/ui/static/favicon.png"],
        ["eval", "run", "no-such-folder"],
        ["eval", "run", "no-such-folder", "--run", "no-such-run"],
        ["index", f"{SEEDS}", "--index", f"{ROOT}/README.md"],
        ["ask", "why?", "--index", "x" * 5000],
        ["chat", "--index", "nowhere"],
        ["chat", "--examples", "no-such-file"],
    ],
)
def test_a_failure_is_one_line_and_exit_1(
    args: list[str], seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = [] if "--index" in args or args[0] == "eval" else ["--index", str(seeds_index)]
    assert main([*args, *index]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("sanad: ")
    assert len(said.splitlines()) == 1


def test_bytes_that_are_no_text_are_no_traceback(seeds_index: Path) -> None:
    done = sanad("ask", "what \udcff is this", "--index", seeds_index)
    assert done.returncode == 0, done.stderr


def test_nothing_to_do_is_said(seeds_index: Path) -> None:
    done = sanad("index", SEEDS, "--index", seeds_index, "--encoder", "fast")
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
    command = [sys.executable, "-c", code, "ask", QUESTION, "--index", str(seeds_index)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"


def test_time_is_reported_in_milliseconds(seeds_index: Path) -> None:
    started = time.monotonic()
    answer = json.loads(sanad("ask", QUESTION, "--json", "--index", seeds_index).stdout)
    assert 0 < sum(answer["timings_ms"].values()) < 1000 * (time.monotonic() - started)


def test_only_what_a_terminal_obeys_is_replaced() -> None:
    assert clean("a\x1b[2Jb\x9b2Jc\u202ed\x07") == "a�[2Jb�2Jc�d�"
    assert clean("co\u00adop\u200e\u2067x\u2069\ufeff") == "coopx"
    assert clean("می\u200cخواهم ۝") == "می\u200cخواهم ۝"
    assert one_line(" a\n\t b\u2028c ") == "a b c"


def test_json_for_a_terminal_says_the_same_and_nothing_it_obeys() -> None:
    value = {"q": "قمة\x1b\x9b\u202e\udcff😀"}
    for encoding in ("utf-8", "ascii"):
        text = to_json(value, encoding)
        assert json.loads(text) == value
        text.encode(encoding)
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)


def test_no_document_path_or_error_reaches_the_terminal_raw(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = Path("docs\x1b[31m")
    folder.mkdir()
    text = "Title: \x1b]0;owned\x07 forum\n\nThe forum met in Kazan in May.\n"
    (folder / "a\x1b[2J.txt").write_text(text)
    (folder / "b\x1b[2J.txt").write_bytes(b"\x00\x01\x02" * 50)
    index = ["--index", "i\x1b[5m"]
    main(["index", str(folder), *index])
    main(["search", "forum", *index])
    main(["ask", "Where did the forum meet?", *index])
    main(["index", "none\x1b[2J"])
    with pytest.raises(SystemExit):
        main(["chat", "--port", "\x1b[2J"])
    printed = "".join(capsys.readouterr())
    assert "a�[2J.txt" in printed
    assert not {"\x1b", "\x07"} & set(printed)


def test_a_terminal_without_arabic_gets_numbers_instead_of_a_failure(seeds_index: Path) -> None:
    done = sanad("search", "Kazan", "-k", "3", "--index", seeds_index, encoding="ascii")
    assert done.returncode == 0, done.stderr
    assert "\\u06" in done.stdout
    found = sanad("ask", QUESTION, "--json", "--index", seeds_index, encoding="ascii")
    assert "1969" in json.loads(found.stdout)["text"]


@pytest.mark.parametrize(
    "line",
    ["nonsense", '{"question": " "}', '{"question": "%s"}' % ("x" * 2001), "[" * 100_000, "{}"],
)
def test_a_wrong_line_is_told_before_any_question_is_answered(
    line: str, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = questions_file('{"question": "Who?"}', line)
    assert main(["ask", "--input", str(file), "--index", str(seeds_index)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("sanad: line 2 of 'questions.jsonl'")


def test_answers_to_a_file_stand_under_their_questions(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = questions_file(*(json.dumps({"question": q}) for q in (QUESTION, "Who is on Mars?")))
    assert main(["ask", "--input", str(file), "--index", str(seeds_index)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"# {QUESTION}\n\n")
    assert "\n\n# Who is on Mars?\n\n" in printed


def test_a_language_the_index_lacks_is_told_with_those_it_has(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "x", "--language", "xx", "--index", str(seeds_index)]) == 1
    assert "nothing in 'xx'; its languages are ar" in capsys.readouterr().err


def test_dates_that_no_passage_has_are_told_with_those_it_has(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "x", "--since", "2030", "--index", str(seeds_index)]) == 1
    said = capsys.readouterr().err
    assert "2030-01-01 or later; all passages are from 2021-10-27 to 2024-03-07" in said


def test_filters_reach_search_and_ask_and_what_has_no_date_is_told(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--until", "2022-10", "--since", "2022-10", "--json", "--index", str(seeds_index)]
    for command in ("search", "ask"):
        assert main([command, "قازان", *asked]) == 0
        printed = capsys.readouterr()
        hits = json.loads(printed.out)["hits"]
        assert {hit["doc_id"][:3] for hit in hits} <= {"002", "003"}
        assert printed.err == "sanad: left out: 9 passages without a date\n"


def test_an_explanation_is_printed_and_given_as_an_object(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["search", "When was the OIC founded?", "-k", "1", "--explain"]
    assert main([*asked, "--index", str(seeds_index)]) == 0
    printed = capsys.readouterr().out
    assert "founded → تأسست (translated)" in printed
    assert "bm25: rank " in printed
    assert main([*asked, "--json", "--index", str(seeds_index)]) == 0
    (hit,) = json.loads(capsys.readouterr().out)["hits"]
    why = hit["explanation"]
    assert hit.keys() == HIT_FIELDS | {"explanation"}
    assert why.keys() == {"terms", "missing", "sentence", "parts"}
    text = (SEEDS / hit["doc_id"]).read_text("utf-8")
    assert text[why["sentence"]["start"] : why["sentence"]["end"]] == why["sentence"]["text"]


def test_a_phrase_that_does_not_answer_is_searched_as_words_and_that_is_said(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = 'When was the "Organization of Islamic Cooperation" founded?'
    assert main(["search", question, "--index", str(seeds_index)]) == 0
    assert capsys.readouterr().out.startswith("no passage meets every demand of: When")
    assert main(["ask", question, "--index", str(seeds_index)]) == 0
    printed = capsys.readouterr().out
    assert "1969" in printed
    assert "Searched for: When was the Organization of Islamic Cooperation founded?" in printed


def test_a_setting_out_of_range_is_a_failure_not_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SANAD_HITS", "0")
    assert main(["ask", "Who?"]) == 1
    assert "SANAD_HITS" in capsys.readouterr().err


def test_a_saved_run_scores_what_it_scored_when_it_was_made(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["eval", "seeds", "beir", str(SEEDS.parent / "questions.jsonl")])
    made = ["eval", "run", "beir", "--no-matrix", "--json", "--index", str(seeds_index)]
    capsys.readouterr()
    assert main([*made, "--retriever", "bm25", "--retriever", "bm25", "--save", "out"]) == 0
    (first,) = json.loads(capsys.readouterr().out)
    assert main(["eval", "run", "beir", "--json", "--run", "out/bm25.trec"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again == first
    assert main([*made, "--run", "out/bm25.trec", "--retriever", "bm25"]) == 1
    assert "two runs are called 'bm25'" in capsys.readouterr().err


def test_answers_are_measured_with_the_settings_in_force(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SANAD_INDEX", str(seeds_index))
    monkeypatch.setenv("SANAD_MAX_RISK", "0")
    assert main(["eval", "answers", str(SEEDS.parent / "questions.jsonl"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["overall"]["found"] == 0
    assert not Path("data").exists()


def test_ask_with_a_language_model_says_who_wrote_and_what_is_wrong(seeds_index: Path) -> None:
    written = "تأسست المنظمة عام 1969 [1][9]. ولا مصدر لهذا <b>."
    with serving_model(written) as model:
        llm = ("--llm", "openai-like/m", "--llm-url", f"{model.url}/v1", "--index", seeds_index)
        as_json = json.loads(sanad("ask", QUESTION, "--json", *llm).stdout)
        as_text = sanad("ask", QUESTION, *llm).stdout
    assert as_json["generator"] == "openai-like/m"
    assert as_json["notes"] == [{"kind": "removed", "detail": "", "n": 1}]
    assert [bool(s["citations"]) for s in as_json["sentences"]] == [True, False]
    assert "(بلا مصدر)" in as_text
    assert "حُذفت: 1" in as_text


@pytest.mark.parametrize("llm", ["gpt", "ollama/", "openai-like/x"])
def test_a_model_that_cannot_be_asked_is_one_line(seeds_index: Path, llm: str) -> None:
    done = sanad("ask", QUESTION, "--llm", llm, "--index", seeds_index)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
