"""Other people's search, set up plainly, to compare with: the one adapter of their libraries.

The plain LlamaIndex set-up is what its guides show: SentenceSplitter at 512 tokens, Chroma, its
BM25Retriever, QueryFusionRetriever with reciprocal ranks, no language model; and, so that only the
search differs, our bundled encoder. They are not needed to use Sanad: `make bench` installs them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.datasets import Dataset, document_language
from eval.runs import Run, untied
from index.config import BUNDLED
from index.encoder import load_encoder
from index.errors import InputError
from index.types import Document

if TYPE_CHECKING:
    from llama_index.core.retrievers import QueryFusionRetriever

LLAMA_INDEX = "llamaindex"

# Tokens of a node, as its guides have it, and nodes asked for: documents come from their best ones.
CHUNK_SIZE = 512
N_NODES = 100

_COLLECTION = "passages"
_CHROMA_BATCH = 5_000


@contextmanager
def _needed() -> Iterator[None]:
    """Say what to install where a library is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(
            f"'{error.name}' is not installed, which only comparisons need: make bench"
        ) from None


class Okapi:
    """rank_bm25: every passage is walked for every word. It has no file format of its own."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        from rank_bm25 import BM25Okapi  # noqa: PLC0415

        self._bm25 = BM25Okapi(passages)

    def search(self, words: Sequence[str], k: int) -> list[int]:
        """The rows of the `k` best passages for the words of a query, best first."""
        scores = self._bm25.get_scores(words)
        best = np.argpartition(-scores, min(k, len(scores) - 1))[:k]
        return [int(row) for row in best[np.argsort(-scores[best], kind="stable")]]


class BM25S:
    """bm25s: scores worked out beforehand, kept in a sparse matrix (Lù 2024)."""

    def __init__(self, folder: Path) -> None:
        with _needed():
            import bm25s  # noqa: PLC0415
        self._bm25 = bm25s.BM25.load(folder, load_corpus=False)

    @staticmethod
    def build(folder: Path, passages: Sequence[Sequence[str]]) -> None:
        """Index passages, given as their words, into a new folder."""
        with _needed():
            import bm25s  # noqa: PLC0415
        bm25 = bm25s.BM25()
        bm25.index(list(passages), show_progress=False)
        bm25.save(folder)

    def search(self, words: Sequence[str], k: int) -> list[int]:
        """The rows of the `k` best passages for the words of a query, best first."""
        rows, _ = self._bm25.retrieve([list(words)], k=k, show_progress=False)
        return [int(row) for row in rows[0]]


class BareChroma:
    """A Chroma collection as `create_collection` makes it, vectors alone."""

    def __init__(self, folder: Path) -> None:
        self._collection = _chroma(folder)

    @staticmethod
    def build(folder: Path, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Ingest `vectors`, `(n, dim)`, into a new folder."""
        collection = _chroma(folder)
        for start in range(0, len(ids), _CHROMA_BATCH):
            span = slice(start, start + _CHROMA_BATCH)
            collection.add(ids=list(ids[span]), embeddings=vectors[span])

    def search(self, vector: NDArray[np.float32], k: int) -> list[str]:
        """The ids of the `k` nearest, nearest first."""
        found = self._collection.query(query_embeddings=vector[None, :], n_results=k, include=[])
        return list(found["ids"][0])


def _chroma(folder: Path) -> Any:
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(path=str(folder), settings=settings)
    return client.get_or_create_collection(_COLLECTION, embedding_function=None)


