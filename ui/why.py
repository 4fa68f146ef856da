"""Why a passage was found, as HTML that opens on a click."""

from collections.abc import Iterator

from index.explain import Explanation, Met, Part
from index.types import Hit
from ui.bidi import direction
from ui.escaping import escape
from ui.words import Words


def why_html(hit: Hit, why: Explanation | None, label: Words) -> str:
    """The explanation of a hit, closed; without one its place and its scores. Scores are shown as
    they are: fused ones are no probabilities, so never a percentage."""
    inside = "".join(_explained(hit, why, label)) if why else _scores(hit, label)
    return (
        f'<details class="why"><summary>{escape(label.why)}</summary>'
        f"<p>{_figure(label.rank, hit.rank)}{_figure(label.score, f'{hit.score:.2f}')}</p>"
        f"{inside}</details>"
    )


def _explained(hit: Hit, why: Explanation, label: Words) -> Iterator[str]:
    yield f"<h5>{escape(label.met)}</h5>"
    met = "".join(f"<li>{_met(item, label)}</li>" for item in why.met)
    yield f'<ul class="met">{met}</ul>' if met else f"<p>{escape(label.none_met)}</p>"
    if why.met and why.missing:
        words = "".join(
            f'<li><bdi class="missing">{escape(word)}</bdi></li>' for word in why.missing
        )
        yield f'<h5>{escape(label.missing)}</h5><ul class="met">{words}</ul>'
    if why.sentence is not None:
        text = hit.passage.sentence(why.sentence)
        yield (
            f"<h5>{escape(label.sentence)}</h5>"
            f'<blockquote dir="{direction(text)}" lang="{escape(hit.passage.language)}">'
            f"{escape(text)}</blockquote>"
        )
    yield f'<ul class="parts">{"".join(_part(part, label) for part in why.parts)}</ul>'


def _met(met: Met, label: Words) -> str:
    """A word of the question and the passage's; each runs its own way, the arrow the label's."""
    if met.how == "same":
        return f"<bdi>{escape(met.found)}</bdi>"
    return (
        f"<bdi>{escape(met.word)}</bdi> {label.arrow} <bdi>{escape(met.found)}</bdi> "
        f"<small>{escape(label.how(met.how))}</small>"
    )


def _part(part: Part, label: Words) -> str:
    figures = [] if part.rank is None else [_figure(label.rank, part.rank)]
    figures += [_figure(label.score, f"{part.score:.2f}"), _figure(label.adds, f"{part.adds:+.2f}")]
    return f"<li><span>{escape(label.retriever(part.retriever))}</span>{''.join(figures)}</li>"


def _scores(hit: Hit, label: Words) -> str:
    figures = (_figure(label.retriever(name), f"{x:.2f}") for name, x in hit.scores.items())
    return f"<p>{''.join(figures)}</p>"


def _figure(name: str, value: object) -> str:
    return f'<bdi>{escape(name)} <b dir="ltr">{escape(str(value))}</b></bdi>'
