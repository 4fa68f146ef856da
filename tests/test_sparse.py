from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index import sparse

passages = st.lists(
    st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=3, max_size=12
).filter(any)


@given(passages, st.lists(st.sampled_from("abcdefghz"), max_size=6))
def test_scores_are_those_of_rank_bm25(corpus: list[list[str]], query: list[str]) -> None:
    okapi = BM25Okapi(corpus)
    if min(okapi.idf.values()) <= 0:
        return  # there a match would count against its passage; see the next test
    expected = okapi.get_scores(query)
    assert sparse.count(range(len(corpus)), corpus).scores(query) == pytest.approx(
        expected, abs=1e-6
    )


def test_scores_are_those_of_rank_bm25_on_a_fixed_corpus() -> None:
    rng = np.random.default_rng(7)
    corpus = [[f"t{i}" for i in rng.zipf(1.3, 40) if i < 500] for _ in range(300)]
    query = ["t1", "t2", "t7", "t7", "t400", "nowhere"]
    expected = BM25Okapi(corpus).get_scores(query)
    assert sparse.count(range(300), corpus).scores(query) == pytest.approx(expected, abs=1e-6)


def test_in_a_corpus_of_one_a_match_still_counts_for_its_passage() -> None:
    assert BM25Okapi([["a", "b"]]).get_scores(["a"])[0] < 0
    assert sparse.count([0], [["a", "b"]]).scores(["a"])[0] > 0


def test_passages_without_a_term_are_no_error() -> None:
    assert sparse.count([0, 1], [[], []]).scores(["a"]).tolist() == [0, 0]


@given(passages)
def test_what_is_saved_is_loaded_again(tmp_path_factory, corpus: list[list[str]]) -> None:  # type: ignore[no-untyped-def]
    folder: Path = tmp_path_factory.mktemp("sparse") / "xx"
    counts = sparse.count(range(len(corpus)), corpus)
    sparse.save(counts, folder)
    assert sparse.load(folder).scores(["a", "c"]).tolist() == counts.scores(["a", "c"]).tolist()
