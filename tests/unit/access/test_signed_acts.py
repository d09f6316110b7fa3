"""
Signed acts: one behaviour for all of them (T41, T42, T43, T44)
├── when everything fits: the act is done once, in the last second of the signature too
├── it reverts for
│   ├── a nonce that was used or cancelled
│   ├── another chain, contract, name or version in the domain
│   ├── another key than the signer's, and the zero address as signer
│   ├── the same signature with the other s, with v as 0 or 1, in 64 bytes (EIP-2098), cut or extended
│   └── a signature whose deadline has passed
├── nonces are unordered, per account, and each is one bit
├── cancelNonce uses up a nonce of the caller
└── domainSeparator is that of wallets, and follows the chain id (T30)
"""

from __future__ import annotations

from typing import Any

import pytest
from eth_keys.constants import SECPK1_N

from offchain.signing import Domain, domain_separator
from tests.support.calls import ZERO, reverts, rpc
from tests.support.market import ANVIL_CHAIN, ROOT, URI, World, mine_at, next_at, now

BOND = 100_001
ACTS = ["Claim", "Release", "SubmitBatch", "Appeal", "Withdraw"]
FUNCTIONS = {
    "Claim": "claimBySig",
    "Release": "releaseBySig",
    "SubmitBatch": "submitBatchBySig",
    "Appeal": "appealBySig",
    "Withdraw": "withdrawBySig",
}


class Act:
    """One act that the annotator could do by signature now."""

    def __init__(self, world: World, primary: str) -> None:
        self.world, self.primary = world, primary
        self.value, self.arguments, self.message = getattr(self, f"_{primary.lower()}")(world)

    def _claim(self, world: World) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
        job_id = world.open()
        message = {"termsHash": world.job(job_id)["termsHash"], "jobId": job_id, "word": 0, "mask": 1}
        return BOND, (job_id, 0, 1, b"", []), message

    def _release(self, world: World) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
        claim_id = world.claim(world.open(), 1)
        return 0, (claim_id,), {"claimId": claim_id}

    def _submitbatch(self, world: World) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
        claim_id = world.claim(world.open(), 1)
        message = {"claimId": claim_id, "root": ROOT, "done": 1, "uri": URI}
        return 0, (claim_id, ROOT, 1, URI), message

    def _appeal(self, world: World) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
        claim_id = world.rejected(world.open(), 1)
        return 77_777, (claim_id,), {"claimId": claim_id}

    def _withdraw(self, world: World) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
        """The annotator's address takes no coin for a moment, so that he has a credit."""
        claim_id = world.submitted(world.open(), 1)
        rpc("anvil_setCode", world.who.annotator, "0xfe")
        world.approve(claim_id, 1)
        rpc("anvil_setCode", world.who.annotator, "0x")
        message = {"token": ZERO, "to": world.who.stranger, "amount": 5}
        return 0, tuple(message.values()), message

    def sign(self, **how: Any) -> tuple[Any, ...]:
        return self.world.auth(self.primary, **self.message, **how)

    def call(self, auth: tuple[Any, ...]) -> None:
        arguments = (*self.arguments, auth)
        self.world.market.call(
            FUNCTIONS[self.primary], *arguments, sender=self.world.who.keeper, value=self.value
        )

    def send(self, auth: tuple[Any, ...]) -> None:
        arguments = (*self.arguments, auth)
        self.world.market.send(
            FUNCTIONS[self.primary], *arguments, sender=self.world.who.keeper, value=self.value
        )


@pytest.fixture(params=ACTS)
def act(request: pytest.FixtureRequest, world: World) -> Act:
    return Act(world, request.param)


def test_signed_act__everything_fits__is_done_once(act, market, who):
    """T41: what marks it as done is the nonce; a second signature over the same one is refused."""
    auth = act.sign(nonce=77)
    act.send(auth)
    assert market.call("isNonceUsed", who.annotator, 77)
    for again in (auth, act.sign(nonce=77, deadline=now() + 1_000)):
        with reverts("NonceAlreadyUsed", who.annotator, 77):
            act.call(again)


def test_signed_act__cancelled_nonce__reverts(act, market, who):
    auth = act.sign(nonce=78)
    market.send("cancelNonce", 78, sender=who.annotator)
    with reverts("NonceAlreadyUsed", who.annotator, 78):
        act.call(auth)


@pytest.mark.parametrize("where", ["chain", "contract", "name", "version"])
def test_signed_act__another_domain__reverts(act, market, who, where):
    """T41."""
    domain = {
        "chain": Domain(16_602, market.address),
        "contract": Domain(ANVIL_CHAIN, who.owner),
        "name": Domain(ANVIL_CHAIN, market.address, name="Winnow DatasetRegistry"),
        "version": Domain(ANVIL_CHAIN, market.address, version="2"),
    }[where]
    with reverts("InvalidSignature", who.annotator):
        act.call(act.sign(domain=domain))


