"""`ape run truth`: draws, the page, crowd-kit, and a set through the contracts."""

import json
import random
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from offchain.consensus import WAD
from scripts._toolchain.layout import TRUTH_VENV, SetupError
from scripts._truth import peers as peers_module
from scripts._truth.arrange import arrange, arranged_words
from scripts._truth.campaign import SLOPES, Bench, Unit, What, plan
from scripts._truth.checks import replay_checks
from scripts._truth.crowd import SETS, Crowd, load_crowds
from scripts._truth.means import mean
from scripts._truth.outcome import concluded
from scripts._truth.peers import METHODS, Peers, require_peers
from scripts._truth.plot import svg
from scripts._truth.report import markdown
from scripts._truth.spam import HONEST, KINDS, SCENARIOS
from scripts._truth.synthetic import synthetic_crowds
from scripts._truth.trial import DEFAULTS, EXPERT_FEE, Trial, draw_known


@pytest.fixture(scope="module")
def crowds() -> list[Crowd]:
    return synthetic_crowds()


# --- one draw ---

# Question 0 is gold of class 0, question 1 of class 1; then everybody agrees, two of three do, two are wrong.
SMALL = Crowd(
    "small",
    2,
    3,
    ({0: 0, 1: 0, 2: 1}, {0: 1, 1: 1, 2: 0}, {0: 1, 1: 1, 2: 1}, {0: 0, 1: 0, 2: 1}, {0: 0, 1: 0, 2: 1}),
    (0, 1, 1, 0, 1),
)


def small_trial() -> Trial:
    return Trial(SMALL, arranged_words(SMALL.answers), SMALL.answers, frozenset({0, 1}), DEFAULTS)


def test_trial__profits_follow_from_gold() -> None:
    assert small_trial().profits(DEFAULTS) == [1, 1, -DEFAULTS.stake]


def test_trial__majority_counts_what_is_not_gold() -> None:
    tally = small_trial().tally("majority", DEFAULTS)
    assert (tally.tasks, tally.accepted, tally.right) == (3, 3, 2)
    assert (tally.paid, tally.experts, tally.spent) == (10, 0, 15)


def test_trial__expert__resolves_what_is_contested() -> None:
    tally = small_trial().tally("expert", DEFAULTS)
    assert (tally.tasks, tally.accepted, tally.right) == (3, 3, 3)
    assert (tally.experts, tally.spent) == (2 * EXPERT_FEE, 15 + 2 * EXPERT_FEE)


def test_trial__audit__knows_what_experts_told() -> None:
    tally = small_trial().audited(DEFAULTS)
    assert (tally.tasks, tally.accepted, tally.right, tally.experts) == (5, 5, 4, 2 * EXPERT_FEE)


def test_trial__threshold__leaves_open_what_two_of_three_say() -> None:
    tally = small_trial().tally("majority", replace(DEFAULTS, accept_bps=6_667))
    assert (tally.accepted, tally.right) == (1, 1)


def test_trial__one_class_of_gold__pays_everybody() -> None:
    trial = Trial(SMALL, (), SMALL.answers, frozenset({0, 3}), DEFAULTS)
    assert {merit.earned for merit in trial.merits(30_000)} == {WAD}


def test_draw_known__always_two_classes() -> None:
    truth = (1,) + (0,) * 29
    crowd = Crowd("rare", 2, 3, (dict.fromkeys(range(3), 0),) * 30, truth)
    for seed in range(50):
        known = draw_known(crowd, 1_000, random.Random(seed))
        assert len(known) == 3
        assert 0 in known


def test_mean__standard_error() -> None:
    found = mean([1.0, 2.0, 3.0, 4.0])
    assert (found.value, round(found.error, 6)) == (2.5, 0.645497)
    assert mean([5.0]).error == 0


# --- all draws ---


class Echo:
    """In place of crowd-kit: says what is true of the first questions, and 0 elsewhere."""

    def labels(self, answers, *methods):
        return {method: [0] * len(answers) for method in methods}


