"""
claim, claimBySig
├── when there are rewards: all of them go to any address, out of all jobs
├── by signature: to the address that was signed, whoever sends it (T43)
└── reverts when
    ├── there is nothing to claim
    ├── they would go to nobody or back into the distributor
    └── the signature is for something else, used, or late (T41)
"""

import pytest

from offchain.signing import REGISTRY_NAME, Domain
from tests.support.calls import ZERO, balance, deploy, now, reverts
from tests.support.market import mine_at
from tests.support.signing import ANVIL_CHAIN


def test_claim__rewards_of_several_jobs__go_out_at_once(world, distributor, who):
    world.rewarded(1_000, job=1)
    world.rewarded(2_000, job=2)
    world.rewarded(500, who.rival)
    receipt = distributor.send("claim", who.stranger, sender=who.annotator)
    assert receipt.value == 900
    told = {"token": world.token.address, "account": who.annotator, "to": who.stranger, "amount": 900}
    assert receipt.of(distributor) == [("CreditWithdrawn", told)]
    assert (balance(world.token, who.stranger), world.credit(who.annotator), world.owed()) == (900, 0, 150)
    with reverts("NothingToClaim", who.annotator):
        distributor.call("claim", who.stranger, sender=who.annotator)


def test_claim__nothing__reverts(world, distributor, who):
    world.rewarded(1_000)
    for account in (who.rival, who.owner, who.keeper):
        with reverts("NothingToClaim", account):
            distributor.call("claim", account, sender=account)


def test_claim__to_nobody_or_the_distributor__reverts(world, distributor, who):
    world.rewarded(1_000)
    for to in (ZERO, distributor.address):
        with reverts("BadRecipient", to):
            distributor.call("claim", to, sender=who.annotator)


def test_claim__a_part__is_taken_out_by_withdraw(world, distributor, who):
    world.rewarded(1_000)
    distributor.send("withdraw", world.token.address, who.annotator, 100, sender=who.annotator)
    assert distributor.send("claim", who.annotator, sender=who.annotator).value == 200
    assert balance(world.token, who.annotator) == 300


def test_claim_by_sig__from_a_relayer__goes_where_the_signer_says(world, distributor, who):
    world.rewarded(1_000)
    auth = world.pen.auth("ClaimReward", who.annotator, to=who.stranger, nonce=7)
    receipt = distributor.send("claimBySig", who.stranger, auth, sender=who.keeper)
    token, annotator = world.token.address, who.annotator
    assert receipt.value == 300
    assert receipt.of(distributor) == [
        ("NonceUsed", {"account": annotator, "nonce": 7}),
        ("CreditWithdrawn", {"token": token, "account": annotator, "to": who.stranger, "amount": 300}),
    ]
    assert balance(world.token, who.stranger) == 300
    world.rewarded(10)
    with reverts("NonceAlreadyUsed", who.annotator, 7):
        distributor.call("claimBySig", who.stranger, auth, sender=who.keeper)


def test_claim_by_sig__changed_by_the_relayer__reverts(world, distributor, who):
    """T43."""
    world.rewarded(1_000)
    signer, nonce, deadline, signature = world.pen.auth("ClaimReward", who.annotator, to=who.annotator)
    changed = [
        (who.keeper, (signer, nonce, deadline, signature)),
        (who.annotator, (signer, nonce + 1, deadline, signature)),
        (who.annotator, (signer, nonce, deadline - 1, signature)),
    ]
    for to, auth in changed:
        with reverts("InvalidSignature", who.annotator):
            distributor.call("claimBySig", to, auth, sender=who.keeper)
    with reverts("InvalidSignature", who.rival):
        forged = (who.rival, nonce, deadline, signature)
        distributor.call("claimBySig", who.annotator, forged, sender=who.keeper)


@pytest.mark.parametrize("where", ["chain", "contract", "name", "version"])
def test_claim_by_sig__for_another_domain__reverts(world, distributor, who, where):
    """T41."""
    world.rewarded(1_000)
    right = world.pen.domain
    domain = {
        "chain": Domain(1, right.contract, right.name),
        "contract": Domain(ANVIL_CHAIN, world.token.address, right.name),
        "name": Domain(ANVIL_CHAIN, right.contract, REGISTRY_NAME),
        "version": Domain(ANVIL_CHAIN, right.contract, right.name, version="2"),
    }[where]
    auth = world.pen.auth("ClaimReward", who.annotator, to=who.annotator, domain=domain)
    with reverts("InvalidSignature", who.annotator):
        distributor.call("claimBySig", who.annotator, auth, sender=who.keeper)


def test_claim_by_sig__last_second__works_and_the_next_reverts(world, distributor, who):
    world.rewarded(1_000)
    deadline = now() + 100
    auth = world.pen.auth("ClaimReward", who.annotator, to=who.annotator, deadline=deadline)
    mine_at(deadline)
    assert distributor.call("claimBySig", who.annotator, auth, sender=who.keeper) == 300
    mine_at(deadline + 1)
    with reverts("SignatureExpired", deadline, deadline + 1):
        distributor.call("claimBySig", who.annotator, auth, sender=who.keeper)


def test_claim_by_sig__a_wallet__signs_by_its_owner(world, distributor, who):
    """T42."""
    wallet = deploy("MockWallet", who.rival, sender=who.rival).address
    world.rewarded(1_000, wallet)
    auth = world.pen.auth("ClaimReward", wallet, key=who.rival, to=who.rival)
    assert distributor.send("claimBySig", who.rival, auth, sender=who.keeper).value == 300
    world.rewarded(1_000, wallet)
    auth = world.pen.auth("ClaimReward", wallet, key=who.annotator, to=who.rival)
    with reverts("InvalidSignature", wallet):
        distributor.call("claimBySig", who.rival, auth, sender=who.keeper)


def test_claim_by_sig__nothing_or_to_nobody__reverts(world, distributor, who):
    auth = world.pen.auth("ClaimReward", who.annotator, to=ZERO)
    with reverts("NothingToClaim", who.annotator):
        distributor.call("claimBySig", ZERO, auth, sender=who.keeper)
    world.rewarded(1_000)
    with reverts("BadRecipient", ZERO):
        distributor.call("claimBySig", ZERO, auth, sender=who.keeper)


def test_withdraw_by_sig__of_a_reward__is_signed_for_the_distributor(world, distributor, who):
    """T41, T44: a withdrawal is no claim, and the other way round."""
    world.rewarded(1_000)
    message = {"token": world.token.address, "to": who.annotator, "amount": 100}
    auth = world.pen.auth("Withdraw", who.annotator, **message)
    with reverts("InvalidSignature", who.annotator):
        distributor.call("claimBySig", who.annotator, auth, sender=who.keeper)
    distributor.send("withdrawBySig", *message.values(), auth, sender=who.keeper)
    assert (balance(world.token, who.annotator), world.credit(who.annotator)) == (100, 200)
