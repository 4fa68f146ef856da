"""What saved runs ranked, beside their figures: recall by depth, and the data they are from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.datasets import Dataset, Qrels, select
from eval.jsonl import read_lines
from eval.retrieval import corpus_sha256
from eval.runs import SavedRun
from eval.sources import read_sets
from eval.trec import read_run
from index.errors import DatasetError, InputError

# Depths at which recall is drawn, as far as runs go.
DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)

_GRADE = re.compile(r"-?\d{1,9}")

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
    return Rankings(found, read_qrels(next(iter(files.values())).with_name("qrels.trec")))


def check_same_qrels(files: Mapping[str, Path]) -> None:
    """Raise InputError when saved runs, given by name, were measured by different judgements of the
    same question, as far as qrels lie beside them."""
    known: dict[str, tuple[str, Mapping[str, int]]] = {}
    for name, file in files.items():
        beside = file.with_name("qrels.trec")
        for query_id, judged in (read_qrels(beside) if beside.exists() else {}).items():
            other, before = known.setdefault(query_id, (name, judged))
            if before != judged:
                raise InputError(
                    f"'{other}' and '{name}' were measured by different judgements, of the "
                    f"question '{query_id}' for one; measure both by the same: sanad eval run DIR "
                    "--run FILE.trec"
                )


def _ranking(file: Path) -> dict[str, list[str]]:
    return {i: [doc_id for doc_id, _ in pairs] for i, pairs in read_run(file).found.items()}


def read_qrels(file: Path) -> dict[str, dict[str, int]]:
    """The qrels in a TREC file. Raises DatasetError, which names file and line."""
    qrels: dict[str, dict[str, int]] = {}
    for where, line in read_lines(file):
        fields = line.split()
        if len(fields) != 4 or not _GRADE.fullmatch(fields[3]):
            raise DatasetError(f"{where} is not 'query-id 0 doc-id relevance'; save the run again")
        qrels.setdefault(fields[0], {})[fields[2]] = int(fields[3])
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


def read_data(saved: SavedRun, folders: Sequence[Path] = ()) -> tuple[Dataset, Dataset]:
    """The data that a run was measured on: whole, and as it was cut; from `folders`, or where the
    run had it.

    Raises DatasetError when it is not there, or no longer the same.
    """
    places = list(folders) or list(map(Path, saved.data))
    if not places:
        raise DatasetError("the run does not say where its data are; give --data DIR")
    whole = read_sets(places)
    cut = select(whole, saved.query_language, saved.corpus_language, saved.split)
    if corpus_sha256(cut.documents) != saved.corpus_sha256:
        named = ", ".join(f"'{place}'" for place in places)
        raise DatasetError(
            f"the documents in {named} are not those of the run; give those "
            "it was made from: --data DIR"
        )
    return whole, cut
