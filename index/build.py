"""Files → index, incrementally: compare, plan, do only what changed, publish at once."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import generations, sentences, sparse
from index.analysis import terms
from index.config import IndexConfig
from index.dense import DenseStore
from index.encoder import Encoder, encoder_fingerprint, load_encoder
from index.errors import DuplicateDocument, IndexBroken, IndexMissing, NothingToIndex
from index.loading import Skipped, find_files, load_all
from index.passages import split_passages
from index.store import PassageStore, VectorCache
from index.types import Document, Passage

# Texts embedded at a time: enough to keep two cores busy, little enough to show progress.
_BATCH = 512


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
    """What a build did; `plan.empty` when the index was up to date."""

    plan: Plan
    n_documents: int
    n_passages: int
    languages: dict[str, int]
    skipped: tuple[Skipped, ...] = field(default=())


def index_paths(
    paths: Sequence[Path],
    index_dir: Path,
    config: IndexConfig,
    *,
    rebuild: bool = False,
    progress: bool = False,
    announce: Callable[[Plan], None] = lambda plan: None,
) -> Report:
    """Make the index at `index_dir` mirror exactly the documents under `paths`.

    `announce` is told the plan before anything is done, unless there is nothing to do.
    Raises NothingToIndex (leaving the old index as it was) when none can be read,
    DuplicateDocument, IndexLocked, ModelError.
    """
    files = find_files(paths)
    sources = [
        Source(doc_id, _file_sha256(path), lambda doc_id=doc_id, path=path: _load(doc_id, path))
        for doc_id, path in files
    ]
    return _index(sources, index_dir, config, rebuild, progress, announce)


def index_documents(
    documents: Iterable[Document],
    index_dir: Path,
    config: IndexConfig,
    *,
    progress: bool = False,
) -> Report:
    """The same for documents that are already loaded."""
    sources = [Source(d.doc_id, d.sha256, lambda d=d: d) for d in documents]
    return _index(sources, index_dir, config, False, progress, lambda plan: None)


def _load(doc_id: str, path: Path) -> Document | Skipped:
    return next(iter(load_all([(doc_id, path)])))


def _file_sha256(path: Path) -> str:
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:  # loading it will say why
        return ""


def _index(
    sources: Sequence[Source],
    index_dir: Path,
    config: IndexConfig,
    rebuild: bool,
    progress: bool,
    announce: Callable[[Plan], None],
) -> Report:
    by_id = {source.doc_id: source for source in sources}
    if len(by_id) != len(sources):
        raise DuplicateDocument("two documents have the same doc_id; every one needs its own")
    with generations.writing(index_dir):
        old = _current(index_dir)
        plan = _plan(by_id, old, config, rebuild)
        if plan.empty and old:
            return _report(plan, old)
        announce(plan)
        generations.prune(index_dir)
        return _build(by_id, index_dir, old, plan, config, progress)


def _current(index_dir: Path) -> Path | None:
    try:
        folder = generations.current(index_dir)
        generations.read_manifest(folder)
    except (IndexMissing, IndexBroken):
        return None
    return folder


def _plan(by_id: dict[str, Source], old: Path | None, config: IndexConfig, rebuild: bool) -> Plan:
    if old is None:
        return Plan(tuple(sorted(by_id)), (), (), 0)
    if reason := "asked for" if rebuild else _stale(old, config):
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
    if manifest.encoder_fingerprint != encoder_fingerprint(config.encoder):
        return f"the encoder is now '{config.encoder}', it was '{manifest.encoder}'"
    if manifest.fingerprint != config.fingerprint:
        return "the configuration changed"
    try:
        generations.verify(old)
    except IndexBroken as error:
        return str(error)
    return ""


def _build(
    by_id: dict[str, Source],
    index_dir: Path,
    old: Path | None,
    plan: Plan,
    config: IndexConfig,
    progress: bool,
) -> Report:
    fresh = old is None or bool(plan.rebuild)
    todo = sorted(by_id) if fresh else [*plan.added, *plan.changed]
    loaded = _load_all([by_id[i] for i in todo], progress)
    documents = [item for item in loaded.values() if isinstance(item, Document)]
    skipped = {i: item for i, item in loaded.items() if isinstance(item, Skipped)}
    if not documents and (fresh or not plan.n_unchanged):
        raise NothingToIndex(_nothing(list(skipped.values())))
    plan = replace(plan, added=tuple(i for i in plan.added if i not in skipped))
    if plan.empty and old:
        return _report(plan, old, skipped.values())
    encoder = load_encoder(config.encoder)
    folder = generations.new_folder(index_dir)
    if old and not fresh:
        _copy(old, folder)
    removed, passages = _store(folder, documents, [*plan.changed, *plan.deleted], config)
    cache = VectorCache(index_dir / "cache" / f"{encoder.fingerprint}.sqlite", encoder.dim)
    with closing(cache):
        vectors = _embed([p.text for p in passages], encoder, cache, progress)
        _add_vectors(folder / "chroma", removed, passages, vectors)
        languages = _write_sparse(folder)
        if not encoder.instant:
            _write_sentences(folder, encoder, cache, progress)
    generations.seal(folder, _manifest(folder, config, encoder, languages))
    _check(folder)
    generations.publish(index_dir, folder)
    generations.prune(index_dir)
    return _report(plan, folder, skipped.values())


def _load_all(sources: Sequence[Source], progress: bool) -> dict[str, Document | Skipped]:
    bar = tqdm(sources, "reading", disable=not progress, unit=" files")
    return {source.doc_id: source.load() for source in bar}


def _nothing(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return "the paths hold no file that can be read (.txt, .md, .html); the index is unchanged"
    first = f"{skipped[0].path}: {skipped[0].reason}"
    more = f" and {len(skipped) - 1} more" if len(skipped) > 1 else ""
    return f"no document can be read; the index is unchanged ({first}{more})"


def _copy(old: Path, folder: Path) -> None:
    """Copy what an update starts from. SQLite's own backup gives a consistent copy even while a
    reader has the old one open."""
    shutil.copy2(old / "passages.sqlite", folder / "passages.sqlite")
    ignore = shutil.ignore_patterns("chroma.sqlite3*")
    shutil.copytree(old / "chroma", folder / "chroma", ignore=ignore)
    with (
        closing(sqlite3.connect(old / "chroma" / "chroma.sqlite3")) as source,
        closing(sqlite3.connect(folder / "chroma" / "chroma.sqlite3")) as target,
    ):
        source.backup(target)


def _store(
    folder: Path, documents: Sequence[Document], outdated: Sequence[str], config: IndexConfig
) -> tuple[list[str], list[Passage]]:
    """Bring `passages.sqlite` up to date; the passage ids that went and the passages that came."""
    added: list[Passage] = []
    with closing(PassageStore(folder / "passages.sqlite", writable=True)) as store:
        removed = store.delete(outdated)
        for document in documents:
            passages = split_passages(document, config.min_words, config.max_words)
            store.add(document, passages)
            added.extend(passages)
    return removed, added


def _embed(
    texts: Sequence[str], encoder: Encoder, cache: VectorCache, progress: bool
) -> NDArray[np.float32]:
    """Vectors of `texts` in order, only what the cache lacks embedded."""
    result = np.zeros((len(texts), encoder.dim), np.float32)
    bar = tqdm(total=len(texts), desc="embedding", disable=not progress, unit=" passages")
    with bar:
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            result[start : start + len(batch)] = _embed_batch(batch, encoder, cache)
            bar.update(len(batch))
    return result


def _embed_batch(
    texts: Sequence[str], encoder: Encoder, cache: VectorCache
) -> NDArray[np.float32]:
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    known = cache.get(list(dict.fromkeys(keys)))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        made = encoder.passages(list(missing.values()))
        cache.put(list(missing), made)
        known |= dict(zip(missing, made, strict=True))
    return np.stack([known[key] for key in keys])


def _add_vectors(
    folder: Path, removed: Sequence[str], passages: Sequence[Passage], vectors: NDArray[np.float32]
) -> None:
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault(passage.language, []).append(row)
    with DenseStore(folder) as store:
        store.delete(removed)
        for language, of_language in sorted(rows.items()):
            ids = [passages[row].passage_id for row in of_language]
            store.add(language, ids, vectors[of_language])


def _write_sparse(folder: Path) -> dict[str, int]:
    """Count the terms of all passages by language; gives the number of passages of each."""
    rows: dict[str, list[int]] = {}
    texts: dict[str, list[list[str]]] = {}
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        for row, passage in enumerate(store.all_passages()):
            rows.setdefault(passage.language, []).append(row)
            texts.setdefault(passage.language, []).append(terms(passage.text, passage.language))
    for language in sorted(rows):
        counts = sparse.count(rows[language], texts[language])
        sparse.save(counts, folder / "sparse" / language)
    return {language: len(rows[language]) for language in sorted(rows)}


def _write_sentences(folder: Path, encoder: Encoder, cache: VectorCache, progress: bool) -> None:
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        passages = list(store.all_passages())
    texts = [p.sentence(i) for p in passages for i in range(len(p.sentences))]
    vectors = _embed(texts, encoder, cache, progress)
    sentences.save(folder, [len(p.sentences) for p in passages], vectors)


def _manifest(
    folder: Path, config: IndexConfig, encoder: Encoder, languages: dict[str, int]
) -> dict[str, object]:
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        n_documents = len(store.hashes())
    return {
        "version": _version(),
        "fingerprint": config.fingerprint,
        "encoder": config.encoder,
        "encoder_fingerprint": encoder.fingerprint,
        "dim": encoder.dim,
        "n_documents": n_documents,
        "n_passages": sum(languages.values()),
        "languages": languages,
        "min_words": config.min_words,
        "max_words": config.max_words,
    }


def _version() -> str:
    try:
        return version("sanad")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _check(folder: Path) -> None:
    """Open the new generation in another process: a broken HNSW file ends in SIGSEGV, which no
    `except` catches."""
    command = [sys.executable, "-m", "index.check", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        shutil.rmtree(folder, ignore_errors=True)
        raise IndexBroken(f"the new index failed its check and was discarded: {reason}")


def _report(plan: Plan, folder: Path, skipped: Iterable[Skipped] = ()) -> Report:
    manifest = generations.read_manifest(folder)
    return Report(
        plan, manifest.n_documents, manifest.n_passages, manifest.languages, tuple(skipped)
    )
