"""
Signed acts of stakers (T41, T42, T44): as the market's, on this contract
├── when everything fits: done once, in the last second of the signature, too
└── reverts for
    ├── a nonce that was used or cancelled
    ├── another chain, contract, name or version, and another key
    └── a signature whose deadline has passed
"""

import pytest

from offchain.signing import STAKING_NAME, Domain, domain_separator
from tests.support.calls import now, reverts
from tests.support.market import mine_at, next_at
from tests.support.signing import ANVIL_CHAIN

ACTS = ("Stake", "Allow", "Unbond", "Withdraw")


class Act:
    """Something that somebody could do by signature now: the staker, or the sink, who has a credit."""

    def __init__(self, world, kind):
        self.world, self.kind = world, kind
        self.function = f"{kind.lower()}BySig"
        self.signer = world.who.sink if kind == "Withdraw" else world.who.staker
        world.locked(600, free=400)
        world.slash(fee=5)
        self.message = {
            "Stake": {"amount": 5},
            "Allow": {"market": world.who.forum, "limit": 5},
            "Unbond": {"amount": 5},
            "Withdraw": {"token": world.token.address, "to": world.who.payee, "amount": 5},
        }[kind]

    def sign(self, **how):
        return self.world.pen.auth(self.kind, self.signer, **self.message, **how)

    def call(self, auth):
        self._do(self.world.staking.call, auth)

    def send(self, auth):
        self._do(self.world.staking.send, auth)

    def _do(self, way, auth):
        way(self.function, *self.message.values(), auth, sender=self.world.who.keeper)


@pytest.fixture(params=ACTS)
def act(request, world):
    return Act(world, request.param)


def test_signed_act__everything_fits__is_done_once(act, staking):
    """T41: what marks it as done is the nonce; a second signature over the same one is refused."""
    auth = act.sign(nonce=77)
    act.send(auth)
    assert staking.call("isNonceUsed", act.signer, 77)
    for again in (auth, act.sign(nonce=77, deadline=now() + 1_000)):
        with reverts("NonceAlreadyUsed", act.signer, 77):
            act.call(again)


def test_signed_act__cancelled_nonce__reverts(act, staking):
    auth = act.sign(nonce=78)
    staking.send("cancelNonce", 78, sender=act.signer)
    with reverts("NonceAlreadyUsed", act.signer, 78):
        act.call(auth)


@pytest.mark.parametrize("where", ["chain", "contract", "name", "version"])
def test_signed_act__another_domain__reverts(act, staking, who, where):
    """T41."""
    domain = {
        "chain": Domain(16_602, staking.address, STAKING_NAME),
        "contract": Domain(ANVIL_CHAIN, who.owner, STAKING_NAME),
        "name": Domain(ANVIL_CHAIN, staking.address, "Winnow DatasetRegistry"),
        "version": Domain(ANVIL_CHAIN, staking.address, STAKING_NAME, version="2"),
    }[where]
    with reverts("InvalidSignature", act.signer):
        act.call(act.sign(domain=domain))


def test_signed_act__another_key_or_signer__reverts(act, who):
    """T42: nobody acts in another's name."""
    with reverts("InvalidSignature", act.signer):
        act.call(act.sign(key=who.stranger))
    _, *rest = act.sign()
    with reverts("InvalidSignature", who.rival):
        act.call((who.rival, *rest))


def test_signed_act__deadline__holds_through_its_last_second(act):
    until = now() + 100
    auth = act.sign(deadline=until)
    next_at(until)
    act.send(auth)
    late = act.sign(deadline=until)
    mine_at(until + 1)
    with reverts("SignatureExpired", until, until + 1):
        act.call(late)


def test_domain_separator__is_that_of_off_chain_code(world, staking):
    """T30, T44."""
    assert staking.call("domainSeparator") == domain_separator(world.pen.domain)
