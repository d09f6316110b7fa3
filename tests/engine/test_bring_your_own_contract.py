"""docs/bring-your-own-contract.md keeps its word: the example is the tested file, and the failure is one that
the engine finds.
"""

import re
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

import tests.engine
from tests.engine.ape_project import ape_chain
from tests.engine.capability import Capability
from tests.engine.check import Disagreement, Troupe
from tests.engine.dice import TAPE, Dice
from tests.engine.example.test_piggy_bank import PiggyBank
from tests.engine.shrink import shrink
from tests.mutation.compiler import Compiler, quick_settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "bring-your-own-contract.md"
EXAMPLE = ROOT / "tests" / "engine" / "example" / "test_piggy_bank.py"
CONTRACT = "contracts/mocks/PiggyBank.sol"
PLANTED = ("block.timestamp >= time", "block.timestamp > time")


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def block(page, kind):
    """The text of the one code block of a kind."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_page__example__is_the_tested_file_and_short(page):
    example = EXAMPLE.read_text(encoding="utf-8")
    assert block(page, "python") == example
    assert len(example.splitlines()) <= 80


@pytest.fixture(scope="module")
def planted():
    """The piggy bank with the page's bug in it."""
    source = (ROOT / CONTRACT).read_text(encoding="utf-8")
    assert source.count(PLANTED[0]) == 1
    with closing(Compiler({CONTRACT: source})) as compiler:
        changed = {CONTRACT: source.replace(*PLANTED)}
        code = compiler.code({"PiggyBank": CONTRACT}, changed, quick_settings())
    return Troupe(PiggyBank, ape_chain(code))


def first_failure(troupe):
    random = Random(1)
    for _ in range(500):
        try:
            troupe.check([random.randbytes(TAPE) for _ in range(random.randint(0, 60))])
        except Disagreement as failure:
            return failure
    pytest.fail("the planted bug was not found")


def test_page__failure__is_the_story_that_the_engine_tells(page, planted):
    assert all(f"`{text}`" in page for text in PLANTED)
    assert block(page, "text") == f"{shrink(first_failure(planted))}\n"


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (
            Capability,
            {"act", "views", "touched", "invariants", "open", "finish", "parties", "deploy", "begin"},
        ),
        (Dice, {name for name in vars(Dice) if not name.startswith("_")}),
        (tests.engine, {"Model", "require", "View", "Argument", "Signed", "Troupe", "programs", "action"}),
    ],
    ids=["Capability", "Dice", "package"],
)
def test_page__vocabulary__lists_what_there_is(page, owner, names):
    table = page[page.index("## Vocabulary") :]
    assert all(hasattr(owner, name) for name in names)
    missing = {name for name in names if not re.search(rf"`[^`]*\b{name}\b[^`]*`", table)}
    assert not missing
