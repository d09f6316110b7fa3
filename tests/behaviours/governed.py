"""How every contract with an owner, a pauser and a protocol fee behaves, each time from a new one (T61)."""

from tests.behaviours import owned
from tests.support.calls import ZERO, decode_log, reverts, rpc


class Governed(owned.Owned):
    """A new contract with owner, pauser and fee, which is the `power`."""


def starts_with_one_owner_and_no_fee(it: Governed, sink: str) -> None:
    call = it.contract.call
    assert call("owner") == call("pauser") == it.owner
    assert (call("pendingOwner"), call("feeRecipient")) == (ZERO, sink)
    assert (call("feeBps"), call("MAX_FEE_BPS"), call("paused")) == (0, 500, False)
    logs = rpc("eth_getLogs", {"address": it.contract.address, "fromBlock": "0x0", "toBlock": "latest"})
    told = [(event.name, event.args) for event in map(decode_log, logs[:2])]
    assert told == [
        ("OwnershipTransferred", {"previousOwner": ZERO, "newOwner": it.owner}),
        ("PauserSet", {"pauser": it.owner}),
    ]


def the_owner_sets_the_fee_up_to_the_cap(it: Governed) -> None:
    for fee in (1, 500, 0):
        receipt = it.contract.send("setFee", fee, sender=it.owner)
        assert receipt.of(it.contract) == [("FeeSet", {"feeBps": fee})]
        assert it.contract.call("feeBps") == fee
    with reverts("FeeAboveCap", 501, 500):
        it.contract.call("setFee", 501, sender=it.owner)


def the_owner_names_the_pauser_or_nobody(it: Governed) -> None:
    for pauser in (it.heir, ZERO):
        receipt = it.contract.send("setPauser", pauser, sender=it.owner)
        assert receipt.of(it.contract) == [("PauserSet", {"pauser": pauser})]
        assert it.contract.call("pauser") == pauser


def pauser_or_owner_pauses_and_the_owner_unpauses(it: Governed) -> None:
    it.contract.send("setPauser", it.heir, sender=it.owner)
    for account in (it.heir, it.owner):
        receipt = it.contract.send("pause", sender=account)
        assert receipt.of(it.contract) == [("Paused", {"account": account})]
        assert it.contract.call("paused") is True
        with reverts("OwnableUnauthorizedAccount", it.heir):
            it.contract.call("unpause", sender=it.heir)
        receipt = it.contract.send("unpause", sender=it.owner)
        assert receipt.of(it.contract) == [("Unpaused", {"account": it.owner})]


def pausing_twice_or_unpausing_what_runs_reverts(it: Governed) -> None:
    with reverts("ExpectedPause"):
        it.contract.call("unpause", sender=it.owner)
    it.contract.send("pause", sender=it.owner)
    with reverts("EnforcedPause"):
        it.contract.call("pause", sender=it.owner)


def anyone_else_is_refused(it: Governed) -> None:
    for account in it.others:
        with reverts("NotPauser", account):
            it.contract.call("pause", sender=account)
    it.contract.send("setPauser", it.heir, sender=it.owner)  # a pauser has none of the owner's powers either
    for account in (it.heir, *it.others):
        refuses_the_owners_acts(it, account)


def refuses_the_owners_acts(it: Governed, account: str) -> None:
    """Every act that is the owner's, or the named heir's, alone."""
    for act, arguments in {
        "setFee": (1,),
        "setPauser": (account,),
        "unpause": (),
        "transferOwnership": (account,),
        "renounceOwnership": (),
        "acceptOwnership": (),
    }.items():
        with reverts("OwnableUnauthorizedAccount", account):
            it.contract.call(act, *arguments, sender=account)


def a_pauser_who_was_replaced_has_no_power(it: Governed) -> None:
    it.contract.send("setPauser", it.heir, sender=it.owner)
    it.contract.send("setPauser", it.others[0], sender=it.owner)
    with reverts("NotPauser", it.heir):
        it.contract.call("pause", sender=it.heir)


def a_new_owner_leaves_the_pauser(it: Governed) -> None:
    it.contract.send("transferOwnership", it.heir, sender=it.owner)
    it.contract.send("acceptOwnership", sender=it.heir)
    assert it.contract.call("pauser") == it.owner


BEHAVIOURS = (
    the_owner_sets_the_fee_up_to_the_cap,
    the_owner_names_the_pauser_or_nobody,
    pauser_or_owner_pauses_and_the_owner_unpauses,
    pausing_twice_or_unpausing_what_runs_reverts,
    anyone_else_is_refused,
    a_pauser_who_was_replaced_has_no_power,
    a_new_owner_leaves_the_pauser,
    owned.ownership_moves_in_two_steps,
    owned.ownership_cannot_be_given_up,
)
