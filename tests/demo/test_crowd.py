"""The consensus job of the story: what must happen in it, and that the report says what the chain says."""

import copy
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from offchain.consensus import RULES, WAD, Ballot, ConsensusState, Matrix, merit_of
from offchain.hashing import keccak256
from scripts._chain.consensus_job import in_order
from scripts._demo import crowd_exhibit
from scripts._demo.crowd_plan import BUDGET, DOMAIN, PARTS
from scripts._demo.errors import SummaryError
from scripts._demo.figures import Money
from scripts._demo.report import render
from scripts._demo.summary import validate
from tests.demo.pages import Reader

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def scene(story):
    return story.crowd


@pytest.fixture(scope="module")
def job(summary):
    return summary["consensus"]


@pytest.fixture(scope="module")
def quality(story):
    return story.world.quality


def seat_of(job, name):
    return next(seat for seat in job["seats"] if seat["annotator"] == name)


def sitters(story):
    """Those who revealed, in the order of their addresses, as the market has them."""
    revealed = [sitter for sitter in story.crowd.sitters if not sitter.part.silent]
    by_address = {sitter.seat.annotator: sitter for sitter in revealed}
    return [by_address[seat.annotator] for seat in in_order(sitter.seat for sitter in revealed)]


def matrix_of(scene, sitter):
    known = {task: of for task, of in scene.truth.known().items() if sitter.seat.mask >> task & 1}
    labels = sitter.seat.labels
    return Matrix(3).plus((of, labels[task] - 1 if labels[task] else None) for task, of in known.items())


def gold_of(scene):
    known = list(scene.truth.known().values())
    return tuple(known.count(of) for of in range(3))


def test_labels__are_those_of_the_chain__and_of_the_model(story, scene, job, quality):
    assert quality.market.wordDigest(scene.place.job_id, 0) == keccak256(scene.labels)
    unresolved = [task for task, one in enumerate(job["tasks"]) if one["label"] is None]
    assert quality.market.unresolvedTasks(scene.place.job_id, 0) == sum(1 << task for task in unresolved)
    seats = sitters(story)
    matrices = tuple(matrix_of(scene, sitter) for sitter in seats)
    labels = tuple(sitter.seat.labels for sitter in seats)
    ballot = Ballot(3, scene.terms.accept_bps, gold_of(scene), matrices, labels)
    found = RULES["weighted"](ballot).labels
    for task, one in enumerate(job["tasks"]):
        came = None if one["resolved"] or one["label"] is None else one["label"]
        assert came == (found[task] - 1 if found[task] else None), task


def test_labels__the_market_beats_a_plain_majority(job):
    majority, market = job["methods"][:2]
    assert market["right"] >= majority["right"]
    for one in job["methods"]:
        assert one["right"] <= one["labels"] <= len(job["tasks"])
    last = job["methods"][-1]
    assert last["labels"] == sum(task["label"] is not None for task in job["tasks"])
    assert last["right"] == sum(task["label"] == task["truth"] for task in job["tasks"])


def test_seats__matrices_scores_pay_and_slashes__follow_from_what_is_known(story, scene, job):
    for sitter in sitters(story):
        told, matrix = seat_of(job, sitter.actor.name), matrix_of(scene, sitter)
        merit = merit_of(matrix, gold_of(scene), scene.terms.slope_bps)
        assert told["full"] == str(scene.terms.pay * sitter.seat.tasks)
        assert told["paid"] == str(merit.pay(int(told["full"])))
        assert told["slashed"] == str(merit.slash(int(told["stake"])))
        assert told["known"] == matrix.asked
        assert told["right"] == sum(matrix.right(of) for of in range(3))
        assert (told["score"] >= job["threshold"]) == (merit.lost == 0)


def test_spammer__is_at_chance__earns_nothing_and_loses_stake(job):
    seat = seat_of(job, "Bruno")
    assert (seat["score"], seat["paid"]) == (3_333, "0")
    assert 0 < int(seat["slashed"]) < int(seat["stake"])
    assert "below 37.3 %: no pay, and 10.7 % of the stake is burnt" in seat["why"]


