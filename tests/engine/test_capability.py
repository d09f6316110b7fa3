"""How programs are written: who may act, when, and what a model that breaks its own rules comes to."""

from collections import Counter
from random import Random
from types import SimpleNamespace

import pytest

from offchain.reference.revert import Revert
from tests.capabilities.market import MarketPlay
from tests.engine.ape_project import ape_chain
from tests.engine.capability import Argument, Capability, ModelBroken, action, snake_case
from tests.engine.chain import EPOCH
from tests.engine.check import Disagreement, Troupe
from tests.engine.dice import TAPE, Dice
from tests.engine.example.test_piggy_bank import PiggyBank

DELAY = 7 * 86_400


class Urn(Capability):
    """Actions that do nothing but count."""

    name, sources = "urn", ()

    @classmethod
    def deploy(cls, _chain):
        return SimpleNamespace(closed=False)

    def begin(self):
        self.drawn = Counter()
        return None, None

    def views(self):
        return ()

    @action(1)
    def rare(self, dice):
        self.drawn["rare"] += 1

    @action(3)
    def common(self, dice):
        self.drawn["common"] += 1

    @action(6, when=lambda self: not self.stage.closed)
    def conditional(self, dice):
        self.drawn["conditional"] += 1

    def undeclared(self, dice):
        self.drawn["undeclared"] += 1


class Heir(Urn):
    """Adds an action, and replaces one."""

    @action(2)
    def new(self, dice):
        self.drawn["new"] += 1

    @action(5)
    def rare(self, dice):
        self.drawn["rare"] += 1


def tapes(count, seed=2):
    random = Random(seed)
    return [random.randbytes(TAPE) for _ in range(count)]


def shares(capability, stage):
    """How often each action is drawn, of 4,000 turns."""
    play = capability(None, stage)
    for tape in tapes(4_000):
        play.turn(Dice(tape))
    return {name: count / 4_000 for name, count in play.drawn.items()}


def test_turn__all_possible__draws_by_weight():
    assert shares(Urn, SimpleNamespace(closed=False)) == pytest.approx(
        {"rare": 0.1, "common": 0.3, "conditional": 0.6}, abs=0.03
    )


def test_turn__a_condition_does_not_hold__never_draws_that_action_and_the_others_by_weight():
    assert shares(Urn, SimpleNamespace(closed=True)) == pytest.approx(
        {"rare": 0.25, "common": 0.75}, abs=0.03
    )


def test_turn__nothing_possible__is_no_step():
    class Closed(Urn):
        rare = common = None

    play = Closed(None, SimpleNamespace(closed=True))
    play.turn(Dice(bytes(TAPE)))
    assert not play.drawn


def test_turn__zeros__is_the_first_action():
    play = Urn(None, SimpleNamespace(closed=False))
    play.turn(Dice(bytes(TAPE)))
    assert play.drawn == {"rare": 1}


def test_actions__inherited__come_first_and_a_replaced_one_has_its_new_weight():
    told = [(name, weight) for name, weight, _ in Heir.actions()]
    assert told == [("rare", 5), ("common", 3), ("conditional", 6), ("new", 2)]
    assert [name for name, _, _ in Urn.actions()] == ["rare", "common", "conditional"]


def test_capability__named_like_its_contract__needs_no_other_name():
    assert (PiggyBank.name, PiggyBank.sources) == ("PiggyBank", ("PiggyBank",))
    assert (Urn.name, Heir.name, MarketPlay.name) == ("urn", "urn", "market")


@pytest.mark.parametrize(
    ("name", "snake"), [("claimBySig", "claim_by_sig"), ("close", "close"), ("setFee", "set_fee")]
)
def test_snake_case__names_of_functions__are_names_of_acts(name, snake):
    assert snake_case(name) == snake


# Steps


def test_act__no_time_or_one_that_is_over__is_the_same_second(piggy):
    play = piggy.begin()
    saver = play.savers[0]
    for at in (0, EPOCH + 100, 0, EPOCH + 50, EPOCH + 102):
        play.act("deposit", sender=saver, value=1, at=at)
    assert [step.time - EPOCH for step in play.steps] == [0, 100, 100, 100, 102]
    assert play.now == EPOCH + 102


def test_write__any_tapes__has_times_that_never_fall(piggy):
    for seed in range(20):
        times = [step.time for step in piggy.write(tapes(40, seed)).steps]
        assert times == sorted(times)
        assert not times or times[0] >= EPOCH


def test_act__a_step_that_reverts__leaves_the_model_as_it_was(piggy):
    play = piggy.begin()
    saver = play.savers[0]
    play.act("deposit", sender=saver, value=100)
    before = state(play)
    assert not play.act("withdraw", 100, sender=saver)
    assert not play.act("withdraw", 101, sender=saver, at=EPOCH + 2 * DELAY)
    assert not play.act("setPaused", True, sender=saver)
    assert state(play) == before
    assert [step.outcome for step in play.steps] == ["ok", "StillLocked", "SavingsTooLow", "NotOwner"]
    assert play.act("withdraw", 100, sender=saver)
    assert state(play) != before


def test_act__an_act_that_writes_before_it_reverts__is_rolled_back_whole(piggy):
    play = piggy.begin()
    saver = play.savers[0]
    play.act("deposit", sender=saver, value=100)
    before = state(play)
    emit = play.model.emit

    def late(event, **values):
        emit(event, **values)
        raise Revert("NothingSent")

    play.model.emit = late
    assert not play.act("withdraw", 60, sender=saver, at=EPOCH + 2 * DELAY)
    assert state(play) == before
    assert play.steps[-1].logs == {}