class LlamaIndex:
    """The plain LlamaIndex set-up over a folder that `build` filled."""

    def __init__(self, folder: Path, k: int = 10) -> None:
        with _needed():
            from llama_index.core import VectorStoreIndex  # noqa: PLC0415
            from llama_index.retrievers.bm25 import BM25Retriever  # noqa: PLC0415
            from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: PLC0415
        store = ChromaVectorStore(chroma_collection=_chroma(folder / "chroma"))
        index = VectorStoreIndex.from_vector_store(store, embed_model=_embedding())
        bm25 = BM25Retriever.from_persist_dir(str(folder / "bm25"))
        bm25.similarity_top_k = min(k, len(bm25.corpus))
        self._retriever = _fusion([index.as_retriever(similarity_top_k=k), bm25], k)

    @staticmethod
    def build(folder: Path, documents: Sequence[Document]) -> None:
        """Split, embed and index documents into a new folder."""
        with _needed():
            from llama_index.core import StorageContext, VectorStoreIndex  # noqa: PLC0415
            from llama_index.core.node_parser import SentenceSplitter  # noqa: PLC0415
            from llama_index.core.schema import Document as Theirs  # noqa: PLC0415
            from llama_index.retrievers.bm25 import BM25Retriever  # noqa: PLC0415
            from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: PLC0415
        theirs = [Theirs(id_=document.doc_id, text=document.text) for document in documents]
        nodes = SentenceSplitter(chunk_size=CHUNK_SIZE).get_nodes_from_documents(theirs)
        store = ChromaVectorStore(chroma_collection=_chroma(folder / "chroma"))
        context = StorageContext.from_defaults(vector_store=store)
        VectorStoreIndex(nodes, storage_context=context, embed_model=_embedding())
        BM25Retriever.from_defaults(nodes=nodes).persist(str(folder / "bm25"))

    def search(self, query: str) -> list[tuple[str, float]]:
        """Documents and the scores of their best nodes, best first."""
        best: dict[str, float] = {}
        for found in self._retriever.retrieve(query):
            doc_id = found.node.ref_doc_id or found.node.node_id
            best[doc_id] = max(found.score or 0.0, best.get(doc_id, 0.0))
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))


def _fusion(retrievers: Sequence[Any], k: int) -> "QueryFusionRetriever":
    from llama_index.core.llms import MockLLM  # noqa: PLC0415
    from llama_index.core.retrievers import QueryFusionRetriever  # noqa: PLC0415

    # With one query no language model is asked, but one must be named, or OpenAI's is looked for.
    return QueryFusionRetriever(
        list(retrievers),
        llm=MockLLM(),
        mode="reciprocal_rerank",  # type: ignore[arg-type]
        similarity_top_k=k,
        num_queries=1,
        use_async=False,
    )


def _embedding() -> Any:
    """The bundled encoder as llama-index's embedding."""
    from llama_index.core.embeddings import BaseEmbedding  # noqa: PLC0415

    encoder = load_encoder(BUNDLED)

    class Bundled(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embeddings([query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = encoder.passages(texts).tolist()
            return rows

    return Bundled(model_name=BUNDLED, embed_batch_size=512)


def llama_index_run(dataset: Dataset, k: int = N_NODES, progress: bool = False) -> Run:
    """The documents that the plain LlamaIndex set-up finds for each query that has qrels, from its
    `k` best nodes.

    Raises InputError where it is not installed.
    """
    queries = [query for query in dataset.queries if query.query_id in dataset.qrels]
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        LlamaIndex.build(folder, dataset.documents)
        system = LlamaIndex(folder, k)
        bar = tqdm(queries, LLAMA_INDEX, disable=not progress, unit=" queries")
        found = {query.query_id: untied(system.search(query.text)) for query in bar}
    return Run(LLAMA_INDEX, found)


@dataclass(frozen=True, slots=True)
class PlainLlamaIndex:
    """The plain LlamaIndex set-up as a `System` (`eval.retrieval`). It has no filter: what is to be
    searched in one language must be cut to it."""

    name: str = LLAMA_INDEX
    fingerprint: str | None = None

    @property
    def config(self) -> Mapping[str, str | int]:
        """How it searches."""
        return {"encoder": BUNDLED, "chunk_size": CHUNK_SIZE, "k": N_NODES}

    def run(self, dataset: Dataset, languages: Sequence[str] | None = None) -> Run:
        """The best entries for each query that has qrels, of all documents of the set.

        Raises InputError where a document is in none of `languages`.
        """
        held = {document_language(document) for document in dataset.documents}
        if languages is not None and not held <= set(languages):
            raise InputError("LlamaIndex has no filter here; cut the documents to the languages")
        return llama_index_run(dataset, N_NODES, progress=True)
