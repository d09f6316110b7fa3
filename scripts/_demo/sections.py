"""The sections of the report page, in the order in which they stand on it. Each is None where there is
nothing to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scripts._demo.drawings import MARK_COLOURS, annotated, bar
from scripts._demo.figures import Money, code, since
from scripts._demo.markup import Content, Markup, join, table, tag
from scripts._demo.schema import Event, Job, Picture, Summary, Term
from scripts._demo.words import VERDICTS, badge, remark


def head(summary: Summary, money: Money) -> Markup:
    """Title, verdict and the few numbers to remember."""
    books = summary["reconciliation"]
    if books["balanced"]:
        checked = len(books["rows"])
        verdict = tag(
            "p",
            tag("strong", "The books balance."),
            f" {checked} balances agree to the last unit.",
            class_="verdict good",
        )
    else:
        verdict = tag(
            "p", tag("strong", "The books do not balance."), " ", "; ".join(books["differences"]), "."
        )
        verdict = tag("div", verdict, class_="verdict bad", role="alert")
    cards = [tag("div", tag("dt", name), tag("dd", value)) for name, value in _key_figures(summary, money)]
    title = [tag("h1", summary["title"]), tag("p", summary["subtitle"], class_="subtitle")]
    return tag("header", title, verdict, tag("dl", cards, class_="cards"))


def _key_figures(summary: Summary, money: Money) -> Iterable[tuple[str, Content]]:
    jobs = summary["jobs"]
    stats = [job["stats"] for job in jobs]
    paid_tasks = sum(s["approved"] + s["finalized"] + s["overturned"] for s in stats)
    yield "Tasks paid", f"{paid_tasks:,} of {sum(job['tasks'] for job in jobs):,}"
    paid: dict[str, int] = {}
    for payment in summary["payments"]:
        paid[payment["token"]] = paid.get(payment["token"], 0) + int(payment["amount"])
    if consensus := summary["consensus"]:
        earned = sum(int(seat["paid"]) for seat in consensus["seats"])
        paid[consensus["token"]] = paid.get(consensus["token"], 0) + earned
    yield (
        "Paid to annotators",
        [tag("div", money.html(str(total), token)) for token, total in sorted(paid.items())],
    )
    sold = sum(len(dataset["purchases"]) for dataset in summary["datasets"])
    yield "Data sets", f"{len(summary['datasets'])} published, {sold} sold"
    checks = [check["ok"] for dataset in summary["datasets"] for check in dataset["checks"]]
    yield "Downloads verified", f"{sum(checks)} of {len(checks)} checks"


def actors(summary: Summary) -> Markup | None:
    """Name, role and address of everyone, and the contracts."""
    rows = [
        [tag("strong", actor["name"]), actor["role"], tag("code", actor["address"])]
        for actor in summary["actors"]
    ]
    rows += [
        [tag("strong", c["name"]), "contract", tag("code", c["address"])] for c in summary["run"]["contracts"]
    ]
    return table(["Name", "Role", "Address"], rows, limit=40, kind="wide") if rows else None


def jobs(summary: Summary, money: Money) -> Markup | None:
    """For each job its terms, how its tasks ended, and what happened when."""
    return join([_job(job, money) for job in summary["jobs"]]) if summary["jobs"] else None


def _job(job: Job, money: Money) -> Markup:
    return tag(
        "article",
        tag("h3", f"Job {job['id']}: {job['title']}"),
        tag("p", job["outcome"], class_="outcome"),
        bar(job["stats"], job["tasks"]),
        term_list(job["terms"]),
        timeline(job["timeline"], money),
        class_="job",
    )


def term_list(terms: Sequence[Term]) -> Markup:
    """Terms with their names."""
    return tag("dl", [tag("div", tag("dt", t["name"]), tag("dd", t["value"])) for t in terms], class_="terms")


def timeline(events: Sequence[Event], money: Money) -> Markup:
    """What happened when, counted from the first."""
    start = events[0]["time"] if events else 0
    names = ("After", "What happened", "Money", "Gas")
    columns = tag("li", [tag("span", name) for name in names], class_="columns")
    return tag("ol", columns, _fold([_event(event, start, money) for event in events]), class_="timeline")


def _fold(events: list[Markup], limit: int = 40) -> Content:
    if len(events) <= limit:
        return events
    middle = tag(
        "details", tag("summary", f"{len(events) - limit:,} more events"), tag("ol", events[limit - 5 : -5])
    )
    return [*events[: limit - 5], tag("li", middle, class_="more"), *events[-5:]]


def _event(event: Event, start: int, money: Money) -> Markup:
    moved = event["amount"] is not None and event["token"] is not None
    amount = money.html(event["amount"] or "0", event["token"] or "") if moved else None
    gas = f"{event['gas']:,}" if event["gas"] else None
    what = [
        tag("strong", event["actor"]),
        " ",
        event["what"],
        " ",
        code(event["tx"]) if event["tx"] else None,
    ]
    cells = [
        tag("span", since(event["time"] - start), class_="when"),
        tag("span", what, class_="what"),
        tag("span", amount, class_="amount"),
        tag("span", gas, class_="gas"),
    ]
    return tag("li", cells, class_=event["tone"])


def pictures(summary: Summary) -> Markup | None:
    """Pictures under the marks that were made in them, and what became of each reading."""
    if not summary["pictures"]:
        return None
    verdicts = [reading["verdict"] for picture in summary["pictures"] for reading in picture["readings"]]
    used = [verdict for verdict in VERDICTS if verdict in verdicts]
    key = [tag("li", tag("i", style=f"background:{MARK_COLOURS[v]}"), VERDICTS[v]) for v in used]
    note = (
        "Boxes with their labels as submitted. A rejected mark is dashed and carries its label below the box."
    )
    cards = [_picture(picture) for picture in summary["pictures"]]
    return join([tag("p", note), tag("ul", key, class_="legend"), tag("div", cards, class_="pictures")])


def _picture(picture: Picture) -> Markup:
    lines = [
        tag(
            "li",
            badge(reading["verdict"]),
            " ",
            tag("strong", reading["annotator"]),
            " ",
            remark(reading["note"]),
        )
        for reading in picture["readings"]
    ]
    title = tag("span", f"Job {picture['job']}, task {picture['task']}", class_="task")
    caption = tag("figcaption", tag("div", title, " ", tag("code", picture["name"])), tag("ul", lines))
    return tag("figure", annotated(picture), caption)


def texts(summary: Summary) -> Markup | None:
    """A sample of text tasks with the labels that were given."""
    rows = [
        [
            f"{t['job']}/{t['task']}",
            tag("span", t["text"], class_="said"),
            tag("span", t["label"], class_="label"),
            t["annotator"],
            [badge(t["verdict"]), " ", remark(t["note"])],
        ]
        for t in summary["texts"]
    ]
    return (
        table(["Job/task", "Text", "Label", "Annotator", "Outcome"], rows, kind="texts", limit=24)
        if rows
        else None
    )
