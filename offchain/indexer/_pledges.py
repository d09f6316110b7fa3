"""The fold of the stake hook's events: what annotators pledged for their tasks, and what it cost them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from offchain.indexer._base import Args, ContractFold


@dataclass(frozen=True)
class IndexedPledge:
    """An account's pledge to a job. It admits claims through the second `claims_until` and, while it leaves,
    can be slashed through the second `leaves_at`, Unix; 0 where there is none.
    """

    tasks: int
    claims_until: int
    leaves_at: int = 0


class PledgeIndexer(ContractFold):
    """Pledges by (job, account), and slashed tasks by claim, rebuilt from events alone. `stakes` are what
    jobs ask for a task, in base units of the staked token.
    """

    def __init__(self, hook: str) -> None:
        super().__init__(hook)
        self.stakes: dict[int, int] = {}
        self.slashed: Counter[int] = Counter()
        self._exposures: dict[int, int] = {}
        self._locks: dict[str, int] = {}
        self._pledges: dict[tuple[int, str], IndexedPledge] = {}
        self._handlers |= {
            "JobConfigured": self._job_configured,
            "Pledged": self._pledged,
            "UnpledgeRequested": self._unpledge_requested,
            "Unpledged": self._unpledged,
            "PledgeSlashed": self._pledge_slashed,
        }

    def held(self, now: int) -> Iterator[tuple[int, str, IndexedPledge]]:
        """(job, account, pledge) of all that stand in the second `now`: their locks are not over."""
        for (job_id, account), pledge in self._pledges.items():
            if pledge.tasks and now <= self._locks[account]:
                yield job_id, account, pledge

    def _job_configured(self, args: Args) -> None:
        self.stakes[args["jobId"]] = args["stakePerTask"]
        self._exposures[args["jobId"]] = args["exposure"]

    def _pledged(self, args: Args) -> None:
        """A pledge renews its account's lock; where that was over, all that was pledged on it is gone."""
        job_id, account = args["jobId"], args["annotator"]
        lock = args["claimsUntil"] + self._exposures[job_id]
        if self._time > self._locks.get(account, 0):
            self._pledges = {key: kept for key, kept in self._pledges.items() if key[1] != account}
        before = self._pledges.get((job_id, account))
        tasks = args["tasks"] + (before.tasks if before else 0)
        self._locks[account] = lock
        self._pledges[job_id, account] = IndexedPledge(tasks, args["claimsUntil"])

    def _unpledge_requested(self, args: Args) -> None:
        key = args["jobId"], args["annotator"]
        self._pledges[key] = replace(self._pledges[key], claims_until=0, leaves_at=args["leavesAt"])

    def _unpledged(self, args: Args) -> None:
        del self._pledges[args["jobId"], args["annotator"]]

    def _pledge_slashed(self, args: Args) -> None:
        key = args["jobId"], args["annotator"]
        self._pledges[key] = replace(self._pledges[key], tasks=self._pledges[key].tasks - args["tasks"])
        self.slashed[args["claimId"]] += args["tasks"]
