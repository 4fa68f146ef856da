"""Files → index, incrementally: compare, plan, do only what changed, publish at once."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tqdm import tqdm

from index import check, generations, given
from index.assemble import Embedder, assemble, copy
from index.config import ACCURATE, ACCURATE_UP_TO, AUTO, BUNDLED, FAST, IndexConfig, told
from index.encoder import encoder_fingerprint, load_encoder
from index.errors import DuplicateDocument, IndexBroken, IndexMissing, NothingToIndex
from index.loading import Skipped, file_sha256, find_files, load_all, size_of
from index.store import PassageStore
from index.types import Document


@dataclass(frozen=True, slots=True)
class Source:
    """A document that may have to be loaded; `sha256` says whether it changed."""

    doc_id: str
    sha256: str
    load: Callable[[], Document | Skipped]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build will do, by `doc_id`. `rebuild` is why nothing old can be kept, or empty."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    n_unchanged: int
    rebuild: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.added or self.changed or self.deleted or self.rebuild)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; `plan.empty` when the index was up to date. `encoder` embedded it."""

    plan: Plan
    n_documents: int
    n_passages: int
    languages: dict[str, int]
    encoder: str
    skipped: tuple[Skipped, ...] = field(default=())


def _quiet(plan: Plan) -> None:
    """Announce nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """Where an index is built, with what, and who is told; the encoder that was `asked` for."""

    index_dir: Path
    config: IndexConfig
    rebuild: bool = False
    progress: bool = False
    announce: Callable[[Plan], None] = _quiet
    paths: tuple[Path, ...] = ()
    asked: str = ""


def index_paths(  # noqa: PLR0913 - what a user may say
    paths: Sequence[Path],
    index_dir: Path,
    config: IndexConfig,
    *,
    rebuild: bool = False,
    progress: bool = False,
    announce: Callable[[Plan], None] = _quiet,
) -> Report:
    """Make the index at `index_dir` mirror exactly the documents under `paths`.

    `announce` is told the plan before anything is done, unless there is nothing to do.
    Raises NothingToIndex (leaving the old index as it was) when none can be read,
    DuplicateDocument, IndexLocked, ModelError.
    """
    files = find_files(paths)
    found = _located(config, lambda: size_of(path for _, path in files))
    asked = AUTO if config.encoder == AUTO else found.encoder
    job = Job(index_dir, found, rebuild, progress, announce, tuple(map(Path, paths)), asked)
    return _index([_file_source(doc_id, path) for doc_id, path in files], job)


def index_documents(
    documents: Iterable[Document],
    index_dir: Path,
    config: IndexConfig,
    *,
    progress: bool = False,
) -> Report:
    """The same for documents that are already loaded."""
    known = list(documents)
    config = _located(config, lambda: sum(len(document.text.encode()) for document in known))
    sources = [Source(d.doc_id, d.sha256, partial(_itself, d)) for d in known]
    return _index(sources, Job(index_dir, config, progress=progress))


def _located(config: IndexConfig, size: Callable[[], int]) -> IndexConfig:
    """The encoder by the one name it is known by in an index: a folder by its absolute path, for
    the index is asked from other places, too; `auto` by what fits documents of `size` bytes."""
    if config.encoder == AUTO:
        return replace(config, encoder=ACCURATE if size() <= ACCURATE_UP_TO else BUNDLED)
    if config.encoder in {BUNDLED, FAST}:
        return replace(config, encoder=BUNDLED)
    folder = Path(config.encoder)
    return replace(config, encoder=str(folder.resolve())) if folder.is_dir() else config


def _itself(document: Document) -> Document:
    return document


def _file_source(doc_id: str, path: Path) -> Source:
    return Source(doc_id, file_sha256(path), lambda: next(iter(load_all([(doc_id, path)]))))


def _index(sources: Sequence[Source], job: Job) -> Report:
    by_id = {source.doc_id: source for source in sources}
    if len(by_id) != len(sources):
        raise DuplicateDocument("two documents have the same doc_id; every one needs its own")
    if not sources:
        raise NothingToIndex(_nothing([]))
    with generations.writing(job.index_dir):
        report = _brought_up(by_id, job)
        left_out = [given.LeftOut(each.doc_id, each.reason) for each in report.skipped]
        given.write(job.index_dir, job.paths, left_out, job.asked)
        return report


def _brought_up(by_id: dict[str, Source], job: Job) -> Report:
    old = _current(job.index_dir)
    plan = _plan(by_id, old, job)
    if plan.empty and old:
        return _report(plan, old)
    job.announce(plan)
    generations.prune(job.index_dir)
    return _build(by_id, old, plan, job)


def _current(index_dir: Path) -> Path | None:
    try:
        folder = generations.current(index_dir)
        generations.read_manifest(folder)
    except (IndexMissing, IndexBroken):
        return None
    return folder


def _plan(by_id: dict[str, Source], old: Path | None, job: Job) -> Plan:
    if old is None:
        return Plan(tuple(sorted(by_id)), (), (), 0)
    if reason := "asked for" if job.rebuild else _stale(old, job.config):
        return Plan(tuple(sorted(by_id)), (), (), 0, reason)
    with closing(PassageStore(old / "passages.sqlite")) as store:
        known = store.hashes()
    added = tuple(sorted(by_id.keys() - known.keys()))
    deleted = tuple(sorted(known.keys() - by_id.keys()))
    both = sorted(by_id.keys() & known.keys())
    changed = tuple(i for i in both if known[i] != by_id[i].sha256)
    return Plan(added, changed, deleted, len(both) - len(changed))


def _stale(old: Path, config: IndexConfig) -> str:
    manifest = generations.read_manifest(old)
    if manifest.encoder != config.encoder:
        return f"the encoder is now '{told(config.encoder)}', it was '{told(manifest.encoder)}'"
    if manifest.encoder_fingerprint != encoder_fingerprint(config.encoder):
        return f"encoder '{config.encoder}' is no longer what it was"
    if manifest.fingerprint != config.fingerprint:
        return "the configuration changed"
    try:
        generations.verify(old)
    except IndexBroken as error:
        return str(error)
    return check.wrong_with(old)


def _build(by_id: dict[str, Source], old: Path | None, plan: Plan, job: Job) -> Report:
    fresh = old is None or bool(plan.rebuild)
    todo = sorted(by_id) if fresh else [*plan.added, *plan.changed]
    loaded = _load_all([by_id[i] for i in todo], job.progress)
    documents = [item for item in loaded.values() if isinstance(item, Document)]
    skipped = {i: item for i, item in loaded.items() if isinstance(item, Skipped)}
    if not documents and (fresh or not plan.n_unchanged):
        raise NothingToIndex(_nothing(list(skipped.values())))
    plan = replace(plan, added=tuple(i for i in plan.added if i not in skipped))
    if plan.empty and old:
        return _report(plan, old, skipped.values())
    folder = generations.new_folder(job.index_dir)
    if old and not fresh:
        copy(old, folder)
    embedder = Embedder(load_encoder(job.config.encoder), job.index_dir, job.progress)
    with closing(embedder), _discarded_if_broken(folder):
        assemble(folder, documents, [*plan.changed, *plan.deleted], job.config, embedder)
    generations.publish(job.index_dir, folder)
    generations.prune(job.index_dir)
    return _report(plan, folder, skipped.values())


@contextmanager
def _discarded_if_broken(folder: Path) -> Iterator[None]:
    try:
        yield
    except IndexBroken:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _load_all(sources: Sequence[Source], progress: bool) -> dict[str, Document | Skipped]:
    bar = tqdm(sources, "reading", disable=None if progress else True, unit=" files")
    return {source.doc_id: source.load() for source in bar}


def _nothing(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return "the paths hold no file that can be read (.txt, .md, .html); the index is unchanged"
    first = f"{skipped[0].path}: {skipped[0].reason}"
    more = f" and {n} more file{'s' * (n != 1)}" if (n := len(skipped) - 1) > 0 else ""
    return f"no document can be read; the index is unchanged ({first}{more})"


def _report(plan: Plan, folder: Path, skipped: Iterable[Skipped] = ()) -> Report:
    manifest = generations.read_manifest(folder)
    return Report(
        plan,
        manifest.n_documents,
        manifest.n_passages,
        manifest.languages,
        told(manifest.encoder),
        tuple(skipped),
    )
