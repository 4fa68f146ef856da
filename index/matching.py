"""Which words of a text a query meets: the same, of the same stem, translated, or names that sound
alike. For showing why something was found; the search itself weighs them."""

from collections import Counter

from index.analysis import spellings, term, word_spans
from index.queries import content_words, language_of
from index.translation import bundled_tables, query_terms
from index.transliteration import Names


def matched_spans(query: str, text: str, language: str) -> list[tuple[int, int]]:
    """The `(start, end)` of each word of `text`, in `language`, that a word of `query` meets, in
    order. Words that only bind or ask meet nothing."""
    spans = word_spans(text)
    met = _met(query, [word for word, _, _ in spans], language)
    return [(start, end) for word, start, end in spans if term(word, language) in met]


def _met(query: str, found: list[str], language: str) -> set[str]:
    """The terms of a text with the words `found` that the query's words stand for there."""
    source = language_of(query)
    vocabulary = Counter(term(word, language) for word in found)
    if source == language:
        return {term(word, language) for word in content_words(query)} & vocabulary.keys()
    counts = Counter(found)
    spelt = spellings(counts, (term(word, language) for word in counts))
    names = Names(vocabulary, language, spelt)
    return {t for item in query_terms(query, source, bundled_tables(), names) for t in item.terms}
