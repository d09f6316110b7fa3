"""
setWriter, ownership
├── when the owner lists a market or takes it off: told, and it writes from then on or no longer
└── the owner hands over in two steps and never gives up (T61)
"""

import pytest

from offchain.reference.reputation import pack
from tests.behaviours import owned
from tests.support.calls import ZERO, deploy, reverts

ANSWERS = pack([(1, 1)])


def test_set_writer__on_and_off__is_told_and_holds(reputation, who, domain):
    for listed in (True, False):
        receipt = reputation.send("setWriter", who.forum, listed, sender=who.owner)
        assert receipt.of(reputation) == [("WriterSet", {"market": who.forum, "listed": listed})]
        assert reputation.call("isWriter", who.forum) is listed
        if listed:
            reputation.send("record", who.annotator, domain, ANSWERS, sender=who.forum)
    with reverts("NotListed", who.forum):
        reputation.call("record", who.annotator, domain, ANSWERS, sender=who.forum)
    assert reputation.call("isWriter", who.guild)
    assert reputation.call("answersOf", who.annotator, domain) == ANSWERS


@pytest.mark.parametrize("role", ["guild", "annotator", "stranger"])
def test_set_writer__by_anyone_else__reverts(reputation, who, role):
    """T61."""
    account = getattr(who, role)
    with reverts("OwnableUnauthorizedAccount", account):
        reputation.call("setWriter", account, True, sender=account)


@pytest.mark.parametrize("behaves", owned.BEHAVIOURS, ids=lambda behaviour: behaviour.__name__)
def test_owned(reputation, who, behaves):
    """T61."""
    power = ("setWriter", who.forum, True)
    behaves(owned.Owned(reputation, who.owner, who.rival, (who.stranger, who.guild), power))


def test_constructor__without_owner__reverts(who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("Reputation", ZERO, sender=who.owner)
