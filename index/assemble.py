"""Documents → the files of one new generation."""

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import columns, generations, scale, sentences, sparse, vectors
from index.config import IndexConfig
from index.counting import TermCounter
from index.encoder import Encoder
from index.filling import Filler
from index.passages import split_passages
from index.store import PassageStore, VectorCache
from index.types import Document, Passage
from index.version import version

# Texts embedded at a time, after which they are kept: a large model takes seconds for each.
_BATCH, _BATCH_OF_SLOW = 512, 64
# Documents taken in at a time: few where each takes seconds, so that progress shows.
_DOCUMENTS, _DOCUMENTS_OF_SLOW = 500, 8

# Passage ids, and their vectors in the same order.
Known = tuple[list[str], NDArray[np.float32]]


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

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of passages or sentences, `(n, dim)` in their order."""
        size = _BATCH if self.encoder.instant else _BATCH_OF_SLOW
        made = [np.zeros((0, self.encoder.dim), np.float32)]
        for start in range(0, len(texts), size):
            made.append(self._embed_batch(texts[start : start + size]))
        return np.concatenate(made)

    def _embed_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
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
    """Bring an empty `folder`, or one that `copy` filled, up to date and seal it: the documents
    named in `outdated` go, `documents` come."""
    old = _old_vectors(folder)
    with Filler(folder / "chroma") as filler:
        new = _take_in(folder, documents, outdated, config, embedder, filler)
        _write_rows(folder, [*old, new])
        languages = _write_sparse(folder)
        if not embedder.encoder.instant:
            _write_sentences(folder, embedder)
    generations.seal(folder, _manifest(folder, config, embedder.encoder, languages))


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


def copy(old: Path, folder: Path) -> None:
    """Copy what an update starts from. Readers write to no file of a generation but Chroma's
    SQLite, whose own backup gives a consistent copy while they do."""
    for name in ("passages.sqlite", vectors.FILE):
        shutil.copy2(old / name, folder / name)
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
) -> Known:
    """Bring `passages.sqlite` up to date, a batch of documents at a time; the ids and vectors of
    the passages that came. What goes and what comes is told to `filler`."""
    ids: list[str] = []
    made = [np.zeros((0, embedder.encoder.dim), np.float32)]
    bar = tqdm(documents, "indexing", disable=None if embedder.progress else True, unit=" files")
    waiting = iter(bar)
    size = _DOCUMENTS if embedder.encoder.instant else _DOCUMENTS_OF_SLOW
    with closing(PassageStore(folder / "passages.sqlite", writable=True)) as store:
        filler.delete(store.delete(outdated))
        while batch := list(islice(waiting, size)):
            passages = [p for document in batch for p in _stored(store, document, config)]
            made.append(embedder.embed([passage.text for passage in passages]))
            filler.add(passages, made[-1])
            ids += [passage.passage_id for passage in passages]
    return ids, np.concatenate(made)


def _stored(store: PassageStore, document: Document, config: IndexConfig) -> list[Passage]:
    passages = split_passages(document, config.min_words, config.max_words)
    store.add(document, passages)
    return passages


def _old_vectors(folder: Path) -> list[Known]:
    """The ids and vectors that `copy` brought, if it did."""
    if not (folder / vectors.FILE).exists():
        return []
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        return [(store.passage_ids(), vectors.load(folder))]


def _write_rows(folder: Path, known: Sequence[Known]) -> None:
    """What is kept of every passage in the order of the rows: its vector, and what filters ask."""
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        dim = known[-1][1].shape[1]
        vectors.save(folder, store.passage_ids(), dim, known)
        columns.save(folder, store.facts())


def _write_sparse(folder: Path) -> dict[str, int]:
    """Count the terms of all passages, a language at a time; gives the number of passages of
    each."""
    rows: dict[str, list[int]] = {}
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        for row, language in enumerate(store.languages()):
            rows.setdefault(language, []).append(row)
        for language in sorted(rows):
            counter = TermCounter(language)
            for row, text in zip(rows[language], store.texts_in(language), strict=True):
                counter.add(row, text)
            sparse.save(counter.counts(), folder / "sparse" / language)
    return {language: len(rows[language]) for language in sorted(rows)}


def _write_sentences(folder: Path, embedder: Embedder) -> None:
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        passages = list(store.all_passages())
    texts = [p.sentence(i) for p in passages for i in range(len(p.sentences))]
    sentences.save(folder, [len(p.sentences) for p in passages], embedder.embed(texts))


def _manifest(
    folder: Path, config: IndexConfig, encoder: Encoder, languages: dict[str, int]
) -> dict[str, object]:
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        n_documents = len(store.hashes())
        doc_ids = [fact.doc_id for fact in store.facts()]
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
