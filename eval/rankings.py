"""What saved runs ranked, beside their figures: recall by depth, and the data they are from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.datasets import Dataset, Qrels, select
from eval.retrieval import corpus_sha256
from eval.runs import SavedRun
from eval.sources import read_sets
from eval.trec import read_qrels, read_run
from index.errors import DatasetError, InputError

# Depths at which recall is drawn, as far as runs go.
DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)

Ranking = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Rankings:
    """`found[run][query_id]` are the entries that a run found, best first."""

    found: Mapping[str, Ranking]
    qrels: Qrels


def read_rankings(files: Mapping[str, Path]) -> Rankings:
    """The rankings beside saved runs, given by name, and the qrels beside the first.

    Raises DatasetError when one is missing.
    """
    found = {name: _ranking(file.with_suffix(".trec")) for name, file in files.items()}
    return Rankings(found, _qrels(next(iter(files.values())).with_name("qrels.trec")))


def qrels_beside(file: Path) -> Qrels:
    """The qrels beside a saved run; none where there are none."""
    beside = file.with_name("qrels.trec")
    return _qrels(beside) if beside.exists() else {}


def check_same_qrels(found: Mapping[str, Qrels]) -> None:
    """Raise InputError when runs, given by name with their qrels, were measured by different
    judgements of the same question."""
    known: dict[str, tuple[str, Mapping[str, int]]] = {}
    for name, qrels in found.items():
        for query_id, judged in qrels.items():
            other, before = known.setdefault(query_id, (name, judged))
            if before != judged:
                raise InputError(
                    f"'{other}' and '{name}' were measured by different judgements, of the "
                    f"question '{query_id}' for one; measure both by the same: sanad eval run DIR "
                    "--run FILE.trec"
                )


def _ranking(file: Path) -> dict[str, list[str]]:
    return {i: [doc_id for doc_id, _ in pairs] for i, pairs in read_run(file).found.items()}


def _qrels(file: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for _, query_id, doc_id, relevance in read_qrels(file):
        qrels.setdefault(query_id, {})[doc_id] = relevance
    return qrels


def recall(ranking: Ranking, qrels: Qrels, query_ids: Iterable[str]) -> list[float]:
    """Recall at each of `DEPTHS`, the mean over questions; one that was not found counts as 0, one
    without a relevant entry too, as in trec_eval."""
    totals, n_queries = [0.0] * len(DEPTHS), 0
    for query_id in query_ids:
        n_queries += 1
        wanted = {doc_id for doc_id, grade in qrels.get(query_id, {}).items() if grade > 0}
        places = [n for n, i in enumerate(ranking.get(query_id, ()), 1) if i in wanted]
        for at, depth in enumerate(DEPTHS):
            totals[at] += sum(n <= depth for n in places) / max(1, len(wanted))
    return [total / max(1, n_queries) for total in totals]


def read_data(
    saved: SavedRun, folders: Sequence[Path] = (), index: Path | None = None
) -> tuple[Dataset, Dataset]:
    """The data that a run was measured on: whole, and as it was cut; from `folders` (and `index`),
    or where the run had it.

    Raises DatasetError when it is not there, or no longer the same.
    """
    places = list(folders) or list(map(Path, saved.data))
    if not places:
        raise DatasetError("the run does not say where its data are; give --data DIR")
    index = index or (Path(saved.index) if saved.index else None)
    whole = read_sets(places, saved.language, index)
    cut = select(whole, saved.query_language, saved.corpus_language, saved.split)
    if corpus_sha256(cut.documents) != saved.corpus_sha256:
        named = ", ".join(f"'{place}'" for place in places)
        raise DatasetError(
            f"the documents in {named} are not those of the run; give those "
            "it was made from: --data DIR"
        )
    return whole, cut
