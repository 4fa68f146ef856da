"""The words by which a message leans on what was said before it, folded, by language.

Each language has its own, for به is "with him" in Arabic and "to" in Persian.
"""

import re
from collections.abc import Mapping

from index.analysis import word_set
from index.text import fold

# What asks: a message with one of these is a question of its own.
ASKING: Mapping[str, frozenset[str]] = {
    "en": word_set("who whom whose what which when where why how"),
    "ar": word_set("من ما ماذا متى أين كم هل كيف لماذا أي أية"),
    "fa": word_set("چه کی چی کجا کجاست کدام چند چقدر چگونه چطور چرا آیا کیست چیست کسی چیزی"),
    "ru": word_set(
        """
        кто кого кому кем ком что чего чему чем какой какая какое какие каком каких каким какую
        какого когда где куда откуда почему зачем как сколько скольких чей чья чьё чьи
        каков какова каково каковы
        """
    ),
}
# Of these, what asks for a person: Arabic من but before another ("from where"), Persian کسی only
# after چه, and not کی, which is "when", too.
WHO: Mapping[str, frozenset[str]] = {
    "en": word_set("who whom whose"),
    "ar": word_set("من"),
    "fa": word_set("کسی کیست"),
    "ru": word_set("кто кого кому кем ком чей чья чьё чьи чьего чьей чьим"),
}
WHAT_OF_WHO = fold("چه")
# Pronouns that always stand for something said before.
REFERRING: Mapping[str, frozenset[str]] = {
    "en": word_set("he she it they him them his her hers its their theirs"),
    "ar": word_set("هو هي هم هما هن عنه عنها منه منها فيه فيها له لها لهم به بها إليه إليها هناك"),
    "fa": word_set("او وی ایشان آنها آنجا آنان همان"),
    "ru": word_set(
        "он она оно они его её их ему ей им него неё них нему ней ним нём ними там тогда"
    ),
}
# Of these, those that may as well stand for what the message itself names before: "has Toyota said
# when it closes its plant", but not "did Lavrov meet him".
BINDABLE: Mapping[str, frozenset[str]] = {
    "en": word_set("he she it they his its their"),
    "ru": word_set("он она оно они"),
    "ar": frozenset(),
    "fa": frozenset(),
}
# Words that may, but also point at what follows them: "this year", «этот форум».
WEAKLY_REFERRING: Mapping[str, frozenset[str]] = {
    "en": word_set("this that these those there then"),
    "ar": word_set("هذا هذه ذلك تلك هؤلاء"),
    "fa": word_set("این آن همین"),
    "ru": word_set("это этот эта эти этого этой этом этих тот та те того той том тех туда оттуда"),
}
# How a follow-up begins, longest first.
OPENINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("and what about", "and how about", "what about", "how about", "and", "but", "so", "or"),
    "ar": tuple(map(fold, ("وماذا عن", "ماذا عن", "لكن", "ثم", "و"))),
    "fa": tuple(map(fold, ("و در مورد", "در مورد", "و", "پس", "اما", "ولی", "یا"))),
    "ru": (
        *map(fold, ("а что насчёт", "а как насчёт", "что насчёт", "как насчёт")),
        *("а", "и", "но", "или", "ну"),
    ),
}
# Arabic writes "and" onto the next word; it is cut off before these only, as و begins many words.
ARABIC_ATTACHABLE = ASKING["ar"] | word_set("في عن من إلى بعد قبل منذ مع على بأي لأي")
# Common words that begin with it and mean no "and".
ARABIC_WITH_WAW = word_set(
    """
    واحد واحدة وادي واردات وارسو واسع واشنطن واقع والد والدة والي وثائق وثيقة وجه وجهة وجود وحدة
    وداع ودية ورد ورشة ورق ورقة وزارة وزراء وزن وزير وزيرة وسائل وسام وسط وسيط وسيلة وصف وصول وصية
    وضع وطن وطني وطنية وظيفة وعاء وعد وعي وفاة وفد وفق وفقا وفود وقت وقع وقف وقود وكالة وكيل ولادة
    ولاية ولايات ولد ولي وليد وليام وائل وهران ويليام ويلز ويكيبيديا
    """
)
# What looks like a pronoun in "who is …?" and "what are …?": the copula of what follows.
ARABIC_COPULA = re.compile(r"\b([وف]?(?:من|ما|ماذا)) (?:هو|هي|هما|هم|هن) (?=\w)")

# Words that merely end like a word with a pronoun, without the article.
ARABIC_NOT_ATTACHED = word_set(
    """
    الله هذه وجه طه مياه اتجاه تجاه فقه شبه نزيه شفاه انتباه كره منبه هم أهم مهم فهم سهم درهم معظم
    متهم ملهم أنه إنه لأنه كأنه
    """
)
PERSIAN_NOT_ATTACHED = word_set(
    """
    گزارش آموزش دانش بخش نقش تلاش همایش افزایش کاهش گسترش ارزش پرسش روش آتش پیش بیش خویش ارتش
    جنبش گرایش نمایش ورزش کوشش پوشش پژوهش سفارش آرامش پذیرش نگرش هوش گوش فروش خاموش کیش آزمایش
    ستایش واکنش کنش تنش چالش سازش بارش شورش کشش منش بینش گزینش آفرینش پرورش عرش جیش وحش بنفش
    """
)
