"""Whatever the documents, the question and the model say: every citation quotes what stands there,
in a passage that was found."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.config import AnswerConfig
from assistant.generative import Generator
from assistant.types import Answer
from index.build import index_documents
from index.config import IndexConfig
from index.search import Searcher
from tests.conftest import document

# Letters that compose or vanish, marks that turn the line, markers, quotation marks, ends of lines.
PIECES = [
    *("قازان", "المنتدى", "می\u200cرود", "Kazan", "forum", "ёлка", "е\u0301", "ﷺ", "x" * 60),
    *("\u202bمن\u202c", "\ufeff", "1969", "١٩٦٩", "[1]", "«", "»", "[2, 9]", "…"),
    *(". ", "؟ ", ".\n", "\r\n", "\n\n", "  ", "\t", "\U0001f1f7\U0001f1fa"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Documents drawn at random."""
    rng = random.Random(7)
    drawn = (" ".join(rng.choices(PIECES, k=rng.randrange(2, 60))) for _ in range(40))
    documents = [document(f"d{i}", f"Kazan {i}. {text}") for i, text in enumerate(drawn)]
    index_dir = tmp_path_factory.mktemp("citations") / "index"
    index_documents(documents, index_dir, IndexConfig())
    with Searcher.open(index_dir) as opened:
        yield opened


class Written:
    """A model that writes one text, a few letters at a time."""

    name = "written"

    def __init__(self, text: str) -> None:
        self.text = text

    def stream(self, *_: object) -> Iterator[str]:
        return (self.text[i : i + 3] for i in range(0, len(self.text), 3))


def check(answer: Answer, searcher: Searcher) -> None:
    found = {hit.passage.passage_id: hit.passage for hit in answer.hits}
    for citation in answer.citations:
        passage, source = found[citation.passage_id], searcher.document(citation.doc_id)
        assert source is not None
        assert source.text[citation.start : citation.end] == citation.quote
        assert passage.start <= citation.start < citation.end <= passage.end
    assert {n for s in answer.sentences for n in s.citations} == {
        citation.number for citation in answer.citations
    }


@settings(max_examples=40)
@given(texts.filter(lambda text: text.strip()), texts)
def test_no_question_or_stream_makes_a_citation_point_elsewhere(
    corpus: Searcher, question: str, stream: str
) -> None:
    config = AnswerConfig(max_risk=1.0)
    for generator in (None, Generator(Written(stream))):  # type: ignore[arg-type]
        for answer in Assistant(corpus, config, generator).stream(f"Kazan {question}"):
            check(answer, corpus)
