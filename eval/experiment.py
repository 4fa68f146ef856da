"""One run, measured and kept: systems in, figures out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.datasets import Dataset, document_language, languages_of, select
from eval.measures import Evaluation, evaluate
from eval.provenance import commit
from eval.retrieval import System, corpus_sha256
from eval.runs import Means, QueryValues, Run, SavedRun, write_saved
from eval.trec import check_ids, read_run, trec_qrels, write_run, write_trec_qrels
from index.errors import InputError
from index.version import version


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set is from: its places as they were given, how it was cut, the language of what
    names none, and the index that was given."""

    data: tuple[str, ...]
    split: str | None = None
    query_language: str | None = None
    corpus_language: str | None = None
    language: str | None = None
    index: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, its figures, and what it was made with."""

    run: Run
    evaluation: Evaluation
    config: Mapping[str, str | int]
    fingerprint: str | None


def measure_system(
    dataset: Dataset,
    system: System,
    measures: Sequence[str],
    corpus_language: str | None = None,
    pairs: bool = False,
) -> Measured:
    """Let `system` search the set, which was cut to `corpus_language`; with `pairs`, the documents
    of each language by themselves, too."""
    run = system.run(dataset, [corpus_language] if corpus_language else None)
    evaluation = evaluate(dataset, run, measures)
    if pairs:
        evaluation = replace(evaluation, by_pair=_by_pair(dataset, system, measures))
    return Measured(run, evaluation, system.config, system.fingerprint)


def _by_pair(dataset: Dataset, system: System, measures: Sequence[str]) -> dict[str, Means]:
    """Means by `query language>corpus language`, corpus and qrels cut to the latter."""
    pairs: dict[str, Means] = {}
    for language in languages_of(map(document_language, dataset.documents)):
        cut = select(dataset, corpus_language=language)
        if cut.qrels:
            found = evaluate(cut, system.run(cut, [language]), measures).by_language
            pairs |= {f"{asked}>{language}": means for asked, means in found.items()}
    return dict(sorted(pairs.items()))


def crosses(dataset: Dataset) -> bool:
    """Whether both the judged queries and the documents are in several languages."""
    asked = [query.language for query in dataset.queries if query.query_id in dataset.qrels]
    held = list(map(document_language, dataset.documents))
    return len(languages_of(asked)) > 1 and len(languages_of(held)) > 1


def measure_file(dataset: Dataset, file: Path, measures: Sequence[str]) -> Measured:
    """Take a TREC run as it stands, called by its file's name. Raises InputError when it holds no
    query of the set."""
    run = Run(file.stem, read_run(file).found)
    if not run.found.keys() & dataset.qrels.keys():
        raise InputError(f"the run '{run.name}' holds no query of the data set")
    return Measured(run, evaluate(dataset, run, measures), {"file": str(file)}, None)


def save(measured: Measured, dataset: Dataset, source: Source, folder: Path) -> None:
    """Keep a run as `NAME.trec` and `NAME.json`, with `qrels.trec` beside them.

    `ir_measures FOLDER/qrels.trec FOLDER/NAME.trec nDCG@10` gives the same figures.
    """
    name = measured.run.name
    write_trec_qrels(dataset.qrels, folder / "qrels.trec")
    write_run(measured.run, folder / f"{name}.trec")
    write_saved(saved_run(measured, dataset, source), folder / f"{name}.json")


def saved_run(measured: Measured, dataset: Dataset, source: Source) -> SavedRun:
    """What `save` keeps as `NAME.json`."""
    found = measured.evaluation
    languages = {query.query_id: query.language for query in dataset.queries}
    return SavedRun(
        dataset=found.dataset,
        run=found.run,
        n_queries=found.overall.n_queries,
        measures=found.overall.values,
        by_language=found.by_language,
        by_pair=found.by_pair,
        split=source.split,
        query_language=source.query_language,
        corpus_language=source.corpus_language,
        data=source.data,
        corpus_sha256=corpus_sha256(dataset.documents),
        config=measured.config,
        fingerprint=measured.fingerprint,
        version=version(),
        commit=commit(),
        queries={i: QueryValues(languages[i], row) for i, row in found.per_query.items()},
        language=source.language,
        index=source.index,
    )


def check_savable(dataset: Dataset, folder: Path) -> None:
    """Raise InputError, before the work, for what would make it vain: an id that TREC's format
    cannot hold, a folder that cannot be made or that holds runs on other qrels."""
    check_ids([*dataset.qrels, *(document.doc_id for document in dataset.documents)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = (folder / "qrels.trec").read_text("utf-8")
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"'{folder}' cannot be written: {error}") from None
    if there != trec_qrels(dataset.qrels):
        raise InputError(
            f"'{folder}' holds runs on other qrels; save to another folder, or remove that one"
        )
