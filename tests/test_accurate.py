"""The transformer that the repository carries: `--encoder accurate`."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.assistant import Assistant
from index.build import index_documents
from index.config import IndexConfig
from index.encoder import load_encoder
from index.onnx import OnnxEncoder
from index.search import Searcher
from tests.conftest import ROOT, document

DOCUMENTS = (
    document("bread", "يُصنع الخبز من الدقيق والماء والملح والخميرة.", "ar"),
    document("forum", "عُقد المنتدى الاقتصادي في مدينة قازان في شهر مايو.", "ar"),
    document("rain", "باران در کوه‌های شمال ایران بسیار می‌بارد.", "fa"),
)
WITHOUT_TORCH = """
import sys
from index.encoder import load_encoder
load_encoder("accurate", offline=True).queries(["the cat"])
assert not {"torch", "transformers", "sentence_transformers", "chromadb"} & sys.modules.keys()
"""


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("accurate") / "index"
    index_documents(DOCUMENTS, folder, IndexConfig("accurate"))
    with Searcher.open(folder) as opened:
        yield opened


def test_a_translation_is_nearer_than_another_sentence() -> None:
    encoder = load_encoder("accurate")
    assert isinstance(encoder, OnnxEncoder)
    asked = encoder.queries(["Where does it rain a lot?"])[0]
    bread, forum, rain = encoder.passages([d.text for d in DOCUMENTS]) @ asked
    assert rain > max(bread, forum) + 0.02


def test_it_needs_no_torch() -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_a_question_in_another_language_finds_its_passage(searcher: Searcher) -> None:
    for question, wanted in (("Из чего пекут хлеб?", "bread"), ("Where was the forum?", "forum")):
        assert searcher.search(question, 1)[0].passage.doc_id == wanted
    assert "قازان" in Assistant(searcher).ask("أين عُقد المنتدى الاقتصادي؟").text


def test_its_cosines_are_read_from_unrelated_ones_and_count_thrice(searcher: Searcher) -> None:
    assert searcher.manifest.unrelated == 0.35
    first, *others = searcher.search("Where was the forum?", retriever="dense")
    assert first.shares["dense"] == pytest.approx(3 * first.scores["dense"])
    assert first.scores["dense"] > 0.1 + max(hit.scores["dense"] for hit in others)
