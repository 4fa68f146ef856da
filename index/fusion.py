"""Two rankings → one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from index.types import Hit
from index.wording import Asked

# Chosen on the `fit` split by `python -m eval.fusion`, see eval/LOG.md: equal weights for what has
# a scale of its own did as well as a fitted model, and need no new ones for another encoder.
NEAR = 0.5
# Words met in translation are surer to be met by chance.
TRANSLATED = 0.6
# Of two passages that answer alike, the one in the question's language.
OWN_LANGUAGE = 0.2


def shares(dense: float, sentence: float, lexical: float) -> dict[str, float]:
    """What each adds to a score, their sum: the cosine of a passage, that of its best sentence, and
    its share of a full lexical match (0 to 1).

    A convex combination of scores that mean something by themselves (Bruch, Gai & Ingber 2023),
    which ranks better than reciprocal ranks.
    """
    return {"dense": dense, "sentence": sentence, "bm25": lexical}


def read(hits: Iterable[Hit], asked: Mapping[str, Asked], n: int) -> list[Hit]:
    """The same hits with what their language adds, and the `n` best of them with what their wording
    does; `asked` is the query in the passages of each language."""
    known = (_of_language(hit, asked[hit.passage.language].own) for hit in hits)
    ordered = ranked(known)
    return [_worded(hit, asked[hit.passage.language]) for hit in ordered[:n]] + ordered[n:]


def _of_language(hit: Hit, own: bool) -> Hit:
    if not own:
        return hit
    return replace(
        hit,
        score=hit.score + OWN_LANGUAGE,
        scores={**hit.scores, "language": 1.0},
        shares={**hit.shares, "language": OWN_LANGUAGE},
    )


def _worded(hit: Hit, asked: Asked) -> Hit:
    found = asked.wording(hit.passage.text)
    trust = 1.0 if asked.own else TRANSLATED
    added = {"form": trust * found.form, "near": NEAR * trust * found.near}
    return replace(
        hit,
        score=hit.score + sum(added.values()),
        scores={**hit.scores, "form": found.form, "near": found.near},
        shares={**hit.shares, **added},
    )


def ranked(hits: Iterable[Hit], k: int | None = None) -> list[Hit]:
    """The first `k` hits (None: all) in the order (-score, passage_id), with their ranks."""
    ordered = sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[:k]
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]
