"""Figures of speed as tables for people and as objects for scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eval.report import aligned
from eval.speed import Figures, Search

# What a search is compared with: BM25 with BM25, an index with the bare store of its vectors.
_SLOWEST = ("rank_bm25", "all")
_BARE = "chroma"
_NONE = "–"

_BUILD_HEAD = (
    *("", "build s", "passages/s", "× chroma", "load s"),
    *("MiB building", "MiB answering", "MiB on disk"),
)
_SEARCH_HEAD = ("", "p50 ms", "p95 ms", "cpu ms", "rank_bm25 ÷")


def to_json(figures: Sequence[Figures]) -> list[dict[str, Any]]:
    """The objects that `sanad eval speed --json` prints; scripts rely on their fields."""
    return [{**asdict(each), "passages_per_s": each.passages_per_s} for each in figures]


def to_text(figures: Sequence[Figures]) -> str:
    """Two tables for each size, and how everything grows from the smallest size to the largest."""
    sizes = sorted({each.n_passages for each in figures})
    by_size = {n: {f.system: f for f in figures if f.n_passages == n} for n in sizes}
    parts = [part for n in sizes for part in _tables(n, by_size[n])]
    if len(sizes) > 1:
        parts.append(_growth(by_size[sizes[0]], by_size[sizes[-1]]))
    return "\n\n".join(parts)


def _tables(n: int, of: Mapping[str, Figures]) -> list[str]:
    builds = [_build_row(each, of.get(_BARE)) for each in of.values()]
    searches = _searches(of)
    slowest = searches.get(_SLOWEST)
    asked = [_search_row(name, each, slowest) for name, each in searches.items()]
    return [
        f"{n:,} passages, indexing\n{aligned([_BUILD_HEAD, *builds])}",
        f"{n:,} passages, a question\n{aligned([_SEARCH_HEAD, *asked])}",
    ]


def _searches(of: Mapping[str, Figures]) -> dict[tuple[str, str], Search]:
    return {(each.system, s.name): s for each in of.values() for s in each.searches}


def _build_row(each: Figures, bare: Figures | None) -> list[str]:
    return [
        each.system,
        f"{each.build_s:.1f}",
        f"{each.passages_per_s:,.0f}",
        _ratio(each.build_s, bare.build_s if bare else None),
        f"{each.load_s:.2f}",
        *(f"{mib:,.0f}" for mib in (each.build_mib, each.answer_mib, each.disk_mib)),
    ]


def _search_row(name: tuple[str, str], each: Search, slowest: Search | None) -> list[str]:
    times = (each.p50_ms, each.p95_ms, each.cpu_ms)
    ratio = _ratio(slowest.p50_ms, each.p50_ms) if slowest and "hybrid" not in name[1] else _NONE
    return [f"{name[0]}: {name[1]}", *(f"{ms:.2f}" for ms in times), ratio]


def _growth(small: Mapping[str, Figures], large: Mapping[str, Figures]) -> str:
    """By what factor each figure grows."""
    both = [system for system in small if system in large]
    sizes = next((small[x].n_passages, large[x].n_passages) for x in both)
    head = ["", "build s", "load s", "MiB answering", "MiB on disk"]
    rows = [head, *(_growth_row(small[x], large[x]) for x in both)]
    before, after = _searches(small), _searches(large)
    asked = [["", "p50", "p95"]] + [
        [
            f"{name[0]}: {name[1]}",
            _ratio(after[name].p50_ms, before[name].p50_ms),
            _ratio(after[name].p95_ms, before[name].p95_ms),
        ]
        for name in before
        if name in after
    ]
    title = f"from {sizes[0]:,} passages to {sizes[1]:,}, factor {sizes[1] / sizes[0]:.0f}"
    return f"{title}\n{aligned(rows)}\n\n{aligned(asked)}"


def _growth_row(small: Figures, large: Figures) -> list[str]:
    pairs = (
        (large.build_s, small.build_s),
        (large.load_s, small.load_s),
        (large.answer_mib, small.answer_mib),
        (large.disk_mib, small.disk_mib),
    )
    return [small.system, *(_ratio(a, b) for a, b in pairs)]


def _ratio(a: float, b: float | None) -> str:
    return f"{a / b:.1f}" if b else _NONE