@pytest.fixture(scope="module")
def outcome(crowds):
    bench = Bench(crowds, 1)
    bench.peers = Echo()
    results = [bench.run(unit) for unit in plan(crowds, 1)]
    replay = {"differences": 2} | dict.fromkeys(
        ("answers", "dropped", "layers", "words", "seats", "transactions", "gas", "gas_per_label"), 7
    )
    replays = {"duck": replay | {"accuracy": 88.5, "resolved": 99.5}}
    return concluded(crowds, results, data="synthetic", seed=1, draws=1, crowd_kit="0.0", replays=replays)


def test_plan__every_scenario_of_every_set() -> None:
    units = list(plan(synthetic_crowds(), 2))
    whole = Counter((unit.crowd, unit.scenario) for unit in units if unit.what == What.ALL)
    assert whole == {(crowd, scenario): 2 for crowd in range(3) for scenario in SCENARIOS}
    assert len(set(units)) == len(units)


def test_unit__draws_have_seeds_of_their_own_and_repeat() -> None:
    units = [Unit(What.ALL, 0, scenario, draw) for scenario in SCENARIOS for draw in range(3)]
    rolls = {unit.rng(1, "duck").random() for unit in units}
    assert len(rolls) == len(units)
    assert rolls == {unit.rng(1, "duck").random() for unit in units}
    assert rolls.isdisjoint(unit.rng(2, "duck").random() for unit in units)


def test_outcome__has_every_rule_and_every_scenario(outcome) -> None:
    found = outcome.to_json()
    assert (found["data"], found["seed"], found["draws"]) == ("synthetic", 1, 1)
    assert list(found["sets"]) == list(SETS)
    for one in found["sets"].values():
        assert list(one["scenarios"]) == [scenario.name for scenario in SCENARIOS]
        for scenario in one["scenarios"].values():
            assert list(scenario["rules"]) == ["majority", "weighted", "expert", "audit"]
            assert set(scenario["crowd_kit"]) == set(METHODS)
        assert set(one["spammer_profit"]) == set(KINDS)
        assert len(one["honest"]["fifths_of_skill"]) == 5
    assert json.loads(json.dumps(found)) == found


def test_outcome__failed_checks_are_named(outcome) -> None:
    failed = outcome.failed()
    assert "draws of gold" in failed
    assert "duck: contracts and reference model differ" in failed
    assert "product_match: constant spammers lose" not in failed
    names = [check.name for check in outcome.checks]
    assert len(names) == len(set(names)) == 1 + 13 * len(SETS) + 1


def test_outcome__spammers_lose_and_skill_pays(outcome) -> None:
    for summary in outcome.summaries:
        for kind in KINDS:
            assert summary.spam[kind].by_seat.value < 0
        assert summary.honest.fifths[-1]["profit"] > summary.honest.fifths[0]["profit"]


def test_sweep__constant_answers_lose_by_the_slope(outcome) -> None:
    losses = [outcome.sweep.spam["duck"][1_000, slope] for slope in SLOPES]
    assert losses == sorted(losses, reverse=True)


def test_page__tells_its_data_and_is_complete(outcome) -> None:
    page = markdown(outcome)
    assert "No data were given" in page
    assert "made-up crowd" in page
    for title in ("Mechanisms", "Labels", "What spammers earn", "The defaults", "On chain", "Checks"):
        assert f"## {title}\n" in page
    tables = [part.splitlines() for part in page.split("\n\n") if part.startswith("| ")]
    assert len(tables) == 11
    for table in tables:
        assert len({line.count("|") for line in table}) == 1
    given_ = markdown(replace(outcome, data="given"))
    assert "the folder that the command was given" in given_


def test_plot__is_a_picture_with_a_bar_for_each_figure(outcome) -> None:
    root = ET.fromstring(svg(outcome))  # noqa: S314 - our own
    bars = list(root.iter("{http://www.w3.org/2000/svg}rect"))
    assert len(bars) == 1 + 3 + len(SETS) * (3 * 6 + 10)
    assert all(float(bar.get("height")) >= 0 for bar in bars)


def test_replay_checks__any_difference_fails() -> None:
    found = list(replay_checks({"a": {"differences": 0}, "b": {"differences": 1}}))
    assert [check.passed for check in found] == [True, False]


# --- crowd-kit ---


def test_peers__not_installed__says_what_installs_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(peers_module, "TRUTH_VENV", tmp_path / ".venv-truth")
    with pytest.raises(SetupError, match=r"`make truth` installs it"):
        require_peers()


