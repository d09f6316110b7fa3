"""What DatasetRegistry keeps of a data set. Base units; `_bps` in basis points, lengths in bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from offchain.hashing import address_bytes, keccak256
from offchain.reference.pool import Pool
from offchain.states import JobState
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, solidity_name


@dataclass(frozen=True)
class JobFacts:
    """What the registry asks the market about a job. `weights` are those of annotators with approved work."""

    creator: str = ZERO_ADDRESS
    state: JobState = JobState.NONE
    terms_hash: bytes = ZERO_HASH
    weights: Mapping[str, int] = field(default_factory=dict)

    @property
    def pool(self) -> Pool:
        """The annotators' pool of a data set that comes from this job, empty."""
        return Pool(self.weights)


class _Struct:
    """A struct of the interface, its fields in the order of their declaration."""

    def message(self) -> dict[str, Any]:
        """The values by their Solidity names."""
        return {told: getattr(self, name) for name, told in _NAMES[type(self)]}


@dataclass(frozen=True, kw_only=True)
class Version(_Struct):
    """The content of a version: 0G roots and their lengths, SHA-256 of the manifest."""

    source_root: bytes = ZERO_HASH
    annotations_root: bytes = ZERO_HASH
    package_root: bytes
    manifest_hash: bytes
    source_length: int = 0
    annotations_length: int = 0
    package_length: int

    @property
    def source(self) -> tuple[bytes, int]:
        """The data that were annotated: root and length."""
        return self.source_root, self.source_length


@dataclass(frozen=True, kw_only=True)
class Listing(_Struct):
    """On what terms licences are sold."""

    token: str = ZERO_ADDRESS
    price: int = 0
    licence_hash: bytes
    schema: bytes = ZERO_HASH
    resale_bps: int = 0


_NAMES: Mapping[type[_Struct], tuple[tuple[str, str], ...]] = {
    struct: tuple((item.name, solidity_name(item.name)) for item in fields(struct))
    for struct in (Version, Listing)
}
"""The fields of each struct with their Solidity names."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set as it is kept. `pool` is None where no job stands behind it."""

    publisher: str
    listing: Listing
    fee_bps: int
    royalty_bps: int
    job_id: int
    pool: Pool | None
    versions: tuple[Version, ...] = ()
    uris: tuple[str, ...] = ()
    for_sale: bool = True


@dataclass(frozen=True)
class Licence:
    """What a licence token stands for, fixed at its purchase; Unix seconds."""

    dataset_id: int
    licence_hash: bytes
    version: int
    purchased_at: int


@dataclass(frozen=True)
class Order:
    """What a buyer asks for: the version and licence that he saw, and the most that he pays."""

    dataset_id: int
    version: int
    licence_hash: bytes
    max_price: int
    recipient: str


def dataset_id(publisher: str, package_root: bytes) -> int:
    """The id that a publisher's data set with this package root has or would have."""
    return int.from_bytes(keccak256(address_bytes(publisher).rjust(32, b"\0") + package_root))
