"""The words around an answer, in the language of the question."""

from dataclasses import dataclass

from assistant.prompts import REFUSALS
from assistant.types import Note, Sentence

# Below this a sentence of the answer is marked as weakly supported.
WEAK_SUPPORT = 0.5
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
    language: str
    forms: str
    near: str
    strong: str
    moderate: str
    weak: str
    weak_sentence: str
    no_source: str
    only_part: str
    failed: str
    refused: str
    unmarked: str
    removed: str
    dropped: str
    why: str
    met: str
    none_met: str
    missing: str
    form: str
    acronym: str
    translation: str
    sound: str
    adds: str
    arrow: str

    def how(self, how: str) -> str:
        """How a word of the question met one of a passage."""
        known = {
            "form": self.form,
            "acronym": self.acronym,
            "translation": self.translation,
            "sound": self.sound,
        }
        return known.get(how, "")

    def retriever(self, name: str) -> str:
        """The label of a retriever's score, or its own name where we have none."""
        known = {
            "bm25": self.bm25,
            "dense": self.dense,
            "sentence": self.sentence,
            "language": self.language,
            "form": self.forms,
            "near": self.near,
        }
        return known.get(name, name)

    def note(self, note: Note) -> str:
        """The line that tells a reader how the answer came about."""
        lines = {
            "failed": self.failed,
            "refused": self.refused,
            "unmarked": self.unmarked,
            "removed": self.removed,
            "dropped": self.dropped,
        }
        return lines[note.kind].format(detail=note.detail, n=note.n)

    def caveat(self, sentence: Sentence) -> str:
        """What is wrong with a sentence's sources; the empty string if nothing is."""
        if not sentence.citations:
            return self.no_source
        return self.weak_sentence if sentence.support < WEAK_SUPPORT else ""


EN = Words(
    refusal=REFUSALS["en"],
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
    language="the question’s language",
    forms="forms of the words",
    near="words side by side",
    strong="Well supported by the sources",
    moderate="Probably supported: check the sources",
    weak="Weakly supported: read the sources before you rely on it",
    weak_sentence="weakly supported",
    no_source="no source",
    only_part="Only the part around the passage is shown.",
    failed="The language model gave no answer; these are quotations. ({detail})",
    refused="The language model found no answer in the passages; these are the nearest sentences.",
    unmarked="The language model named no source; these are quotations instead.",
    removed="References to passages that do not exist, removed: {n}",
    dropped="Sentences without support, left out: {n}",
    why="Why this passage",
    met="Words it shares with the question",
    none_met="It shares no word with the question: found by its meaning.",
    missing="Words that are not in it",
    form="another form",
    acronym="full name",
    translation="translated",
    sound="by sound",
    adds="adds",
    arrow="→",
)
AR = Words(
    refusal=REFUSALS["ar"],
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
    language="لغة السؤال",
    forms="صيغ الكلمات",
    near="تجاور الكلمات",
    strong="تسنده المصادر جيدًا",
    moderate="تسنده المصادر على الأرجح: راجعها",
    weak="سنده ضعيف: اقرأ المصادر قبل الاعتماد عليه",
    weak_sentence="سند ضعيف",
    no_source="بلا مصدر",
    only_part="لا يُعرض إلا ما حول المقطع.",
    failed="لم يُعطِ النموذج اللغوي جوابًا، وهذه اقتباسات. ({detail})",
    refused="لم يجد النموذج اللغوي جوابًا في المقاطع، وهذه أقرب الجمل.",
    unmarked="لم يذكر النموذج اللغوي مصدرًا، وهذه اقتباسات بدلًا من جوابه.",
    removed="إحالات إلى مقاطع لا وجود لها، حُذفت: {n}",
    dropped="جمل بلا سند، تُركت: {n}",
    why="لماذا هذا المقطع",
    met="كلمات يشترك فيها مع السؤال",
    none_met="لا يشترك مع السؤال في أي كلمة: وُجد بمعناه.",
    missing="كلمات ليست فيه",
    form="صيغة أخرى",
    acronym="الاسم الكامل",
    translation="ترجمة",
    sound="بحسب النطق",
    adds="تضيف",
    arrow="←",
)
FA = Words(
    refusal=REFUSALS["fa"],
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
    language="زبان پرسش",
    forms="شکل واژه‌ها",
    near="کنار هم بودن واژه‌ها",
    strong="منابع به‌خوبی پشتیبان آن‌اند",
    moderate="احتمالاً پشتوانه دارد: منابع را ببینید",
    weak="پشتوانه‌اش سست است: پیش از تکیه بر آن منابع را بخوانید",
    weak_sentence="پشتوانهٔ سست",
    no_source="بی‌منبع",
    only_part="تنها بخش پیرامون این قطعه نشان داده شده است.",
    failed="مدل زبانی پاسخی نداد؛ این‌ها نقل‌قول‌اند. ({detail})",
    refused="مدل زبانی در این بخش‌ها پاسخی نیافت؛ این‌ها نزدیک‌ترین جمله‌هایند.",
    unmarked="مدل زبانی منبعی نام نبرد؛ به جای پاسخ آن نقل‌قول‌ها آمده‌اند.",
    removed="ارجاع به بخش‌هایی که وجود ندارند، حذف شد: {n}",
    dropped="جمله‌های بی‌پشتوانه، کنار گذاشته شد: {n}",
    why="چرا این بخش",
    met="واژه‌های مشترک با پرسش",
    none_met="واژهٔ مشترکی با پرسش ندارد: از روی معنا یافته شد.",
    missing="واژه‌هایی که در آن نیست",
    form="صورت دیگر",
    acronym="نام کامل",
    translation="ترجمه",
    sound="از روی آوا",
    adds="می‌افزاید",
    arrow="←",
)
RU = Words(
    refusal=REFUSALS["ru"],
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
    language="язык вопроса",
    forms="формы слов",
    near="слова рядом",
    strong="Хорошо подтверждено источниками",
    moderate="Вероятно, подтверждено: сверьтесь с источниками",
    weak="Подтверждено слабо: прочтите источники, прежде чем полагаться на ответ",
    weak_sentence="слабое подтверждение",
    no_source="без источника",
    only_part="Показана только часть вокруг отрывка.",
    failed="Языковая модель не дала ответа; это цитаты. ({detail})",
    refused="Языковая модель не нашла ответа в отрывках; это ближайшие предложения.",
    unmarked="Языковая модель не назвала источников; вместо её ответа приведены цитаты.",
    removed="Удалено ссылок на несуществующие отрывки: {n}",
    dropped="Опущено предложений без подтверждения: {n}",
    why="Почему этот отрывок",
    met="Слова, общие с вопросом",
    none_met="Общих слов с вопросом нет: найден по смыслу.",
    missing="Слова, которых в нём нет",
    form="другая форма",
    acronym="полное название",
    translation="перевод",
    sound="по звучанию",
    adds="добавляет",
    arrow="→",
)
_BY_LANGUAGE = {"en": EN, "ar": AR, "fa": FA, "ru": RU}


def words(language: str) -> Words:
    """The labels of `language` (`ar`, `ar-EG`), English for one that we do not speak."""
    return _BY_LANGUAGE.get(language.split("-", maxsplit=1)[0].lower(), EN)
