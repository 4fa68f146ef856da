"""Our documents, passages and search as llama-index's, for pipelines of other people's making.

retriever = SanadRetriever(searcher, k=5)
engine = RetrieverQueryEngine.from_args(retriever, llm=…)
"""

from typing import Any

from llama_index.core import schema
from llama_index.core.base.base_retriever import BaseRetriever

from index.search import Searcher
from index.types import Document, Passage


def to_document(document: Document) -> schema.Document:
    """A llama-index Document with the same id and text; its metadata is the first section's."""
    first = document.sections[0] if document.sections else None
    return schema.Document(
        id_=document.doc_id,
        text=document.text,
        metadata={
            "sha256": document.sha256,
            "title": first and first.title,
            "date": first and first.date and first.date.isoformat(),
            "outlet": first and first.outlet,
            "url": first and first.url,
            "language": first and first.language,
        },
        excluded_embed_metadata_keys=["sha256"],
        excluded_llm_metadata_keys=["sha256"],
    )


def to_node(passage: Passage) -> schema.TextNode:
    """A TextNode with the passage's id, text and offsets, related to its document."""
    source = schema.RelatedNodeInfo(node_id=passage.doc_id, node_type=schema.ObjectType.DOCUMENT)
    return schema.TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "doc_id": passage.doc_id,
            "title": passage.title,
            "date": passage.date and passage.date.isoformat(),
            "outlet": passage.outlet,
            "url": passage.url,
            "language": passage.language,
        },
        relationships={schema.NodeRelationship.SOURCE: source},
    )


class SanadRetriever(BaseRetriever):
    """`Searcher.search` as a llama-index retriever: the `k` best passages, best first."""

    def __init__(self, searcher: Searcher, k: int = 10, **search_options: Any) -> None:
        self._searcher = searcher
        self._k = k
        self._options = search_options
        super().__init__()

    def _retrieve(self, query_bundle: schema.QueryBundle) -> list[schema.NodeWithScore]:
        hits = self._searcher.search(query_bundle.query_str, self._k, **self._options)
        return [schema.NodeWithScore(node=to_node(hit.passage), score=hit.score) for hit in hits]
