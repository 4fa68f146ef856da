"""The same name in three scripts: Минниханов = مينيخانوف = مینیخانف = Minnikhanov.

A word is written down as `sounds`: sixteen classes of consonants and three of vowels, one
letter each. Its `skeleton` is the consonants alone, coarser, by which candidates are looked up;
`similarities` then compare the sounds, where a vowel, an h or a w more or less costs little
(Arabic and Persian write only the long vowels) and kin sounds are half equal.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis import light_stem, term

_CLASSES = {
    "b": "bpбпبپ",
    "f": "fvфвفڤ",
    "k": "kqcкقك",
    "g": "gгغگ",
    "h": "hхخحه",
    "j": "jжجژ",
    "c": "чچ",
    "x": "шщش",
    "s": "sсسص",
    "z": "zзزذظ",
    "t": "tтتطث",
    "d": "dдدض",
    "l": "lлل",
    "m": "mмم",
    "n": "nнن",
    "r": "rрر",
    "A": "aаا",
    "U": "uowуоو",
    "I": "eiyиейэыي",
}
# Letters of two sounds, and groups of letters for one; Latin c before e, i, y is s.
_GROUPS = {
    "tsch": "c",
    "tch": "c",
    "sch": "x",
    "sh": "x",
    "ch": "c",
    "kh": "h",
    "gh": "g",
    "ph": "f",
    "th": "t",
    "zh": "j",
    "dzh": "j",
    "dj": "j",
    "ck": "k",
    "qu": "k",
    "x": "ks",
    "ce": "sI",
    "ci": "sI",
    "cy": "sI",
    "дж": "j",
    "ц": "ts",
    "я": "IA",
    "ю": "IU",
    "تش": "c",
    "دج": "j",
}
_VOWELS = "AUI"
_SOUND = {ord(char): sound for sound, chars in _CLASSES.items() for char in chars}
_SILENT = {ord(char): "" for char in "ьъعء'"}
_GROUP_RE = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
# Group results are kept apart from the letters of the script until all letters are classed.
_PRIVATE = {group: chr(0xE000 + i) for i, group in enumerate(_GROUPS)}
_LETTERS = _SOUND | _SILENT | {ord(_PRIVATE[group]): sound for group, sound in _GROUPS.items()}
_REPEATED_RE = re.compile(r"([a-zA-Z])\1+")
_UNKNOWN_RE = re.compile(r"[^a-zA-Z\n]")
_COARSE = str.maketrans({"j": "g", "c": "x", "z": "s", "A": "", "U": "", "I": ""})

# What it costs to hear one sound as another; 1 where not given.
_KIN = {
    "kg": 0.5,
    "kh": 0.5,
    "gh": 0.5,
    "gj": 0.4,
    "sz": 0.4,
    "td": 0.5,
    "cx": 0.4,
    "ck": 0.5,
    "xs": 0.5,
    "xj": 0.5,
    "zj": 0.6,
    "cs": 0.6,
    "ks": 0.7,
    "zd": 0.5,
    "ts": 0.6,
    "ct": 0.6,
    "fU": 0.5,
    "bf": 0.6,
    "jI": 0.5,
    "hA": 0.3,
    "hI": 0.4,
}
_SWAP = {pair: cost for kin, cost in _KIN.items() for pair in (kin, kin[::-1])}
_SWAP |= {a + b: 0.25 for a in _VOWELS for b in _VOWELS if a != b}
_GAP = {"A": 0.25, "U": 0.25, "I": 0.25, "h": 0.4, "f": 0.7, "t": 0.7}
_VOWEL_MASS = 0.35


def _by_letter(costs: Mapping[str, float], default: float) -> NDArray[np.float64]:
    """A cost for each ASCII letter."""
    return np.array([costs.get(chr(i), default) for i in range(128)])


_GAPS = _by_letter(_GAP, 1.0)
_MASS = _by_letter({"\0": 0.0} | dict.fromkeys(_VOWELS, _VOWEL_MASS), 1.0)
_SWAPS = np.array(
    [
        _by_letter(
            {chr(i): 0.0} | {kin[1]: cost for kin, cost in _SWAP.items() if kin[0] == chr(i)}, 1.0
        )
        for i in range(128)
    ]
)

_CONSONANTS = "bfkghxstdlmnr"
_COARSE_KIN = ("kg", "kh", "gh", "td", "xk", "xs", "xg", "sd", "st", "xt", "bf", "ks")
# At least so similar, or it is another word; at most so many kept, the better ones by far.
LEAST_SIMILAR = 0.75
N_SIMILAR = 6
SHARPNESS = 8
# How much less alike a name is when it sounds so without its first letter.
_CLITIC_OFF = 0.05
# One-letter prepositions and conjunctions that Arabic writes joined to the word.
CLITICS = "بلوفكس"


@lru_cache(maxsize=1 << 16)
def sounds(word: str) -> str:
    """The sounds of a folded word, as in `mInIhAnUf`."""
    return _sounds(word)


def _sounds(lines: str) -> str:
    """Those of several words, a line each."""
    grouped = _GROUP_RE.sub(lambda match: _PRIVATE[match.group()], lines)
    return _REPEATED_RE.sub(r"\1", _UNKNOWN_RE.sub("", grouped.translate(_LETTERS)))


def skeleton(word: str) -> str:
    """The consonants of a folded word, as in `mnhnf`; empty where there are none."""
    return _coarse(sounds(word))


def _coarse(heard: str) -> str:
    return _REPEATED_RE.sub(r"\1", heard.translate(_COARSE))


def similarities(heard: str, others: Sequence[str]) -> NDArray[np.float64]:
    """How alike one word and each of some others sound, given their `sounds`, `(n,)`: 1 equal,
    about 0 nothing in common."""
    letters = _letters(others)
    own = _MASS[_letters([heard])].sum()
    most = np.maximum(_MASS[letters].sum(axis=0), max(_VOWEL_MASS, own))
    return np.asarray(1 - _distances(heard, letters, [len(other) for other in others]) / most)


def _letters(words: Sequence[str]) -> NDArray[np.uint8]:
    """The letters of each word in a column, `(longest, n)`, zeros after them."""
    longest = max(map(len, words), default=0)
    padded = "".join([word.ljust(longest, "\0") for word in words]).encode("ascii")
    return np.frombuffer(padded, np.uint8).reshape(len(words), longest).T.copy()


def _distances(
    heard: str, letters: NDArray[np.uint8], lengths: Sequence[int]
) -> NDArray[np.float64]:
    """Levenshtein's, with the costs above, of one word and all others at once, `(n,)`."""
    gaps = _GAPS[letters]
    above = np.concatenate([np.zeros((1, len(lengths))), np.cumsum(gaps, axis=0)])
    for sound in heard.encode("ascii"):
        row = above + _GAPS[sound]
        np.minimum(row[1:], above[:-1] + _SWAPS[sound][letters], out=row[1:])
        for j, gap in enumerate(gaps):
            np.minimum(row[j + 1], row[j] + gap, out=row[j + 1])
        above = row
    return np.asarray(above[lengths, np.arange(len(lengths))])


