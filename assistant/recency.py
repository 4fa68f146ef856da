"""Questions about the last or the next of something, which are read against documents' dates."""

import datetime
import re
from collections.abc import Sequence

from assistant.evidence import Evidence
from index.text import fold

# Of sentences whose scores are closer than this the one of the newest document comes first.
ABOUT_EQUAL = 1.0
_OLDEST = datetime.date.min

# Last, latest, now, this year; next, coming: as `fold` spells them.
_TIMELY = re.compile(
    r"\b(?:last|latest|(?:most )?recent(?:ly)?|newest|current(?:ly)?|now|today|this (?:year|month)"
    r"|next|upcoming|coming|forthcoming"
    r"|اخر|الاخيره?|احدث|حاليا|الحالي?ه?|الان|(?:هذا|هذه) (?:العام|السنه|الشهر)|القادمه?|المقبله?"
    r"|اخرين|تازه ?ترين|جديدترين|اخير|اكنون|كنوني|فعلي|امسال|اين ماه|بعدي|اينده|پيش رو|اتي"
    r"|последн\w+|недавн\w+|нынешн\w+|текущ\w+|сейчас|теперь|сегодня|в этом (?:году|месяце)"
    r"|следующ\w+|ближайш\w+|предстоящ\w+|будущ\w+)\b"
)


def is_timely(question: str) -> bool:
    """Whether the answer hangs on when it is given: last, latest, this year, next."""
    return bool(_TIMELY.search(fold(question)))


def newest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Best first, but of those about as good as the best the newest document's first; one without
    a date counts as the oldest."""
    if not evidence:
        return []
    near = [e for e in evidence if evidence[0].score - e.score < ABOUT_EQUAL]
    newest = sorted(near, key=lambda e: e.hit.passage.date or _OLDEST, reverse=True)
    return [*newest, *evidence[len(near) :]]
