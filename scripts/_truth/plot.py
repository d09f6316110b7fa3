"""The plot of a run: accuracy with and without spammers, and profits, a column for each set."""

from collections.abc import Iterator
from html import escape

from scripts._truth.campaign import JUDGED_SHARE
from scripts._truth.outcome import Outcome
from scripts._truth.spam import HONEST, KINDS, Scenario
from scripts._truth.summary import SetSummary

WIDTH, PANEL, TOP, HEIGHT, GAP = 1080, 340, 70, 220, 90
LEFT, RIGHT = 50, 10
SERIES = {"majority": "#999999", "weighted": "#1f6fb4", "dawid_skene": "#d98200"}
NAMES = {"majority": "majority vote", "weighted": "weighted rule", "dawid_skene": "Dawid-Skene"}
GOOD, BAD, INK, GRID = "#3a8f4d", "#b5402f", "#222222", "#dddddd"
LEAST, MOST = -1.7, 1.0
"""Of the profits that are shown, in full pays."""


def svg(outcome: Outcome) -> str:
    """The picture."""
    height = TOP + 2 * (HEIGHT + GAP)
    style = f'font-family="sans-serif" font-size="11" fill="{INK}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {style}>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *_legend(outcome),
    ]
    for number, summary in enumerate(outcome.summaries):
        left = number * (PANEL + RIGHT) + LEFT
        parts += _accuracy(summary, left, TOP)
        parts += _profit(summary, left, TOP + HEIGHT + GAP)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(x: float, y: float, text: str, anchor: str = "middle", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(text)}</text>'


def _bar(x: float, width: float, top: float, bottom: float, colour: str) -> str:
    first, last = sorted((top, bottom))
    return (
        f'<rect x="{x:.1f}" y="{first:.1f}" width="{width:.1f}" height="{last - first:.1f}" fill="{colour}"/>'
    )


def _line(x: float, y: float, width: float, colour: str) -> str:
    return f'<path d="M{x:.1f} {y:.1f}h{width:.1f}" stroke="{colour}"/>'


def _legend(outcome: Outcome) -> Iterator[str]:
    source = "real crowds" if outcome.data == "given" else "synthetic crowd"
    title = f"Right labels without and with {JUDGED_SHARE} % spammers, and what a seat earns ({source})"
    yield _text(LEFT, 22, title, "start", ' font-size="15"')
    x = LEFT
    for method, colour in SERIES.items():
        yield _bar(x, 12, 34, 46, colour)
        yield _text(x + 17, 44, NAMES[method], "start")
        x += 130


def _accuracy(summary: SetSummary, left: int, top: int) -> Iterator[str]:
    inner, bottom = PANEL - LEFT, top + HEIGHT
    yield _text(left + inner / 2, top - 6, f"{summary.crowd.name}: right labels, %")
    for mark in range(0, 101, 20):
        y = bottom - HEIGHT * mark / 100
        yield _line(left, y, inner, GRID)
        yield _text(left - 5, y + 4, str(mark), "end")
    scenarios = (HONEST, *(Scenario(kind, JUDGED_SHARE) for kind in KINDS))
    step = inner / len(scenarios)
    for place, scenario in enumerate(scenarios):
        result = summary.scenarios[scenario]
        values = {
            "majority": result.peers["majority"].value,
            "weighted": result.rules["weighted"].overall.value,
            "dawid_skene": result.peers["dawid_skene"].value,
        }
        for number, (method, colour) in enumerate(SERIES.items()):
            x = left + place * step + step * (0.1 + 0.27 * number)
            yield _bar(x, step * 0.24, bottom - HEIGHT * values[method] / 100, bottom, colour)
        yield _text(left + (place + 0.5) * step, bottom + 14, scenario.kind or "no spam")


def _profit(summary: SetSummary, left: int, top: int) -> Iterator[str]:
    inner = PANEL - LEFT

    def height(value: float) -> float:
        return top + HEIGHT * (MOST - max(LEAST, min(MOST, value))) / (MOST - LEAST)

    yield _text(left + inner / 2, top - 6, "earned less lost, full pays: spammers, honest fifths by skill")
    for mark in (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0):
        yield _line(left, height(mark), inner, INK if mark == 0 else GRID)
        yield _text(left - 5, height(mark) + 4, f"{mark:g}", "end")
    bars = [(kind, spam.by_seat.value) for kind, spam in summary.spam.items()]
    bars += [(f"{number + 1}", part["profit"]) for number, part in enumerate(summary.honest.fifths)]
    step = inner / len(bars)
    for place, (name, value) in enumerate(bars):
        x, colour = left + (place + 0.15) * step, BAD if name in KINDS else GOOD
        yield _bar(x, step * 0.7, height(value), height(0), colour)
        turn = f' transform="rotate(-35 {x + step / 2:.1f} {top + HEIGHT + 14})"' if name in KINDS else ""
        yield _text(x + step / 2, top + HEIGHT + 14, name, "end" if turn else "middle", turn)
