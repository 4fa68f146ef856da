"""What stands in a page and is no part of its article: read-also boxes, tags, share bars, captions.

Lines are recognised by labels in Arabic, Persian, Russian and English, as `index.text.fold` spells
them. The rules would rather leave furniture in than cut a line of the article.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from index.text import fold

Span = tuple[int, int]


class Kind(Enum):
    """What a line is when it is not part of the article."""

    READ_ALSO = auto()  # the label alone, with links or another article below
    LINK = auto()  # a read-also label and its link in one line
    TAGS = auto()
    CREDIT = auto()  # of a photograph
    BAR = auto()  # sharing, other languages, an advertisement


# No longer line is furniture; the longest, a row of tags, has some forty words.
_MAX_CHARS = 500
_MAX_LINK_WORDS = 30
_MAX_CREDIT_WORDS = 15

_READ_ALSO = re.compile(
    r"[\s•*>+-]*(?:"
    r"(?:اقرا|اقراي|اقرووا|اقراوا|شاهد|طالع|انظر) ?(?:ايضا+|المزيد)|للمزيد|"
    r"(?:مواضيع|موضوعات|مقالات|اخبار) (?:ذات صله|متعلقه|مشابهه)|"
    r"(?:also read|read also|read more|see also|also on this topic|more on this(?: story)?|"
    r"related (?:articles?|stor(?:y|ies)|news|topics|links|content)|you may also like)|"
    r"(?:читайте|читать|смотрите|см\.?) (?:также|ещ?е|далее)|(?:материалы )?по теме|"
    r"(?:похожие|связанные) (?:материалы|новости|статьи)|"
    r"(?:بيشتر|همچنين|بيش تر)(?: هم)? (?:بخوانيد|ببينيد)|"
    r"(?:مطالب|اخبار|خبرهاي) (?:مرتبط|مشابه)|در همين (?:باره|زمينه)"
    r")(?P<rest>\W*|\s*[:|»>-]+\s*\S.*)"
)
_TAGS = re.compile(
    r"[\s•*]*(?:(?:ال)?كلمات (?:ال)?(?:دلاليه|دليليه|مفتاحيه)|(?:ال)?وسوم|هاشتاج|"
    r"(?:hash)?tags?|keywords|т[еэ]ги|метки|ключевые слова|"
    r"برچسب ?(?:ها)?|كليد ?واژه ?(?:ها)?|كلمات كليدي|واژه هاي كليدي)\s*:.*"
)
_CREDIT = re.compile(
    r"(?:(?:ال)?صوره?|مصدر الصوره|photos?(?: credits?)?|image(?: credit)?|picture|"
    r"фото(?:графия)?|изображение|عكس(?: از)?|تصوير)\s*(?::|©|/).*|"
    r"(?:photo by|©|\(c\)|copyright ©).*"
)
_SHARE = (
    r"share(?: (?:this|on|via|article|story|post))*|شارك(?: (?:المقال|الخبر|علي|هذا))*|مشاركه|"
    r"поделиться|اشتراك گذاري|به اشتراك بگذاريد|print|طباعه|چاپ|распечатать|copy link|نسخ الرابط"
)
_NETWORKS = (
    r"facebook|twitter|x|whatsapp|telegram|vk|ok|viber|linkedin|pinterest|reddit|e-?mail|instagram|"
    r"вконтакте|одноклассники|фейсбук|твиттер|телеграм|فيسبوك|فيس بوك|تويتر|واتس ?اب|تلغرام|"
    r"تيليجرام|تليجرام|تلگرام|اينستاگرام|فيسبوك|توييتر"
)
_BETWEEN = r"[\s|/,،·•:]*+"
_BAR = re.compile(
    rf"{_BETWEEN}(?:(?:{_SHARE})(?!\w){_BETWEEN})++(?:(?:{_NETWORKS})(?!\w){_BETWEEN})*+|"
    rf"{_BETWEEN}(?:(?:{_NETWORKS})(?!\w){_BETWEEN}){{2,}}+(?:(?:{_SHARE})(?!\w){_BETWEEN})*+|"
    r"(?:اعلان|advertisements?|реклама|اگهي|تبليغات)"
)
_LANGUAGE = (
    "ru|en|ar|fa|tr|fr|de|es|zh|tt|ur|ру|рус|анг|англ|тат|русский|english|العربيه|عربي|فارسي|"
    "francais|deutsch|espanol|turkce|татарча|中文|اردو|русская версия|english version"
)
_LANGUAGES = re.compile(rf"{_BETWEEN}(?:(?:{_LANGUAGE})(?!\w){_BETWEEN}){{2,}}+")

# Al Jazeera's box of links, flattened into the paragraph; its label may stand before it.
_BOX_START = re.compile(
    r"(?:[إاأ]قر[أا]\s[أا]يض[اً]{1,2}\s*|Recommended Stories\s*)?list of \d{1,3} items?"
)
_BOX_END = "end of list"
_MAX_BOX_CHARS = 4000
# «إعلان» (advertisement) glued to the paragraph below it: إعلانوقال. What follows must not be one
# of the word's own endings (إعلانات، إعلانها، إعلاني …).
_GLUED_AD = re.compile(
    r"^[ \t]*(إعلان)(?!(?:ات|ي|ية|يه|يين|ين|ان)?(?:ه|ها|هم|هن|ك|كم|نا|ي)?(?:ا|ًا|اً|ً|ٍ|ٌ|ُ|َ|ِ)?(?!\w))"
    r"(?=[\u0621-\u064a]{3})",
    re.M,
)


def kind_of(line: str) -> Kind | None:
    """What furniture a line is, or None when it belongs to the article."""
    if len(line) > _MAX_CHARS:
        return None
    folded = fold(line).strip()
    if found := _READ_ALSO.fullmatch(folded):
        if not re.search(r"\w", found["rest"]):
            return Kind.READ_ALSO
        return Kind.LINK if len(folded.split()) <= _MAX_LINK_WORDS else None
    if _TAGS.fullmatch(folded):
        return Kind.TAGS
    if _CREDIT.fullmatch(folded) and len(folded.split()) <= _MAX_CREDIT_WORDS:
        return Kind.CREDIT
    return Kind.BAR if _BAR.fullmatch(folded) or _LANGUAGES.fullmatch(folded) else None


def repeats(line: str, title: str) -> bool:
    """Whether a line is the title again, or the beginning of it as a caption cuts it."""
    caption = fold(line).strip().rstrip("….").strip()
    whole = fold(title).strip()
    if caption == whole.rstrip("…."):
        return True
    following = whole[len(caption) :][:1]
    return len(caption) >= 20 and whole.startswith(caption) and not following.isalnum()


def inline(text: str) -> Iterator[Span]:
    """Furniture inside lines: boxes of links and glued advertisement labels, in order."""
    yield from sorted([*_boxes(text), *(ad.span(1) for ad in _GLUED_AD.finditer(text))])


def _boxes(text: str) -> Iterator[Span]:
    end = found = 0
    for start in _BOX_START.finditer(text):
        if start.start() < end:
            continue
        # Each end is looked for once, so that a thousand boxes without an end cost no more.
        if found < start.end() and (found := text.find(_BOX_END, start.end())) < 0:
            return
        if found - start.end() <= _MAX_BOX_CHARS:
            end = found + len(_BOX_END)
            yield start.start(), end
