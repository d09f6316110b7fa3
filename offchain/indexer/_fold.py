"""The fold: one handler per event of the market."""

from __future__ import annotations

from offchain.indexer._base import Args
from offchain.indexer._records import IndexedClaim, IndexedJob, terms_of
from offchain.indexer._state import MarketState
from offchain.reference.records import task_pay
from offchain.states import ClaimState, DisputeState, JobState


class Indexer(MarketState):
    """The state of a market, rebuilt from its events alone."""

    def __init__(self, market: str) -> None:
        super().__init__(market)
        self._handlers |= {
            "JobCreated": self._job_created,
            "JobClosing": self._job_closing,
            "JobClosed": self._job_closed,
            "TasksRefunded": self._tasks_refunded,
            "TasksClaimed": self._tasks_claimed,
            "ClaimExpired": self._claim_expired,
            "TasksReturned": self._tasks_returned,
            "LabelsSubmitted": self._labels_submitted,
            "RewardPaid": self._reward_paid,
            "LabelsRejected": self._labels_rejected,
            "RejectionAppealed": self._rejection_appealed,
            "DisputeEnded": self._dispute_ended,
        }

    # Jobs

    def _job_created(self, args: Args) -> None:
        terms, funded = terms_of(args), args["funded"]
        self.jobs[args["jobId"]] = IndexedJob(
            job_id=args["jobId"],
            terms=terms,
            terms_hash=args["termsHash"],
            open=terms.task_count,
            free_funds=funded,
            owed=funded,
        )

    def _job_closing(self, args: Args) -> None:
        job = self.jobs[args["jobId"]]
        job.state, job.open, job.free_funds = JobState.CLOSING, 0, 0
        job.refunded += args["tasks"]
        job.owed -= args["refunded"]

    def _job_closed(self, args: Args) -> None:
        self.jobs[args["jobId"]].state = JobState.CLOSED

    def _tasks_refunded(self, args: Args) -> None:
        job = self.jobs[args["jobId"]]
        job.refunded += args["tasks"]
        job.owed -= args["refunded"]

    # Claims

    def _tasks_claimed(self, args: Args) -> None:
        job, tasks = self.jobs[args["jobId"]], args["mask"].bit_count()
        pay = task_pay(job.terms, args["word"])
        self.claims[args["claimId"]] = IndexedClaim(
            claim_id=args["claimId"],
            annotator=args["annotator"],
            word=args["word"],
            mask=args["mask"],
            time=args["expiry"],
        )
        job.records += 1
        job.open -= tasks
        job.taken += tasks
        job.free_funds -= tasks * (pay.reward + pay.fee)
        job.owed += args["bond"]
        self._account(args["jobId"], args["annotator"]).open += tasks

    def _claim_expired(self, args: Args) -> None:
        claim = self.claims[args["claimId"]]
        claim.mask, claim.state = 0, ClaimState.DONE
        self._forfeit(claim, args["forfeited"])
        self._reopen(claim, args["mask"])

    def _tasks_returned(self, args: Args) -> None:
        """After a submission the undone tasks; otherwise all of them, by a release."""
        claim = self.claims[args["claimId"]]
        if claim.state == ClaimState.CLAIMED:
            claim.mask, claim.state = 0, ClaimState.DONE
        bonds = self._pay(claim).bond * args["mask"].bit_count()
        self._forfeit(claim, args["forfeited"])
        self.jobs[claim.job_id].owed -= bonds - args["forfeited"]
        self._reopen(claim, args["mask"])

    def _labels_submitted(self, args: Args) -> None:
        claim = self.claims[args["claimId"]]
        claim.state, claim.time = ClaimState.SUBMITTED, self._time
        claim.mask = claim.done = args["done"]
        claim.root, claim.uri = args["root"], args["uri"]

    # Review

    def _reward_paid(self, args: Args) -> None:
        claim, job = self.claims[args["claimId"]], self.jobs[args["jobId"]]
        tasks = args["mask"].bit_count()
        weight = self._pay(claim).weight * tasks
        claim.accepted |= args["mask"]
        claim.mask &= ~args["mask"]
        claim.finish_if_empty()
        job.taken -= tasks
        job.approved += tasks
        job.approved_weight += weight
        job.owed -= args["reward"] + args["bond"] + args["fee"]
        account = self._account(args["jobId"], args["annotator"])
        account.open -= tasks
        account.approved += tasks
        account.weight += weight
        account.earned += args["reward"]
        self.fees[job.terms.token] += args["fee"]

    def _labels_rejected(self, args: Args) -> None:
        claim = self.claims[args["claimId"]]
        claim.mask &= ~args["mask"]
        claim.disputed, claim.dispute, claim.disputed_at = args["mask"], DisputeState.REJECTED, self._time
        claim.reason_hash = args["reasonHash"]
        self.jobs[args["jobId"]].owed += args["rejectFee"] + args["arbiterFee"]

    def _rejection_appealed(self, args: Args) -> None:
        claim = self.claims[args["claimId"]]
        claim.dispute, claim.disputed_at = DisputeState.APPEALED, self._time
        self.jobs[args["jobId"]].owed += args["arbiterFee"]

    def _dispute_ended(self, args: Args) -> None:
        """What was overturned is paid by the `RewardPaid` that follows."""
        claim = self.claims[args["claimId"]]
        claim.dispute, claim.disputed, claim.disputed_at = DisputeState.ENDED, 0, 0
        claim.upheld = args["upheld"]
        claim.finish_if_empty()
        self._forfeit(claim, args["forfeited"])
        shares = ("compensation", "toAnnotator", "toCreator", "toArbiter")
        self.jobs[claim.job_id].owed -= sum(args[share] for share in shares)
        self._account(claim.job_id, claim.annotator).rejected += args["upheld"].bit_count()
        self._reopen(claim, args["upheld"])
