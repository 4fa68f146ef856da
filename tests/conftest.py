"""What several tests need: documents, an index of the seeds built once, a command line."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from index.build import index_paths
from index.config import IndexConfig
from index.search import Searcher
from index.types import Document, Section
from tests.browsing import CHROMIUM, FLAGS
from tests.tiny import write_bert

# Two shared cores: how long an example takes says nothing about it.
hypothesis.settings.register_profile("sanad", deadline=None)
hypothesis.settings.load_profile("sanad")

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "documents"


def document(doc_id: str, text: str, language: str = "en", **facts: object) -> Document:
    """A document of one section."""
    section = Section(0, len(text), language=language, **facts)  # type: ignore[arg-type]
    return Document(doc_id, text, hashlib.sha256(text.encode()).hexdigest(), (section,))


def sanad(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, in a process of its own."""
    command = [sys.executable, "-m", "ui.cli.main", *map(str, args)]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, capture_output=True, text=True, check=False, cwd=ROOT, **options
    )


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seed documents."""
    index_dir = tmp_path_factory.mktemp("seeds") / "index"
    index_paths([SEEDS], index_dir, IndexConfig())
    return index_dir


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer that says in its config what to put before queries and passages."""
    prompts = {"query": "query : ", "passage": "passage : "}
    return write_bert(tmp_path_factory.mktemp("tiny"), prompts)


@pytest.fixture(scope="session")
def searcher(seeds_index: Path) -> Iterator[Searcher]:
    """The index of the seeds, open."""
    with Searcher.open(seeds_index) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; where it or playwright is missing, the test is skipped and says so."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()
