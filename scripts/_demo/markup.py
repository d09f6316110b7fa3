"""HTML that cannot be broken by data: every text is escaped on its way in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Markup(str):
    """A piece of finished HTML or SVG, not to be escaped again."""

    __slots__ = ()


Content = str | Iterable["Content"] | None
VOID = frozenset({"meta", "br", "image", "rect", "line", "circle", "path", "polygon", "polyline"})


def tag(name: str, /, *content: Content, **attributes: object) -> Markup:
    """An element. Attribute `class_` becomes class, other underscores hyphens; None and False leave one
    out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in VOID:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{join(content)}</{name}>")


def join(content: Content) -> Markup:
    """Texts (escaped) and markup (as it is) one after the other."""
    if content is None:
        return Markup("")
    if isinstance(content, str):
        return content if isinstance(content, Markup) else Markup(escape(content))
    return Markup("".join(join(part) for part in content))


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Content]],
    *,
    numbers: Iterable[int] = (),
    limit: int = 60,
    kind: str = "",
) -> Markup:
    """A table that scrolls sideways where it must; `numbers` are the columns set flush right.

    Rows after `limit` are folded away, so that a run with thousands of them still makes a page one can read.
    """
    right = frozenset(numbers)
    shown = _grid(head, rows[:limit], right, kind)
    if len(rows) <= limit:
        return shown
    folded = tag("summary", f"{len(rows) - limit:,} more rows")
    return join([shown, tag("details", folded, _grid(head, rows[limit:], right, kind), class_="more")])


def _grid(head: Sequence[str], rows: Sequence[Sequence[Content]], right: frozenset[int], kind: str) -> Markup:
    cells = [tag("th", name, scope="col", class_="n" if i in right else None) for i, name in enumerate(head)]
    body = [
        tag("tr", [tag("td", cell, class_="n" if i in right else None) for i, cell in enumerate(row)])
        for row in rows
    ]
    inner = tag("table", tag("thead", tag("tr", cells)), tag("tbody", body), class_=kind or None)
    return tag(
        "div", inner, class_="scroll", tabindex="0", role="region", aria_label=f"Table: {', '.join(head)}"
    )
