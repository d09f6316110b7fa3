"""Rules of creators who review, annotators who appeal, the arbiter, and everybody who waits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from offchain.reference.records import task_pay
from offchain.states import DisputeState, job_of
from offchain.terms import JobTerms
from tests.stateful.base import Draw, move
from tests.stateful.cast import NATIVE
from tests.stateful.claim_rules import ClaimRules


class ReviewRules(ClaimRules):
    """Submissions are paid, rejected, appealed and decided; credits are withdrawn."""

    @move(10, lambda self: self.pending())
    def approve(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.pending())
        claim = self.model.claims[claim_id]
        mask = self.part_of(data, claim.mask or 1, claim.disputed or ~claim.mask & (1 << 256) - 1)
        sender = self.sender(data, self._terms_of(claim_id).creator)
        time = self.moment(data, claim.time + self._terms_of(claim_id).review_window)
        self.twin.act("approve", claim_id, mask, sender=sender, time=time)

    @move(6, lambda self: self.pending())
    def finalize(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.pending(), in_time=False)
        claim = self.model.claims[claim_id]
        time = self.after(data, claim.time + self._terms_of(claim_id).review_window)
        self.twin.act("finalize", claim_id, sender=self.cast.keeper, time=time)

    @move(12, lambda self: self.alive(self._rejectable()))
    def reject(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self._rejectable())
        claim, terms = self.model.claims[claim_id], self._terms_of(claim_id)
        mask = self.part_of(data, claim.mask or 1, ~claim.mask & (1 << 256) - 1)
        deposit = task_pay(terms, claim.word).reject_fee * mask.bit_count() + terms.arbiter_fee
        self.twin.act(
            "reject",
            claim_id,
            mask,
            b"\x33" * 32,
            sender=self.sender(data, terms.creator),
            time=self.moment(data, claim.time + terms.review_window),
            value=self.value_for(data, terms.token, deposit),
        )

    def _rejectable(self) -> list[int]:
        """Pending claims of jobs with an arbiter that were not in dispute yet."""
        return [
            claim_id
            for claim_id in self.pending()
            if self.model.claims[claim_id].dispute == DisputeState.NONE
            and int(self._terms_of(claim_id).arbiter, 16)
        ]

    @move(16, lambda self: self.alive(self.disputed(DisputeState.REJECTED)))
    def appeal(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.disputed(DisputeState.REJECTED))
        claim, terms = self.model.claims[claim_id], self._terms_of(claim_id)
        time = self.moment(data, claim.disputed_at + terms.appeal_window)
        value = self.value_for(data, terms.token, terms.arbiter_fee)
        annotator = claim.annotator if int(claim.annotator, 16) else self.cast.annotator
        if not data.draw(st.booleans(), label="signed"):
            self.twin.act("appeal", claim_id, sender=self.sender(data, annotator), time=time, value=value)
            return
        signer = self.pick(data, [annotator], self.cast.annotators)
        consent, signature = self.consent(data, "Appeal", signer, time, claimId=claim_id)
        sent: dict[str, Any] = {"sender": self.cast.keeper, "time": time, "value": value}
        self.twin.act("appealBySig", claim_id, consent, signature=signature, **sent)

    @move(6, lambda self: self.disputed(DisputeState.REJECTED))
    def settle_rejection(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.disputed(DisputeState.REJECTED), in_time=False)
        time = self.after(
            data, self.model.claims[claim_id].disputed_at + self._terms_of(claim_id).appeal_window
        )
        self.twin.act("settleRejection", claim_id, sender=self.cast.keeper, time=time)

    @move(12, lambda self: self.alive(self.disputed(DisputeState.APPEALED)))
    def decide(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.disputed(DisputeState.APPEALED))
        claim, terms = self.model.claims[claim_id], self._terms_of(claim_id)
        upheld = self.part_of(data, claim.disputed, claim.mask)
        time = self.moment(data, claim.disputed_at + terms.decision_window)
        self.twin.act("decide", claim_id, upheld, sender=self.sender(data, terms.arbiter), time=time)

    @move(6, lambda self: self.disputed(DisputeState.APPEALED))
    def settle_appeal(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.disputed(DisputeState.APPEALED), in_time=False)
        end = self.model.claims[claim_id].disputed_at + self._terms_of(claim_id).decision_window
        time = self.after(data, end)
        self.twin.act("settleAppeal", claim_id, sender=self.cast.keeper, time=time)

    @move(1, lambda self: any(amount for _, amount in self.model.credits.items()))
    def withdraw(self, data: Draw) -> None:
        owed = [key for key, amount in self.model.credits.items() if amount]
        token, account = data.draw(st.sampled_from(owed), label="credit")
        credit = self.model.credit_of(token, account)
        amount = self.pick(data, [credit, credit // 2 or 1], [0, credit + 1])
        zero = "0x" + "0" * 40
        strange = [self.stage.market.address, zero, account, self.cast.proud_creator, self.cast.barred]
        takes_it = [
            self.cast.keeper,
            *([account] if (token, account) not in self.model.bank.world.refusals else []),
        ]
        to = self.pick(data, takes_it, strange)
        time = self.moment(data)
        if account not in self.stage.keys or not data.draw(st.booleans(), label="signed"):
            self.twin.act("withdraw", token, to, amount, sender=account, time=time)
            return
        message = {"token": token, "to": to, "amount": amount}
        consent, signature = self.consent(data, "Withdraw", account, time, **message)
        args = (token, to, amount, consent)
        self.twin.act("withdrawBySig", *args, signature=signature, sender=self.cast.keeper, time=time)

    @move(2, lambda self: self.claims())
    def out_of_turn(self, data: Draw) -> None:
        """Any act on any claim, most of them in a state that does not allow it."""
        claim_id = data.draw(st.sampled_from(self.claims()), label="claim")
        acts: dict[str, tuple[Any, ...]] = {
            "approve": (1,),
            "finalize": (),
            "reject": (1, b"\x33" * 32),
            "appeal": (),
            "settleRejection": (),
            "decide": (1,),
            "settleAppeal": (),
            "release": (),
            "submitBatch": (b"\x01" * 32, 1, ""),
        }
        act = data.draw(st.sampled_from(sorted(acts)), label="act")
        terms = self._terms_of(claim_id)
        insiders = [terms.creator, self.model.claims[claim_id].annotator, self.cast.arbiter, self.cast.keeper]
        sender = data.draw(st.sampled_from(insiders), label="sender")
        value = 1 if self.rarely(data) and act not in {"reject", "appeal"} and terms.token == NATIVE else 0
        self.twin.act(act, claim_id, *acts[act], sender=sender, time=self.moment(data), value=value)

    def _terms_of(self, claim_id: int) -> JobTerms:
        """The terms of a claim's job; the first job's for a claim that was never made."""
        job = self.model.jobs[job_of(claim_id)]
        return (job or self.job(1)).terms