def expectation_maximisation(crowd: Crowd, rounds: int) -> list[int]:
    """Dawid and Skene's estimate, from majority votes on."""
    classes = range(crowd.classes)
    beliefs = [
        [sum(label == one for label in given_.values()) / len(given_) for one in classes]
        for given_ in crowd.answers
    ]
    for _ in range(rounds):
        prior = [sum(belief[one] for belief in beliefs) / len(beliefs) for one in classes]
        errors = {
            (who, said, one): 1e-10 for who in range(crowd.workers) for said in classes for one in classes
        }
        for belief, given_ in zip(beliefs, crowd.answers, strict=True):
            for who, said in given_.items():
                for one in classes:
                    errors[who, said, one] += belief[one]
        whole = {
            (who, one): sum(errors[who, said, one] for said in classes)
            for who in range(crowd.workers)
            for one in classes
        }
        beliefs = []
        for given_ in crowd.answers:
            weights = list(prior)
            for who, said in given_.items():
                weights = [
                    weight * errors[who, said, one] / whole[who, one] for one, weight in enumerate(weights)
                ]
                scale = sum(weights)
                weights = [weight / scale for weight in weights]
            beliefs.append(weights)
    return [belief.index(max(belief)) for belief in beliefs]


@pytest.mark.skipif(not (TRUTH_VENV / "winnow.stamp").is_file(), reason="crowd-kit comes with `make truth`")
def test_peers__crowd_kit__is_dawid_and_skene_on_the_same_answers(crowds) -> None:
    peers = Peers()
    crowd = crowds[0]
    found = peers.labels(crowd.answers, *METHODS)
    peers.close()
    votes = [Counter(given_.values()) for given_ in crowd.answers]
    clear = [number for number, count in enumerate(votes) if count[0] != count[1]]
    assert [found["majority"][number] for number in clear] == [int(votes[n][1] > votes[n][0]) for n in clear]
    assert found["dawid_skene"] == expectation_maximisation(crowd, 50)


# --- real data and the chain ---


def test_weighted__real_crowds__beats_majority(winnow_data) -> None:
    for crowd in load_crowds(winnow_data):
        rng = Unit(What.ALL, 0, HONEST, 0).rng(1, crowd.name)
        known = draw_known(crowd, DEFAULTS.gold_bps, rng)
        trial = Trial(crowd, arranged_words(crowd.answers), crowd.answers, known, DEFAULTS)
        assert trial.tally("weighted", DEFAULTS).right > trial.tally("majority", DEFAULTS).right


@pytest.fixture
def replay(crowds, chain):
    from scripts._truth.replay import Replay  # noqa: PLC0415 - Ape's network has to be there
    from scripts._truth.stage import Stage  # noqa: PLC0415
    from tests.engine.ape_project import ape_chain  # noqa: PLC0415

    whole = crowds[2]
    part = Crowd("part", 2, whole.workers, whole.answers[:300], whole.truth[:300])
    known = draw_known(part, 1_000, random.Random(3))
    return Replay(Stage(ape_chain()), part, arrange(part), known, 1)


def test_replay__contracts_and_model_agree(replay) -> None:
    steps = []
    found = replay.run(steps.append)
    assert found["first_differences"] == []
    assert (found["answers"], found["words"], found["transactions"]) == (
        sum(map(len, replay.answers)),
        len(replay.arrangement.words),
        sum(replay.stage.transactions.values()),
    )
    assert found["gas_per_label"] == round(sum(found["gas_by_act"].values()) / found["answers"], 1)
    assert len(steps) == 7
    assert replay.stage.transactions["seat"] == replay.stage.transactions["reveal"] == found["seats"]


def test_replay__a_model_that_is_off__differs(replay) -> None:
    flat = replace(replay.terms, slope_bps=replay.terms.slope_bps // 2)
    for step in (replay.create, replay.seat, replay.reveal, replay.open_gold, replay.score):
        step()
    assert replay.stage.differences == []
    job = replay.stage.model.jobs[replay.job_id]
    replay.stage.model.jobs[replay.job_id] = replace(job, terms=flat)
    replay.settle()
    assert replay.stage.differences
    assert all(text.startswith("settle: contract ") for text in replay.stage.differences)
