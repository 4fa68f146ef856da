"""Names of the months, as `index.text.fold` spells them, and their numbers.

Own tables, since dateparser lacks the Levantine and Maghrebi names, Persian ones and the Jalali
calendar, and guesses what is missing.
"""

_ROMAN = {
    "en": "january february march april may june july august september october november december",
    "en, short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru, bare": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru, short": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "ar": "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "ar, Levant": "كانون_الثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_الاول "
    "تشرين_الثاني كانون_الاول",
    "ar, Maghreb": "جانفي فيفري مارس افريل ماي جوان جويليه اوت سبتمبر اكتوبر نوفمبر ديسمبر",
    "ar, Morocco": "يناير فبراير مارس ابريل ماي يونيو يوليوز غشت شتنبر اكتوبر نونبر دجنبر",
    "fa": "ژانويه فوريه مارس اوريل مه ژوين ژوييه اوت سپتامبر اكتبر نوامبر دسامبر",
    "fa, Afghan": "جنوري فبروري مارچ اپريل مي جون جولاي اگست سپتمبر اكتوبر نومبر دسمبر",
}
_VARIANTS = {
    "sept": 9,
    "сент": 9,
    "февр": 2,
    "нояб": 11,
    "نيسن": 4,
    "تشرين اول": 10,
    "تشرين ثاني": 11,
}
_HIJRI = (
    "محرم صفر ربيع_الاول ربيع_الثاني جمادي_الاولي جمادي_الاخره رجب شعبان رمضان شوال ذو_القعده "
    "ذو_الحجه"
)
_HIJRI_VARIANTS = {
    "ربيع الاخر": 4,
    "جمادي الاول": 5,
    "جمادي الثانيه": 6,
    "ذي القعده": 11,
    "ذي الحجه": 12,
}
# «В мае»: a text tells months in a case that no dateline has.
_RUSSIAN_IN = "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре"
_PERSIAN = "فروردين ارديبهشت خرداد تير مرداد شهريور مهر ابان اذر دي بهمن اسفند"


def _numbered(names: str) -> dict[str, int]:
    return {name.replace("_", " "): n for n, name in enumerate(names.split(), 1)}


JALALI = _numbered(_PERSIAN) | {"امرداد": 5}
IN_MONTH = _numbered(_RUSSIAN_IN)
HIJRI = _numbered(_HIJRI) | _HIJRI_VARIANTS
GREGORIAN = {
    name: number for names in _ROMAN.values() for name, number in _numbered(names).items()
} | _VARIANTS

# What is another word as well, and mostly that: *may*, *march*, «می‌شود», water, John, to practise.
EVERYDAY = frozenset(
    {"may", "march", "mar", "مي", "اب", "مه", "دي", "مهر", "تير", "اذر", "بهمن", "جون", "مارس"}
)
