"""OIC, ОИС → منظمة التعاون الإسلامي: the full names behind acronyms, which no dictionary of single
words can give.

`models/acronyms.tsv` holds a line for each name: its acronyms in any script, then the name in
English, Russian, Arabic and Persian. An acronym that is also an ordinary word (WHO) is left out.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from index.analysis import term, words
from index.queries import content_words

_FILE = Path(__file__).parent / "models" / "acronyms.tsv"


def full_name(word: str, language: str) -> list[str]:
    """The folded words of the name that the folded `word` stands for, in `language`; empty when it
    stands for none that is known. Articles and prepositions are left out."""
    return _names(language).get(_key(word), [])


def _key(word: str) -> str:
    return term(word, "ar")


@cache
def _names(language: str) -> Mapping[str, list[str]]:
    """The name in one language by each acronym."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {
        _key(acronym): content_words(row[language])
        for row in rows
        if row.get(language)
        for acronym in words(row["acronyms"])
    }
