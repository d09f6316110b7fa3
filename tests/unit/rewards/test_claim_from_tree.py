"""
claimFromTree
├── when the tree owes an account: anyone has it paid, what was paid before taken off
├── given an account that the token does not pay: it gets a credit
├── given leaves that promise more than the sum: who comes too late waits for the next root (T5)
└── reverts when
    ├── the proof does not lead to the root that holds (T59)
    └── the account was paid as much already
"""

import pytest

from offchain.hashing import RewardTree, reward_leaf, verify_reward_proof
from tests.support.calls import ZERO, balance, deploy, reverts
from tests.support.rewards import UNIT, World, entry, kept_books, system_with


def test_claim_from_tree__one_root_after_the_other__pays_the_difference(world, distributor, who):
    world.collected(1_000)
    first = RewardTree({who.annotator: 100, who.rival: 200})
    world.publish(first)
    receipt = world.claim_from(first, who.annotator)
    assert receipt.value == 100
    assert receipt.of(distributor) == [("TreeClaimed", {"account": who.annotator, "amount": 100})]
    assert (balance(world.token, who.annotator), world.tree()["paid"], world.owed()) == (100, 100, 200)
    world.collected(1_000)
    second = RewardTree({who.annotator: 350, who.rival: 250})
    world.publish(second)
    assert [world.claim_from(second, account).value for account in (who.annotator, who.rival)] == [250, 250]
    paid = [distributor.call("paidFromTree", account) for account in (who.annotator, who.rival)]
    assert (paid, world.owed(), world.tree()["paid"]) == ([350, 250], 0, 600)


def test_claim_from_tree__twice_or_a_smaller_share__reverts(world, distributor, who):
    """T64."""
    world.collected(1_000)
    tree = RewardTree({who.annotator: 100, who.rival: 200})
    world.publish(tree)
    world.claim_from(tree, who.annotator)
    smaller = RewardTree({who.annotator: 99, who.rival: 201})
    for published in (tree, smaller):
        world.own("setRoot", published.root, 300)
        with reverts("NothingToClaim", who.annotator):
            distributor.call("claimFromTree", *entry(published, who.annotator), sender=who.annotator)


def test_claim_from_tree__share_of_nothing__reverts(world, distributor, who):
    tree = RewardTree({who.annotator: 0})
    world.publish(tree)
    with reverts("NothingToClaim", who.annotator):
        distributor.call("claimFromTree", *entry(tree, who.annotator), sender=who.annotator)


def test_claim_from_tree__wrong_proofs__revert(world, distributor, who):
    """T59."""
    world.collected(1_000)
    accounts = (who.annotator, who.rival, who.creator, who.keeper, who.stranger)
    tree, old = RewardTree(dict.fromkeys(accounts, 60)), RewardTree(dict.fromkeys(accounts, 59))
    world.publish(old)
    world.publish(tree, 300)
    account, share, proof = entry(tree, who.annotator)
    wrong = [
        (account, share + 1, proof),
        (account, share - 1, proof),
        (who.owner, share, proof),
        (account, share, tree.proof(who.rival)),
        (account, share, proof[:-1]),
        (account, share, [*proof, tree.root]),
        (account, share, []),
        entry(old, account),
    ]
    for account_, cumulative, given in wrong:
        assert not verify_reward_proof(tree.root, account_, cumulative, given)
        with reverts("BadProof", account_, cumulative):
            distributor.call("claimFromTree", account_, cumulative, given, sender=who.annotator)
    for one in accounts:
        assert verify_reward_proof(tree.root, *entry(tree, one))
        assert world.claim_from(tree, one).value == 60


def test_claim_from_tree__before_the_first_root__reverts(distributor, who):
    with reverts("BadProof", who.annotator, 1):
        distributor.call("claimFromTree", who.annotator, 1, [], sender=who.annotator)


def test_claim_from_tree__tree_of_one__has_no_siblings(world, who):
    world.collected(1_000)
    tree = RewardTree({who.annotator: 300})
    assert (tree.root, tree.proof(who.annotator)) == (reward_leaf(who.annotator, 300), [])
    world.publish(tree)
    assert world.claim_from(tree, who.annotator).value == 300


def test_claim_from_tree__leaves_promise_more_than_the_sum__the_late_wait(world, distributor, who):
    """T5: a wrong tree cannot take what is owed to others; the next root makes it good."""
    reward = world.rewarded(1_000, job=2)
    world.collected(1_000)
    tree = RewardTree({who.annotator: 200, who.rival: 200})
    world.publish(tree, 300)
    world.claim_from(tree, who.annotator)
    with reverts("BadTotal", 400, 200, 300):
        distributor.call("claimFromTree", *entry(tree, who.rival), sender=who.rival)
    assert distributor.send("claim", who.annotator, sender=who.annotator).value == reward
    world.collected(1_000)
    world.publish(tree, 400)
    assert world.claim_from(tree, who.rival).value == 200
    assert world.owed() == 0


@pytest.mark.parametrize("blocked", [True, False])
def test_claim_from_tree__account_that_cannot_be_paid__has_a_credit(who, blocked):
    """T10: with a reward token that refuses somebody."""
    token = deploy("BlacklistToken", sender=who.owner)
    with kept_books(World(system_with(token, who))) as world:
        token.send("setBlocked", who.annotator, blocked, sender=who.owner)
        world.own("setRate", ZERO, UNIT)
        world.collected(100)
        tree = RewardTree({who.annotator: 100})
        world.publish(tree)
        receipt = world.claim_from(tree, who.annotator)
        told = {"token": token.address, "account": who.annotator, "amount": 100}
        assert (("Credited", told) in receipt.of(world.distributor)) is blocked
        assert (world.credit(who.annotator), world.tree()["paid"]) == (100 * blocked, 100)
        if blocked:
            world.distributor.send("claim", who.rival, sender=who.annotator)
        assert balance(token, who.rival if blocked else who.annotator) == 100
