"""The picture of the money: who paid into which contract, and whom the contracts paid, in one token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scripts._demo.markup import Markup, tag
from scripts._demo.schema import Flow

_WIDTH, _BANDS_HEIGHT, _GAP, _NODE = 1040, 210, 26, 12
_COLUMNS = (190, 500, 810)  # left edges of the bars: payers, contracts, payees
_LEAST = 1.5  # pixels that even the smallest flow gets
_MOST = 10  # bars in a column; smaller payers and payees are drawn as one
_OTHERS = "others"
_LABEL = "Where the money went"


@dataclass
class _Node:
    """A bar in one column. `into` and `out` run down it while bands are attached."""

    key: str
    column: int
    received: int = 0
    sent: int = 0
    top: float = 0.0
    height: float = 0.0
    into: float = 0.0
    out: float = 0.0

    @property
    def total(self) -> int:
        return max(self.received, self.sent)


_Band = tuple[_Node, _Node, int]


def flowchart(
    flows: Sequence[Flow], contracts: frozenset[str], name: Callable[[str], str], amount: Callable[[int], str]
) -> Markup | None:
    """The chart of some flows in one token, or None where no money went through a contract.

    `contracts` are addresses in lower case, `name` puts a name to an address, `amount` writes base units.
    Flows past all contracts, and between two of them, are not drawn.
    """
    paid_in = [
        f for f in flows if f["recipient"].lower() in contracts and f["sender"].lower() not in contracts
    ]
    paid_out = [
        f for f in flows if f["sender"].lower() in contracts and f["recipient"].lower() not in contracts
    ]
    payers, payees = _shown(paid_in, "sender"), _shown(paid_out, "recipient")
    nodes: dict[tuple[int, str], _Node] = {}
    bands = [
        _band(nodes, 0, payers[f["sender"].lower()], f["recipient"].lower(), f["amount"]) for f in paid_in
    ]
    bands += [
        _band(nodes, 1, f["sender"].lower(), payees[f["recipient"].lower()], f["amount"]) for f in paid_out
    ]
    if not bands:
        return None
    columns = [[node for node in nodes.values() if node.column == column] for column in range(3)]
    scale = _BANDS_HEIGHT / max(sum(node.total for node in column) for column in columns)
    height = max(_place(column, scale) for column in columns) - _GAP
    folded = {0: len(payers) - _MOST + 1, 2: len(payees) - _MOST + 1}
    labels = {
        n.key: f"{folded[n.column]} others" if n.key == _OTHERS else name(n.key) for n in nodes.values()
    }
    bars = [_draw_node(node, labels[node.key], amount(node.total)) for node in nodes.values()]
    box = f"0 0 {_WIDTH} {height + 24:.0f}"
    svg = tag(
        "svg", _draw_bands(bands, scale), bars, viewBox=box, role="img", aria_label=_LABEL, class_="flows"
    )
    return tag("div", svg, class_="scroll", tabindex="0", role="region", aria_label=_LABEL)


def _shown(flows: Iterable[Flow], side: str) -> dict[str, str]:
    """For each address on a side of the flows the bar it belongs to: its own, or that of all others."""
    totals: Counter[str] = Counter()
    for flow in flows:
        totals[str(flow[side]).lower()] += int(flow["amount"])  # type: ignore[literal-required]
    ranked = sorted(totals, key=lambda key: (-totals[key], key))
    own = set(ranked if len(ranked) <= _MOST else ranked[: _MOST - 1])
    return {key: key if key in own else _OTHERS for key in ranked}


def _band(nodes: dict[tuple[int, str], _Node], column: int, payer: str, payee: str, amount: str) -> _Band:
    """Adds a flow to the bars that it joins, which stand in `column` and the next one."""
    source = nodes.setdefault((column, payer), _Node(payer, column))
    target = nodes.setdefault((column + 1, payee), _Node(payee, column + 1))
    source.sent += int(amount)
    target.received += int(amount)
    return source, target, int(amount)


def _place(column: Sequence[_Node], scale: float) -> float:
    """Stacks the bars of a column, the largest on top, and returns its height."""
    top = 8.0
    for node in sorted(column, key=lambda node: (node.key == _OTHERS, -node.total, node.key)):
        node.height = max(node.total * scale, _LEAST)
        node.top = node.into = node.out = top
        top += max(node.height, 12) + _GAP
    return top


def _draw_bands(bands: Sequence[_Band], scale: float) -> list[Markup]:
    """Bands as filled areas, in the order of the bars at their other end, so few of them cross."""
    leaves: dict[int, float] = {}
    for index, (source, _, value) in sorted(enumerate(bands), key=lambda band: band[1][1].top):
        leaves[index] = source.out
        source.out += value * scale
    drawn = []
    for index, (source, target, value) in sorted(enumerate(bands), key=lambda band: band[1][0].top):
        drawn.append(_area(source, target, leaves[index], target.into, max(value * scale, _LEAST)))
        target.into += value * scale
    return drawn


def _area(source: _Node, target: _Node, y0: float, y1: float, thick: float) -> Markup:
    x0, x1 = _COLUMNS[source.column] + _NODE, _COLUMNS[target.column]
    middle = (x0 + x1) // 2
    there = f"M{x0} {y0:.1f}C{middle} {y0:.1f} {middle} {y1:.1f} {x1} {y1:.1f}"
    back = f"V{y1 + thick:.1f}C{middle} {y1 + thick:.1f} {middle} {y0 + thick:.1f} {x0} {y0 + thick:.1f}Z"
    return tag("path", d=there + back, class_="band")


def _draw_node(node: _Node, name: str, amount: str) -> Markup:
    x, y = _COLUMNS[node.column], node.top
    box = {"x": x, "y": f"{y:.1f}", "width": _NODE, "height": f"{node.height:.1f}"}
    bar = tag("rect", **box, class_=f"node c{node.column}")
    at, anchor = (x - 10, "end") if node.column == 0 else (x + _NODE + 10, "start")
    baseline = y + max(min(node.height / 2, 40), 5)
    lines = [tag("tspan", name, class_="who"), tag("tspan", amount, x=at, dy="1.25em", class_="how-much")]
    return tag("g", bar, tag("text", lines, x=at, y=f"{baseline:.1f}", text_anchor=anchor))
