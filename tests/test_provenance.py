import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def git(folder: Path, *args: str) -> str:
    options = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    command = ["git", *options, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def commit_of(folder: Path) -> str:
    """What the code in `folder` says it is."""
    code = "from eval.provenance import commit; print(commit())"
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A copy of the code, within a repository that is not its own."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "another project")
    (tmp_path / "code" / "eval").mkdir(parents=True)
    for name in ("__init__.py", "provenance.py"):
        shutil.copy(ROOT / "eval" / name, tmp_path / "code" / "eval" / name)
    return tmp_path / "code"


def test_code_within_another_repository_has_no_commit(code: Path) -> None:
    assert commit_of(code) == "None"


def test_a_checkout_says_its_commit_and_whether_it_was_changed(code: Path) -> None:
    git(code, "init", "-q")
    git(code, "add", "eval")
    git(code, "commit", "-q", "-m", "first")
    head = git(code, "rev-parse", "HEAD").strip()
    assert commit_of(code) == head
    with (code / "eval" / "__init__.py").open("a") as file:
        file.write("# changed\n")
    assert commit_of(code) == f"{head}+changes"