def _near(bones: str) -> Iterator[str]:
    """Skeletons that a name with this one may have in another script: one kin sound, or one weak
    consonant more or less; from five consonants on, any one edit."""
    yield bones
    n = len(bones)
    loose = n >= 5
    for i in range(n):
        if n > 2 and (loose or bones[i] in _GAP):
            yield bones[:i] + bones[i + 1 :]
        for other in _CONSONANTS if loose else _kin(bones[i]):
            yield bones[:i] + other + bones[i + 1 :]
    for i in range(n + 1 if n > 1 else 0):
        for other in _CONSONANTS if loose else "hft":
            yield bones[:i] + other + bones[i:]


def _kin(sound: str) -> str:
    return "".join(pair.replace(sound, "") for pair in _COARSE_KIN if sound in pair)


class Names:
    """The terms of one language's passages, to be found by how they sound.

    `spellings` give the commonest word behind a term that a stemmer cut: تتارست is nothing that
    anybody says, تتارستان is. The map is built when first asked for, 300,000 terms in about a
    second.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        language: str,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.language = language
        self._spellings = spellings or {}

    def alike(self, word: str, source: str) -> dict[str, float]:
        """Index terms that a folded `word` of language `source` may be the name of, with weights
        that sum to the best one's similarity; empty where nothing is alike."""
        found: dict[str, float] = {}
        for form in _bare_forms(word, source):
            heard = sounds(form)
            for name, alike in self._similarities(heard, self._candidates(_coarse(heard))):
                if alike >= LEAST_SIMILAR:
                    found[name] = max(alike, found.get(name, 0.0))
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:N_SIMILAR]
        total = sum(alike**SHARPNESS for _, alike in best)
        return {name: best[0][1] * alike**SHARPNESS / total for name, alike in best}

    def _candidates(self, bones: str) -> set[str]:
        if len(bones) < 2:
            return set()
        return {name for near in set(_near(bones)) for name in self._by_skeleton.get(near, ())}

    def _similarities(self, heard: str, names: Collection[str]) -> Iterator[tuple[str, float]]:
        """Each of the names, once for each of its forms, and how alike that sounds."""
        forms = [(name, form, 0.0) for name in names for form in self._forms(name)]
        forms += [(name, name[1:], _CLITIC_OFF) for name in names if _has_clitic(name)]
        if forms:
            spoken = _sounds("\n".join(form for _, form, _ in forms)).split("\n")
            alike = similarities(heard, spoken).tolist()
            for (name, _, less), found in zip(forms, alike, strict=True):
                yield name, found - less

    def _forms(self, name: str) -> tuple[str, ...]:
        """The term, and the word behind it where a stemmer cut more than an article."""
        word = self._spellings.get(name)
        return (name,) if word is None else (name, word[word.find(name) :])

    @cached_property
    def _by_skeleton(self) -> dict[str, list[str]]:
        names = [name for name in self.vocabulary if len(name) > 1 and not name[0].isdigit()]
        forms = [(form, name) for name in names for form in self._forms(name)]
        forms += [(name[1:], name) for name in names if _has_clitic(name)]
        bones = _coarse(_sounds("\n".join(form for form, _ in forms))).split("\n")
        found: dict[str, list[str]] = defaultdict(list)
        for key, (_, name) in zip(bones, forms, strict=True):
            if len(key) > 1:
                found[key].append(name)
        return found


def _has_clitic(name: str) -> bool:
    return len(name) > 4 and name[0] in CLITICS


def _bare_forms(word: str, language: str) -> Iterable[str]:
    """The word as it may stand in another language: without case endings, articles, clitics."""
    stem = term(word, language)
    if not "\u0600" <= word[0] <= "\u06ff":
        return dict.fromkeys((stem, word))  # Snowball cuts Татарстан, too
    if language != "ar":
        return (word,)
    bare = {word, stem, light_stem(word)}
    return bare | {form[1:] for form in bare if _has_clitic(form)}
