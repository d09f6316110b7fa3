"""What creators do who review, annotators who appeal, the arbiter, and everybody who waits."""

from __future__ import annotations

from typing import Any

from offchain.reference.records import task_pay
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.market.base import ALL
from tests.capabilities.market.claims import ClaimActions
from tests.capabilities.market.stage import NATIVE
from tests.engine.capability import action
from tests.engine.dice import Dice

REASON = b"\x33" * 32


class ReviewActions(ClaimActions):
    """Submissions are paid, rejected, appealed and decided; credits are withdrawn."""

    @action(28, lambda self: self.seen.pending)
    def approve(self, dice: Dice) -> None:
        claim_id = self.pick_claim(dice, self.pending())
        claim = self.model.claims[claim_id]
        mask = self.part_of(dice, claim.mask or 1, claim.disputed or ~claim.mask & ALL)
        sender = self.sender(dice, self.terms_of(claim_id).creator)
        time = self.moment(dice, claim.time + self.terms_of(claim_id).review_window)
        self.act("approve", claim_id, mask, sender=sender, at=time)

    @action(22, lambda self: self.seen.pending)
    def finalize(self, dice: Dice) -> None:
        claim_id = self.pick_claim(dice, self.pending(), in_time=False)
        claim = self.model.claims[claim_id]
        time = self.after(dice, claim.time + self.terms_of(claim_id).review_window)
        self.act("finalize", claim_id, sender=self.cast.keeper, at=time)

    @action(1200, lambda self: self.seen.to_reject)
    def reject(self, dice: Dice) -> None:
        final = [claim for claim in self.pending() if self.terms_of(claim).arbiter == ZERO_ADDRESS]
        claim_id = self.pick_claim(dice, final if final and dice.chance(2) else self.rejectable())
        claim, terms = self.model.claims[claim_id], self.terms_of(claim_id)
        mask = self.part_of(dice, claim.mask or 1, ~claim.mask & ALL)
        deposit = task_pay(terms, claim.word).reject_fee * mask.bit_count() + terms.arbiter_fee
        self.act(
            "reject",
            claim_id,
            mask,
            REASON,
            sender=self.sender(dice, terms.creator),
            at=self.moment(dice, claim.time + terms.review_window),
            value=self.value_for(dice, terms.token, deposit),
        )

    @action(1600, lambda self: self.seen.to_appeal)
    def appeal(self, dice: Dice) -> None:
        claim_id, time, value = self._to_appeal(dice)
        sender = self.sender(dice, self._holder(claim_id))
        self.act("appeal", claim_id, sender=sender, at=time, value=value)

    @action(1600, lambda self: self.seen.to_appeal)
    def appeal_by_sig(self, dice: Dice) -> None:
        claim_id, time, value = self._to_appeal(dice)
        signer = dice.pick([self._holder(claim_id)], self.cast.annotators)
        consent = self.signed(dice, "Appeal", signer, time, claimId=claim_id)
        self.act("appealBySig", claim_id, consent, sender=self.cast.keeper, at=time, value=value)

    def _to_appeal(self, dice: Dice) -> tuple[int, int, int]:
        claim_id = self.pick_claim(dice, self.rejected())
        claim, terms = self.model.claims[claim_id], self.terms_of(claim_id)
        time = self.moment(dice, claim.disputed_at + terms.appeal_window)
        return claim_id, time, self.value_for(dice, terms.token, terms.arbiter_fee)

    @action(900, lambda self: self.seen.rejected)
    def settle_rejection(self, dice: Dice) -> None:
        claim_id = self.pick_claim(dice, self.rejected(), in_time=False)
        end = self.model.claims[claim_id].disputed_at + self.terms_of(claim_id).appeal_window
        self.act("settleRejection", claim_id, sender=self.cast.keeper, at=self.after(dice, end))

    @action(7000, lambda self: self.seen.to_decide)
    def decide(self, dice: Dice) -> None:
        claim_id = self.pick_claim(dice, self.appealed())
        claim, terms = self.model.claims[claim_id], self.terms_of(claim_id)
        upheld = 0 if dice.chance(4) else self.part_of(dice, claim.disputed, claim.mask)
        time = self.moment(dice, claim.disputed_at + terms.decision_window)
        self.act("decide", claim_id, upheld, sender=self.sender(dice, terms.arbiter), at=time)

    @action(4800, lambda self: self.seen.appealed)
    def settle_appeal(self, dice: Dice) -> None:
        claim_id = self.pick_claim(dice, self.appealed(), in_time=False)
        end = self.model.claims[claim_id].disputed_at + self.terms_of(claim_id).decision_window
        self.act("settleAppeal", claim_id, sender=self.cast.keeper, at=self.after(dice, end))

    @action(6, lambda self: self.model.claims)
    def out_of_turn(self, dice: Dice) -> None:
        """Any act on any claim, most of them in a state that does not allow it."""
        claim_id = dice.choose(self.claims())
        acts: list[tuple[str, tuple[Any, ...]]] = [
            ("approve", (1,)),
            ("finalize", ()),
            ("reject", (1, REASON)),
            ("appeal", ()),
            ("settleRejection", ()),
            ("decide", (1,)),
            ("settleAppeal", ()),
            ("release", ()),
            ("submitBatch", (b"\x01" * 32, 1, "")),
        ]
        act, args = dice.choose(acts)
        terms = self.terms_of(claim_id)
        insiders = [terms.creator, self.model.claims[claim_id].annotator, self.cast.arbiter, self.cast.keeper]
        sender = dice.choose([who for who in insiders if int(who, 16)])
        value = 1 if dice.wrong() and act not in {"reject", "appeal"} and terms.token == NATIVE else 0
        self.act(act, claim_id, *args, sender=sender, at=self.moment(dice), value=value)
