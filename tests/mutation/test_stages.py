"""
From a mutant to a verdict
├── a compiler that stays loaded compiles what changed, in memory
├── WINNOW_ARTIFACTS puts a contract's code in place of the project's own
└── the unit tests notice a mutant; what takes too long is no finding
"""

import json

import pytest

from tests.mutation import stages
from tests.mutation.compiler import CompileError, Compiler, quick_settings
from tests.mutation.project import read_sources
from tests.support.calls import deploy, reverts

HARNESS = {"TreeHarness": "contracts/mocks/TreeHarness.sol"}
LIBRARY = "contracts/libraries/FlowRoot.sol"
FLOW_ROOT = ["tests/properties/test_flow_root.py"]


@pytest.fixture(scope="module")
def compiler():
    made = Compiler(read_sources())
    yield made
    made.close()


@pytest.fixture(scope="module")
def swapped(compiler):
    """The code of the tree harness whose fold goes the wrong way round."""
    text = compiler.sources[LIBRARY]
    changed = {LIBRARY: text.replace("abi.encode(nodes[--left], root)", "abi.encode(root, nodes[--left])")}
    assert changed[LIBRARY] != text
    return compiler.code(HARNESS, changed, quick_settings())


def test_compiler__a_changed_import__changes_the_code_and_nothing_after_it(compiler, swapped):
    once = compiler.code(HARNESS, {}, quick_settings())
    assert once != swapped
    compiler.close()  # as after many compiles: the next one knows the sources all the same
    assert compiler.code(HARNESS, {}, quick_settings()) == once
    assert (
        compiler.code(HARNESS, {LIBRARY: compiler.sources[LIBRARY] + "// a comment"}, quick_settings())
        == once
    )


def test_compiler__nonsense__is_refused_in_its_own_words(compiler):
    with pytest.raises(CompileError, match="ParserError"):
        compiler.code(HARNESS, {LIBRARY: "library {"}, quick_settings())


def test_deploy__artifacts_in_the_environment__are_what_is_deployed(swapped, tmp_path, monkeypatch, accounts):
    file = tmp_path / "codes.json"
    file.write_text(json.dumps(swapped))
    sender, nodes = accounts[0].address, [b"\x01" * 32, b"\x02" * 32]
    own = deploy("TreeHarness", sender=sender)
    monkeypatch.setenv("WINNOW_ARTIFACTS", str(file))
    mutant = deploy("TreeHarness", sender=sender)
    assert mutant.call("fold", nodes) == own.call("fold", nodes[::-1]) != own.call("fold", nodes)
    with reverts("FeeRecipientRequired"):  # what the file does not name is the project's own
        deploy("AnnotationMarket", sender, "0x" + "0" * 40, sender=sender)


def test_unit__a_mutant__names_the_test_that_noticed(swapped):
    finding = stages.unit(FLOW_ROOT, swapped, None)
    assert finding.text.startswith("tests/properties/test_flow_root.py::")
    assert finding.seconds > 0


def test_unit__tests_that_cannot_run__are_no_finding(swapped):
    with pytest.raises(stages.StageError, match="no_such_file"):
        stages.unit(["tests/unit/no_such_file.py"], swapped, None)


def test_unit__longer_than_allowed__is_ended(swapped):
    with pytest.raises(stages.TooLongError, match="still running"):
        stages.unit(FLOW_ROOT, swapped, 0.1)
