"""
RewardToken
├── constructor: names, 18 decimals, the cap, nothing minted; without cap or admin it reverts
├── mint: minters only, up to the cap, to the unit; what was burned can be minted again
├── burn: one's own tokens, or those that one may take
├── the admin grants and revokes minters; he hands over in two steps after a delay (T61)
└── permit: by signature; one that somebody else sent first blocks nothing (T43)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.calls import ZERO, CallReverted, Contract, balance, deploy, now, reverts
from tests.support.market import mine_at
from tests.support.rewards import ADMIN_DELAY, MINTER, TOKEN_CAP, Cast, World, deploy_token
from tests.support.signing import ANVIL_CHAIN, NEVER, sign_document

ADMIN = bytes(32)
FIELDS = {
    "owner": "address",
    "spender": "address",
    "value": "uint256",
    "nonce": "uint256",
    "deadline": "uint256",
}
DOMAIN = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}


@pytest.fixture(scope="module")
def fresh(system) -> Contract:
    return deploy_token(system.who.admin)


@pytest.fixture
def token(fresh: Contract, world: World) -> Iterator[Contract]:
    """A token of which the annotator has 1,000."""
    fresh.send("mint", world.who.annotator, 1_000, sender=world.who.admin)
    return fresh


def permit(token: Contract, who: Cast, value: int, nonce: int = 0, deadline: int = NEVER) -> tuple[Any, ...]:
    """The arguments of a permit by which the annotator lets the keeper take tokens."""
    message = {
        "owner": who.annotator,
        "spender": who.keeper,
        "value": value,
        "nonce": nonce,
        "deadline": deadline,
    }
    document = {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN.items()],
            "Permit": [{"name": name, "type": kind} for name, kind in FIELDS.items()],
        },
        "primaryType": "Permit",
        "domain": {
            "name": "Reward",
            "version": "1",
            "chainId": ANVIL_CHAIN,
            "verifyingContract": token.address,
        },
        "message": message,
    }
    signature = sign_document(who.annotator, document)
    halves = signature[:32], signature[32:64]
    return who.annotator, who.keeper, value, deadline, signature[64], *halves


def test_constructor__a_new_token__is_empty(who):
    token = deploy("RewardToken", "Reward", "RWD", 77, who.admin, ADMIN_DELAY, sender=who.stranger)
    told = [token.call(name) for name in ("name", "symbol", "decimals", "cap", "totalSupply")]
    assert told == ["Reward", "RWD", 18, 77, 0]
    assert (token.call("defaultAdmin"), token.call("defaultAdminDelay")) == (who.admin, ADMIN_DELAY)
    assert not token.call("hasRole", MINTER, who.admin)


def test_constructor__without_cap_or_admin__reverts(who):
    with reverts("ERC20InvalidCap", 0):
        deploy("RewardToken", "Reward", "RWD", 0, who.admin, 0, sender=who.admin)
    with reverts("AccessControlInvalidDefaultAdmin", ZERO):
        deploy("RewardToken", "Reward", "RWD", 1, ZERO, 0, sender=who.admin)


def test_mint__up_to_the_cap__works_to_the_unit(token, who):
    rest = TOKEN_CAP - 1_000
    with reverts("ERC20ExceededCap", TOKEN_CAP + 1, TOKEN_CAP):
        token.call("mint", who.rival, rest + 1, sender=who.admin)
    receipt = token.send("mint", who.rival, rest, sender=who.admin)
    assert receipt.of(token) == [("Transfer", {"from": ZERO, "to": who.rival, "value": rest})]
    assert (balance(token, who.rival), token.call("totalSupply")) == (rest, TOKEN_CAP)
    with reverts("ERC20ExceededCap", TOKEN_CAP + 1, TOKEN_CAP):
        token.call("mint", who.rival, 1, sender=who.admin)
    token.send("burn", 10, sender=who.rival)
    token.send("mint", who.stranger, 10, sender=who.admin)


@pytest.mark.parametrize("role", ["owner", "annotator", "stranger"])
def test_mint__by_who_is_no_minter__reverts(token, who, role):
    account = getattr(who, role)
    with reverts("AccessControlUnauthorizedAccount", account, MINTER):
        token.call("mint", account, 1, sender=account)


def test_minters__granted_and_revoked_by_the_admin__mint_in_between(token, who):
    token.send("grantRole", MINTER, who.rival, sender=who.admin)
    token.send("mint", who.rival, 5, sender=who.rival)
    with reverts("AccessControlUnauthorizedAccount", who.rival, ADMIN):
        token.call("grantRole", MINTER, who.stranger, sender=who.rival)
    token.send("revokeRole", MINTER, who.rival, sender=who.admin)
    with reverts("AccessControlUnauthorizedAccount", who.rival, MINTER):
        token.call("mint", who.rival, 5, sender=who.rival)
    assert balance(token, who.rival) == 5


def test_burn__own_tokens__are_gone(token, who):
    receipt = token.send("burn", 400, sender=who.annotator)
    assert receipt.of(token) == [("Transfer", {"from": who.annotator, "to": ZERO, "value": 400})]
    assert (balance(token, who.annotator), token.call("totalSupply")) == (600, 600)
    with reverts("ERC20InsufficientBalance", who.annotator, 600, 601):
        token.call("burn", 601, sender=who.annotator)
    with reverts("ERC20InsufficientAllowance", who.admin, 0, 1):
        token.call("burnFrom", who.annotator, 1, sender=who.admin)
    token.send("approve", who.rival, 600, sender=who.annotator)
    token.send("burnFrom", who.annotator, 600, sender=who.rival)
    assert token.call("totalSupply") == 0


def test_admin__hands_over_in_two_steps_after_the_delay(token, who):
    """T61: the new one has to accept, the old one keeps his powers until then."""
    with reverts("AccessControlUnauthorizedAccount", who.stranger, ADMIN):
        token.call("beginDefaultAdminTransfer", who.stranger, sender=who.stranger)
    due = token.send("beginDefaultAdminTransfer", who.rival, sender=who.admin).time + ADMIN_DELAY
    with reverts("AccessControlInvalidDefaultAdmin", who.stranger):
        token.call("acceptDefaultAdminTransfer", sender=who.stranger)
    mine_at(due)
    with reverts("AccessControlEnforcedDefaultAdminDelay", due):
        token.call("acceptDefaultAdminTransfer", sender=who.rival)
    assert token.call("defaultAdmin") == who.admin
    mine_at(due + 1)
    token.send("acceptDefaultAdminTransfer", sender=who.rival)
    assert token.call("defaultAdmin") == who.rival
    with reverts("AccessControlUnauthorizedAccount", who.admin, ADMIN):
        token.call("grantRole", MINTER, who.stranger, sender=who.admin)
    token.send("revokeRole", MINTER, who.admin, sender=who.rival)


def test_admin__ends_his_office__in_two_steps_and_the_minters_stay(token, who):
    """T61: not by one wrong transaction."""
    with reverts("AccessControlEnforcedDefaultAdminDelay", 0):
        token.call("renounceRole", ADMIN, who.admin, sender=who.admin)
    due = token.send("beginDefaultAdminTransfer", ZERO, sender=who.admin).time + ADMIN_DELAY
    mine_at(due)
    with reverts("AccessControlEnforcedDefaultAdminDelay", due):
        token.call("renounceRole", ADMIN, who.admin, sender=who.admin)
    mine_at(due + 1)
    token.send("renounceRole", ADMIN, who.admin, sender=who.admin)
    assert token.call("defaultAdmin") == ZERO
    token.send("mint", who.rival, 1, sender=who.admin)
    with reverts("AccessControlUnauthorizedAccount", who.admin, ADMIN):
        token.call("grantRole", MINTER, who.rival, sender=who.admin)


def test_permit__signed_by_the_owner__allows_once(token, who):
    args = permit(token, who, 300)
    receipt = token.send("permit", *args, sender=who.keeper)
    told = {"owner": who.annotator, "spender": who.keeper, "value": 300}
    assert receipt.of(token) == [("Approval", told)]
    token.send("transferFrom", who.annotator, who.keeper, 300, sender=who.keeper)
    with pytest.raises(CallReverted, match="ERC2612InvalidSigner"):
        token.call("permit", *args, sender=who.keeper)
    assert (balance(token, who.keeper), token.call("nonces", who.annotator)) == (300, 1)


def test_permit__sent_first_by_somebody_else__blocks_nothing(token, who):
    """T43: a rival who uses the permit up gives its spender the allowance; who tries the permit, and goes on
    whether it works or not, gets his tokens.
    """
    args = permit(token, who, 300)
    token.send("permit", *args, sender=who.rival)
    with pytest.raises(CallReverted, match="ERC2612InvalidSigner"):
        token.call("permit", *args, sender=who.keeper)
    assert token.call("allowance", who.annotator, who.keeper) == 300
    assert token.call("allowance", who.annotator, who.rival) == 0
    token.send("transferFrom", who.annotator, who.keeper, 300, sender=who.keeper)


def test_permit__late_or_for_another_amount__reverts(token, who):
    deadline = now() + 100
    args = permit(token, who, 300, deadline=deadline)
    more = (*args[:2], 301, *args[3:])
    with pytest.raises(CallReverted, match="ERC2612InvalidSigner"):
        token.call("permit", *more, sender=who.keeper)
    mine_at(deadline)
    token.call("permit", *args, sender=who.keeper)
    mine_at(deadline + 1)
    with reverts("ERC2612ExpiredSignature", deadline):
        token.call("permit", *args, sender=who.keeper)
