"""Small figures as inline SVG.

No plotting library: matplotlib would be the largest dependency of the house, shapes no Arabic, and
draws in fixed colours, where these take the page's, so that they follow its light and dark. Sizes
are in the SVG's own units; the page scales it. Text is escaped here.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ui.escaping import escape

WIDTH = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 10, 30
# Marks tell series apart without their colours.
_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-3.6-3.6h7.2v7.2h-7.2z",
    "M0-5L5 0L0 5L-5 0z",
    "M0-4.6L4.6 3.6h-9.2z",
    "M0 4.6L4.6-3.6h-9.2z",
    "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between its bounds, of series number `series`."""

    series: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A place of a scatter plot, both ways from 0 to 1, that stands for `n` questions; `title` is
    what pointing at it tells, `href` where a click leads (None: nowhere)."""

    x: float
    y: float
    n: int
    title: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Axis:
    """Maps values from `low` to `high` to places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def marker(series: int) -> str:
    """The mark of a series, to stand in a legend."""
    return (
        f'<svg class="marker" viewBox="-6 -6 12 12" aria-hidden="true">{_mark(series, 0, 0)}</svg>'
    )


def interval_plot(title: str, rows: Sequence[tuple[str, Sequence[Interval]]]) -> str:
    """A row for each group, in it a mark and a bar for each series, from left to right by value."""
    every = [interval for _, intervals in rows for interval in intervals]
    low, high = _range([i.low for i in every], [i.high for i in every])
    step = 13.0
    heights = [step * len(intervals) + 12 for _, intervals in rows]
    height = sum(heights) + _TOP + _BOTTOM
    x = _Axis(low, high, _LEFT, WIDTH - _RIGHT)
    parts, top = [_x_grid(x, _ticks(low, high), height)], float(_TOP)
    for (name, intervals), tall in zip(rows, heights, strict=True):
        parts.append(_text(_LEFT - 8, top + tall / 2 + 4, name, "end"))
        for i, interval in enumerate(intervals):
            parts.append(_bar(interval, x, top + 6 + step * (i + 0.5)))
        top += tall
    return _svg(title, height, parts)


def curve_plot(
    title: str, ks: Sequence[int], curves: Sequence[Sequence[float]], y_name: str
) -> str:
    """A line for each series of values at the cutoffs `ks`, which stand on a logarithmic scale."""
    height = 220.0
    low, high = _range([min(c) for c in curves], [max(c) for c in curves])
    x = _Axis(math.log(ks[0]), math.log(max(ks[-1], ks[0] + 1)), _LEFT, WIDTH - _RIGHT)
    y = _Axis(low, high, height - _BOTTOM, _TOP)
    parts = [_y_grid(y, _ticks(low, high))]
    parts += [_text(x.at(math.log(k)), height - 12, str(k), "middle") for k in ks]
    for series, curve in enumerate(curves):
        places = [(x.at(math.log(k)), y.at(v)) for k, v in zip(ks, curve, strict=True)]
        points = " ".join(f"{px},{py}" for px, py in places)
        parts.append(f'<polyline class="line s{series % 6}" points="{points}"/>')
        for (px, py), k, value in zip(places, ks, curve, strict=True):
            parts.append(_mark(series, px, py, f"{y_name} {value:.3f} at {k}"))
    return _svg(title, height, parts)


