"""Days of the Hijri and the Jalali calendar in words of four languages."""

from index.types import CalendarDate

_MONTHS = {
    (
        "hijri",
        "ar",
    ): "محرم|صفر|ربيع الأول|ربيع الثاني|جمادى الأولى|جمادى الآخرة|رجب|شعبان|رمضان|شوال|"
    "ذو القعدة|ذو الحجة",
    ("hijri", "fa"): "محرم|صفر|ربیع‌الاول|ربیع‌الثانی|جمادی‌الاول|جمادی‌الثانی|رجب|شعبان|رمضان|شوال|"
    "ذیقعده|ذیحجه",
    (
        "hijri",
        "ru",
    ): "мухаррама|сафара|раби аль-авваля|раби ас-сани|джумада аль-уля|джумада ас-сани|"
    "раджаба|шаабана|рамадана|шавваля|зу-ль-каада|зу-ль-хиджжа",
    ("hijri", "en"): "Muharram|Safar|Rabi' al-Awwal|Rabi' al-Thani|Jumada al-Ula|"
    "Jumada al-Akhirah|Rajab|Sha'ban|Ramadan|Shawwal|Dhu al-Qa'dah|Dhu al-Hijjah",
    ("jalali", "ar"): "فروردين|أرديبهشت|خرداد|تير|مرداد|شهريور|مهر|آبان|آذر|دي|بهمن|إسفند",
    ("jalali", "fa"): "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند",
    ("jalali", "ru"): "фарвардина|ордибехешта|хордада|тира|мордада|шахривара|мехра|абана|азара|дея|"
    "бахмана|эсфанда",
    ("jalali", "en"): "Farvardin|Ordibehesht|Khordad|Tir|Mordad|Shahrivar|Mehr|Aban|Azar|Dey|"
    "Bahman|Esfand",
}
# Behind the year; Persian readers take a Jalali year for granted.
_ERAS = {
    ("hijri", "ar"): " هـ",
    ("hijri", "fa"): " ق.",
    ("hijri", "ru"): " г. хиджры",
    ("hijri", "en"): " AH",
    ("jalali", "ar"): " هـ.ش",
    ("jalali", "fa"): "",
    ("jalali", "ru"): " г. солнечной хиджры",
    ("jalali", "en"): " SH",
}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def in_words(day: CalendarDate, language: str) -> str:
    """`8 Mordad 1400 SH`, `15 شعبان 1445 هـ`; in English where the language has no words here.

    Raises KeyError for a Gregorian day: the citation styles know how to write that.
    """
    spoken = language if language in ("ar", "fa", "ru") else "en"
    key = (day.calendar, spoken)
    text = f"{day.day} {_MONTHS[key].split('|')[day.month - 1]} {day.year}{_ERAS[key]}"
    return text.translate(_PERSIAN_DIGITS) if spoken == "fa" else text
