"""The acts that are measured. Every job sets every term but the hook, as a careful creator would."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from offchain.hashing import keccak256
from offchain.signing import Domain, signable, typed_data
from scripts._gas.ledger import Row, row

REWARD = 1_000_003  # base units; odd, so that roundings are not all zero
ARBITER_FEE = 77_777
BOND_BPS = 1_000
DAY = 86_400
ENOUGH = 15_000_000  # gas
FULL = 256
URI = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
ZERO = "0x" + "0" * 40
# Difficulty 1.00 and 1.50; word classes alternate.
TWO_CLASSES = 10_000 | 15_000 << 16


def digest(*parts: object) -> bytes:
    """A root or hash without zero bytes to speak of, as real ones are."""
    return keccak256(repr(parts).encode())


class Bench:
    """A deployed system on a fresh chain and the people who use it."""

    def __init__(self, project: Any, people: Any, chain: Any) -> None:
        self.chain, self.project = chain, project
        self.owner, self.sink, self.creator, self.arbiter, self.relayer, self.buyer = (
            people[i] for i in range(6)
        )
        self._annotators = itertools.count(6)
        self.people = people
        self.market = self.owner.deploy(project.AnnotationMarket, self.owner, self.sink)
        self.registry = self.owner.deploy(project.DatasetRegistry, self.owner, self.sink, self.market)
        self.domain = Domain(chain.chain_id, str(self.market.address))
        self.rows: list[Row] = []

    # --- pieces ---

    def annotator(self) -> Any:
        """An account that has a balance and no history here."""
        return self.people[next(self._annotators)]

    def terms(self, tasks: int, token: str = ZERO, multipliers: int = 0) -> dict[str, Any]:
        """Every term but the hook."""
        return {
            "token": token,
            "reward": REWARD,
            "taskCount": tasks,
            "claimWindow": 1_800,
            "reviewWindow": 3 * DAY,
            "appealWindow": 2 * DAY,
            "decisionWindow": 5 * DAY,
            "deadline": self.chain.pending_timestamp + 60 * DAY,
            "maxOpen": 8_192,
            "bondBps": BOND_BPS,
            "feeBps": self.market.feeBps(),
            "rejectFeeBps": 1_000,
            "royaltyBps": 2_000,
            "arbiter": self.arbiter.address,
            "arbiterFee": ARBITER_FEE,
            "hook": ZERO,
            "dataRoot": digest("data", tasks),
            "dataLength": 123_456_789,
            "instructionsHash": digest("instructions"),
            "multipliers": multipliers,
        }

    def sign(self, account: Any, primary: str, message: dict[str, Any]) -> bytes:
        """A test account's signature of typed data."""
        signature = account.sign_message(signable(typed_data(self.domain, primary, message)))
        return signature.encode_rsv()

    def create(self, tasks: int, token: str = ZERO, multipliers: int = 0) -> tuple[int, Any, dict[str, Any]]:
        """Opens a job; returns its id, the receipt and the terms."""
        terms = self.terms(tasks, token, multipliers)
        classes = word_classes(tasks) if multipliers else []
        terms_hash = self.market.hashTerms(self.creator, terms, classes)
        until = self.chain.pending_timestamp + DAY
        acceptance = {"termsHash": terms_hash, "arbiter": self.arbiter.address, "deadline": until}
        signature = self.sign(self.arbiter, "ArbiterAcceptance", acceptance)
        funds = sum(
            min(FULL, tasks - word * FULL) * (REWARD * multiplier // 10_000)
            for word, multiplier in enumerate(multiplier_of_words(tasks, multipliers))
        )
        value = funds if token == ZERO else 0
        receipt = self.market.createJob(terms, classes, until, signature, sender=self.creator, value=value)
        return self.market.jobCount(), receipt, terms

    def bond(self, tasks: int) -> int:
        """The bond of a claim, base units."""
        return -(-REWARD * BOND_BPS // 10_000) * tasks

    def claim(
        self, who: Any, job: int, mask: int, *, word: int = 0, native: bool = True, expired: Any = ()
    ) -> Any:
        """Claims tasks; returns claim id and receipt."""
        sequence = self.market.job(job).records
        value = self.bond(mask.bit_count()) if native else 0
        receipt = self.market.claim(job, word, mask, b"", list(expired), sender=who, value=value)
        return job << 24 | sequence, receipt

    def unmeasured(self, act: Any, *arguments: Any, sender: Any, value: int = 0) -> None:
        """A transaction for which there is no row, in one request: Ape takes fifteen for each."""
        request = {
            "from": sender.address,
            "to": str(act.contract.address),
            "data": "0x" + bytes(act.encode_input(*arguments)).hex(),
            "value": hex(value),
            "gas": hex(ENOUGH),
        }
        receipt = self.chain.provider.make_request("eth_sendTransactionSync", [request])
        if int(receipt["status"], 16) != 1:
            raise RuntimeError(f"{act} failed in {receipt['transactionHash']}")

    def unmeasured_claims(self, who: Any, job: int, word: int, masks: list[int]) -> list[int]:
        """Claims on parts of a word, one after the other; returns their ids."""
        first = job << 24 | self.market.job(job).records
        for mask in masks:
            value = self.bond(mask.bit_count())
            self.unmeasured(self.market.claim, job, word, mask, b"", [], sender=who, value=value)
        return [first + number for number in range(len(masks))]

    # --- rows ---

    def run(self) -> Iterator[str]:
        """Measures everything but `huge`; yields what it is about to do."""
        for name in (
            "jobs",
            "batches",
            "by_signature",
            "tokens",
            "disputes",
            "exits",
            "worst_cases",
            "datasets",
        ):
            yield name.replace("_", " ")
            getattr(self, name)()

    def add(self, name: str, *receipts: Any, units: int = 1) -> None:
        """Adds a row."""
        self.rows.append(row(name, list(receipts), units))

    def jobs(self) -> None:
        """Opening and closing."""
        job, receipt, _ = self.create(1_024)
        self.add("job.create", receipt)
        self.add("job.close", self.market.close(job, sender=self.creator))
        _, receipt, _ = self.create(1_024, multipliers=TWO_CLASSES)
        self.add("job.create.classes", receipt)

    def batches(self) -> None:
        """An annotator's first batch in a fresh job."""
        for size in (FULL, 17, 1):
            job, _, _ = self.create(1_024)
            receipts = self._batch(self.annotator(), job, size)
            if size == FULL:
                for act, receipt in zip(("claim", "submit", "approve"), receipts, strict=True):
                    self.add(f"batch256.{act}", receipt, units=FULL)
            self.add(f"batch{size}.total_per_task", *receipts, units=size)
        self.add(
            "batch256.second.total_per_task", *self._batch(self.annotator(), job, FULL, word=1), units=FULL
        )
        job, _, _ = self.create(1_024)
        self.add(
            "batch128.scattered.total_per_task", *self._batch(self.annotator(), job, mask=EVEN), units=128
        )
        job, _, _ = self.create(1_024, multipliers=TWO_CLASSES)
        self.add(
            "batch256.classes.total_per_task", *self._batch(self.annotator(), job, FULL, word=1), units=FULL
        )

    def _batch(
        self, who: Any, job: int, size: int = 0, *, word: int = 0, mask: int = 0, native: bool = True
    ) -> Any:
        mask = mask or (1 << size) - 1
        claim, claimed = self.claim(who, job, mask, word=word, native=native)
        submitted = self.market.submitBatch(claim, digest(claim), mask, URI, sender=who)
        return claimed, submitted, self.market.approve(claim, mask, sender=self.creator)

    def by_signature(self) -> None:
        """A relayer pays the gas; the annotator's first nonces."""
        who, mask = self.annotator(), (1 << FULL) - 1
        job, _, _ = self.create(1_024)
        until = self.chain.pending_timestamp + DAY
        common = {"annotator": who.address, "deadline": until}
        message = {
            "termsHash": self.market.job(job).termsHash,
            "jobId": job,
            "word": 0,
            "mask": mask,
            "nonce": 0,
        }
        auth = (who.address, 0, until, self.sign(who, "Claim", {**message, **common}))
        claimed = self.market.claimBySig(
            job, 0, mask, b"", [], auth, sender=self.relayer, value=self.bond(FULL)
        )
        claim, root = job << 24, digest("signed")
        message = {"claimId": claim, "root": root, "done": mask, "uri": URI, "nonce": 1}
        auth = (who.address, 1, until, self.sign(who, "SubmitBatch", {**message, **common}))
        submitted = self.market.submitBatchBySig(claim, root, mask, URI, auth, sender=self.relayer)
        approved = self.market.approve(claim, mask, sender=self.creator)
        self.add("batch256.bysig.total_per_task", claimed, submitted, approved, units=FULL)

    def tokens(self) -> None:
        """The same in an ERC-20, with accounts that hold some."""
        token = self.owner.deploy(self.project.DemoToken)
        who = self.annotator()
        for account in (self.creator, who):
            token.mint(account, 10**15, sender=self.owner)
            token.approve(self.market, 2**256 - 1, sender=account)
        job, receipt, _ = self.create(1_024, token=str(token.address))
        self.add("erc20.job.create", receipt)
        receipts = self._batch(who, job, FULL, native=False)
        self.add("erc20.batch256.total_per_task", *receipts, units=FULL)
        self.add("erc20.approve.holder", receipts[2])
        # The bond takes all that is left, so the pay goes to an account without the token.
        token.transfer(self.owner, token.balanceOf(who) - self.bond(FULL), sender=who)
        job, _, _ = self.create(1_024, token=str(token.address))
        self.add("erc20.approve.new_holder", self._batch(who, job, FULL, native=False)[2])

    def disputes(self) -> None:
        """Silence, rejection, appeal, decision."""
        who, mask = self.annotator(), (1 << FULL) - 1
        job, _, terms = self.create(1_024)
        claim, _ = self.claim(who, job, mask)
        self.market.submitBatch(claim, digest(claim), mask, URI, sender=who)
        deposit = -(-REWARD * terms["rejectFeeBps"] // 10_000) * 128 + ARBITER_FEE
        half = (1 << 128) - 1
        rejected = self.market.reject(claim, half, digest("reason"), sender=self.creator, value=deposit)
        self.add("dispute.reject", rejected)
        self.add("dispute.appeal", self.market.appeal(claim, sender=who, value=ARBITER_FEE))
        self.add("dispute.decide", self.market.decide(claim, (1 << 64) - 1, sender=self.arbiter))
        self.chain.mine(deltatime=4 * DAY)
        self.add("finalize", self.market.finalize(claim, sender=self.relayer), units=128)

    def exits(self) -> None:
        """Giving tasks back."""
        who = self.annotator()
        job, _, _ = self.create(1_024)
        claim, _ = self.claim(who, job, (1 << FULL) - 1)
        self.add("release", self.market.release(claim, sender=who))

    def worst_cases(self) -> None:
        """Every array at its cap."""
        who, keeper = self.annotator(), self.annotator()
        job, _, _ = self.create(1_024)
        pairs = [1 << bit | 1 << (bit + 64) for bit in range(16)]
        scattered = self.unmeasured_claims(who, job, 0, pairs)
        many = self.unmeasured_claims(who, job, 1, [1 << bit | 1 << (bit + 128) for bit in range(64)])
        self.chain.mine(deltatime=DAY)
        _, receipt = self.claim(keeper, job, sum(pairs), expired=scattered)
        self.add("worst.claim.16_expired", receipt)
        self.add("worst.releaseExpired.64", self.market.releaseExpired(job, many, sender=self.relayer))

    def huge(self) -> None:
        """The largest job there can be. An Anvil that keeps steps keeps gigabytes of them."""
        _, receipt, _ = self.create(1 << 20, multipliers=TWO_CLASSES)
        self.add("worst.job.create.4096_words", receipt)

    def datasets(self) -> None:
        """Publication, purchase, royalties, resale."""
        listing = (ZERO, 10**9, digest("licence"), b"coco".ljust(32, b"\0"), 500)
        content = self._content(b"\0" * 32, 0, "plain")
        receipt = self.registry.publish(content, listing, URI, sender=self.creator)
        self.add("dataset.publish", receipt)
        who = self.annotator()
        job, _, terms = self.create(FULL)
        self._batch(who, job, FULL)
        content = self._content(terms["dataRoot"], terms["dataLength"], "job")
        receipt = self.registry.publishFromJob(job, terms, [], content, listing, URI, sender=self.creator)
        self.add("dataset.publishFromJob", receipt)
        dataset = self.registry.datasetOfJob(job)
        receipt = self.registry.purchase(
            dataset, 1, listing[2], listing[1], self.buyer, sender=self.buyer, value=listing[1]
        )
        self.add("dataset.purchase", receipt)
        self.add("dataset.payRoyalty", self.registry.payRoyalty(dataset, who, sender=self.relayer))

    def _content(self, source: bytes, length: int, name: str) -> tuple[Any, ...]:
        return (source, digest(name, 1), digest(name, 2), digest(name, 3), length, 4_567, 89_012_345)


EVEN = int("01" * 128, 2)


def multiplier_of_words(tasks: int, multipliers: int) -> list[int]:
    """The difficulty of each word, basis points."""
    words = -(-tasks // FULL)
    if not multipliers:
        return [10_000] * words
    return [multipliers >> 16 * (word % 2) & 0xFFFF for word in range(words)]


def word_classes(tasks: int) -> list[int]:
    """Class 0 for even words, class 1 for odd ones, 64 nibbles to an element."""
    words = -(-tasks // FULL)
    classes = [word % 2 for word in range(words)]
    return [
        sum(cls << 4 * index for index, cls in enumerate(classes[start : start + 64]))
        for start in range(0, words, 64)
    ]
