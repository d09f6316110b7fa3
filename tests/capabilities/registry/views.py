"""Everything that the registry tells, as its model tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.datasets import Dataset
from offchain.reference.registry import Registry
from offchain.signing import REGISTRY_NAME, Domain, domain_separator
from tests.capabilities.governance import GOVERNANCE_EVENTS, governance_of
from tests.capabilities.registry.stage import Stage
from tests.engine.capability import NATIVE
from tests.engine.program import View

RESALE_PRICES = (10**18 + 7, 2**256 - 1)
LOCKED = bytes.fromhex("3ee5aeb5")
"""Selector of ReentrancyGuardReentrantCall(): what the registry says to those who call it while it pays."""

INTERFACES = {
    b"\x01\xff\xc9\xa7": True,
    b"\x80\xac\x58\xcd": True,
    b"\x2a\x55\x20\x5a": True,
    b"\xff" * 4: False,
}
"""ERC-165, ERC-721, ERC-2981, and what is never an interface."""

Told = dict[tuple[str, tuple[Any, ...]], Any]
"""Answers of the registry by function and arguments."""


class RegistryViews:
    """The views on one registry and on the balances around it."""

    def __init__(self, stage: Stage, model: Registry, chain_id: int) -> None:
        self.stage, self.model, self.chain_id = stage, model, chain_id
        self._registry = stage.registry
        self._tokens = {token.address: token for token in (*stage.tokens, stage.taxed, stage.liar)}
        self._callers = {NATIVE: stage.puppet, stage.tokens[2].address: stage.tokens[2]}
        self._called: set[str] = set()

    # After a step

    def touched(self, effects: Effects) -> Iterator[View]:
        """Those that a step with these effects is about."""
        told: Told = {}
        tokens: dict[str, set[str]] = {}
        for name, values in effects.events:
            tell = _TELL.get(name)
            if tell is not None:
                tell(self, told, values)
            if "token" in values:
                tokens.setdefault(values["token"], set()).add(values["account"])
                self._credit(told, values)
        for paid in effects.payments:
            tokens.setdefault(paid.token, set()).update((paid.payer, paid.payee))
        yield from self._views(told)
        for token, accounts in tokens.items():
            yield from self.of_token(token, sorted(accounts - {self._registry.address}))
        yield from self._callbacks(effects)

    def of_token(self, token: str, accounts: Iterable[str]) -> Iterator[View]:
        """What the registry holds and owes in a token (T1), and what some accounts have."""
        yield View(self._registry, "liabilities", (token,), self.model.liabilities(token))
        for account in (self._registry.address, *accounts):
            yield self._balance(token, account)

    def _callbacks(self, effects: Effects) -> Iterator[View]:
        """What those were told who called in the middle of a payment (T62)."""
        for paid in effects.payments:
            caller = self._callers.get(paid.token)
            if caller and (paid.token != NATIVE or paid.payee == caller.address):
                self._called.add(paid.token)
                yield View(caller, "answer", (), LOCKED)
                yield View(caller, "calledBack", (), False)
                return

    def _purchase(self, told: Told, values: dict[str, Any]) -> None:
        id_, licence_id, recipient = values["datasetId"], values["licenceId"], values["recipient"]
        told["poolOf", (id_,)] = self._pool(id_)
        told["licenceOf", (licence_id,)] = self._licence(licence_id)
        told["licenceCount", (id_, recipient)] = self.model.licence_count(id_, recipient)
        pool = self._dataset(id_).pool
        if pool:
            annotator = list(pool.weights)[licence_id % len(pool.weights)]
            told["royaltyDue", (id_, annotator)] = pool.due(annotator)

    def _transfer(self, told: Told, values: dict[str, Any]) -> None:
        licence_id = values["tokenId"]
        told["ownerOf", (licence_id,)] = self.model.owners[licence_id]
        told["getApproved", (licence_id,)] = self.model.approvals[licence_id]
        licence = self.model.licences[licence_id]
        assert licence is not None
        for account in (values["from"], values["to"]):
            if int(account, 16):
                told["balanceOf", (account,)] = self.model.balance_of(account)
                count = self.model.licence_count(licence.dataset_id, account)
                told["licenceCount", (licence.dataset_id, account)] = count

    def _royalty(self, told: Told, values: dict[str, Any]) -> None:
        id_, annotator = values["datasetId"], values["annotator"]
        told["poolOf", (id_,)] = self._pool(id_)
        told["royaltyDue", (id_, annotator)] = self.model.royalty_due(id_, annotator)

    def _publication(self, told: Told, values: dict[str, Any]) -> None:
        id_, job_id = values["datasetId"], values["jobId"]
        root = self._dataset(id_).versions[0].package_root
        told["datasetIdOf", (values["publisher"], root)] = id_
        told["datasetOfJob", (job_id,)] = self.model.dataset_of_job[job_id]
        told["poolOf", (id_,)] = self._pool(id_)

    def _version(self, told: Told, values: dict[str, Any]) -> None:
        told["versionOf", (values["datasetId"], values["version"])] = values["content"]
        self._change(told, values)

    def _change(self, told: Told, values: dict[str, Any]) -> None:
        id_ = values["datasetId"]
        told["dataset", (id_,)] = _kept(self._dataset(id_))

    def _approval(self, told: Told, values: dict[str, Any]) -> None:
        if "tokenId" in values:  # else it is a token's
            told["getApproved", (values["tokenId"],)] = values["approved"]

    def _operator(self, told: Told, values: dict[str, Any]) -> None:
        pair = (values["owner"], values["operator"])
        told["isApprovedForAll", pair] = self.model.operators[pair]

    def _nonce(self, told: Told, values: dict[str, Any]) -> None:
        pair = (values["account"], values["nonce"])
        told["isNonceUsed", pair] = self.model.nonces[pair]

    def _credit(self, told: Told, values: dict[str, Any]) -> None:
        pair = (values["token"], values["account"])
        told["creditOf", pair] = self.model.credits[pair]

    def _governance(self, told: Told, _values: dict[str, Any]) -> None:
        for view, answer in governance_of(self.model).items():
            told[view, ()] = answer

    # At the end

    def everything(self) -> Iterator[View]:
        """All there is."""
        told: Told = {("licencesSold", ()): len(self.model.licences)}
        self._constants(told)
        self._governance(told, {})
        for job_id in (0, *self.stage.jobs.terms):
            told["datasetOfJob", (job_id,)] = self.model.dataset_of_job[job_id]
        for id_ in self.model.datasets:
            self._all_of_dataset(told, id_)
        for licence_id in self.model.licences:
            self._all_of_licence(told, licence_id)
        for pair, approved in self.model.operators.items():
            told["isApprovedForAll", pair] = approved
        for nonce, used in self.model.nonces.items():
            told["isNonceUsed", nonce] = used
        for credit, amount in self.model.credits.items():
            told["creditOf", credit] = amount
        for account in self.stage.cast.everybody:
            told["balanceOf", (account,)] = self.model.balance_of(account)
        yield from self._views(told)
        for token in self.stage.coins:
            yield from self.of_token(token, self.stage.cast.everybody)
        for token, caller in self._callers.items():
            yield View(caller, "answer", (), LOCKED if token in self._called else bytes(4))

    def _constants(self, told: Told) -> None:
        stage = self.stage
        domain = Domain(self.chain_id, self._registry.address, REGISTRY_NAME)
        told["domainSeparator", ()] = domain_separator(domain)
        told["market", ()] = stage.market.address
        told["feeRecipient", ()] = stage.cast.sink
        told["MAX_FEE_BPS", ()] = 500
        for identity, known in INTERFACES.items():
            told["supportsInterface", (identity,)] = known

    def _all_of_dataset(self, told: Told, id_: int) -> None:
        dataset = self._dataset(id_)
        told["dataset", (id_,)] = _kept(dataset)
        told["poolOf", (id_,)] = self._pool(id_)
        told["datasetIdOf", (dataset.publisher, dataset.versions[0].package_root)] = id_
        for number, content in enumerate(dataset.versions, start=1):
            told["versionOf", (id_, number)] = content.message()
        if dataset.pool:
            for annotator in dataset.pool.weights:
                told["royaltyDue", (id_, annotator)] = dataset.pool.due(annotator)

    def _all_of_licence(self, told: Told, licence_id: int) -> None:
        told["ownerOf", (licence_id,)] = self.model.owners[licence_id]
        told["getApproved", (licence_id,)] = self.model.approvals[licence_id]
        told["licenceOf", (licence_id,)] = self._licence(licence_id)
        licence = self.model.licences[licence_id]
        assert licence is not None
        dataset = self._dataset(licence.dataset_id)
        told["tokenURI", (licence_id,)] = dataset.uris[licence.version - 1]
        told["licenceCount", (licence.dataset_id, self.model.owners[licence_id])] = self.model.licence_count(
            licence.dataset_id, self.model.owners[licence_id]
        )
        price = RESALE_PRICES[licence_id % len(RESALE_PRICES)]
        royalty = price * dataset.listing.resale_bps // 10_000
        told["royaltyInfo", (licence_id, price)] = (dataset.publisher, royalty)  # (T49)

    # Inside

    def _views(self, told: Told) -> Iterator[View]:
        return (View(self._registry, name, args, value) for (name, args), value in told.items())

    def _balance(self, token: str, account: str) -> View:
        amount = self.model.bank.balances[token, account]
        if token == NATIVE:
            return View(None, "balance", (account,), amount)
        return View(self._tokens[token], "balanceOf", (account,), amount)

    def _dataset(self, id_: int) -> Dataset:
        dataset = self.model.datasets[id_]
        assert dataset is not None
        return dataset

    def _pool(self, id_: int) -> dict[str, int]:
        pool = self._dataset(id_).pool
        return {"total": pool.total, "collected": pool.collected} if pool else {"total": 0, "collected": 0}

    def _licence(self, licence_id: int) -> dict[str, Any]:
        licence = self.model.licences[licence_id]
        assert licence is not None
        return {
            "datasetId": licence.dataset_id,
            "licenceHash": licence.licence_hash,
            "version": licence.version,
            "purchasedAt": licence.purchased_at,
        }


_TELL = {
    "DatasetPublished": RegistryViews._publication,
    "VersionAdded": RegistryViews._version,
    "PriceSet": RegistryViews._change,
    "LicenceSet": RegistryViews._change,
    "ForSaleSet": RegistryViews._change,
    "LicencePurchased": RegistryViews._purchase,
    "RoyaltyPaid": RegistryViews._royalty,
    "Transfer": RegistryViews._transfer,
    "Approval": RegistryViews._approval,
    "ApprovalForAll": RegistryViews._operator,
    "NonceUsed": RegistryViews._nonce,
    **dict.fromkeys(GOVERNANCE_EVENTS, RegistryViews._governance),
}
"""What each event of the registry is about."""


def _kept(dataset: Dataset) -> dict[str, Any]:
    listing = dataset.listing
    return {
        "publisher": dataset.publisher,
        "price": listing.price,
        "token": listing.token,
        "royaltyBps": dataset.royalty_bps,
        "feeBps": dataset.fee_bps,
        "resaleBps": listing.resale_bps,
        "versions": len(dataset.versions),
        "forSale": dataset.for_sale,
        "licenceHash": listing.licence_hash,
        "schema": listing.schema,
        "jobId": dataset.job_id,
    }
