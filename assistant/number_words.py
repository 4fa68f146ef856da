"""Whether a text may tell a number in words: in English, Russian, Arabic and Persian, as far as
news writes them out. Made to keep quiet rather than to be exact: any inflection counts."""

import re
from itertools import product

# As `index.text.fold` spells them. 1 is a pronoun and an article, and may be anywhere.
_UNITS = {
    1: r"one|first|од[ни]\w*|перв\w+|واحد\w*|احد\w*|اول\w*|يك\w*",
    2: r"two|twice|both|second|дв[аеу]\w*|оба|обе\w*|втор\w+|اثن\w+|ثان\w*|دو|دوم\w*",
    3: r"three|third|тр[еи]\w*|ثلاث\w*|ثالث\w*|سه|سوم\w*",
    4: r"fou?r(?:th)?|чет[ыв]\w+|اربع\w*|رابع\w*|چهار\w*",
    5: r"five|fifth|пят[ьиы]\w*|خمس\w*|خامس\w*|پنج\w*",
    6: r"six(?:th)?|шест[ьиыо]\w*|سته?|سادس\w*|شش\w*",
    7: r"seven(?:th)?|сем[ьи]\w*|седьм\w+|سبع\w*|سابع\w*|هفت\w*",
    8: r"eight(?:h)?|вос[еь]м\w+|ثمان\w*|ثامن\w*|هشت\w*",
    9: r"nine|ninth|девят[ьиы]\w*|تسع\w*|تاسع\w*|نهم?",
    10: r"ten(?:th)?|десят[ьиы]\w*|عشره?|عاشر\w*|دهم?",
    11: r"eleven\w*|одиннадцат\w+|(?:احد|حادي)\w* عشره?|يازده\w*",
    12: r"twel\w+|двенадцат\w+|(?:اثن|ثان)\w* عشره?|دوازده\w*",
    13: r"thirteen\w*|тринадцат\w+|(?:ثلاث|ثالث)\w* عشره?|سيزده\w*",
    14: r"fourteen\w*|четырнадцат\w+|(?:اربع|رابع)\w* عشره?|چهارده\w*",
    15: r"fifteen\w*|пятнадцат\w+|(?:خمس|خامس)\w* عشره?|پانزده\w*",
    16: r"sixteen\w*|шестнадцат\w+|(?:ست|سادس)\w* عشره?|شانزده\w*",
    17: r"seventeen\w*|семнадцат\w+|(?:سبع|سابع)\w* عشره?|هفده\w*",
    18: r"eighteen\w*|восемнадцат\w+|(?:ثمان|ثامن)\w* عشره?|هجده\w*",
    19: r"nineteen\w*|девятнадцат\w+|(?:تسع|تاسع)\w* عشره?|نوزده\w*",
}
_TENS = {
    20: r"twent\w+|двадцат\w+|عشر(?:ون|ين)|بيست\w*",
    30: r"thirt[yi]\w*|тридцат\w+|ثلاث(?:ون|ين)|سي",
    40: r"fort[yi]\w*|сорок\w*|اربع(?:ون|ين)|چهل\w*",
    50: r"fift[yi]\w*|пят(?:ь|и)десят\w*|خمس(?:ون|ين)|پنجاه\w*",
    60: r"sixt[yi]\w*|шест(?:ь|и)десят\w*|ست(?:ون|ين)|شصت\w*",
    70: r"sevent[yi]\w*|сем(?:ь|и)десят\w*|سبع(?:ون|ين)|هفتاد\w*",
    80: r"eight[yi]\w*|вос(?:е|ь)м[ьи]десят\w*|ثمان(?:ون|ين)|هشتاد\w*",
    90: r"ninet[yi]\w*|девяност\w*|تسع(?:ون|ين)|نود\w*",
}
_ROUND = {
    100: r"hundred\w*|ст[оа]|сот\w+|مايه|ميه|ميات|صد",
    1000: r"thousand\w*|тысяч\w*|الف\w*|الاف|هزار\w*",
}
# و, ب and the article may be written together with a word of Arabic.
_EDGE = r"(?<!\w)[وفبل]?(?:ال|لل)?(?:{})(?!\w)"


def _compounds() -> dict[int, str]:
    """Forty-one, сорок один, چهل و يك; in Arabic the unit comes first."""
    units = [(n, words) for n, words in _UNITS.items() if n < 10]
    return {
        ten + unit: rf"(?:{t})[ -](?:و )?(?:{u})|(?:{u}) و ?(?:{t})"
        for (ten, t), (unit, u) in product(_TENS.items(), units)
    }


_WORDS = {
    str(number): re.compile(_EDGE.format(words))
    for number, words in (_UNITS | _TENS | _ROUND | _compounds()).items()
}


def may_tell(folded: str, number: str) -> bool:
    """Whether a folded text may have a number, given in digits, in words."""
    return number in {"0", "1"} or (number in _WORDS and bool(_WORDS[number].search(folded)))