def path_plot(
    title: str, x_name: str, y_name: str, paths: Sequence[Sequence[tuple[float, float]]]
) -> str:
    """A line for each series of places, from left to right, both ways from 0 to 1; marks at every
    tenth of its points tell it from the others."""
    x, y, height, parts = _square(x_name, y_name)
    for series, path in enumerate(paths):
        places = [(x.at(a), y.at(b)) for a, b in path]
        points = " ".join(f"{px},{py}" for px, py in places)
        parts.append(f'<polyline class="line s{series % 6}" points="{points}"/>')
        step = max(1, len(path) // 10)
        for (px, py), (a, b) in list(zip(places, path, strict=True))[step - 1 :: step]:
            parts.append(_mark(series, px, py, f"{y_name} {b:.3f} at {a:.3f}"))
    return _svg(title, height, parts)


def scatter_plot(title: str, x_name: str, y_name: str, dots: Iterable[Dot]) -> str:
    """Dots whose area grows with the questions they stand for, and the line of equality."""
    x, y, height, parts = _square(x_name, y_name)
    parts.append(
        f'<line class="even" x1="{x.at(0)}" y1="{y.at(0)}" x2="{x.at(1)}" y2="{y.at(1)}"/>'
    )
    parts += [_dot(dot, x, y) for dot in sorted(dots, key=lambda dot: -dot.n)]
    return _svg(title, height, parts)


def _square(x_name: str, y_name: str) -> tuple[_Axis, _Axis, float, list[str]]:
    """Two axes from 0 to 1, the height of the plot, and what is drawn of them."""
    height = float(WIDTH)
    x = _Axis(0, 1, _LEFT, WIDTH - _RIGHT)
    y = _Axis(0, 1, height - _BOTTOM - 14, _RIGHT)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    names = (
        f"{_text((_LEFT + WIDTH) / 2, height - 8, f'{x_name} →', 'middle')}"
        f'<g transform="translate(14 {height / 2}) rotate(-90)">'
        f"{_text(0, 0, f'{y_name} →', 'middle')}</g>"
    )
    steps = [_text(x.at(tick), height - 24, f"{tick:g}", "middle") for tick in ticks]
    return x, y, height, [_y_grid(y, ticks), *steps, names]


def _dot(dot: Dot, x: _Axis, y: _Axis) -> str:
    kind = "up" if dot.y > dot.x else "down" if dot.y < dot.x else "same"
    radius = min(13.0, 2.5 + 0.8 * math.sqrt(dot.n))
    circle = (
        f'<circle class="dot {kind}" cx="{x.at(dot.x)}" cy="{y.at(dot.y)}" r="{radius:.1f}">'
        f"<title>{escape(dot.title)}</title></circle>"
    )
    return f'<a href="{escape(dot.href)}">{circle}</a>' if dot.href else circle


def _bar(interval: Interval, x: _Axis, at: float) -> str:
    said = f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
    mark = _mark(interval.series, x.at(interval.value), at, said)
    return (
        f'<line class="line s{interval.series % 6}" x1="{x.at(interval.low)}" y1="{at}" '
        f'x2="{x.at(interval.high)}" y2="{at}"/>{mark}'
    )


def _mark(series: int, x: float, y: float, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    shape = _SHAPES[series % len(_SHAPES)]
    return (
        f'<path class="mark s{series % 6}" transform="translate({x} {y})" d="{shape}">{told}</path>'
    )


def _x_grid(x: _Axis, ticks: Sequence[float], height: float) -> str:
    return "".join(
        f'<line class="grid" x1="{x.at(tick)}" y1="{_TOP}" x2="{x.at(tick)}" '
        f'y2="{height - _BOTTOM}"/>{_text(x.at(tick), height - 12, _tick(tick), "middle")}'
        for tick in ticks
    )


def _y_grid(y: _Axis, ticks: Sequence[float]) -> str:
    return "".join(
        f'<line class="grid" x1="{_LEFT}" y1="{y.at(tick)}" x2="{WIDTH - _RIGHT}" '
        f'y2="{y.at(tick)}"/>{_text(_LEFT - 8, y.at(tick) + 4, _tick(tick), "end")}'
        for tick in ticks
    )


def _tick(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _range(lows: Sequence[float], highs: Sequence[float]) -> tuple[float, float]:
    """What an axis shows: the values, from one twentieth to another at least two above it, and
    nothing beyond 0 and 1 that no value reaches."""
    low, high = math.floor(min(lows) * 20) / 20, math.ceil(max(highs) * 20 - 1e-9) / 20
    if high - low < 0.1:
        low, high = (low - 0.05, high) if high == 1 else (low, low + 0.1)
    return low, high


def _ticks(low: float, high: float) -> list[float]:
    """Four to six round values from `low` to `high`."""
    step = next(s for s in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1e9) if (high - low) / s <= 5.001)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _svg(title: str, height: float, parts: Iterable[str]) -> str:
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {height:g}" '
        f'role="img" aria-label="{escape(title)}">{"".join(parts)}</svg></figure>'
    )
