from collections.abc import Sequence
from contextlib import suppress

import pytest

from index.config import BUNDLED
from index.encoder import load_encoder
from index.errors import IndexBroken
from index.static import StaticEncoder
from index.taking import Taken, Taker, flat, known_by, passages_of
from index.types import Document
from tests.conftest import document

THERE = (BUNDLED, "2", "8")
BATCHES = [
    [document(f"{i}", f"Kazan is city number {i}. «قمة قازان».\n\nЕщё город.", "en", title=f"{i}")]
    for i in range(6)
]


def here(documents: Sequence[Document]) -> Taken:
    encoder = load_encoder(BUNDLED)
    assert isinstance(encoder, StaticEncoder)
    passages = passages_of(documents, 2, 8)
    return Taken(passages, known_by(encoder, flat(passages)))


def content(taken: Taken) -> tuple[object, ...]:
    kept = taken.known.sentences
    assert kept
    arrays = (taken.known.vectors, kept.starts, kept.bounds, kept.norms, kept.tokens)
    return taken.passages, taken.known.ids, [(a.dtype, a.tolist()) for a in arrays]


def test_another_process_takes_in_documents_as_this_one_does() -> None:
    with Taker(here, THERE) as taker:
        found = [(batch, content(taken)) for batch, taken in taker.taken(BATCHES)]
        assert taker._asked  # some went there
    assert found == [(batch, content(here(batch))) for batch in BATCHES]


def test_documents_that_another_process_could_not_take_in_are_told_in_one_line() -> None:
    with (
        pytest.raises(IndexBroken, match=r"could not be taken in: .*'no/such'.*Try again"),
        Taker(here, ("no/such", "2", "8")) as taker,
    ):
        list(taker.taken(BATCHES))


def test_a_build_that_fails_leaves_no_process_that_takes_in() -> None:
    with suppress(KeyError), Taker(here, THERE) as taker:
        raise KeyError
    assert taker._process
    assert taker._process.returncode
