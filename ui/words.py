"""The words around an answer, in the language of the question."""

from dataclasses import dataclass

RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """Labels of one language; `{…}` are filled in with `str.format`."""

    refusal: str
    nearest: str
    searched: str
    sources: str
    source: str
    copy: str
    copied: str
    copy_failed: str
    open: str
    back: str
    untitled: str
    rank: str
    score: str
    bm25: str
    dense: str
    sentence: str
    strong: str
    moderate: str
    weak: str
    weak_sentence: str
    no_source: str
    only_part: str

    def retriever(self, name: str) -> str:
        """The label of a retriever's score, or its own name where we have none."""
        known = {"bm25": self.bm25, "dense": self.dense, "sentence": self.sentence}
        return known.get(name, name)


EN = Words(
    refusal="The archive does not say.",
    nearest="The nearest passages. They are not an answer.",
    searched="Searched for",
    sources="Sources",
    source="Source {number}: {title}",
    copy="Copy with references",
    copied="Copied",
    copy_failed="Could not copy",
    open="Open in the document",
    back="Back to the answer",
    untitled="Untitled",
    rank="Rank",
    score="score",
    bm25="words (BM25)",
    dense="meaning (dense)",
    sentence="best sentence",
    strong="Well supported by the sources",
    moderate="Probably supported: check the sources",
    weak="Weakly supported: read the sources before you rely on it",
    weak_sentence="weakly supported",
    no_source="no source",
    only_part="Only the part around the passage is shown.",
)
AR = Words(
    refusal="لا يذكر الأرشيف ذلك.",
    nearest="أقرب المقاطع، وليست جوابًا.",
    searched="بُحث عن",
    sources="المصادر",
    source="المصدر {number}: {title}",
    copy="نسخ مع المراجع",
    copied="تم النسخ",
    copy_failed="تعذّر النسخ",
    open="فتح في الوثيقة",
    back="العودة إلى الجواب",
    untitled="بلا عنوان",
    rank="الترتيب",
    score="الدرجة",
    bm25="الكلمات (BM25)",
    dense="المعنى (dense)",
    sentence="أفضل جملة",
    strong="تسنده المصادر جيدًا",
    moderate="تسنده المصادر على الأرجح: راجعها",
    weak="سنده ضعيف: اقرأ المصادر قبل الاعتماد عليه",
    weak_sentence="سند ضعيف",
    no_source="بلا مصدر",
    only_part="لا يُعرض إلا ما حول المقطع.",
)
FA = Words(
    refusal="بایگانی در این باره چیزی نمی‌گوید.",
    nearest="نزدیک‌ترین بخش‌ها؛ پاسخ نیستند.",
    searched="جست‌وجو شد",
    sources="منابع",
    source="منبع {number}: {title}",
    copy="رونوشت با ارجاع‌ها",
    copied="رونوشت برداشته شد",
    copy_failed="رونوشت برداشته نشد",
    open="باز کردن در سند",
    back="بازگشت به پاسخ",
    untitled="بی‌عنوان",
    rank="رتبه",
    score="امتیاز",
    bm25="واژه‌ها (BM25)",
    dense="معنا (dense)",
    sentence="بهترین جمله",
    strong="منابع به‌خوبی پشتیبان آن‌اند",
    moderate="احتمالاً پشتوانه دارد: منابع را ببینید",
    weak="پشتوانه‌اش سست است: پیش از تکیه بر آن منابع را بخوانید",
    weak_sentence="پشتوانهٔ سست",
    no_source="بی‌منبع",
    only_part="تنها بخش پیرامون این قطعه نشان داده شده است.",
)
RU = Words(
    refusal="В архиве об этом ничего не сказано.",
    nearest="Ближайшие отрывки. Это не ответ.",
    searched="Искали",
    sources="Источники",
    source="Источник {number}: {title}",
    copy="Копировать со сносками",
    copied="Скопировано",
    copy_failed="Не удалось скопировать",
    open="Открыть в документе",
    back="Назад к ответу",
    untitled="Без названия",
    rank="Место",
    score="оценка",
    bm25="слова (BM25)",
    dense="смысл (dense)",
    sentence="лучшее предложение",
    strong="Хорошо подтверждено источниками",
    moderate="Вероятно, подтверждено: сверьтесь с источниками",
    weak="Подтверждено слабо: прочтите источники, прежде чем полагаться на ответ",
    weak_sentence="слабое подтверждение",
    no_source="без источника",
    only_part="Показана только часть вокруг отрывка.",
)
_BY_LANGUAGE = {"en": EN, "ar": AR, "fa": FA, "ru": RU}


def words(language: str) -> Words:
    """The labels of `language` (`ar`, `ar-EG`), English for one that we do not speak."""
    return _BY_LANGUAGE.get(language.split("-", maxsplit=1)[0].lower(), EN)
