"""The figures of a comparison's page: means by language, recall by depth, question by question."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from eval.compare import OVERALL, Comparison, Question
from eval.rankings import DEPTHS, Rankings, recall
from ui.escaping import escape
from ui.plots import Dot, Interval, curve_plot, interval_plot, marker, scatter_plot

# Questions that a dot names when it is pointed at; it may stand for hundreds.
_NAMED = 5


def anchor(query_id: str) -> str:
    """The id of a question's block in the page: letters and digits, whatever the question's id."""
    return f"q{hashlib.sha256(query_id.encode()).hexdigest()[:12]}"


def figures_html(
    made: Comparison, rankings: Rankings | None, texts: Mapping[str, str], shown: set[str]
) -> str:
    """All figures. `texts` are questions by id, as far as they are at hand; `shown` the ids of
    those that the page shows and a dot can lead to."""
    key = "".join(
        f"<span>{marker(i)}<bdi>{escape(name)}</bdi></span>" for i, name in enumerate(made.runs)
    )
    means = "".join(_means(made, measure) for measure in made.measures)
    curves = "".join(_curves(made, rankings, x) for x in made.languages) if rankings else ""
    dots = "".join(_scatter(made, i, texts, shown) for i in range(1, len(made.runs)))
    return (
        f'<h2>By language</h2><p class="key">{key}</p><p class="small">Means with 95 % intervals.'
        f'</p><div class="plots">{means}</div>'
        + (f'<h2>Recall by depth</h2><div class="plots">{curves}</div>' if curves else "")
        + f"<h2>Question by question</h2><p>{escape(made.measures[0])}: above the line, a run is "
        "better than the baseline; below it, worse. Point at a dot to read its questions, click to "
        f'see the rankings of one.</p><div class="plots">{dots}</div>'
    )


def _means(made: Comparison, measure: str) -> str:
    rows = [
        (
            language,
            [
                Interval(made.runs.index(mean.run), mean.value, mean.low, mean.high)
                for mean in made.means
                if (mean.measure, mean.language) == (measure, language)
            ],
        )
        for language in made.languages
    ]
    return interval_plot(measure, rows)


def _curves(made: Comparison, rankings: Rankings, language: str) -> str:
    ids = [q.query_id for q in made.questions if language in {OVERALL, q.language}]
    depths = (len(found) for run in made.runs for found in rankings.found[run].values())
    deepest = max(depths, default=0)
    n_depths = max(2, sum(depth <= deepest for depth in DEPTHS))
    curves = [recall(rankings.found[run], rankings.qrels, ids)[:n_depths] for run in made.runs]
    return curve_plot(f"{language}: recall at k", DEPTHS[:n_depths], curves, "recall")


def _scatter(made: Comparison, run: int, texts: Mapping[str, str], shown: set[str]) -> str:
    places: dict[tuple[float, float], list[Question]] = defaultdict(list)
    for question in made.questions:
        place = round(question.values[0], 3), round(question.values[run], 3)
        places[place].append(question)
    dots = [_dot(x, y, found, texts, shown) for (x, y), found in places.items()]
    title = f"{made.runs[run]} against {made.runs[0]}"
    return scatter_plot(title, made.runs[0], made.runs[run], dots)


def _dot(
    x: float, y: float, found: list[Question], texts: Mapping[str, str], shown: set[str]
) -> Dot:
    there = sorted(found, key=lambda question: question.query_id not in shown)
    lines = [f"{texts.get(q.query_id, q.query_id)} ({q.query_id})" for q in there[:_NAMED]]
    lines += [f"and {len(found) - _NAMED} more"] if len(found) > _NAMED else []
    href = f"#{anchor(there[0].query_id)}" if there[0].query_id in shown else None
    return Dot(x, y, len(found), "\n".join([f"{x:.3f} → {y:.3f}", *lines]), href)
