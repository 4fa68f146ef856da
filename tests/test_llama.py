import warnings

import pytest

from index.filters import Filter
from index.search import Searcher

with warnings.catch_warnings():
    # llama-index's own models still use names that pydantic deprecates.
    warnings.simplefilter("ignore")
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.schema import NodeRelationship

    from index.llama import SanadRetriever, to_document, to_node


QUERY = "قمة قازان"


def test_our_search_is_a_llama_index_retriever(searcher: Searcher) -> None:
    nodes = SanadRetriever(searcher, k=3).retrieve(QUERY)
    hits = searcher.search(QUERY, 3)
    assert [node.node.node_id for node in nodes] == [hit.passage.passage_id for hit in hits]
    assert [node.score for node in nodes] == [hit.score for hit in hits]


def test_search_options_reach_the_search(searcher: Searcher) -> None:
    nodes = SanadRetriever(searcher, k=5, filters=Filter(languages=["fa"])).retrieve(QUERY)
    assert {node.node.metadata["language"] for node in nodes} == {"fa"}


def test_a_query_engine_answers_from_our_passages(searcher: Searcher) -> None:
    engine = RetrieverQueryEngine.from_args(SanadRetriever(searcher, k=2), llm=MockLLM())
    response = engine.query(QUERY)
    best = searcher.search(QUERY, 1)[0].passage
    assert response.source_nodes[0].node.node_id == best.passage_id
    assert best.text[:40] in str(response)  # the mock gives its prompt back


def test_a_node_keeps_the_place_of_its_passage(searcher: Searcher) -> None:
    passage = searcher.search(QUERY, 1)[0].passage
    node = to_node(passage)
    assert (node.start_char_idx, node.end_char_idx, node.text) == (
        passage.start,
        passage.end,
        passage.text,
    )
    assert node.relationships[NodeRelationship.SOURCE].node_id == passage.doc_id  # type: ignore[union-attr]


def test_a_document_keeps_its_id_and_text(searcher: Searcher) -> None:
    document = searcher.document("004_539f3a407b9a5bef.txt")
    assert document is not None
    theirs = to_document(document)
    assert (theirs.doc_id, theirs.text) == (document.doc_id, document.text)
    assert theirs.metadata["language"] == "fa"


@pytest.mark.parametrize("k", [1, 4])
def test_k_is_obeyed(searcher: Searcher, k: int) -> None:
    assert len(SanadRetriever(searcher, k=k).retrieve(QUERY)) == k