def test_signed_act__another_nonce_or_deadline_than_signed__reverts(act, who):
    signer, nonce, deadline, signature = act.sign(nonce=5, deadline=now() + 1_000)
    for forged in ((signer, 6, deadline, signature), (signer, nonce, deadline + 1, signature)):
        with reverts("InvalidSignature", who.annotator):
            act.call(forged)


def test_signed_act__another_key__reverts(act, who):
    with reverts("InvalidSignature", who.annotator):
        act.call(act.sign(key=who.stranger))
    signer, *rest = act.sign(key=who.annotator, signer=who.rival)
    with reverts("InvalidSignature", signer):
        act.call((signer, *rest))


def test_signed_act__signer_zero__reverts(act):
    """T42: a signature that recovers to nothing is nobody's."""
    for signature in (b"", bytes(65), b"\xff" * 65):
        with reverts("InvalidSignature", ZERO):
            act.call((ZERO, 1, 2**256 - 1, signature))


def altered(signature: bytes, how: str) -> bytes:
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    return {
        "other s": lambda: r + (SECPK1_N - s).to_bytes(32, "big") + bytes([55 - v]),
        "64 bytes": lambda: r + (s | (v - 27) << 255).to_bytes(32, "big"),
        "v from 0": lambda: signature[:64] + bytes([v - 27]),
        "short": lambda: signature[:64],
        "long": lambda: signature + b"\0",
        "none": lambda: b"",
    }[how]()


@pytest.mark.parametrize("how", ["other s", "64 bytes", "v from 0", "short", "long", "none"])
def test_signed_act__signature_in_another_form__reverts(act, who, how):
    """T41: there is one form of each signature."""
    signer, nonce, deadline, signature = act.sign()
    with reverts("InvalidSignature", who.annotator):
        act.call((signer, nonce, deadline, altered(signature, how)))


def test_signed_act__last_second__is_in_time(act):
    deadline = now() + 60
    auth = act.sign(deadline=deadline)
    next_at(deadline)
    act.send(auth)


def test_signed_act__after_its_deadline__reverts(act):
    deadline = now() + 60
    auth = act.sign(deadline=deadline)
    mine_at(deadline + 1)
    with reverts("SignatureExpired", deadline, deadline + 1):
        act.call(auth)


def test_signed_act__one_struct__is_never_another(world, market, who):
    """T44: release and appeal have the same fields; a signature for one is worthless for the other."""
    claim_id = world.claim(world.open(), 1)
    with reverts("InvalidSignature", who.annotator):
        market.call("releaseBySig", claim_id, world.auth("Appeal", claimId=claim_id), sender=who.keeper)


# --- nonces ---


def test_nonces__any_values__are_independent_bits(market, who):
    nonces = [0, 1, 255, 256, 2**255, 2**256 - 1]
    for index, nonce in enumerate(nonces):
        receipt = market.send("cancelNonce", nonce, sender=who.annotator)
        assert receipt.of(market) == [("NonceUsed", {"account": who.annotator, "nonce": nonce})]
        used = [market.call("isNonceUsed", who.annotator, other) for other in nonces]
        assert used == [place <= index for place in range(len(nonces))]
    assert not market.call("isNonceUsed", who.rival, 0)
    assert not market.call("isNonceUsed", who.annotator, 2)


def test_cancel_nonce__twice__reverts(market, who):
    market.send("cancelNonce", 9, sender=who.annotator)
    with reverts("NonceAlreadyUsed", who.annotator, 9):
        market.call("cancelNonce", 9, sender=who.annotator)
    market.send("cancelNonce", 9, sender=who.rival)


def test_cancel_nonce__somebody_elses__changes_nothing_for_the_signer(world, market, who):
    job_id = world.open()
    market.send("cancelNonce", 4, sender=who.rival)
    claim_id = world.claim(job_id, 1)
    market.send("releaseBySig", claim_id, world.auth("Release", claimId=claim_id, nonce=4), sender=who.keeper)


# --- domain ---


def test_domain_separator__this_chain__is_that_of_off_chain_code(world, market):
    assert market.call("domainSeparator") == domain_separator(world.domain)


def test_domain_separator__chain_that_split__follows_the_chain_id(world, market, who):
    """T41: after a fork of the chain no signature serves on both sides."""
    claim_id = world.claim(world.open(), 1)
    auth = world.auth("Release", claimId=claim_id)
    rpc("anvil_setChainId", 99)
    try:
        assert market.call("domainSeparator") == domain_separator(Domain(99, market.address))
        with reverts("InvalidSignature", who.annotator):
            market.call("releaseBySig", claim_id, auth, sender=who.keeper)
    finally:
        rpc("anvil_setChainId", ANVIL_CHAIN)
    market.call("releaseBySig", claim_id, auth, sender=who.keeper)
