"""Signed acts and what becomes of their signatures when they are used for anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from offchain.reference.calls import Acceptance, Consent
from offchain.reference.market import struct_of
from offchain.signing import MARKET_NAME
from offchain.terms import JobTerms
from tests.capabilities.market.play import MarketPlay
from tests.capabilities.market.story import ROOT, Story
from tests.capabilities.signing import Misused
from tests.engine.capability import Argument
from tests.engine.chain import EPOCH, Chain
from tests.engine.signing import Flaw, Signed

LATER = EPOCH + 1_000_000
NONCE = 0x1234
URI = "0g://payload"


@dataclass(frozen=True)
class Reused(Argument):
    """An authorisation with a signature that was made for something else."""

    signer: str
    nonce: int
    deadline: int
    signature: bytes

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        del chain
        return (vars(self),)

    def in_model(self) -> tuple[Any, ...]:
        return (Consent(self.signer, self.nonce, self.deadline, valid=False),)


@dataclass(frozen=True)
class ReusedOffer(Argument):
    """Terms with an arbiter's signature that was made for something else."""

    terms: JobTerms
    deadline: int
    signature: bytes

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        del chain
        return struct_of(self.terms), list(self.terms.word_classes), self.deadline, self.signature

    def in_model(self) -> tuple[Any, ...]:
        return self.terms, Acceptance(self.deadline, valid=False)


@dataclass(frozen=True)
class SignedAct:
    """An act in somebody's name that can be done now: arguments before the authorisation, what is signed.
    `changed` are other arguments, each with one thing that the signature does not say; with the coin that the
    act would take then.
    """

    function: str
    args: tuple[Any, ...]
    kind: str
    message: Mapping[str, Any]
    signer: str
    value: int = 0
    role: str = "annotator"
    changed: tuple[tuple[Any, ...], ...] = ()

    def signed(self, story: Story) -> Signed:
        """The good authorisation."""
        return Signed(
            contract=story.stage.market.address,
            name=MARKET_NAME,
            kind=self.kind,
            message=self.message,
            signer=self.signer,
            person=story.stage.signers[self.signer],
            nonce=NONCE,
            deadline=LATER,
            role=self.role,
        )


def made(signed: Signed, chain: Chain, **changes: Any) -> Reused:
    """The signature as it is made on this chain, in an authorisation that says something else."""
    (struct,) = signed.on_chain(chain)
    return Reused(**{**struct, **changes})


def claim_by_sig(story: Story, signer: str) -> SignedAct:
    """Of two jobs on the same terms one is claimed from."""
    job_id, other = story.job(task_count=300), story.job(task_count=300)
    digest = story.play.job(job_id).terms_hash
    return SignedAct(
        "claimBySig",
        (job_id, 0, 0b11, b"", ()),
        "Claim",
        {"termsHash": digest, "jobId": job_id, "word": 0, "mask": 0b11},
        signer,
        value=story.bond(job_id, 0b11),
        changed=((other, 0, 0b11, b"", ()), (job_id, 1, 0b11, b"", ()), (job_id, 0, 0b110, b"", ())),
    )


def submit_batch_by_sig(story: Story, signer: str) -> SignedAct:
    """Of two claims one is submitted."""
    job_id = story.job()
    claim_id, other = story.claim(job_id, 0b11, signer), story.claim(job_id, 0b11 << 2, signer)
    return SignedAct(
        "submitBatchBySig",
        (claim_id, ROOT, 0b11, URI),
        "SubmitBatch",
        {"claimId": claim_id, "root": ROOT, "done": 0b11, "uri": URI},
        signer,
        changed=(
            (other, ROOT, 0b11, URI),
            (claim_id, b"\x02" * 32, 0b11, URI),
            (claim_id, ROOT, 0b1, URI),
            (claim_id, ROOT, 0b11, URI + "/"),
        ),
    )


