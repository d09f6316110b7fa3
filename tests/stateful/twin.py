"""The market and its model side by side: every call goes to both, and everything about them must agree."""

from __future__ import annotations

from collections import Counter
from time import monotonic
from typing import Any

from offchain.indexer import Indexer, MarketEvent
from offchain.reference.audit import invariants
from offchain.reference.calls import Call, Consent, Effects
from offchain.reference.revert import Revert
from tests.stateful.cast import NATIVE, Stage
from tests.stateful.chain import Outcome, Read, Reader, rpc, transact
from tests.stateful.views import indexer_views, market_reads, model_views
from tests.support.calls import decode_log, now

SNAKE = {
    "createJob": "create_job",
    "claimBySig": "claim_by_sig",
    "releaseExpired": "release_expired",
    "releaseBySig": "release_by_sig",
    "submitBatch": "submit_batch",
    "submitBatchBySig": "submit_batch_by_sig",
    "appealBySig": "appeal_by_sig",
    "settleRejection": "settle_rejection",
    "settleAppeal": "settle_appeal",
    "withdrawBySig": "withdraw_by_sig",
    "cancelNonce": "cancel_nonce",
    "setFee": "set_fee",
    "setPauser": "set_pauser",
    "transferOwnership": "transfer_ownership",
    "acceptOwnership": "accept_ownership",
    "renounceOwnership": "renounce_ownership",
}

STEPS: Counter[tuple[str, str]] = Counter()
"""How often each function ended how, over all examples of this run: (function, error or "ok")."""

_SPENT = [0.0]


def seconds_spent() -> float:
    """Seconds that all steps of this run took, drawing not counted."""
    return _SPENT[0]


class Twin:
    """One market from its deployment on. `now` is the second of the latest step."""

    def __init__(self, stage: Stage, reader: Reader) -> None:
        self.stage, self._reader = stage, reader
        self.model = stage.model()
        self.indexer = Indexer(stage.market.address)
        self.now = now()
        self.agreed = True
        self._views: dict[tuple[Any, ...], Any] = {}
        self._balances: dict[tuple[str, str], int] = {}
        self._index_deployment()

    def act(
        self,
        function: str,
        *args: Any,
        sender: str,
        time: int,
        value: int = 0,
        signature: bytes | None = None,
        model_args: tuple[Any, ...] | None = None,
    ) -> bool:
        """Do the same to both; whether it succeeded. A `Consent` in `args` is sent with `signature`,
        `model_args` replaces what the model gets.
        """
        self.agreed = False
        started = monotonic()
        call = Call(sender, time, value)
        expected = self._predict(function, call, args if model_args is None else model_args)
        chain_args = [_authorization(arg, signature) if isinstance(arg, Consent) else arg for arg in args]
        outcome = transact(self.stage.market, function, chain_args, sender=sender, value=value, time=time)
        self.now = time
        STEPS[function, outcome.error or ("no data" if outcome.error == "" else "ok")] += 1
        self._compare(function, expected, outcome)
        self._compare_views(function, None if isinstance(expected, Revert) else _jobs_of(expected))
        self.agreed = True
        _SPENT[0] += monotonic() - started
        return outcome.error is None

    def set_allowance(self, account: str, amount: int, time: int) -> None:
        """An account lets the market take this much of the token."""
        token, market = self.stage.token, self.stage.market.address
        transact(token, "approve", (market, amount), sender=account, value=0, time=time)
        self.model.bank.allowances[token.address, account, market] = amount
        self.model.journal.keep()
        self.now = time

    def everything(self) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """What the contract told after the latest step: all views, all balances."""
        return self._views, self._balances

    def _predict(self, function: str, call: Call, args: tuple[Any, ...]) -> Effects | Revert:
        before = dict(self.model.bank.balances.items()), dict(self.model.credits.items())
        try:
            return getattr(self.model, SNAKE.get(function, function))(call, *args)
        except Revert as revert:
            after = dict(self.model.bank.balances.items()), dict(self.model.credits.items())
            assert before == after, "a call that reverts changed the model"
            return revert

    def _compare(self, function: str, expected: Effects | Revert, outcome: Outcome) -> None:
        if isinstance(expected, Revert):
            wanted = (expected.error, expected.values)
            assert (outcome.error, outcome.values) == wanted, f"{function}: {outcome} instead of {expected}"
            return
        assert outcome.error is None, f"{function}: {outcome.error}{outcome.values} instead of success"
        events = [event for event in outcome.events if event.emitter == self.stage.market.address]
        assert [(event.name, event.args) for event in events] == expected.events, f"{function}: events differ"
        for index, event in enumerate(events):
            place = (self.now, outcome.block, index, event.emitter)
            self.indexer.apply(MarketEvent(event.name, event.args, *place))
        violated = invariants(self.model)
        assert not violated, f"{function}: {violated}"

    def _compare_views(self, function: str, touched: set[int] | None) -> None:
        """Model, indexer and contract tell the same; jobs that the call was not about did not change (T2)."""
        reads = market_reads(self.stage, self.model)
        answers = self._reader([*reads.values(), *self._balance_reads().values()])
        seen = dict(zip(reads, answers, strict=False))
        _assert_same(f"{function}: contract and model", seen, model_views(self.model, seen))
        _assert_same(f"{function}: contract and indexer", seen, indexer_views(self.indexer, seen))
        balances = self._balances = dict(zip(self._balance_reads(), answers[len(reads) :], strict=True))
        _assert_same(
            f"{function}: balances", balances, {key: self.model.bank.balances[key] for key in balances}
        )
        for key, value in self._views.items():
            about_job = key[0] in {"job", "freeTasks", "freeFunds", "approvedWeight", "accountOf"}
            if touched is None or (about_job and key[1] not in touched):
                assert seen[key] == value, f"{function}: {key} changed"
        self._views = seen

    def _balance_reads(self) -> dict[tuple[str, str], Read]:
        accounts = (*self.stage.cast.everybody, self.stage.market.address)
        token = self.stage.token
        native = {(NATIVE, account): Read(None, "balance", (account,)) for account in accounts}
        return native | {(token.address, a): Read(token, "balanceOf", (a,)) for a in accounts}

    def _index_deployment(self) -> None:
        """The constructor's events: whoever follows a market starts with them."""
        query = {"address": self.stage.market.address, "fromBlock": "0x0", "toBlock": "latest"}
        for log in rpc("eth_getLogs", query):
            event = decode_log(log)
            place = (self.now, int(log["blockNumber"], 16), int(log["logIndex"], 16), event.emitter)
            self.indexer.apply(MarketEvent(event.name, event.args, *place))


def _authorization(consent: Consent, signature: bytes | None) -> dict[str, Any]:
    assert signature is not None, "an act by signature needs one"
    return {
        "signer": consent.signer,
        "nonce": consent.nonce,
        "deadline": consent.deadline,
        "signature": signature,
    }


def _jobs_of(effects: Effects) -> set[int]:
    return {args["jobId"] for _, args in effects.events if "jobId" in args}


def _assert_same(what: str, seen: dict[Any, Any], expected: dict[Any, Any]) -> None:
    differing = {key: (seen[key], expected[key]) for key in seen if seen[key] != expected[key]}
    assert not differing, f"{what} differ: {differing}"
