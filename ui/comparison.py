"""A comparison as one HTML file that asks nothing of the outside: no script, no font, no picture.

What questions, documents and file names say is escaped, and should an escape be forgotten, the
policy in the page's head still forbids every script and everything that would be fetched.
"""

from collections.abc import Mapping, Sequence

from eval.compare import Comparison, Difference
from eval.compare_text import legend, mark, p_text, signed
from eval.runs import SavedRun
from ui.escaping import escape
from ui.figures import figures_html
from ui.paper import CLOSING, MOST_BYTES, fitting, opening
from ui.plots import marker
from ui.side_by_side import Evidence, question_html

_DOT = " · "


def comparison_html(
    made: Comparison,
    runs: Mapping[str, SavedRun],
    evidence: Evidence,
    notes: Sequence[str] = (),
    n_moved: int = 50,
) -> str:
    """The whole page, with the `n_moved` questions that moved most or as many as there is room
    for; `notes` say what is missing and why."""
    shown = {question.query_id for question in made.moved[:n_moved]}
    start = (
        f"{opening(f'{made.dataset}: {_DOT.join(made.runs)}')}"
        f"{_head(made, runs, notes)}{_tables(made)}"
        f"{figures_html(made, evidence.rankings, evidence.questions, shown)}"
    )
    room = MOST_BYTES - len(start.encode())
    return f"{start}{_questions(made, evidence, n_moved, room)}{CLOSING}"


def _head(made: Comparison, runs: Mapping[str, SavedRun], notes: Sequence[str]) -> str:
    told = "".join(f'<p class="note" dir="auto">{escape(note)}</p>' for note in notes)
    rows = "".join(
        f"<tr><th>{marker(i)}<bdi>{escape(name)}</bdi></th>"
        + "".join(f"<td><bdi>{escape(fact)}</bdi></td>" for fact in _facts(runs[name]))
        + "</tr>"
        for i, name in enumerate(made.runs)
    )
    head = "".join(f"<th>{name}</th>" for name in ("run", "made with", "index", "version", "code"))
    return (
        f"<h1><bdi>{escape(made.dataset)}</bdi></h1>"
        f"<p>{len(made.questions)} questions; every run is compared with the first, "
        f"<bdi>{escape(made.runs[0])}</bdi>.</p>{told}"
        f'<div class="wide"><table class="runs"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _facts(run: SavedRun) -> list[str]:
    config = ", ".join(f"{name} {value}" for name, value in run.config.items())
    return [config, run.fingerprint or "–", run.version, (run.commit or "–")[:12]]


def _tables(made: Comparison) -> str:
    tables = "".join(_table(made, run) for run in made.runs[1:])
    return f'<h2>Differences</h2>{tables}<p class="small">{escape(legend(made))}</p>'


def _table(made: Comparison, run: str) -> str:
    names = ("", "questions", made.runs[0], run, "difference", "interval", "p", "won/tied/lost")
    head = "".join(f"<th><bdi>{escape(name)}</bdi></th>" for name in names)
    body = ""
    for measure in made.measures:
        body += f'<tr><th class="measure" colspan="{len(names)}">{escape(measure)}</th></tr>'
        body += "".join(
            _row(found)
            for found in made.differences
            if (found.run, found.measure) == (run, measure)
        )
    return (
        f'<div class="wide"><table class="figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(found: Difference) -> str:
    kind = ("up" if found.difference > 0 else "down") if mark(found.p_holm) else "even"
    cells = (
        str(found.n_queries),
        f"{found.baseline:.3f}",
        f"{found.value:.3f}",
        f'<b class="{kind}">{signed(found.difference)}</b><sup>{mark(found.p_holm)}</sup>',
        f"[{signed(found.low)}, {signed(found.high)}]",
        escape(p_text(found.p_holm)),
        f"{found.wins}/{found.ties}/{found.losses}",
    )
    return (
        f"<tr><th><bdi>{escape(found.language)}</bdi></th>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
    )


def _questions(made: Comparison, evidence: Evidence, n_moved: int, room: int) -> str:
    """The questions that moved most, as many as fit into `room` bytes."""
    moved = made.moved[:n_moved]
    blocks = fitting((question_html(question, made, evidence) for question in moved), room)
    told = f"{len(blocks)} of {len(made.moved)} that moved, by {escape(made.measures[0])}"
    return f"<h2>Questions that moved most</h2><p>{told}.</p>{''.join(blocks)}"
