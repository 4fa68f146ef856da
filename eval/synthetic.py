"""A synthetic archive of any size, to measure speed on: the same seed gives the same texts.

Words follow Zipf's law (Zipf 1949), as in any archive: the commonest are the real ones of the
translation tables, so that a question can be translated; behind them come invented names, for an
archive never runs out of new ones. The texts mean nothing: figures of quality need real ones.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.languages import script_of, script_of_language
from index.translation import bundled_tables
from index.types import Document, Section

LANGUAGES = ("ar", "en", "fa", "ru")
# A quarter of a newspaper's archive of 100,000 passages holds about 150,000 different words.
VOCABULARY = 250_000
EXPONENT = 1.05
MIN_WORDS, MAX_WORDS = 80, 200
FIRST_DAY, N_DAYS = datetime.date(2000, 1, 1), 9_000
N_OUTLETS = 20

_LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "en": "etaoinshrdlcumwfgypbvk",
    "fa": "ابپتجچخدرزسشصطغفقكگلمنهوي",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюц",
}
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """Words of a passage in `language`, which is `doc_id`'s, in the order they stand there."""

    text: str
    language: str
    doc_id: str


def documents(n: int, seed: int = 7) -> Iterator[Document]:
    """`n` documents of one passage each, as many in each language; with dates and outlets."""
    for start in range(0, n, _BATCH):
        rng = np.random.default_rng([seed, start])
        for i in range(start, min(n, start + _BATCH)):
            yield _document(i, rng)


def questions(n_documents: int, n: int, seed: int = 7) -> list[Question]:
    """`n` questions of four to eight words, each drawn from one of `n_documents` documents, as
    many in each language."""
    rng = np.random.default_rng([seed, 1])
    drawn = rng.integers(max(1, n_documents // len(LANGUAGES)), size=n)
    wanted = Counter(int(at) * len(LANGUAGES) + i % len(LANGUAGES) for i, at in enumerate(drawn))
    found = documents(n_documents, seed)
    return [_question(d, rng) for i, d in enumerate(found) for _ in range(wanted[i])]


def _document(i: int, rng: np.random.Generator) -> Document:
    language = LANGUAGES[i % len(LANGUAGES)]
    text = _text(language, rng)
    section = Section(
        0,
        len(text),
        title=text.split(".")[0],
        date=FIRST_DAY + datetime.timedelta(days=int(rng.integers(N_DAYS))),
        outlet=f"Outlet {rng.integers(N_OUTLETS)}",
        language=language,
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(f"{i:07d}.txt", text, digest, (section,))


def _text(language: str, rng: np.random.Generator) -> str:
    """Sentences of 8 to 25 words, one in thirty a number."""
    chosen = _ranks(int(rng.integers(MIN_WORDS, MAX_WORDS + 1)), rng)
    vocabulary = _vocabulary(language)
    words = [vocabulary[rank] for rank in chosen]
    for i in np.flatnonzero(rng.random(len(words)) < 1 / 30):
        words[i] = str(rng.integers(2, 2030))
    sentences = []
    while words:
        size = int(rng.integers(8, 26))
        sentence = " ".join(words[: size if len(words) > size + 8 else None])
        del words[: len(sentence.split())]
        sentences.append(sentence[:1].upper() + sentence[1:] + ".")
    return " ".join(sentences)


def _question(document: Document, rng: np.random.Generator) -> Question:
    words = document.text.replace(".", "").split()
    places = sorted(rng.choice(len(words), int(rng.integers(4, 9)), replace=False))
    text = " ".join(words[i] for i in places)
    return Question(text, document.sections[0].language, document.doc_id)


@cache
def _cumulative() -> NDArray[np.float64]:
    weights = np.arange(1, VOCABULARY + 1) ** -EXPONENT
    return np.asarray(np.cumsum(weights) / weights.sum())


def _ranks(n: int, rng: np.random.Generator) -> list[int]:
    """Ranks of `n` words, from 0, the commonest first."""
    drawn = np.searchsorted(_cumulative(), rng.random(n))
    return [int(rank) for rank in np.minimum(drawn, VOCABULARY - 1)]


@cache
def _vocabulary(language: str) -> list[str]:
    """VOCABULARY words, the commonest first (what tells little is common), a few of them twice."""
    known = bundled_tables().lists.get(language)
    telling = zip(known.words, known.telling.tolist(), strict=True) if known else ()
    script = script_of_language(language)
    real = [word for word, _ in sorted(telling, key=_telling) if script_of(word[0]) == script]
    made = _invented(language, VOCABULARY - len(real))
    return [*real, *made]


def _telling(row: tuple[str, int]) -> int:
    return row[1]


def _invented(language: str, n: int) -> list[str]:
    """Words of four to eleven letters, the commoner letters more often."""
    rng = np.random.default_rng(LANGUAGES.index(language))
    letters = np.array(list(_LETTERS[language]))
    weights = 1 / (np.arange(len(letters)) + 5)
    drawn = rng.choice(letters, (n, 11), p=weights / weights.sum())
    sizes = rng.integers(4, 12, n)
    whole = "".join(drawn.ravel())
    return [whole[11 * i : 11 * i + size] for i, size in enumerate(sizes.tolist())]
