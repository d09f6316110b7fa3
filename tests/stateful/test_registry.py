"""Random lives of a registry against its model: publications, sales, royalties, transfers, exits.

Most values are drawn to fit, some to fail; contract and model must agree on every error with its values, on
every event, every view and every balance. At the end of each life everybody takes out what is his, paused or
not, and nothing is left but less than a unit for each annotator of a data set.
"""

from dataclasses import replace

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from offchain.reference.datasets import Order
from tests.stateful import registry_stage
from tests.stateful.chain import prepare, undone
from tests.stateful.registry_stage import Stage
from tests.stateful.registry_twin import SEEN, Twin
from tests.support.calls import ZERO
from tests.support.registry import LICENCE, OTHER_LICENCE, content, from_job_call, listing

STEPS_PER_LIFE = 60
UNKNOWN = 12_345
MONEY_ACTS = {"publishFromJob", "purchase", "payRoyalty"}

# Nine of ten values are right, so that a life gets somewhere; the tenth tries a door.
usually = st.sampled_from([True] * 9 + [False])
roots = st.sampled_from([1, 1, 2, 3, 4, 0])
licences = st.sampled_from([LICENCE, LICENCE, LICENCE, OTHER_LICENCE, bytes(32)])
prices = st.one_of(st.integers(0, 40), st.sampled_from([10**6 + 3, 10**18, 0]))
resales = st.sampled_from([0, 7, 1_000, 1_001])
uris = st.sampled_from(["", "ipfs://somewhere", "ü" * 128, "u" * 257])


