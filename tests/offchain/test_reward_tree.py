import pytest
from eth_abi import encode

from offchain.exceptions import InputError
from offchain.hashing import RewardTree, keccak256, reward_leaf, verify_reward_proof
from tests.offchain.samples import ANNOTATOR, MARKET, OTHER

SHARES = {ANNOTATOR: 3, OTHER: 2**256 - 1, MARKET: 0}


def test_leaf__is_that_of_openzeppelins_standard_tree():
    encoded = encode(["address", "uint256"], [ANNOTATOR, 77])
    assert reward_leaf(ANNOTATOR, 77) == keccak256(keccak256(encoded))


def test_leaf__no_amount__is_refused():
    for amount in (-1, 2**256, True):
        with pytest.raises(InputError, match="the cumulative reward"):
            reward_leaf(ANNOTATOR, amount)


def test_tree__every_share__is_proven_in_any_order():
    tree = RewardTree(SHARES)
    assert tree.root == RewardTree(dict(reversed(SHARES.items()))).root
    for account, share in SHARES.items():
        assert verify_reward_proof(tree.root, account, share, tree.proof(account))
        assert not verify_reward_proof(tree.root, account, share ^ 1, tree.proof(account))


def test_total__is_the_sum_of_all_shares():
    assert RewardTree({ANNOTATOR: 3, OTHER: 4}).total == 7


def test_tree__without_accounts_or_with_one_twice__is_refused():
    with pytest.raises(InputError, match="at least one account"):
        RewardTree({})
    with pytest.raises(InputError, match="each account once"):
        RewardTree({ANNOTATOR: 1, ANNOTATOR.lower(): 2})


def test_proof__of_an_account_without_share__is_refused():
    with pytest.raises(InputError, match="is not in the tree of rewards"):
        RewardTree({ANNOTATOR: 1}).proof(OTHER)
