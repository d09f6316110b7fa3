"""The data set registry, whole: actions, views, invariants, the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from offchain.reference.calls import Effects
from tests.capabilities.escrow import GAS
from tests.capabilities.governance import UNREACHABLE
from tests.capabilities.registry import rules
from tests.capabilities.registry.sales import SaleActions
from tests.capabilities.registry.views import RegistryViews
from tests.engine.chain import Contract
from tests.engine.program import View

_VIEW = "said by a view only: unit/registry"


class RegistryPlay(SaleActions):
    """Programs of many actors for `DatasetRegistry`."""

    name = "registry"
    sources: ClassVar[tuple[str, ...]] = ("DatasetRegistry", "AnnotatorPool")
    unreachable: ClassVar[dict[str, str]] = {
        **UNREACHABLE,
        "ERC721InvalidOwner": f"{_VIEW}/test_licence_token.py",
        "ERC721InvalidSender": "OpenZeppelin's answer to a second mint of one id, and ids are counted",
        "PaymentGasTooLow": f"{GAS}: unit/registry/test_purchase.py, unit/registry/test_moody_tokens.py",
        "UnknownVersion": f"{_VIEW}/test_views.py",
    }

    def begin(self) -> tuple[Contract, object]:
        contract, model = super().begin()
        self._views = RegistryViews(self.stage, model, self.chain.chain_id)
        return contract, model

    def touched(self, effects: Effects) -> Iterable[View]:
        return self._views.touched(effects)

    def views(self) -> Iterator[View]:
        return self._views.everything()

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        return rules.whole(self.model) if effects is None else rules.after_step(self.model, effects)

    def finish(self) -> None:
        """Everybody takes out what is his, while new business is paused: an outsider has the royalties paid,
        the accounts withdraw their credits. What is left is less than a unit for each annotator of a pool
        (T5, T13, T17).
        """
        if not self.model.governance.paused:
            self.act("pause", sender=self.model.owner)
        for id_, dataset in self.datasets():
            for annotator in dataset.pool.weights if dataset.pool else ():
                if self.model.royalty_due(id_, annotator):
                    assert self.act("payRoyalty", id_, annotator, sender=self.cast.keeper)
        for token, account in self.credits():
            amount = self.model.credit_of(token, account)
            assert self.act("withdraw", token, self.cast.keeper, amount, sender=account)
        left = dict.fromkeys(self.stage.coins, 0)
        for _, dataset in self.datasets():
            if dataset.pool and dataset.listing.token in left:
                dust = dataset.pool.total - dataset.pool.collected
                assert dust < len(dataset.pool.weights), f"{dust} of a pool belong to nobody"
                left[dataset.listing.token] += dust
        for token, dust in left.items():
            held = self.model.bank.balances[token, self.contract.address]
            assert held == dust, f"{held} of {token} are stuck in the registry"
