"""
Signed acts of annotators (T41, T42, T44): as the market's, on this contract
├── when everything fits: done once, in the last second of the signature, too
└── reverts for
    ├── a nonce that was used or cancelled
    ├── another message, chain, contract, name or version, and another key
    └── a signature whose deadline has passed
"""

import pytest

from offchain.signing import STAKE_HOOK_NAME, Domain, domain_separator
from tests.support.calls import now, reverts
from tests.support.market import mine_at, next_at
from tests.support.pledges import STAKE
from tests.support.signing import ANVIL_CHAIN

ACTS = ("Pledge", "RequestUnpledge")


class Act:
    """Something that the annotator could do by signature now."""

    def __init__(self, world, kind):
        self.world, self.kind, self.signer = world, kind, world.who.annotator
        self.function = f"{kind[0].lower()}{kind[1:]}BySig"
        self.job_id = world.pledged(2)
        more = {"tasks": 3, "stakePerTask": STAKE} if kind == "Pledge" else {}
        self.message = {"jobId": self.job_id, **more}

    def sign(self, **how):
        return self.world.pen.auth(self.kind, self.signer, role="annotator", **(self.message | how))

    def call(self, auth):
        self._do(self.world.hook.call, auth)

    def send(self, auth):
        self._do(self.world.hook.send, auth)

    def _do(self, way, auth):
        way(self.function, *self.message.values(), auth, sender=self.world.who.keeper)


@pytest.fixture(params=ACTS)
def act(request, world):
    return Act(world, request.param)


def test_signed_act__everything_fits__is_done_once(act, hook, world):
    """T41: what marks it as done is the nonce; a second signature over the same one is refused."""
    auth = act.sign(nonce=77)
    act.send(auth)
    tasks, _, leaves_at = world.standing(act.job_id)
    assert (tasks, leaves_at > 0) == ((5, False) if act.kind == "Pledge" else (2, True))
    assert hook.call("isNonceUsed", act.signer, 77)
    for again in (auth, act.sign(nonce=77, deadline=now() + 1_000)):
        with reverts("NonceAlreadyUsed", act.signer, 77):
            act.call(again)


def test_signed_act__cancelled_nonce__reverts(act, hook):
    auth = act.sign(nonce=78)
    hook.send("cancelNonce", 78, sender=act.signer)
    with reverts("NonceAlreadyUsed", act.signer, 78):
        act.call(auth)


def test_signed_act__changed_by_the_relayer__reverts(act, world):
    """T43: not for another job, nor for more tasks, nor at another stake."""
    other = world.job()
    changes = {"jobId": other, "tasks": 4, "stakePerTask": STAKE - 1}
    for field in act.message:
        with reverts("InvalidSignature", act.signer):
            act.call(act.sign(**{field: changes[field]}))


@pytest.mark.parametrize("where", ["chain", "contract", "name", "version"])
def test_signed_act__another_domain__reverts(act, hook, who, where):
    """T41."""
    domain = {
        "chain": Domain(16_602, hook.address, STAKE_HOOK_NAME),
        "contract": Domain(ANVIL_CHAIN, who.owner, STAKE_HOOK_NAME),
        "name": Domain(ANVIL_CHAIN, hook.address, "Winnow Staking"),
        "version": Domain(ANVIL_CHAIN, hook.address, STAKE_HOOK_NAME, version="2"),
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


def test_domain_separator__is_that_of_off_chain_code(world, hook):
    """T30, T44."""
    assert hook.call("domainSeparator") == domain_separator(world.pen.domain)
