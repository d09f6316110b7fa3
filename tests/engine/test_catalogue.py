"""What a campaign is told to play."""

import pytest

from tests.capabilities.market import MarketPlay
from tests.engine.catalogue import UnknownCapability, find, origin, registered
from tests.engine.example.test_piggy_bank import PiggyBank

EXAMPLE = "tests/engine/example/test_piggy_bank.py"
OWN = """
from tests.engine import Capability

class Abstract(Capability):
    pass

class Own(Abstract):
    @classmethod
    def deploy(cls, chain):
        return chain.deploy("PiggyBank")

    def begin(self):
        return self.stage, None

    def views(self):
        return ()
"""


def test_find__nothing_wanted__all() -> None:
    assert find() == find("") == registered()
    assert MarketPlay in registered()


@pytest.mark.parametrize(
    "wanted", ["market", "AnnotationMarket", "contracts/annotation/AnnotationMarket.sol", "MarketLens"]
)
def test_find__name_contract_or_file(wanted) -> None:
    assert find(wanted) == [MarketPlay]


def test_find__python_file__the_capability_in_it() -> None:
    assert find(EXAMPLE) == [PiggyBank]
    assert find(origin(PiggyBank)) == [PiggyBank]
    assert origin(MarketPlay) == "market"


def test_find__python_file_elsewhere(tmp_path) -> None:
    path = tmp_path / "own.py"
    path.write_text(OWN)
    assert [one.__name__ for one in find(str(path))] == ["Own"]
    assert find(origin(find(str(path))[0]))[0].__name__ == "Own"


def test_find__python_file_with_two__names_them(tmp_path) -> None:
    path = tmp_path / "two.py"
    path.write_text(OWN + "class Other(Own):\n    pass\n")
    with pytest.raises(UnknownCapability, match="it defines Own, Other"):
        find(str(path))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("Nowhere", r"no capability answers for Nowhere\. There is: market \(AnnotationMarket"),
        ("contracts/Nowhere.sol", r"there is no file contracts/Nowhere\.sol\. There is: market"),
        ("contracts/mocks/PiggyBank.sol", r"no capability answers for contracts/mocks/PiggyBank\.sol"),
        ("nowhere.py", r"there is no file nowhere\.py"),
        ("tests/engine/catalogue.py", r"exactly one subclass of Capability; it defines none"),
    ],
)
def test_find__nothing_there__says_what_there_is(wanted, message) -> None:
    with pytest.raises(UnknownCapability, match=message):
        find(wanted)
