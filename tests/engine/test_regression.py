"""Tests that the engine writes of failed programs."""

import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from random import Random

import pytest

from offchain.reference.market import Market
from tests.capabilities.market import MarketPlay
from tests.engine.ape_project import ape_chain
from tests.engine.capability import NATIVE
from tests.engine.chain import EPOCH, Person
from tests.engine.check import Disagreement, Troupe
from tests.engine.dice import TAPE
from tests.engine.executor import Difference
from tests.engine.flawed import RoundingPlay, RoundsUp, decided
from tests.engine.program import Program
from tests.engine.python_source import Source, Untellable
from tests.engine.regression import regression, write_regression
from tests.engine.shrink import kind_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def troupe():
    return Troupe(MarketPlay, ape_chain())


@pytest.fixture(scope="module")
def failure():
    """What the wrong model leads to."""
    rounding = Troupe(RoundingPlay, ape_chain())
    play = rounding.begin()
    decided(play)
    with pytest.raises(Disagreement) as failure:
        rounding.run(play.end())
    return failure.value


def the_test(path):
    """The one test in a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (test,) = [value for name, value in vars(module).items() if name.startswith("test_")]
    return test


def random_program(troupe, seed, turns=40):
    random = Random(seed)
    return troupe.write([random.randbytes(TAPE) for _ in range(turns)])


def made_up(troupe, program):
    """A failure at the end of a program that passes."""
    return Disagreement(troupe, program, Difference(None, None, "made up", 1, 2))


@pytest.mark.parametrize("seed", [1, 2])
def test_regression__program_that_passes__test_passes_on_another_stage(troupe, tmp_path, seed) -> None:
    """All addresses are others there, and so are hashes of terms and proofs for the hook."""
    program = random_program(troupe, seed)
    path = write_regression(made_up(troupe, program), tmp_path / "test_it.py")
    the_test(path)()


def test_regression__same_steps(troupe, tmp_path, monkeypatch) -> None:
    """On the same stage, the very same calls."""
    program = random_program(troupe, 3)
    path = write_regression(made_up(troupe, program), tmp_path / "test_it.py")
    test, seen = the_test(path), []
    monkeypatch.setitem(test.__globals__, "Troupe", lambda *_: troupe)
    monkeypatch.setattr(troupe, "run", seen.append)
    test()
    (again,) = seen
    assert len(program.steps) > 20
    assert [(step.data, step.sender, step.time, step.value, step.revert) for step in again.steps] == [
        (step.data, step.sender, step.time, step.value, step.revert) for step in program.steps
    ]


def test_regression__wrong_model__fails_in_the_same_way_until_it_is_right(
    failure, tmp_path, monkeypatch
) -> None:
    test = the_test(write_regression(failure, tmp_path / "test_it.py"))
    assert test.__name__ == "test_market_decide"
    with pytest.raises(Disagreement) as again:
        test()
    assert kind_of(again.value) == kind_of(failure)
    assert again.value.difference.index == failure.difference.index
    monkeypatch.setattr(RoundsUp, "_end_dispute", Market._end_dispute)
    test()


def test_regression__tells_steps_up_to_the_difference_by_names(failure) -> None:
    text = regression(failure.play, failure.program, 1)
    assert 'play.act("claim", 1, 0, 7, b"", [], sender=who["annotator"], at=EPOCH + 20, value=3_000)' in text
    assert 'market=who["market"]' in text
    assert 'Person("arbiter")' in text
    assert "submitBatch" not in text
    whole = regression(failure.play, failure.program)
    assert '"decide"' in whole
    assert '"close"' not in whole  # `end` does it
    assert "close" in [step.function for step in failure.program.steps]
    assert failure.play.stage.market.address not in text


def test_regression__is_as_the_linter_wants_it(troupe, tmp_path) -> None:
    path = write_regression(made_up(troupe, random_program(troupe, 4)), tmp_path / "test_it.py")
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.fail("ruff is in requirements-build.lock")
    config = ("--config", str(ROOT / "pyproject.toml"), "--stdin-filename", str(ROOT / "tests/test_it.py"))
    source = subprocess.run(
        [ruff, "format", *config, "-"], input=path.read_bytes(), capture_output=True, check=True
    )
    found = subprocess.run(
        [ruff, "check", *config, "-"], input=source.stdout, capture_output=True, check=False
    )
    assert found.returncode == 0, found.stdout.decode()


def test_regression__under_another_chain_id__goes_there_and_comes_back(troupe, tmp_path) -> None:
    home = troupe.chain.chain_id
    troupe.chain.move_to(home + 1)
    try:
        path = write_regression(made_up(troupe, random_program(troupe, 5)), tmp_path / "test_it.py")
    finally:
        troupe.chain.move_to(home)
    assert f"with on_chain(troupe.chain, {home + 1:_}):" in path.read_text()
    the_test(path)()
    assert int(troupe.chain.node.rpc("eth_chainId"), 16) == home


def test_regression__model_local_to_an_action__says_what_to_do(troupe) -> None:
    play = troupe.begin()

    def local(call, fee):
        return play.model.set_fee(call, fee)

    play.act("setFee", 1, sender=play.cast.owner, model=local)
    with pytest.raises(Untellable, match="is local to a function: make it a method"):
        regression(troupe, Program(play.steps))


def test_regression__action_that_changes_the_model_by_itself__says_so(troupe) -> None:
    play = troupe.begin()
    play.model.nonces[play.cast.annotator, 5] = True
    play.act("cancelNonce", 5, sender=play.cast.annotator)
    with pytest.raises(Untellable, match="step 1, cancelNonce, comes out differently when told again"):
        regression(troupe, Program(play.steps))


@dataclass(frozen=True)
class Thing:
    number: int
    words: tuple[str, ...] = ()
    owner: Person | None = None


class Colour(Enum):
    RED = 1


def test_source__evaluates_to_the_same_value(troupe) -> None:
    """Whatever the value, on the same stage."""
    source = Source(troupe.chain, lambda _: None)
    cast = troupe.begin().cast
    values = [
        *(0, -1, 10**20, 2**256 - 1, EPOCH, EPOCH - 1, EPOCH + 7_000, True, False, None, Colour.RED),
        *("", "a", 'a "quote"', "back\\slash", "x" * 300, "0g://" + "y" * 250, "ü" * 20, NATIVE),
        *(b"", b"\0" * 32, b"\x01" * 32, bytes(range(100)), cast.annotator, "0x" + "12" * 20),
        *([], (), (1,), [1, [2]], [16_777_216] * 17, {"a": b"x", "b": [cast.keeper]}),
        Thing(5),
        Thing(1, ("a", cast.owner)),
    ]
    known = {"EPOCH": EPOCH, "NATIVE": NATIVE, "Thing": Thing, "Colour": Colour, "Person": Person}
    who = {name: address for address, name in troupe.chain.names.items()}
    for value in values:
        text = source.of(value)
        assert eval(text, {**known, "who": who}) == value, text  # noqa: S307 - our own text
    assert repr(eval(source.of(Person("x")), known)) == "x"  # noqa: S307 - our own text
    assert (Thing.__module__, "Thing") in source.imports


def test_source__unknown_object__says_what_to_do(troupe) -> None:
    with pytest.raises(Untellable, match="make it a dataclass"):
        Source(troupe.chain, lambda _: None).of(object())
