"""What kind of thing a question asks for, and what of that kind a text plainly has."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from index.analysis import words
from index.text import fold, fold_with_offsets

# A year; a day or a time; a number; a person or a body; a place; a reason.
Kind = Literal["year", "when", "amount", "who", "where", "why"]

# What asks for each kind, as `fold` spells it.
_KINDS: Sequence[tuple[Kind, str]] = (
    (
        "year",
        r"(?:what|which) years?|(?:اي|ما|باي) (?:عام|سنه|عاما)|(?:بـ?|في )اي (?:عام|سنه)|عام كم"
        r"|(?:چه|كدام) سال\w*|(?:в )?как(?:ом|их|ой|ого|им) год\w*",
    ),
    (
        "amount",
        r"how (?:many|much|long|old|often|far|tall|big|large|high|deep|fast|heavy|wide|hot|cold)"
        r"|percent\w*|(?:what|which)(?: (?:is|was|are|were) the(?: \w+){0,2}?)?"
        r" (?:number|amount|share|proportion|population|age|price|cost|length|height|width|depth"
        r"|distance|speed|weight|size|percentage|temperature|budget|capacity)"
        r"|ل?كم|بكم|نسبه|(?:اي|ما|ماهو|ما هو|ماهي|ما هي) (?:ال)?(?:متوسط |اجمالي )?(?:عدد|طول"
        r"|ارتفاع|عرض|عمق|مساحه|سرعه|وزن|مسافه|سعر|تكلفه|ثمن|عمر|نسبه|درجه حراره|سعه|قيمه)\w*"
        r"|عدد كم"
        r"|چند\w*|چقدر|درصد|(?:چه|كدام) (?:عدد|تعداد|مقدار|ميزان|نسبت|قيمت|مبلغ)\w*"
        r"|(?:на)?сколь\w+|процент\w*"
        r"|как(?:ов|ова|ово|овы|ой|ая|ое)(?: был[аои]?)?(?: \w+)? (?:числ|количеств|дол[яи]"
        r"|численност|населени|цен[аы]|стоимост|возраст|площад|длин|высот|ширин|глубин|скорост|вес\b"
        r"|расстояни|размер|температур|процент|протяженност|бюджет|объем)\w*",
    ),
    (
        "when",
        r"when|(?:what|which) (?:date|month|day|decade|century|time|era|period)"
        r"|متي|(?:اي|ما|ماهو|ما هو) (?:تاريخ|شهر|يوم|قرن|وقت|فتره|زمن)"
        r"|كي|(?:چه|كدام) (?:تاريخ|زمان|روز|ماه|دهه|قرن|سده|دوره|وقت)\w*"
        r"|когда|как(?:ого|ом|ой|им|их|ое|ая) (?:числ|месяц|дат|день|дня|век|десятилети|врем"
        r"|период)\w*",
    ),
    (
        "why",
        r"why|(?:what|which) (?:caused?|reasons?)|for what reasons?"
        r"|لماذا|لم|(?:ما|ماهو|ما هو|ماهي|ما هي) (?:ال)?(?:سبب|اسباب)"
        r"|چرا|(?:چه|كدام) (?:دليل|علت)\w*|(?:علت|دليل)(?= .*چيست)"
        r"|почему|зачем|отчего|по какой причине|из-за чего|назовите.{0,12} причин\w*",
    ),
    (
        "where",
        r"where|(?:what|which) (?:country|countries|city|cities|place|places|state|states|town"
        r"|region|continent|location|area|village|capital|river)"
        r"|(?:من |الي )?اين|(?:اي|ما|باي|ماهي|ما هي) (?:دوله|بلد|مدينه|مكان|قاره|منطقه|عاصمه|دول"
        r"|مدن)"
        r"|كجا\w*|(?:كدام|چه) (?:كشور|شهر|مكان|استان|منطقه|محل|قاره|روستا|ناحيه|جا)\w*"
        r"|где|куда|откуда|как(?:ой|ом|ая|ую|их|ие) (?:стран|город|мест|регион|штат|област)\w*",
    ),
    (
        "who",
        r"who|whom|whose|which (?:person|man|woman|people|scientist|president|king|team|company"
        r"|organi[sz]ation|group)|(?:^|(?<=[-,.] ))[وف]?من(?= (?!اي\b|نوع\b|بين\b|خلال\b))"
        r"|من (?:هو|هي|هم|الذي|التي)"
        r"|لمن|(?:يد|قبل|بواسطه) من|من(?= ?\?)"
        r"|(?:چه|كدام) (?:كس|شخص|فرد|افراد|نفر)\w*|كيست\w*|كسي|كه بود"
        r"|кто|кого|кому|кем|чь(?:я|е|ю|и|ей|его)|чей",
    ),
)
# What asks for anything else.
_THING = (
    r"what|which|how|ماذا|ما|ماهي|ماهو|كيف|هل|اي|چه|چي|چيست|كدام\w*|چگونه|چطور|ايا|что|чего|чем"
    r"|чему"
    r"|как|как(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими)|каков\w*|ли"
)
_ASKING = tuple(
    (kind, re.compile(rf"\b(?:{words})(?!\w)")) for kind, words in (*_KINDS, (None, _THING))
)

# Numbers in words, as `fold` spells them; "one" is left out: it is a pronoun, too.
NUMBER_WORDS = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh"
    r"|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|half"
    r"|дв(?:а|е|ух|ум|умя)|тр(?:и|[её]х)|четыр(?:е|[её]х)|пять|пяти|шесть|шести|семь|семи|восемь"
    r"|восьми|девять|девяти|десять|десяти|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцат[ьи]"
    r"|двадцат[ьи]|тридцат[ьи]|сорок|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяносто|сто"
    r"|двести"
    r"|триста|половин\w|десятк\w{1,2}"
    r"|ثلاثه?|اربعه?|خمسه?|سته?|سبعه?|ثماني?ه?|تسعه?|عشره?|عشرون|عشرين|ثلاثين|ثلاثون|اربعين|اربعون"
    r"|خمسين|خمسون|ستين|سبعين|ثمانين|تسعين|ميه|مايه|ميات|ميتين|نصف|عشرات"
    r"|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|يازده|دوازده|سيزده|چهارده|پانزده|شانزده|هفده|هجده|نوزده"
    r"|بيست|سي"
    r"|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|صد|نيمي|ده ها"
)
# Words that multiply a number.
SCALE_WORDS = (
    r"(?:hundred|thousand|[mbtr]{1,2}illion)s?|тысяч\w{0,3}|тыс|млн|млрд|миллион\w{0,3}"
    r"|миллиард\w{0,3}"
    r"|الف|الاف|الفا|مليون|ملايين|مليونا|مليار|مليارات|هزار|ميليون|ميليارد"
)
_DIGITS = re.compile(r"\d+")
# What asks how many there are of what comes next, rather than how much or how long; and what may
# stand in between.
_COUNTING = re.compile(
    r"how many|.*\bnumber|ل?كم|.*عدد(?: كم)?|چند|(?:چه|كدام) تعداد\w*|скольк\w+"
    r"|как.* (?:числ|количеств)\w*"
)
_BETWEEN = re.compile(rf"{SCALE_WORDS}|(?:ال)?عدد|تعداد")


@lru_cache(maxsize=4096)
def kind_of(question: str) -> Kind | None:
    """What kind of thing would answer, or None where its words do not tell.

    The first word that asks decides: in "what happens when …" it is not *when*.
    """
    found = _asking(fold(question).strip())
    return found[0] if found else None


@lru_cache(maxsize=4096)
def counted(question: str) -> tuple[str, ...]:
    """The folded words that follow those asking how many, in order: what is counted is the first of
    them that names something. None where that is not asked."""
    folded = fold(question).strip()
    found = _asking(folded)
    if found is None or not _COUNTING.fullmatch(found[1].group()):
        return ()
    after = words(folded[found[1].end() :])
    return tuple(word for word in after if not _BETWEEN.fullmatch(word))


def without_asking(question: str) -> str:
    """The question without the words by which it asks: "in which city", «در چه روزی»."""
    folded = fold_with_offsets(question)
    found = _asking(folded.text)
    if found is None:
        return question
    start, end = folded.span(*found[1].span())
    return f"{question[:start]} {question[end:]}"


def _asking(folded: str) -> tuple[Kind | None, re.Match[str]] | None:
    """What is asked for, and the first words that ask; of several there the first kind's."""
    found = [(m.start(), i, m) for i, (_, form) in enumerate(_ASKING) if (m := form.search(folded))]
    if not found:
        return None
    _, i, match = min(found, key=lambda each: each[:2])
    return _ASKING[i][0], match


def figures(text: str) -> set[str]:
    """The runs of digits in `text`, in ASCII digits."""
    return set(_DIGITS.findall(fold(text)))
