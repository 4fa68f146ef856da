"""What a passage points back to: "he added …", «این گروه از سال …», is about what stood before it.

Cut off from that, it is like hardly any question that it answers. So a passage that begins so is
embedded together with the last sentences of the one before it; its text, its sentences and its
words stay its own. A static encoder, which knows no context, embeds what stands there.
"""

from collections.abc import Mapping, Sequence

from index.analysis import word_set, words
from index.types import Passage

# So many sentences of the passage before, when one of the first words points there; fewer where
# they are so long that the passage itself might not fit into what a transformer reads.
N_BEFORE, MAX_CHARS = 2, 600
_FIRST = 2


# Pronouns and demonstratives; in Arabic also what is told of somebody without saying of whom.
POINTING: Mapping[str, frozenset[str]] = {
    "ar": word_set(
        """
        هذا هذه ذلك تلك هو هي وهو وهي أنه أنها لكنه لكنها كما وكان وكانت وبحسبه
        وأضاف وأضافت وأوضح وأوضحت وأشار وأشارت وتابع وتابعت وأكد وأكدت
        """
    ),
    "en": word_set("he she they it this these that those him his her its their there"),
    "fa": word_set("این آن وی او آنها آنان ایشان همچنین"),
    "ru": word_set("он она они его её их ему ей это этот эта эти этом этой тогда там"),
}


def embedded(passages: Sequence[Passage]) -> list[str]:
    """The texts that passages are embedded as, given in the order of their documents: their own,
    after what they point back to where they do."""
    return [_with(before, own) for before, own in zip([None, *passages], passages, strict=False)]


def _with(before: Passage | None, passage: Passage) -> str:
    if not (before and _together(before, passage) and _points_back(passage)):
        return passage.text
    told = passage.text
    for i in range(len(before.sentences) - 1, -1, -1)[:N_BEFORE]:
        longer = f"{before.sentence(i)} {told}"
        if len(longer) - len(passage.text) > MAX_CHARS:
            break
        told = longer
    return told


def _together(one: Passage, after: Passage) -> bool:
    """Whether two passages are of one article and in one language."""
    own, other = ((p.doc_id, p.title, p.date, p.url, p.language) for p in (one, after))
    return own == other


def _points_back(passage: Passage) -> bool:
    pointing = POINTING.get(passage.language, frozenset())
    return not pointing.isdisjoint(words(passage.sentence(0))[:_FIRST])
