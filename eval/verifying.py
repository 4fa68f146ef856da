"""Does `sanad verify` find what was altered, and leave alone what was not?

A set is a folder with `documents/` and `drafts.jsonl`: small drafts of one or two quotations or
cited sentences each, altered in a known way or in none (`kind`), with the outcomes that are right
for what is altered or, where nothing is, for all (`expected`). One half was developed on, the other
is `reported`.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.verify import WRONG, Finding, Outcome
from eval.report import aligned
from index.errors import DatasetError

Half = Literal["developing", "reported"]


@dataclass(frozen=True, slots=True)
class AlteredDraft:
    """A draft in Markdown, altered in a known way; `is_wrong` is whether that is an error."""

    draft_id: str
    half: Half
    kind: str
    expected: frozenset[Outcome]
    text: str

    @property
    def is_wrong(self) -> bool:
        """Whether something must be found."""
        return self.expected <= WRONG


@dataclass(frozen=True, slots=True)
class Score:
    """Drafts of one kind: how many there are, in how many something was called wrong, and in how
    many that, or everything where nothing is wrong, has an expected outcome."""

    kind: str
    wrong: bool
    n: int
    n_alarms: int
    n_as_expected: int


def read_drafts(file: Path) -> list[AlteredDraft]:
    """The drafts of a set. Raises DatasetError."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"'{file}' cannot be read: {error}") from None
    return [_draft(line, f"line {i} of '{file}'") for i, line in enumerate(lines, 1) if line]


def _draft(line: str, where: str) -> AlteredDraft:
    try:
        row = json.loads(line)
        known = frozenset(row["expected"])
        if row["half"] in get_args(Half) and known and known <= set(get_args(Outcome)):
            return AlteredDraft(row["id"], row["half"], row["kind"], known, row["draft"])
    except (ValueError, KeyError, TypeError):
        pass
    raise DatasetError(f"{where} is no draft with id, half, kind, expected outcomes and draft")


def score(drafts: Iterable[AlteredDraft], check: Callable[[str], Sequence[Finding]]) -> list[Score]:
    """The figures of each kind, in the order in which kinds first appear."""
    kinds: dict[str, list[tuple[AlteredDraft, Sequence[Finding]]]] = {}
    for draft in drafts:
        kinds.setdefault(draft.kind, []).append((draft, check(draft.text)))
    return [
        Score(
            kind=kind,
            wrong=rows[0][0].is_wrong,
            n=len(rows),
            n_alarms=sum(any(f.is_wrong for f in found) for _, found in rows),
            n_as_expected=sum(_as_expected(draft, found) for draft, found in rows),
        )
        for kind, rows in kinds.items()
    ]


def _as_expected(draft: AlteredDraft, found: Sequence[Finding]) -> bool:
    if draft.is_wrong:
        return any(f.outcome in draft.expected for f in found)
    return bool(found) and not any(f.is_wrong for f in found)


def totals(scores: Sequence[Score]) -> tuple[float, float]:
    """The share of alterations found, and of unaltered drafts with an alarm, 0 to 1."""
    wrong, right = ([s for s in scores if s.wrong is side] for side in (True, False))
    return _share(wrong), _share(right)


def _share(scores: Sequence[Score]) -> float:
    n = sum(s.n for s in scores)
    return sum(s.n_alarms for s in scores) / n if n else 0.0


def to_json(scores: Sequence[Score]) -> dict[str, Any]:
    """The object that `sanad eval verify --json` prints."""
    found, false = totals(scores)
    rows = {
        s.kind: {"wrong": s.wrong, "n": s.n, "alarms": s.n_alarms, "as_expected": s.n_as_expected}
        for s in scores
    }
    return {"found": found, "false_alarms": false, "by_kind": rows}


def to_text(scores: Sequence[Score]) -> str:
    """Two tables: the kinds of alteration, and of drafts where nothing is wrong."""
    tables = []
    for wrong, title in ((True, "altered"), (False, "nothing wrong")):
        rows = [s for s in scores if s.wrong is wrong]
        n, alarms = sum(s.n for s in rows), sum(s.n_alarms for s in rows)
        expected = sum(s.n_as_expected for s in rows)
        lines = [[s.kind, str(s.n), str(s.n_alarms), str(s.n_as_expected)] for s in rows]
        share = f"{alarms} ({alarms / n:.1%})" if n else "0"
        all_ = ["all", str(n), share, str(expected)]
        tables.append(aligned([[title, "drafts", "called wrong", "as expected"], *lines, all_]))
    return "\n\n".join(tables)
