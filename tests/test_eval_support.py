from pathlib import Path

from eval.datasets import Dataset, Query
from eval.support import pairs, supported_shares
from index.build import index_documents
from index.config import IndexConfig
from index.search import Searcher
from tests.conftest import document

TEXTS = {
    "en-1": "The forum met in the city of Kazan in May.",
    "ru-1": "Форум прошёл в городе Казань в мае.",
    "en-2": "Bread is baked from flour, water and salt.",
    "ru-2": "Хлеб пекут из муки, воды и соли.",
    "en-3": "The Moon is a satellite of the planet Earth.",
    "ru-3": "Луна является спутником планеты Земля.",
}


def test_a_translation_supports_a_sentence_and_other_passages_do_not(tmp_path: Path) -> None:
    documents = tuple(document(i, text, i[:2]) for i, text in TEXTS.items())
    queries = tuple(Query(n, n, "en", split="fit") for n in "123")
    qrels = {n: {f"en-{n}": 1, f"ru-{n}": 1} for n in "123"}
    index_documents(documents, tmp_path / "index", IndexConfig())
    found = pairs(Dataset("x", documents, queries, qrels), "fit")
    with Searcher.open(tmp_path / "index") as searcher:
        shares = supported_shares(found, searcher)
    assert set(shares) == {"en>en", "en>ru", "ru>en", "ru>ru"}
    assert {of["n_claims"] for of in shares.values()} == {3}
    for of in shares.values():
        assert of["aligned"] == 1
        assert of["near"] == of["shuffled"] == 0
