"""Documents → the files of one new generation."""

import hashlib
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import check, columns, counting, generations, scale, sentences, vectors
from index.antecedents import embedded
from index.collecting import rarely_collected
from index.config import IndexConfig
from index.encoder import Encoder
from index.filling import Filler
from index.passages import split_passages
from index.sentences import SentenceTokens
from index.static import StaticEncoder
from index.store import PassageStore, VectorCache
from index.types import Document, Passage
from index.version import version

# Texts embedded at a time, after which they are kept: a large model takes seconds for each.
_BATCH = 64
# Documents taken in at a time: few where each takes seconds, so that progress shows.
_DOCUMENTS, _DOCUMENTS_OF_SLOW = 500, 8

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept of some passages: their vectors `(n, dim)`, and the sentences of those that a
    static encoder embedded (else None)."""

    ids: Sequence[str]
    vectors: Vectors
    sentences: SentenceTokens | None


class Embedder:
    """An encoder that embeds nothing twice, unless that is quicker than to remember it: what the
    cache of `index_dir` holds is taken from it. Close it after use."""

    def __init__(self, encoder: Encoder, index_dir: Path, progress: bool) -> None:
        self.encoder = encoder
        file = index_dir / "cache" / f"{encoder.fingerprint}.sqlite"
        self._cache = None if encoder.instant else VectorCache(file, encoder.dim)
        self.progress = progress

    def close(self) -> None:
        """Keep what was embedded."""
        if self._cache:
            self._cache.close()

    def forget(self) -> None:
        """Free what an encoder remembers of the texts it has read."""
        if isinstance(self.encoder, StaticEncoder):
            self.encoder.forget()

    def known(self, passages: Sequence[Passage]) -> Callable[[], _Known]:
        """What gives that which is kept of passages; what another thread cannot do meanwhile is
        done at once."""
        ids = [passage.passage_id for passage in passages]
        if isinstance(self.encoder, StaticEncoder):
            summed = sentences.embedding(self.encoder, passages)
            return lambda: _Known(ids, *summed())
        known = _Known(ids, self.embed(embedded(passages)), None)
        return lambda: known

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages or sentences, `(n, dim)` in their order."""
        made = [np.zeros((0, self.encoder.dim), np.float32)]
        for start in range(0, len(texts), _BATCH):
            made.append(self._embed_batch(texts[start : start + _BATCH]))
        return np.concatenate(made)

    def _embed_batch(self, texts: Sequence[str]) -> Vectors:
        if self._cache is None:
            return self.encoder.passages(texts)
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        known = self._cache.get(list(dict.fromkeys(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            made = self.encoder.passages(list(missing.values()))
            self._cache.put(list(missing), made)
            known |= dict(zip(missing, made, strict=True))
        return np.stack([known[key] for key in keys])


def assemble(
    folder: Path,
    documents: Sequence[Document],
    outdated: Sequence[str],
    config: IndexConfig,
    embedder: Embedder,
) -> None:
    """Bring an empty `folder`, or one that `copy` filled, up to date, check and seal it: the
    documents named in `outdated` go, `documents` come. Raises IndexBroken when it fails."""
    known = _old(folder)
    with rarely_collected(), Filler(folder / "chroma") as filler:
        known += _take_in(folder, documents, outdated, config, embedder, filler)
        filler.complete()
        embedder.forget()
        languages = _languages(folder)
        with counting.shared(folder, languages) as own:
            _write_rows(folder, known, embedder)
            known.clear()  # it is as large as all that is yet to be made
            filler.finish()
            with check.beside(folder):
                for language in own:
                    counting.write(folder, language)
    generations.seal(folder, _manifest(folder, config, embedder.encoder, languages))


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


def copy(old: Path, folder: Path) -> None:
    """Copy what an update starts from. Readers write to no file of a generation but Chroma's
    SQLite, whose own backup gives a consistent copy while they do."""
    for name in ("passages.sqlite", vectors.FILE):
        shutil.copy2(old / name, folder / name)
    if sentences.load_tokens(old):  # the vectors of a slow encoder's sentences are in the cache
        shutil.copytree(old / sentences.FOLDER, folder / sentences.FOLDER)
    ignore = shutil.ignore_patterns("chroma.sqlite3*")
    shutil.copytree(old / "chroma", folder / "chroma", ignore=ignore)
    with (
        closing(_read_only(old / "chroma" / "chroma.sqlite3")) as source,
        closing(sqlite3.connect(folder / "chroma" / "chroma.sqlite3")) as target,
    ):
        source.backup(target)


def _take_in(  # noqa: PLR0913, PLR0917 - what becomes of documents
    folder: Path,
    documents: Sequence[Document],
    outdated: Sequence[str],
    config: IndexConfig,
    embedder: Embedder,
    filler: Filler,
) -> list[_Known]:
    """Bring `passages.sqlite` up to date, a batch of documents at a time; what is to be kept of the
    passages that came. What goes and what comes is told to `filler`."""
    made: list[Future[_Known]] = []
    size = _DOCUMENTS if embedder.encoder.instant else _DOCUMENTS_OF_SLOW
    bar = tqdm(documents, "indexing", disable=None if embedder.progress else True, unit=" files")
    with (
        closing(PassageStore(folder / "passages.sqlite", writable=True)) as store,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):
        filler.delete(store.delete(outdated))
        for batch in _batches(bar, size):
            passages = list(_added(store, batch, config))
            made.append(beside.submit(_told, embedder.known(passages), passages, filler))
            made[max(0, len(made) - 2)].result()  # what fails shall not be found out at the end
    return [each.result() for each in made]


def _added(
    store: PassageStore, documents: Iterable[Document], config: IndexConfig
) -> Iterator[Passage]:
    """The passages of documents, when they are kept."""
    for document in documents:
        passages = split_passages(document, config.min_words, config.max_words)
        store.add(document, passages)
        yield from passages


def _told(known: Callable[[], _Known], passages: Sequence[Passage], filler: Filler) -> _Known:
    """What is kept of passages, when `filler` has been told."""
    of = known()
    filler.add(passages, of.vectors)
    return of


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    waiting = iter(documents)
    while batch := list(islice(waiting, size)):
        yield batch


def _old(folder: Path) -> list[_Known]:
    """What `copy` brought, if it did."""
    if not (folder / vectors.FILE).exists():
        return []
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        return [_Known(store.passage_ids(), vectors.load(folder), sentences.load_tokens(folder))]


def _write_rows(folder: Path, known: Sequence[_Known], embedder: Embedder) -> None:
    """What is kept of every passage in the order of the rows: its vector, its sentences, and what
    filters ask."""
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        ids = store.passage_ids()
        vectors.save(folder, ids, embedder.encoder.dim, [(of.ids, of.vectors) for of in known])
        columns.save(folder, store.facts())
    if embedder.encoder.instant:
        sentences.save_tokens(folder, ids, [(of.ids, of.sentences) for of in known if of.sentences])
    else:
        _write_sentence_vectors(folder, embedder)


def _write_sentence_vectors(folder: Path, embedder: Embedder) -> None:
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        passages = list(store.all_passages())
    texts = [p.sentence(i) for p in passages for i in range(len(p.sentences))]
    sentences.save_vectors(folder, [len(p.sentences) for p in passages], embedder.embed(texts))


def _languages(folder: Path) -> dict[str, int]:
    """The languages of the passages, in order, with their numbers."""
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        return dict(sorted(Counter(store.languages()).items()))


def _manifest(
    folder: Path, config: IndexConfig, encoder: Encoder, languages: dict[str, int]
) -> dict[str, object]:
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        n_documents = len(store.hashes())
        doc_ids = store.doc_ids()
    return {
        "version": version(),
        "fingerprint": config.fingerprint,
        "encoder": config.encoder,
        "encoder_fingerprint": encoder.fingerprint,
        "dim": encoder.dim,
        "n_documents": n_documents,
        "n_passages": sum(languages.values()),
        "languages": languages,
        "min_words": config.min_words,
        "max_words": config.max_words,
        "unrelated": scale.measured(config.encoder, vectors.load(folder), doc_ids),
    }
