"""Small pieces of text that several sections of the report use."""

from scripts._demo.markup import Markup, tag

VERDICTS = {
    "truth": "known answer",
    "approved": "approved",
    "finalized": "paid after silence",
    "rejected": "rejected",
    "overturned": "paid on appeal",
    "pending": "not decided",
}


def badge(verdict: str, text: str | None = None) -> Markup:
    return tag("span", text or VERDICTS[verdict], class_=f"badge {verdict}")


def remark(note: str) -> Markup | None:
    return tag("span", note, class_="note") if note else None
