"""Bytes → text: Unicode first, then the Windows code pages of Arabic, Russian and the West."""

import codecs
import re

from index.reasons import Reason, because

# Signatures of what people put among text files, and what it is, as a kind of `REASONS`.
_SIGNATURES = {
    b"%PDF-": "pdf",
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0": "office",
    b"{\\rtf": "rtf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"\x1f\x8b": "compressed",
    b"\x7fELF": "program",
}
# Longest first: the mark of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES = 1 << 16

# The commonest letters make up over two fifths of any text in their language, and far less of the
# same bytes read in a wrong code page, or of random bytes.
_ARABIC, _RUSSIAN = frozenset("اليمونرتبعدهيكگچپ"), frozenset("оеаинтсрвл")
_CODE_PAGES = {
    "cp1256": _ARABIC,
    "cp1251": _RUSSIAN,
    "cp1252": frozenset("éèàáíóúñçäöüßêâô’‘“”–—"),
    "koi8-r": _RUSSIAN,
    "cp866": _RUSSIAN,
    "iso8859-6": _ARABIC,
}
_MIN_COMMON = 0.4
_MIXED_WORD = re.compile(r"[A-Za-z][^\W\d_a-zA-Z]|[^\W\d_a-zA-Z][A-Za-z]")
_ACCENTED_PAIR = re.compile(r"[\u00c0-\u00ff]{2}")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# A scan or a log has a stray control character here and there; binary content has them everywhere.
_MAX_CONTROLS = 0.02
# Of all characters: a few broken bytes in a UTF-8 file do not make it another encoding.
_MAX_BROKEN = 0.005


class NotText(ValueError):
    """The bytes are no text in any encoding known here."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def decode(content: bytes) -> str:
    """The text of `content` without its byte order mark, every line end as a line feed.

    Bytes that are broken in an otherwise clear encoding become U+FFFD. Raises NotText.
    """
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise NotText(because(kind))
    text = _decode(content)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(content[len(mark) :].decode(encoding, "replace"))
    if utf16 := _unmarked_utf16(content[:_SAMPLE_BYTES]):
        return _checked(content.decode(utf16, "replace"))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(_slightly_broken_utf8(content) or _code_page(content))


def _checked(text: str) -> str:
    """`text`, unless control characters or broken bytes make up too much of it."""
    sample = text[:_SAMPLE_BYTES]
    n_nul, n_broken = sample.count("\0"), sample.count("\ufffd")
    if n_broken > 0.1 * len(sample):
        raise NotText(because("mark"))
    if n_nul > 0.1 * len(sample) or len(_CONTROLS.findall(sample)) > _MAX_CONTROLS * len(sample):
        raise NotText(because("binary"))
    return text


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 shows by its high bytes: in text of one script nearly all have one of a few values
    (0 for ASCII, 4 for Cyrillic, 6 for Arabic), and those stand at every second byte only."""
    half = len(sample) // 2
    if half < 4 or sample.count(b"\0") < 0.02 * half:
        return None
    even, odd = sample[: 2 * half : 2], sample[1::2]
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        n_high = sum(high.count(value) for value in b"\x00\x04\x06\x20")
        n_low = sum(low.count(value) for value in b"\x00\x04\x06")
        if n_high > 0.9 * half and n_low < 0.1 * half:
            return encoding
    return None


def _slightly_broken_utf8(content: bytes) -> str | None:
    sample = content[:_SAMPLE_BYTES].decode("utf-8", "ignore")
    broken = content[:_SAMPLE_BYTES].decode("utf-8", "replace").count("\ufffd")
    # ASCII with a few other bytes is no sign of UTF-8; multi-byte characters are.
    if sample.isascii() or broken > max(1, _MAX_BROKEN * len(sample)):
        return None
    return content.decode("utf-8", "replace")


def _code_page(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few files need it

    sample = content[:_SAMPLE_BYTES]
    matches = from_bytes(sample, cp_isolation=list(_CODE_PAGES), enable_fallback=False)
    # It judges by the whole text, so a short one or one with few foreign letters needs the rest.
    for candidates in ([match.encoding for match in matches], list(_CODE_PAGES)):
        best = max(candidates, key=lambda name: _likeness(sample, name), default="cp1252")
        if _likeness(sample, best) >= _MIN_COMMON:
            return content.decode(best, "replace")
    raise NotText(because("encoding"))


def _likeness(sample: bytes, encoding: str) -> float:
    """How much of what is not ASCII reads as the commonest letters of the code page's languages,
    less what they would not do: mix two scripts in a word, or set two accented letters together."""
    text = sample.decode(encoding, "replace")
    foreign = [char for char in text if not char.isascii() and not char.isspace()]
    if not foreign:
        return 0.0
    letters = _CODE_PAGES[codecs.lookup(encoding).name.replace("_", "-")]
    common = sum(char.lower() in letters for char in foreign)
    odd = _ACCENTED_PAIR if encoding == "cp1252" else _MIXED_WORD
    return (common - len(odd.findall(text))) / len(foreign)
