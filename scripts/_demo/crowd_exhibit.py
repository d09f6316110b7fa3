"""What the report shows of the consensus job: who said what, what came out, who was paid what and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from offchain.consensus import (
    RULES,
    WAD,
    WINDOWS,
    Ballot,
    Matrix,
    answered,
    decode_labels,
    score_of,
    threshold_of,
)
from offchain.reference.reputation import risk
from scripts._chain.consensus_job import in_order
from scripts._demo import schema
from scripts._demo.crowd_job import CrowdScene, Sitter
from scripts._demo.crowd_plan import TITLE
from scripts._demo.crowd_schema import CrowdSeat, CrowdTask, Method, MoneyLine, Phase
from scripts._demo.figures import decimal
from scripts._demo.lines import line_of
from scripts._demo.world import World, amount_text

BPS = 10_000
PLAIN_MAJORITY = 5_000
"""The least threshold that a rule takes, basis points."""


def consensus(scene: CrowdScene, world: World) -> schema.Consensus:
    """The whole part of the summary."""
    terms, tasks = scene.terms, _tasks(scene)
    stake_token = str(world.quality.token.address)
    return schema.Consensus(
        id=scene.place.job_id,
        title=TITLE,
        outcome=_outcome(scene, tasks),
        classes=list(scene.texts.labels),
        terms=list(_terms(scene, world)),
        token=terms.token,
        stake_token=stake_token,
        threshold=threshold_of(_gold(scene)) * BPS // WAD,
        phases=list(_phases(scene)),
        tasks=tasks,
        seats=[_seat(scene, sitter) for sitter in scene.sitters],
        methods=list(_methods(scene)),
        money=list(_money(scene, world)),
        timeline=[line_of(act, terms.token, stake_token) for act in scene.acts],
    )


def told(scene: CrowdScene, name: str) -> list[Mapping[str, Any]]:
    """The values of all events of a name, in their order."""
    return [event.values for act in scene.acts for event in act.events if event.name == name]


def paid(scene: CrowdScene, sitter: Sitter) -> int:
    """What an annotator was paid for his labels, base units."""
    return sum(int(v["paid"]) for v in told(scene, "SeatSettled") if v["annotator"] == sitter.actor.address)


def share(of: int, whole: int = BPS) -> str:
    """For instance "37.3 %"."""
    return f"{100 * of / whole:.1f} %"


# --- tasks ---


def _tasks(scene: CrowdScene) -> list[CrowdTask]:
    said, labels = decode_labels(scene.gold.labels), decode_labels(scene.labels)
    decided, accepted = decode_labels(scene.truth.verdicts), decode_labels(_accepted(scene))
    return [
        CrowdTask(
            text=text.text,
            truth=scene.right[task],
            gold=said.get(task),
            decided=decided.get(task),
            label=labels.get(task),
            resolved=task in labels and task not in accepted,
        )
        for task, text in enumerate(scene.texts.texts)
    ]


def _accepted(scene: CrowdScene) -> bytes:
    """What the annotators' answers made."""
    (settled,) = told(scene, "WordSettled")
    return bytes(settled["labels"])


def _outcome(scene: CrowdScene, tasks: Sequence[CrowdTask]) -> str:
    market = next(one for one in _methods(scene) if one["name"] == MARKET)
    experts = sum(task["resolved"] for task in tasks)
    text = f"{market['labels']} of {len(tasks)} tasks got a label from the annotators' answers, "
    text += f"{market['right']} of them the right one."
    return text + (f" The expert labelled {experts} more." if experts else "")


MARKET = "The market: answers weighed by gold"


def _methods(scene: CrowdScene) -> Iterator[Method]:
    """The same answers, put together in other ways."""
    seats = in_order(sitter.seat for sitter in scene.sitters if not sitter.part.silent)
    labels = tuple(seat.labels or b"" for seat in seats)
    ballot = Ballot(scene.terms.classes, PLAIN_MAJORITY, (), (), labels)
    yield _method("Majority of the same answers", RULES["majority"](ballot).labels, scene)
    yield _method(MARKET, _accepted(scene), scene)
    if told(scene, "TasksResolved"):
        yield _method("The market and its expert", scene.labels, scene)


def _method(name: str, labels: bytes, scene: CrowdScene) -> Method:
    found = decode_labels(labels)
    right = sum(scene.right[task] == of for task, of in found.items())
    return Method(name=name, labels=answered(labels).bit_count(), right=right)


# --- annotators ---


def _gold(scene: CrowdScene) -> list[int]:
    """How many known tasks there are of each class."""
    known = list(scene.truth.known().values())
    return [known.count(number) for number in range(scene.terms.classes)]