def state(play):
    model = play.model
    return [
        sorted(table.items(), key=str) for table in (model.saved, model.unlocks, model.coins, model.paused)
    ]


def test_act__coins_for_a_function_that_takes_none__reverts_without_data(piggy):
    play = piggy.begin()
    assert not play.act("withdraw", 0, sender=play.savers[0], value=1)
    assert (play.steps[-1].revert, play.steps[-1].outcome) == ("0x", "reverts without data")
    piggy.run(play.end())


def test_act__an_argument_with_two_faces__tells_chain_and_model_apart(piggy):
    class Half(Argument):
        def on_chain(self, chain):
            return (50,)

        def in_model(self):
            return (20 + 30,)

    play = piggy.begin()
    play.act("deposit", sender=play.savers[0], value=100)
    assert play.act("withdraw", Half(), sender=play.savers[0], at=EPOCH + 2 * DELAY)
    assert isinstance(play.steps[-1].told[0], Half)
    piggy.run(play.end())


# Programs


def test_write__zeros__is_no_step(piggy):
    assert piggy.write([bytes(TAPE)] * 5).steps == []


def test_write__the_same_tapes__is_the_same_program(piggy):
    first, again = (piggy.write(tapes(30)) for _ in range(2))
    assert [(step.data, step.sender, step.time) for step in first.steps] == [
        (step.data, step.sender, step.time) for step in again.steps
    ]
    assert len({step.action for step in first.steps}) == 4


def test_write__ends__with_everything_drained(piggy):
    play = piggy.begin()
    program = play.write(tapes(40))
    assert play.model.held == 0
    assert program.steps[-1].action == "finish"
    assert [probe.view.function for probe in program.ending].count("balance") >= 2


# Silence


class Company(PiggyBank):
    """The piggy bank, with parties."""

    @classmethod
    def parties(cls, stage):
        _, owner, savers = stage
        return {"owner": (owner,), "savers": tuple(savers)}


@pytest.fixture(scope="module")
def company():
    return Troupe(Company, ape_chain())


@pytest.mark.parametrize("after", [0, 10])
def test_write__a_silent_party__does_not_act_from_then_on(company, after):
    loud = company.write(tapes(60))
    program = company.write(tapes(60), silent=("savers",), after=after)
    owner = company.stage[1]
    acted = [step for step in program.steps if step.action != "finish"]
    assert {step.sender for step in acted if step.action != "set_paused"} <= set(company.stage[2])
    assert [step.data for step in acted[:after]] == [step.data for step in loud.steps[:after]]
    assert {step.sender for step in acted[after:]} == {owner}
    assert program.silent == ("savers",)


def test_write__everybody_silent_from_the_start__does_nothing(company):
    assert company.write(tapes(60), silent=("savers", "owner")).steps == []


def test_write__silence_is_over_at_the_end__when_everybody_takes_out_what_is_his(company):
    program, _ = company.check(tapes(60), silent=("savers",), after=20)
    assert {step.sender for step in program.steps if step.action == "finish"} <= set(company.stage[2])
    assert any(step.action == "finish" for step in program.steps)


@pytest.mark.parametrize("after", [0, 15])
@pytest.mark.parametrize("role", ["annotators", "creators", "arbiter"])
def test_write__a_silent_party_of_the_market__neither_acts_nor_signs(market, role, after):
    """Somebody else could hand in its signature."""
    muted, told = set(market.capability.parties(market.stage)[role]), 0
    for seed in range(6):
        play, marks = market.begin(), []
        play.silence = lambda roles, play=play, marks=marks: (
            marks.append(len(play.steps)),
            MarketPlay.silence(play, roles),
        )
        program = play.write(tapes(50, seed), silent=(role,), after=after)
        acted = [step for step in program.steps[marks[0] :] if step.action != "finish"]
        assert not muted & ({step.sender for step in acted} | signers(acted))
        told += len(acted)
    assert told > 6


def signers(steps):
    """Whoever signed something that is handed in."""
    args = [arg for step in steps for arg in step.told]
    arbiters = {arg.terms.arbiter for arg in args if hasattr(arg, "terms")}
    return {arg.signer for arg in args if hasattr(arg, "signer")} | arbiters


@pytest.fixture(scope="module")
def market():
    return Troupe(MarketPlay, ape_chain())


# Broken models


def test_act__an_invariant_does_not_hold__is_the_models_fault(piggy):
    play = piggy.begin()
    take = play.model.take
    play.model.take = lambda payer, amount: take(payer, amount - 1)
    with pytest.raises(ModelBroken, match=r"^after deposit: the bank holds what it owes$"):
        play.act("deposit", sender=play.savers[0], value=100)


def test_check__a_broken_model__is_a_disagreement_that_needs_no_chain():
    class Leaky(PiggyBank):
        def invariants(self, effects):
            if any(saved > 1 for _, saved in self.model.saved.items()):
                yield "nobody is rich"

    troupe = Troupe(Leaky, ape_chain())
    troupe.executor = None
    with pytest.raises(Disagreement, match="nobody is rich"):
        troupe.check(tapes(40))


def test_end__something_stays_behind__fails(piggy):
    play = piggy.begin()
    play.act("deposit", sender=play.savers[0], value=100)
    play.act = lambda *_, **__: True
    with pytest.raises(AssertionError):
        play.end()