def test_full_pay__from_the_score_that_the_report_says(job):
    told = next(term["value"] for term in job["terms"] if term["name"] == "Full pay")
    assert told == "from a score of 70.7 % on"
    for seat in job["seats"]:
        full = seat["score"] is not None and seat["score"] >= 7_067
        assert (seat["paid"] == seat["full"]) == full
        assert seat["why"].endswith("above 70.7 %: full pay.") == full


def test_silent__loses_the_whole_stake__and_nobody_else_does(job):
    silent = [seat["annotator"] for seat in job["seats"] if seat["slashed"] == seat["stake"]]
    assert silent == [name for name, part in PARTS.items() if part.silent] == ["Noor"]
    seat = seat_of(job, "Noor")
    assert (seat["answers"], seat["score"], seat["paid"]) == ([], None, "0")
    assert "Revealed nothing" in seat["why"]


def test_skill__pays(job):
    paid = {seat["annotator"]: int(seat["paid"]) / int(seat["full"]) for seat in job["seats"]}
    assert paid["Hugo"] == 1
    assert paid["Hugo"] >= paid["Joao"] >= paid["Mika"]
    assert paid["Bruno"] == paid["Noor"] == 0


def test_stakes__what_is_burnt_is_gone_and_the_rest_is_free(story, scene, job, quality):
    for sitter in scene.sitters:
        slashed = int(seat_of(job, sitter.actor.name)["slashed"])
        stake = quality.staking.stakeOf(sitter.actor.address)
        assert (stake.available, stake.locked) == (100 * WAD - slashed, 0)
    burnt = sum(int(seat["slashed"]) for seat in job["seats"])
    assert quality.token.totalSupply() == len(PARTS) * 100 * WAD - burnt


def test_reputation__before_and_after(scene, job, quality):
    for sitter in scene.sitters:
        seat = seat_of(job, sitter.actor.name)
        assert seat["before"] == 0
        account = (sitter.actor.address, DOMAIN, 3)
        # The story goes on for weeks, but not for a period, after which counters fade.
        assert seat["after"] == quality.reputation.standingOf(*account)
        assert seat["risk"] == quality.reputation.riskOf(*account)
    after = {seat["annotator"]: seat["after"] for seat in job["seats"]}
    assert after["Hugo"] > after["Bruno"] > after["Noor"] == 0


def test_challenges__wrong_gold_is_put_right__and_the_bluff_costs_its_bond(scene, job):
    bonds = {line["actor"]: line["amount"] for line in job["money"] if line["what"] == "bond back"}
    assert int(bonds["Hugo"]) < 0
    assert int(bonds["Bruno"]) == 0
    wrong = [one for one in job["tasks"] if one["gold"] not in (None, one["truth"])]
    assert [one["decided"] == one["truth"] for one in wrong] == [True]
    confirmed = [one for one in job["tasks"] if one["decided"] is not None and one not in wrong]
    assert [one["gold"] == one["truth"] for one in confirmed] == [True]


def test_money__in_is_out__and_what_the_job_holds_is_nothing(story, scene, job, quality):
    assert sum(int(line["amount"]) for line in job["money"]) == 0
    book = quality.market.bookOf(scene.place.job_id)
    assert (book.balance, book.expertBudget, book.live) == (0, 0, 0)
    assert quality.market.job(scene.place.job_id).state == ConsensusState.CLOSED
    assert quality.market.liabilities(story.world.token) == story.world.token.balanceOf(quality.market) == 0