def _seat(scene: CrowdScene, sitter: Sitter) -> CrowdSeat:
    seat, silent = sitter.seat, sitter.part.silent
    tasks = [task for task in range(len(scene.right)) if seat.mask >> task & 1]
    given = {} if silent else decode_labels(seat.labels or b"")
    known = {task: of for task, of in scene.truth.known().items() if task in tasks}
    matrix = Matrix(scene.terms.classes).plus((of, given.get(task)) for task, of in known.items())
    score = None if silent else score_of(matrix, _gold(scene)) * BPS // WAD
    return CrowdSeat(
        annotator=sitter.actor.name,
        about=sitter.part.told,
        layer=seat.layer,
        tasks=tasks,
        answers=[] if silent else [given.get(task) for task in tasks],
        known=len(known),
        right=sum(given.get(task) == of for task, of in known.items()),
        score=score,
        stake=str(seat.stake),
        slashed=str(_slashed(scene, sitter)),
        full=str(scene.terms.pay * seat.tasks),
        paid=str(paid(scene, sitter)),
        why=_why(scene, sitter, score),
        before=sitter.before,
        after=sitter.after,
        risk=risk(sitter.after),
    )


def _enough(scene: CrowdScene) -> int:
    """The score from which on pay is full, basis points."""
    return -(-(threshold_of(_gold(scene)) + WAD * BPS // scene.terms.slope_bps) * BPS // WAD)


def _slashed(scene: CrowdScene, sitter: Sitter) -> int:
    """Of his stake, base units."""
    ended = told(scene, "SeatSettled") + told(scene, "SilentSlashed")
    return sum(int(v["slashed"]) for v in ended if v["annotator"] == sitter.actor.address)


def _why(scene: CrowdScene, sitter: Sitter, score: int | None) -> str:
    """In words what moved the money: silence, or the score against the threshold."""
    if score is None:
        return "Revealed nothing, so the whole stake is burnt."
    threshold, lost = threshold_of(_gold(scene)) * BPS // WAD, _slashed(scene, sitter)
    earned, full = paid(scene, sitter), scene.terms.pay * sitter.seat.tasks
    if lost:
        burnt = f"{share(lost, sitter.seat.stake)} of the stake is burnt"
        return f"{share(score)} is below {share(threshold)}: no pay, and {burnt}."
    if earned == full:
        return f"{share(score)} is above {share(_enough(scene))}: full pay."
    return f"{share(score)} is above {share(threshold)}: {share(earned, full)} of the full pay."


# --- terms, phases, money ---


def _terms(scene: CrowdScene, world: World) -> Iterator[schema.Term]:
    terms, coin = scene.terms, scene.terms.token
    most = terms.stake * terms.max_stake_bps // BPS
    stakes, symbol = [decimal(str(amount), 18) for amount in (terms.stake, most)], world.tokens[-1]["symbol"]
    named = {
        "Pay": f"up to {amount_text(terms.pay, coin)} a label",
        "Annotators": f"{terms.redundancy} for each task",
        "Hidden gold": f"{scene.gold.mask.bit_count()} tasks, fixed when the job opened",
        "Rule": f"answers weighed by gold; {terms.accept_bps / 100:g} % sure or no label",
        "Full pay": f"from a score of {share(_enough(scene))} on",
        "Stake": f"{stakes[0]} to {stakes[1]} {symbol} a label, by reputation",
        "Challenge bond": f"{amount_text(terms.challenge_bond, coin)} a task",
        "Expert": f"Orsolya, {amount_text(terms.expert_fee, coin)} a task",
        "Protocol fee": f"{terms.fee_bps / 100:g} % of the full pay",
    }
    for name, value in named.items():
        yield schema.Term(name=name, value=value)


def _phases(scene: CrowdScene) -> Iterator[Phase]:
    """Seats, the windows, and what comes after them."""
    start = next(act.time for act in scene.acts if act.note.act == "consensus.createJob")
    last = scene.acts[-1].time
    ends = (scene.terms.seats_until, *scene.terms.ends, last)
    for name, end in zip(("seats", *WINDOWS, "after"), ends, strict=True):
        yield Phase(
            name=name, start=start, end=end, acts=[a.time for a in scene.acts if start <= a.time <= end]
        )
        start = end + 1


def _money(scene: CrowdScene, world: World) -> Iterator[MoneyLine]:
    """All that came in and went out; nothing is left."""
    names = {actor.address: actor.name for actor in world.cast}
    (opened,), (ended,) = told(scene, "JobOpened"), told(scene, "JobEnded")
    creator, sink = names[opened["creator"]], "Theo"
    yield _line("deposit: pay, fees and experts for all tasks", creator, opened["funded"])
    bonds = told(scene, "GoldChallenged")
    for bond in bonds:
        yield _line("bond of a challenge", names[bond["challenger"]], bond["bond"])
    for bond, end in zip(bonds, told(scene, "ChallengeEnded"), strict=True):
        yield _line("bond back", names[bond["challenger"]], -end["returned"])
        yield _line("bond of a challenge that was wrong", sink, -end["forfeited"])
    for seat in told(scene, "SeatSettled"):
        yield _line("pay", names[seat["annotator"]], -seat["paid"])
    for decision in told(scene, "TruthDecided") + told(scene, "TasksResolved"):
        yield _line("expert's fee", names[decision["expert"]], -decision["fee"])
    withheld = sum(word["withheld"] for word in told(scene, "WordSettled"))
    yield _line("fees, and pay that was not earned", sink, -withheld)
    yield _line("refund of what no revealed seat took", creator, -ended["refunded"])


def _line(what: str, actor: str, amount: int) -> MoneyLine:
    return MoneyLine(what=what, actor=actor, amount=str(amount))
