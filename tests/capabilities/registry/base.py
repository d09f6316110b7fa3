"""What all actions of the registry share: arguments, and how data sets, accounts and versions are drawn, now
and then wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from offchain.reference.datasets import Dataset, Listing, Order, Version
from offchain.reference.market import struct_of
from offchain.reference.registry import Registry
from offchain.signing import REGISTRY_NAME
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, JobTerms
from tests.capabilities.governance import GovernedActions
from tests.capabilities.registry.stage import Cast, Stage, set_stage
from tests.engine.capability import NATIVE, Argument
from tests.engine.chain import UNLIMITED, Chain, Contract
from tests.engine.dice import Dice

UNKNOWN = 12_345
"""The id of no data set."""

ROOTS = tuple(number.to_bytes(32, "big") for number in range(1, 5))
"""Package roots: so few that publishers meet at one."""

LICENCE, OTHER_LICENCE = b"\x11" * 32, b"\x22" * 32
PRICES = (1_000_003, 9_999, 10**18 + 7, 40, 1, 0)
HUGE = (2**96 - 1, 10**26)
"""More than anybody has, and nearly so much."""

URIS = ("0g://package", "", "ü" * 128)
LONG_URI = "u" * 257


@dataclass(frozen=True)
class Struct(Argument):
    """A struct of the registry's interface."""

    value: Version | Listing

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (self.value.message(),)

    def in_model(self) -> tuple[Any, ...]:
        return (self.value,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        value = self.value
        if isinstance(value, Version):
            return f"package {_short(value.package_root)} of source {_short(value.source_root)}"
        coin = "wei" if value.token == NATIVE else name_of(value.token)
        return f"for {value.price:,} {coin} with licence {_short(value.licence_hash)}"


@dataclass(frozen=True)
class Terms(Argument):
    """The terms of a job: for the contract, struct and word classes."""

    terms: JobTerms

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return struct_of(self.terms), list(self.terms.word_classes)

    def in_model(self) -> tuple[Any, ...]:
        return (self.terms,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        terms = self.terms
        return (
            f"terms of a job of {name_of(terms.creator)} with a royalty of {terms.royalty_bps} basis points"
        )


@dataclass(frozen=True)
class Bid(Argument):
    """A buyer's order."""

    order: Order

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        order = self.order
        return order.dataset_id, order.version, order.licence_hash, order.max_price, order.recipient

    def in_model(self) -> tuple[Any, ...]:
        return (self.order,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        order = self.order
        most = "any price" if order.max_price == UNLIMITED else f"at most {order.max_price:,}"
        licence = f"licence {_short(order.licence_hash)}, version {order.version}"
        return (
            f"data set …{order.dataset_id % 2**16:04x}, {licence}, for {most}, to {name_of(order.recipient)}"
        )


class RegistryBase(GovernedActions):
    """A registry and its model from deployment on."""

    signing_name: ClassVar[str] = REGISTRY_NAME
    stage: Stage
    model: Registry

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        return set_stage(chain)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        cast = stage.cast
        return {
            "publishers": cast.publishers,
            "annotators": cast.annotators,
            "buyers": cast.payers,
            "governance": (cast.owner, cast.sink),
        }

    def begin(self) -> tuple[Contract, Any]:
        self.cast: Cast = self.stage.cast
        return self.stage.registry, self.stage.model()

    # What there is

    def dataset(self, id_: int) -> Dataset:
        dataset = self.model.datasets[id_]
        assert dataset is not None
        return dataset

    def datasets(self) -> list[tuple[int, Dataset]]:
        return [(id_, dataset) for id_, dataset in self.model.datasets.items() if dataset]

    def unpublished(self) -> list[int]:
        """The jobs of which a data set may come and has not."""
        return [job_id for job_id in self.stage.jobs.publishable if not self.model.dataset_of_job[job_id]]

    def new_roots(self, *publishers: str) -> list[bytes]:
        """Package roots under which none of the publishers has a data set."""
        taken = {
            dataset.versions[0].package_root
            for _, dataset in self.datasets()
            if dataset.publisher in publishers
        }
        return [root for root in ROOTS if root not in taken]

    # Drawing

    def pick_dataset(self, dice: Dice, right: Iterable[int] | None = None) -> int:
        """One of `right`, by default any; now and then any, or one that nobody published."""
        everything = list(self.model.datasets)
        return dice.pick(everything if right is None else right, [*everything, UNKNOWN])

    def publisher_of(self, dice: Dice, id_: int) -> str:
        """The publisher of a data set; now and then somebody else."""
        dataset = self.model.datasets[id_]
        return self.sender(dice, dataset.publisher if dataset else self.cast.publisher)

    def price(self, dice: Dice, token: str) -> int:
        """Base units; in one of many cases so much that hardly anybody can pay. (The silent token has its own
        words for that, and of a small sum the taxed token keeps nothing.)
        """
        if token == self.stage.taxed.address:
            return PRICES[0]
        huge = token != self.stage.tokens[1].address and dice.chance(24)
        return dice.choose(HUGE if huge else PRICES)

    def version(self, dice: Dice, roots: Iterable[bytes], source: tuple[bytes, int] | None = None) -> Version:
        """The content of a version with this source and one of these package roots, now and then another."""
        root, length = source or (dice.choose((b"\xda" * 32, ZERO_HASH)), dice.choose((4_096, 0)))
        content = Version(
            source_root=root,
            annotations_root=dice.choose((b"\xaa" * 32, ZERO_HASH)),
            package_root=dice.pick(roots, ROOTS),
            manifest_hash=b"\x3a" * 32,
            source_length=length,
            annotations_length=77,
            package_length=dice.choose((999, 2**64 - 1)),
        )
        if dice.wrong() or dice.chance(6):
            content = replace(content, **dice.choose(_mistakes(content)))
        return content

    def uri(self, dice: Dice) -> str:
        return dice.pick(URIS, [LONG_URI])

    def listing(self, dice: Dice) -> Listing:
        """An offer; in half of the cases in the native coin, at times in a token that nobody can pay in."""
        odd = dice.choose((self.stage.taxed.address, self.stage.liar.address))
        coin = odd if dice.chance(10) else dice.choose((NATIVE, dice.choose(self.stage.coins)))
        token = dice.pick([coin], [self.cast.keeper])
        return Listing(
            token=token,
            price=self.price(dice, token),
            licence_hash=dice.pick((LICENCE, OTHER_LICENCE), [ZERO_HASH]),
            schema=dice.choose((b"coco", b"")).ljust(32, b"\0"),
            resale_bps=dice.pick((500, 0, 1_000, 7), (1_001, 65_535)),
        )

    def somebody(self, dice: Dice) -> str:
        """Anybody; now and then nobody."""
        return dice.pick(self.cast.everybody, [ZERO_ADDRESS])


def _short(word: bytes) -> str:
    """The end of a word."""
    return f"…{word[-2:].hex()}"


def _mistakes(content: Version) -> list[dict[str, Any]]:
    """One thing wrong with a version; the last two only with one that comes from a job."""
    return [
        {"package_root": ZERO_HASH},
        {"package_length": 0},
        {"manifest_hash": ZERO_HASH},
        {"source_length": content.source_length + 1},
        {"source_root": b"\xdb" * 32},
    ]
