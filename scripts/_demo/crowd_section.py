"""The section of the report page about the consensus job."""

from __future__ import annotations

from collections.abc import Sequence

from scripts._demo.crowd_drawings import answers, colour, phases
from scripts._demo.crowd_schema import CrowdSeat
from scripts._demo.figures import Money
from scripts._demo.markup import Content, Markup, table, tag
from scripts._demo.schema import Consensus, Summary
from scripts._demo.sections import term_list, timeline

HOW_TO_READ = (
    "One column for each task. A dot marks an answer that is not the truth, a triangle a task whose truth "
    "the creator knew (hollow: somebody challenged it), a ring a label that came from the expert. Pale cells "
    "were promised and never revealed."
)


def consensus(summary: Summary, money: Money) -> Markup | None:
    """Phases, answers, labels, pay with its reasons, reputations, and where the money is."""
    job = summary["consensus"]
    if job is None:
        return None
    key = [
        tag("li", tag("i", style=f"background:{colour(n)}"), name) for n, name in enumerate(job["classes"])
    ]
    return tag(
        "article",
        tag("h3", f"Consensus job {job['id']}: {job['title']}"),
        tag("p", job["outcome"], class_="outcome"),
        phases(job),
        term_list(job["terms"]),
        tag("h3", "Who said what, and what came out"),
        tag("p", HOW_TO_READ),
        tag("ul", key, class_="legend"),
        answers(job),
        _methods(job),
        _not_right(job),
        tag("h3", "Who was paid or slashed, and why"),
        tag("p", _measure(job)),
        table(SEAT_HEAD, [_seat(seat, job, money) for seat in job["seats"]], numbers=(3, 4, 5), kind="wide"),
        tag("h3", "The money of the job"),
        tag("p", "What came in and what went out, to the last unit; nothing is left."),
        _money(job, money),
        tag("h3", "Its life"),
        timeline(job["timeline"], money),
        class_="job",
    )


SEAT_HEAD = ("Annotator", "Known tasks right", "Why", "Paid", "Full pay", "Burnt stake", "Standing")


def _measure(job: Consensus) -> str:
    return (
        "The score is the mean over the classes of how often an annotator was right where the truth is "
        f"known. Whoever does not look at the tasks scores 1 in {len(job['classes'])}, so only what is above "
        f"{job['threshold'] / 100:.1f} % is paid, and what is below costs stake."
    )


def _seat(seat: CrowdSeat, job: Consensus, money: Money) -> list[Content]:
    name = [tag("strong", seat["annotator"]), " ", tag("span", seat["about"], class_="note")]
    standing = f"{seat['before'] / 100:.1f} → {seat['after'] / 100:.1f} %"
    return [
        name,
        f"{seat['right']} of {seat['known']}" if seat["answers"] else "none",
        seat["why"],
        money.html(seat["paid"], job["token"]),
        money.html(seat["full"], job["token"]),
        money.html(seat["slashed"], job["stake_token"]),
        [standing, " ", tag("span", f"risk {seat['risk'] / 100:.0f} %", class_="note")],
    ]


def _methods(job: Consensus) -> Markup:
    tasks = len(job["tasks"])
    rows = [
        [one["name"], f"{one['labels']} of {tasks}", f"{one['right']} of {one['labels']}"]
        for one in job["methods"]
    ]
    return table(["Way", "Tasks with a label", "Right"], rows, numbers=(1, 2), kind="narrow")


def _not_right(job: Consensus) -> Markup | None:
    """Tasks whose label is wrong or missing, and those whose gold was."""
    rows: list[Sequence[Content]] = []
    for number, task in enumerate(job["tasks"]):
        truth, label = task["truth"], task["label"]
        wrong_gold = task["gold"] not in (None, truth)
        if label == truth and not wrong_gold:
            continue
        told = "none" if label is None else job["classes"][label]
        note = "gold was wrong, the expert put it right" if wrong_gold else ""
        said = tag("span", task["text"], class_="said")
        rows.append([str(number), said, job["classes"][truth], told, note])
    head = ["Task", "Text", "Truth", "Label", "Note"]
    return table(head, rows, limit=12, kind="texts") if rows else None


def _money(job: Consensus, money: Money) -> Markup:
    rows: list[list[Content]] = [
        [line["actor"], line["what"], money.exact(line["amount"], job["token"])]
        for line in job["money"]
        if int(line["amount"])
    ]
    left = sum(int(line["amount"]) for line in job["money"])
    rows.append([tag("strong", "Left in the job"), "", money.exact(str(left), job["token"])])
    return table(["Who", "What", "In or out"], rows, numbers=(2,), kind="narrow sums")
