"""
Verdicts: compile, hunt, test, and stop at the first that notices
├── noticed by the engine: the tests are not asked; by neither: both were
├── the code that is judged: the contracts with the change, and the harnesses for the tests
├── the same code survives unasked, and so does code that the optimizer makes the same
├── a stage that does not end is a kill of its own kind
├── without any mutation nothing may be noticed
└── a contract whose stack the quick settings cannot arrange is compiled as the project is
"""

from dataclasses import replace

import pytest

from tests.mutation import stages
from tests.mutation.compiler import Compiler, TooDeepError, project_settings, quick_settings
from tests.mutation.journal import ENGINE, SAME_CODE, TIMEOUT, UNIT
from tests.mutation.judge import Judge, Originals
from tests.mutation.sample import sample_project, sample_sites
from tests.mutation.stages import Finding, StageError, TooLongError

ORIGINALS = Originals()
COMPARISON = next(
    site for site in sample_sites() if site.function == "compare" and site.operator == "relational"
)
SUM = next(site for site in sample_sites() if site.function == "twice" and site.operator == "arithmetic")


class Stages:
    """Stands in for both stages: says what it is told to, and remembers what it was asked."""

    def __init__(self, monkeypatch, engine="", unit="", endless=()):
        self.asked, self.says, self.endless = [], {ENGINE: engine, UNIT: unit}, endless
        monkeypatch.setattr(stages, "hunted", lambda: {"Sample"})
        monkeypatch.setattr(stages, "engine", lambda _name, *asked: self.answer(ENGINE, asked[0], asked[-1]))
        monkeypatch.setattr(stages, "unit", lambda _tests, *asked: self.answer(UNIT, *asked))

    def answer(self, stage, codes, limit):
        self.asked.append((stage, sorted(codes), limit))
        if stage in self.endless:
            raise TooLongError("still running")
        return Finding(self.says[stage], 2.0)


@pytest.fixture(scope="module")
def judge():
    made = Judge(sample_project(), ORIGINALS, 1, {ENGINE: 2.0, UNIT: 30.0})
    yield made
    made.close()


def outcome(judge, site):
    verdict = judge.judge(site)
    assert (verdict.id, verdict.seconds >= 0) == (site.id, True)
    return verdict.compiles, verdict.killer, verdict.found, verdict.why


def written(site, text):
    """The site with another text in place of its change."""
    return replace(site, change=site.change._replace(text=text))


def test_judge__the_engine_notices__the_tests_are_not_asked(judge, monkeypatch):
    asked = Stages(monkeypatch, engine="it differs", unit="a test").asked
    assert outcome(judge, COMPARISON) == (True, ENGINE, "it differs", "")
    assert asked == [(ENGINE, ["Sample"], 10.0)]


def test_judge__the_tests_notice__in_the_contract_and_the_harness(judge, monkeypatch):
    asked = Stages(monkeypatch, unit="a test").asked
    assert outcome(judge, SUM) == (True, UNIT, "a test", "")
    assert asked == [(ENGINE, ["Sample"], 10.0), (UNIT, ["Sample", "SumsHarness"], 150.0)]


def test_judge__nobody_notices__it_survives_without_a_reason(judge, monkeypatch):
    Stages(monkeypatch)
    assert outcome(judge, COMPARISON) == (True, "", "", "")


@pytest.mark.parametrize("stage", [ENGINE, UNIT])
def test_judge__a_stage_does_not_end__is_a_timeout(judge, monkeypatch, stage):
    Stages(monkeypatch, endless=(stage,))
    assert outcome(judge, COMPARISON) == (True, TIMEOUT, f"{stage}: still running", "")


def test_judge__does_not_compile__is_no_verdict(judge, monkeypatch):
    asked = Stages(monkeypatch, engine="it differs").asked
    assert outcome(judge, written(COMPARISON, "<<<")) == (False, "", "", "")
    assert asked == []


def test_judge__the_same_code__survives_unasked(judge, monkeypatch):
    asked = Stages(monkeypatch, engine="it differs").asked
    assert outcome(judge, written(COMPARISON, "  < ")) == (True, "", "", SAME_CODE)
    assert asked == []


def test_judge__the_same_code_after_the_optimizer__survives_as_such(judge, monkeypatch):
    asked = Stages(monkeypatch).asked
    assert outcome(judge, written(SUM, "+ 0 +")) == (True, "", "", SAME_CODE)
    assert [stage for stage, *_ in asked] == [ENGINE, UNIT]


def test_unmutated__times_of_all_stages__on_all_contracts(judge, monkeypatch):
    asked = Stages(monkeypatch).asked
    assert judge.unmutated() == {ENGINE: 2.0, UNIT: 2.0}
    assert sorted(asked) == [(stage, ["Sample", "SumsHarness"], None) for stage in (ENGINE, UNIT)]


@pytest.mark.parametrize("stage", ["engine", "unit"])
def test_unmutated__something_is_noticed__nothing_can_be_judged(judge, monkeypatch, stage):
    Stages(monkeypatch, **{stage: "this fails"})
    with pytest.raises(StageError, match="without any mutation this fails already: this fails"):
        judge.unmutated()


def test_originals__too_deep_for_the_quick_settings__are_compiled_as_the_project_is():
    """The rules of consensus were, and no campaign could begin."""
    file, seventeen = "contracts/Deep.sol", range(17)
    takes = ", ".join(f"uint256 a{n}" for n in seventeen)
    gives = " + ".join(f"g(a{n})" for n in seventeen)
    deep = f"""pragma solidity ^0.8.28; contract Deep {{
        function f({takes}) external pure returns (uint256) {{ return {gives} + g(a0); }}
        function g(uint256 x) public pure returns (uint256) {{ return x > 1 ? x * g(x - 1) : 2; }}
    }}"""
    compiler, originals = Compiler({file: deep}), Originals()
    try:
        with pytest.raises(TooDeepError):
            compiler.code({"Deep": file}, {}, quick_settings())
        own = compiler.code({"Deep": file}, {}, project_settings())["Deep"]
        assert originals.code(compiler, "Deep", file, quick=True) == own
        changed = {file: deep.replace("x - 1", "x - 2")}
        mutant = originals.compiled(compiler, "Deep", file, changed, quick=True)
        assert mutant == compiler.code({"Deep": file}, changed, project_settings())["Deep"] != own
    finally:
        compiler.close()