class RegistryLife(RuleBasedStateMachine):
    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.history = undone()
        self.history.__enter__()
        self.twin = Twin(self.stage)
        self.model, self.who = self.twin.model, self.stage.who

    def teardown(self) -> None:
        try:
            if self.twin.agreed:
                self.everybody_leaves()
        finally:
            self.history.__exit__(None, None, None)

    # What is drawn

    def dataset(self, data) -> int:
        known = list(self.model.datasets)
        if not known or not data.draw(usually, label="a known data set"):
            return UNKNOWN
        return data.draw(st.sampled_from(known), label="data set")

    def account(self, data, label: str = "account") -> str:
        return data.draw(st.sampled_from(self.stage.accounts), label=label)

    def publisher_of(self, data, id_: int) -> str:
        dataset = self.model.datasets[id_]
        if dataset is None or not data.draw(usually, label="by its publisher"):
            return self.account(data, "caller")
        return dataset.publisher

    def offer(self, data):
        token = data.draw(st.sampled_from([ZERO, self.stage.token.address] * 4 + [self.who.stranger]))
        drawn = {
            "price": data.draw(prices),
            "licence_hash": data.draw(licences),
            "resale_bps": data.draw(resales),
        }
        return listing(token=token, **drawn)

    def version(self, data, **changes):
        wrong = data.draw(st.sampled_from([{}] * 8 + [{"package_length": 0}, {"manifest_hash": bytes(32)}]))
        if not data.draw(usually, label="the job's source"):
            changes |= {"source_length": 1}
        return content(data.draw(roots, label="root"), **changes, **wrong)

    # Publishing

    @rule(data=st.data(), uri=uris)
    def publish(self, data, uri):
        sender = data.draw(st.sampled_from([self.who.publisher, self.who.rival, self.stage.refuser]))
        version, offer = self.version(data), self.offer(data)
        arguments = (version.message(), offer.message(), uri)
        self.twin.step(sender, "publish", version, offer, uri, name="publish", chain_args=arguments)

    @initialize(data=st.data())
    def a_job_is_published(self, data):
        """Most of what can happen needs one."""
        job_id = data.draw(st.sampled_from([1, 2, 3]))
        terms = self.stage.terms[job_id]
        offer = listing(price=data.draw(prices), token=data.draw(st.sampled_from(self.twin.tokens)))
        self.from_job(terms.creator, job_id, terms, content(9), offer, "")

    @rule(data=st.data(), uri=uris, job_id=st.sampled_from([1, 1, 2, 2, 3, 3, 4, 5, 6]))
    def publish_from_job(self, data, uri, job_id):
        terms = self.stage.terms.get(job_id, self.stage.terms[1])
        sender = terms.creator if data.draw(usually, label="by its creator") else self.account(data)
        if not data.draw(usually, label="the job's terms"):
            terms = replace(terms, royalty_bps=0)
        self.from_job(sender, job_id, terms, self.version(data), self.offer(data), uri)

    def from_job(self, sender, job_id, terms, version, offer, uri):
        name, *chain_args = from_job_call(job_id, terms, version, offer, uri)
        arguments = (job_id, terms, version, offer, uri)
        self.twin.step(sender, "publish_from_job", *arguments, name=name, chain_args=tuple(chain_args))

    @rule(data=st.data(), uri=uris)
    def add_version(self, data, uri):
        id_ = self.dataset(data)
        sender, version = self.publisher_of(data, id_), self.version(data)
        arguments = (id_, version.message(), uri)
        self.twin.step(sender, "add_version", id_, version, uri, name="addVersion", chain_args=arguments)

    @rule(data=st.data(), price=prices)
    def set_price(self, data, price):
        self.change(data, "set_price", "setPrice", price)

    @rule(data=st.data(), licence=licences)
    def set_licence(self, data, licence):
        self.change(data, "set_licence", "setLicence", licence)

    @rule(data=st.data(), for_sale=st.sampled_from([True, True, False]))
    def set_for_sale(self, data, for_sale):
        self.change(data, "set_for_sale", "setForSale", for_sale)

    def change(self, data, act, name, value):
        id_ = self.dataset(data)
        sender = self.publisher_of(data, id_)
        self.twin.step(sender, act, id_, value, name=name, chain_args=(id_, value))

    # Sales and royalties

    @rule(data=st.data())
    def purchase(self, data):
        self.buy(data)

    @rule(data=st.data())
    def purchase_again(self, data):
        """Sales are what royalties and transfers live from, so they come twice as often."""
        self.buy(data)

    def buy(self, data):
        id_ = self.dataset(data)
        order, value = self.order(data, id_), 0
        dataset = self.model.datasets[id_]
        if dataset is not None and dataset.listing.token == ZERO:
            value = dataset.listing.price
        if not data.draw(usually, label="the right value"):
            value += 1
        buyer = self.who.buyer if data.draw(usually) else self.account(data, "buyer")
        chain_args = (order.dataset_id, order.version, order.licence_hash, order.max_price, order.recipient)
        if self.twin.step(buyer, "purchase", order, name="purchase", chain_args=chain_args, value=value):
            event("a licence was sold")

    def order(self, data, id_: int) -> Order:
        dataset = self.model.datasets[id_]
        recipient = self.account(data, "recipient") if data.draw(usually) else ZERO
        if dataset is None:
            return Order(id_, 1, LICENCE, 2**96, recipient)
        version, seen = len(dataset.versions), dataset.listing
        if not data.draw(usually, label="the latest version"):
            version = data.draw(st.sampled_from([0, version + 1, version - 1]))
        licence = seen.licence_hash if data.draw(usually, label="its licence") else b"\x33" * 32
        most = seen.price if data.draw(usually, label="enough") else max(seen.price - 1, 0)
        return Order(id_, version, licence, most, recipient)

    @rule(data=st.data())
    def pay_royalty(self, data):
        id_, sender = self.dataset(data), self.account(data, "caller")
        account = data.draw(st.sampled_from([*self.stage.workers * 2, self.who.stranger]), label="annotator")
        self.twin.step(sender, "pay_royalty", id_, account, name="payRoyalty", chain_args=(id_, account))

    @precondition(lambda self: any(amount for _, amount in self.model.credits.items()))
    @rule(data=st.data())
    def withdraw(self, data):
        owed = [key for key, amount in self.model.credits.items() if amount]
        token, account = data.draw(st.sampled_from(owed), label="credit")
        credit = self.model.credit_of(token, account)
        amount = data.draw(st.sampled_from([credit, credit, max(credit // 2, 1), credit + 1, 0]))
        wrong = [ZERO, self.model.address, self.stage.refuser, self.stage.blocked]
        to = data.draw(st.sampled_from([self.who.stranger, self.who.sink] * 4 + wrong), label="to")
        self.twin.step(
            account, "withdraw", token, to, amount, name="withdraw", chain_args=(token, to, amount)
        )

    # Licences

    def licence(self, data) -> int:
        surplus = 0 if data.draw(usually, label="a known licence") else 1
        return data.draw(st.integers(1, len(self.model.licences) + surplus), label="licence")

    @precondition(lambda self: len(self.model.licences))
    @rule(data=st.data())
    def transfer(self, data):
        licence_id = self.licence(data)
        owner = self.model.owners[licence_id]
        sender = owner if owner != ZERO and data.draw(usually) else self.account(data, "caller")
        giver = owner if data.draw(usually) else self.account(data, "giver")
        to = self.account(data, "to") if data.draw(usually) else ZERO
        arguments = (giver, to, licence_id)
        self.twin.step(sender, "transfer_from", *arguments, name="transferFrom", chain_args=arguments)

    @precondition(lambda self: len(self.model.licences))
    @rule(data=st.data())
    def approve(self, data):
        licence_id = self.licence(data)
        owner = self.model.owners[licence_id]
        sender = owner if owner != ZERO and data.draw(usually) else self.account(data, "caller")
        arguments = (self.account(data, "spender"), licence_id)
        self.twin.step(sender, "approve", *arguments, name="approve", chain_args=arguments)

    @rule(data=st.data(), approved=st.booleans())
    def set_operator(self, data, approved):
        operator = self.account(data, "operator") if data.draw(usually) else ZERO
        arguments = (operator, approved)
        sender = self.account(data, "holder")
        self.twin.step(
            sender, "set_approval_for_all", *arguments, name="setApprovalForAll", chain_args=arguments
        )

    # Governance and time

    @rule(data=st.data(), fee=st.sampled_from([0, 1, 250, 500, 501]))
    def set_fee(self, data, fee):
        sender = self.who.owner if data.draw(usually) else self.account(data, "caller")
        self.twin.step(sender, "set_fee", fee, name="setFee", chain_args=(fee,))

    @rule(data=st.data(), really=st.sampled_from([True, False, False]))
    def pause(self, data, really):
        sender = self.who.owner if really else self.who.stranger
        self.twin.step(sender, "pause", name="pause", chain_args=())

    @precondition(lambda self: self.model.governance.paused)
    @rule(data=st.data())
    def unpause(self, data):
        sender = self.who.owner if data.draw(usually) else self.account(data, "caller")
        self.twin.step(sender, "unpause", name="unpause", chain_args=())

    @rule(seconds=st.integers(1, 10**7))
    def time_passes(self, seconds):
        self.twin.time += seconds

    # The end

    def everybody_leaves(self) -> None:
        """Royalties, then credits: to whoever they belong, paused or not, until nothing but dust is left."""
        for id_, dataset in list(self.model.datasets.items()):
            for account in dataset.pool.weights if dataset.pool else ():
                arguments = (id_, account)
                assert self.twin.step(
                    self.who.stranger, "pay_royalty", *arguments, name="payRoyalty", chain_args=arguments
                )
        for (token, account), amount in list(self.model.credits.items()):
            if amount:
                arguments = (token, self.who.stranger, amount)
                assert self.twin.step(account, "withdraw", *arguments, name="withdraw", chain_args=arguments)
        left = dict.fromkeys(self.twin.tokens, 0)
        for dataset in (self.model.datasets[id_] for id_ in self.model.datasets):
            if dataset and dataset.pool:
                dust = dataset.pool.total - dataset.pool.collected
                assert dust < len(dataset.pool.weights)
                left[dataset.listing.token] += dust
        for token in self.twin.tokens:
            assert self.model.bank.balances[token, self.model.address] == left[token]


@pytest.fixture(scope="module")
def stage() -> Stage:
    prepare()
    return registry_stage.build()


def test_registry_does_what_its_model_does(stage):
    machine = type("RegistryLife", (RegistryLife,), {"stage": stage})
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=STEPS_PER_LIFE))
    succeeded = {name for name, error in SEEN if error is None}
    assert succeeded >= MONEY_ACTS, "the rules draw so badly that no money moves"