def test_money__fees__are_what_annotators_earned_for_the_market(scene, job, quality):
    fee = scene.terms.pay * scene.terms.fee_bps // 10_000
    for sitter in scene.sitters:
        seat = seat_of(job, sitter.actor.name)
        merit = (
            0
            if seat["score"] is None
            else merit_of(matrix_of(scene, sitter), gold_of(scene), scene.terms.slope_bps).earned
        )
        token, fees = quality.market.feesOf(scene.place.job_id, sitter.actor.address)
        assert (token, fees) == (scene.terms.token, fee * sitter.seat.tasks * merit // WAD)


def test_experts__are_paid_for_each_task(scene, job):
    fees = [-int(line["amount"]) for line in job["money"] if line["what"] == "expert's fee"]
    done = sum((task["decided"] is not None) + task["resolved"] for task in job["tasks"])
    assert sum(fees) == done * scene.terms.expert_fee
    assert done <= BUDGET


def test_summary__money_that_stays__is_refused(summary):
    wrong = copy.deepcopy(summary)
    wrong["consensus"]["money"][0]["amount"] = str(int(wrong["consensus"]["money"][0]["amount"]) + 1)
    with pytest.raises(SummaryError, match="1 base units stay in a job that is over"):
        validate(wrong)
    wrong["consensus"]["seats"][0]["paid"] = "1.5"
    with pytest.raises(SummaryError, match=r"consensus\.seats\[0\]\.paid"):
        validate(wrong)


def test_page__section_is_whole__with_every_reason(summary, job):
    page = render(summary)
    reader = Reader()
    reader.feed(page)
    assert (reader.open, len(reader.ids)) == ([], len(set(reader.ids)))
    section = page.split('<section id="consensus">')[1].split("</section>")[0]
    money = Money(summary)
    for seat in job["seats"]:
        assert seat["why"] in section
        assert money.html(seat["paid"], job["token"]) in section
        assert money.html(seat["slashed"], job["stake_token"]) in section
    for phase in job["phases"]:
        assert f">{phase['name']}<" in section


def drawing(summary, kind):
    section = render(summary).split('<section id="consensus">')[1]
    start = section.index(f'class="{kind}"')
    begin, end = section.rindex("<svg", 0, start), section.index("</svg>", start) + len("</svg>")
    return ET.fromstring(section[begin:end].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))  # noqa: S314 - our own


def test_matrix__a_cell_for_every_answer__a_dot_for_every_error(summary, job):
    root = drawing(summary, "answers")
    tasks = len(job["tasks"])
    seated = sum(len(seat["tasks"]) for seat in job["seats"])
    assert len(list(root.iter(f"{SVG}rect"))) == 2 * tasks + seated
    wrong = sum(
        answer not in (None, job["tasks"][task]["truth"])
        for seat in job["seats"]
        for task, answer in zip(seat["tasks"], seat["answers"], strict=False)
    )
    wrong += sum(task["label"] not in (None, task["truth"]) for task in job["tasks"])
    kinds = [circle.get("class") for circle in root.iter(f"{SVG}circle")]
    assert kinds.count("wrong") == wrong > 0
    assert kinds.count("ring") == sum(task["resolved"] for task in job["tasks"])
    marks = [path.get("class") for path in root.iter(f"{SVG}path")]
    assert len(marks) == sum(task["gold"] is not None for task in job["tasks"])
    assert marks.count("gold disputed") == sum(task["decided"] is not None for task in job["tasks"])
    left, right = 0, float(root.get("viewBox").split()[2])
    for rect in root.iter(f"{SVG}rect"):
        assert left <= float(rect.get("x")) <= float(rect.get("x")) + float(rect.get("width")) <= right


def test_phases__one_after_the_other__with_every_act_in_its_own(summary, scene, job):
    root = drawing(summary, "phases")
    spans = job["phases"]
    assert len(list(root.iter(f"{SVG}rect"))) == len(spans) == 8
    for one, following in pairwise(spans):
        assert following["start"] == one["end"] + 1
    done = [time for span in spans for time in span["acts"]]
    since = [act.time for act in scene.acts if act.time >= spans[0]["start"]]
    assert done == since
    assert len(list(root.iter(f"{SVG}circle"))) == len(since)
    when = {act.note.act: act.time for act in scene.acts}
    by_name = {span["name"]: span for span in spans}
    for name, act in (("reveal", "reveal"), ("gold", "openGold"), ("challenge", "challenge")):
        assert when[f"consensus.{act}"] in by_name[name]["acts"]


def test_share__one_digit():
    assert crowd_exhibit.share(3_733) == "37.3 %"
    assert crowd_exhibit.share(1, 3) == "33.3 %"
