import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS, sanad


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_the_code_is_clean(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_of_the_product_is_long() -> None:
    rooms = ("index", "assistant", "eval", "ui")
    long = {
        file.relative_to(ROOT).as_posix(): n
        for room in rooms
        for file in (ROOT / room).rglob("*.py")
        if (n := file.read_text("utf-8").count("\n")) > 300
    }
    assert long == {}


def test_the_python_of_the_readme_runs(seeds_index: Path, tmp_path: Path) -> None:
    blocks = (ROOT / "README.md").read_text("utf-8").split("\n\n")
    ours = ("from index", "from assistant", "with Searcher")
    code = [b for b in blocks if b.startswith("    ") and any(name in b for name in ours)]
    assert len(code) >= 3
    source = "\n".join(line[4:] for block in code for line in block.splitlines())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "index").symlink_to(seeds_index)
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_every_command_of_the_readme_exists() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    used = {line.split()[1] for line in lines if line.startswith("    sanad ")}
    known = sanad("--help").stdout
    assert used
    assert all(command in known for command in used)


def test_the_examples_of_the_chat_are_answered(seeds_index: Path, tmp_path: Path) -> None:
    examples = (SEEDS.parent / "examples.txt").read_text("utf-8").splitlines()
    assert len(examples) == 8
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps({"question": each}) for each in examples))
    done = sanad("ask", "--input", file, "--json", "--index", seeds_index)
    assert [json.loads(line)["refused"] for line in done.stdout.splitlines()] == [False] * 8
