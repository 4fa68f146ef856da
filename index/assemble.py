"""Documents → the files of one new generation."""

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import columns, generations, sentences, sparse, vectors
from index.analysis import spellings, term, words
from index.config import IndexConfig
from index.dense import DenseStore
from index.encoder import Encoder
from index.passages import split_passages
from index.store import PassageStore, VectorCache
from index.types import Document, Passage
from index.version import version

# Texts embedded between two steps of the progress bar, after which they are kept: a large model
# takes seconds for each.
_BATCH, _BATCH_OF_SLOW = 512, 64


class Embedder:
    """An encoder that embeds nothing twice: what the cache of `index_dir` holds is taken from it.
    Close it after use."""

    def __init__(self, encoder: Encoder, index_dir: Path, progress: bool) -> None:
        self.encoder = encoder
        file = index_dir / "cache" / f"{encoder.fingerprint}.sqlite"
        self._cache = VectorCache(file, encoder.dim)
        self._progress = progress

    def close(self) -> None:
        """Keep what was embedded."""
        self._cache.close()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of passages or sentences, `(n, dim)` in their order."""
        result = np.zeros((len(texts), self.encoder.dim), np.float32)
        bar = tqdm(
            total=len(texts),
            desc="embedding",
            disable=None if self._progress else True,
            unit=" texts",
        )
        size = _BATCH if self.encoder.instant else _BATCH_OF_SLOW
        with bar:
            for start in range(0, len(texts), size):
                batch = texts[start : start + size]
                result[start : start + len(batch)] = self._embed_batch(batch)
                bar.update(len(batch))
        return result

    def _embed_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
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
    removed, passages = _store(folder, documents, outdated, config)
    made = embedder.embed([passage.text for passage in passages])
    _add_vectors(folder / "chroma", removed, passages, made)
    _write_rows(folder, [*old, ([passage.passage_id for passage in passages], made)])
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


def _add_vectors(
    folder: Path, removed: Sequence[str], passages: Sequence[Passage], made: NDArray[np.float32]
) -> None:
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault(passage.language, []).append(row)
    with closing(DenseStore(folder, create=True)) as store:
        store.delete(removed)
        for language, of_language in sorted(rows.items()):
            ids = [passages[row].passage_id for row in of_language]
            store.add(language, ids, made[of_language])


def _old_vectors(folder: Path) -> list[tuple[list[str], NDArray[np.float32]]]:
    """The ids and vectors that `copy` brought, if it did."""
    if not (folder / vectors.FILE).exists():
        return []
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        return [(store.passage_ids(), vectors.load(folder))]


def _write_rows(folder: Path, known: Sequence[tuple[list[str], NDArray[np.float32]]]) -> None:
    """What is kept of every passage in the order of the rows: its vector, and what filters ask."""
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        dim = known[-1][1].shape[1]
        vectors.save(folder, store.passage_ids(), dim, known)
        columns.save(folder, store.facts())


def _write_sparse(folder: Path) -> dict[str, int]:
    """Count the terms of all passages by language; gives the number of passages of each."""
    rows: dict[str, list[int]] = {}
    texts: dict[str, list[list[str]]] = {}
    with closing(PassageStore(folder / "passages.sqlite")) as store:
        for row, passage in enumerate(store.all_passages()):
            rows.setdefault(passage.language, []).append(row)
            texts.setdefault(passage.language, []).append(words(passage.text))
    for language in sorted(rows):
        analysed = [[term(word, language) for word in text] for text in texts[language]]
        spelt = spellings(texts[language], language)
        sparse.save(sparse.count(rows[language], analysed, spelt), folder / "sparse" / language)
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
    }