def release_by_sig(story: Story, signer: str) -> SignedAct:
    """Of two claims one is given back."""
    job_id = story.job()
    claim_id, other = story.claim(job_id, 0b11, signer), story.claim(job_id, 0b1100, signer)
    return SignedAct(
        "releaseBySig", (claim_id,), "Release", {"claimId": claim_id}, signer, changed=((other,),)
    )


def appeal_by_sig(story: Story, signer: str) -> SignedAct:
    """Of two rejections one is appealed."""
    job_id = story.job()
    claim_id, other = (story.rejection(job_id, mask, mask, signer) for mask in (0b11, 0b1100))
    fee = story.play.job(job_id).terms.arbiter_fee
    message = {"claimId": claim_id}
    return SignedAct("appealBySig", (claim_id,), "Appeal", message, signer, fee, changed=((other,),))


def withdraw_by_sig(story: Story, signer: str) -> SignedAct:
    """Somebody who could not be paid has credits in two coins."""
    native, dollar = story.stage.coins[:2]
    for coin in (native, dollar):
        job_id = story.job(token=coin)
        story.approve(story.submission(job_id, 0b11, signer), 0b11)
    amount = min(story.model.credit_of(native, signer), 10_000)
    keeper = story.cast.keeper
    return SignedAct(
        "withdrawBySig",
        (native, keeper, amount),
        "Withdraw",
        {"token": native, "to": keeper, "amount": amount},
        signer,
        role="account",
        changed=((dollar, keeper, amount), (native, story.cast.sink, amount), (native, keeper, amount - 1)),
    )


REFUSALS = frozenset({"InvalidSignature", "NonceAlreadyUsed", "SignatureExpired", "EnforcedPause"})

ACTS: dict[str, Callable[[Story, str], SignedAct]] = {
    "claimBySig": claim_by_sig,
    "submitBatchBySig": submit_batch_by_sig,
    "releaseBySig": release_by_sig,
    "appealBySig": appeal_by_sig,
    "withdrawBySig": withdraw_by_sig,
}
"""How to get to where each act by signature is possible."""


class ReplayingMarket(MarketPlay):
    """The market with a relayer who tries every good signature for something else first, and afterwards
    again: all of it has to fail, and the signature still has to work once.
    """

    def act(self, function: str, *args: Any, sender: str, at: int = 0, **sent: Any) -> bool:
        consent = args[-1] if args else None
        if not isinstance(consent, Signed) or isinstance(consent, Misused) or consent.flaw != Flaw.NONE:
            return super().act(function, *args, sender=sender, at=at, **sent)
        for other in self._misuses(function, args[:-1], consent):
            self._attempt(function, other, sender=sender, **sent)
        done = super().act(function, *args, sender=sender, at=at, **sent)
        if done:
            again = made(consent, self.chain)
            self._attempt(function, (*args[:-1], again), sender=sender, **sent)
            self._attempt(
                function, (*args[:-1], replace(again, nonce=again.nonce + 1)), sender=sender, **sent
            )
        return done

    def _attempt(self, function: str, args: tuple[Any, ...], **sent: Any) -> None:
        assert not super().act(function, *args, **sent), f"{function} takes a signature for something else"
        outcome = self.steps[-1].outcome
        assert outcome in REFUSALS, f"{function} looks at the signature only after {outcome}"

    def _misuses(self, function: str, args: tuple[Any, ...], good: Signed) -> Iterator[tuple[Any, ...]]:
        """One argument more or less by one, another nonce, another deadline, another account."""
        made_here = made(good, self.chain)
        number = len(self.steps)
        signed_numbers = [i for i, arg in enumerate(args) if isinstance(arg, int)]
        place = signed_numbers[number % len(signed_numbers)]
        changed = tuple(arg ^ 1 if i == place else arg for i, arg in enumerate(args))
        yield (*changed, made_here)
        who = self.cast.annotators[number % len(self.cast.annotators)]
        changes = ({"nonce": good.nonce + 1}, {"deadline": good.deadline + 1}, {"signer": who})
        change = changes[number % 3]
        if change.get("signer") != good.signer:
            yield (*args, replace(made_here, **change))
