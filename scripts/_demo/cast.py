"""The people of the story: a name, what they do in it, an address, and a key to sign with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ape import accounts
from eth_account import Account

from offchain.hashing import keccak256
from offchain.signing import sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ape.api import AccountAPI
    from eth_account.signers.local import LocalAccount

ROLES = {
    "Dana": "deploys the contracts",
    "Theo": "fee recipient: takes forfeited deposits",
    "Lena": "creator of the image job",
    "Tomas": "creator of the text job, who vanishes for a while",
    "Ines": "annotator who only signs, a relayer sends",
    "Joao": "annotator",
    "Mika": "annotator with many mistakes, who appeals",
    "Noor": "annotator who claims and does nothing",
    "Vera": "owner of a wallet contract that annotates",
    "Orsolya": "arbiter of the image job, expert of the consensus job",
    "Pavel": "buyer",
    "Quinn": "relayer who pays gas for others",
    "Rosa": "creator of the consensus job",
    "Hugo": "annotator who checks the creator's gold",
    "Yara": "annotator",
    "Bruno": "annotator who gives every text the same label",
}

ONLY_SIGN = ("Ines",)
WALLET = "Vera's wallet"


@dataclass(frozen=True)
class Actor:
    """Somebody with an address. `sender` sends transactions; who has none only signs, and others send."""

    name: str
    role: str
    address: str
    key: LocalAccount = field(repr=False)
    sender: AccountAPI | None = field(default=None, repr=False)

    def sign(self, document: Mapping[str, Any]) -> bytes:
        """65 bytes over typed data; for a wallet contract, its owner's signature."""
        return sign(self.key, document)


class Cast:
    """Everybody in the story, in the order of their introduction."""

    def __init__(self, seed: int) -> None:
        """The named actors are Ape's test accounts, in the order of `ROLES`; who only signs gets a key made
        from the seed, and has no coin.
        """
        self._seed = seed
        self._actors: dict[str, Actor] = {}
        for index, (name, role) in enumerate(ROLES.items()):
            if name in ONLY_SIGN:
                self.hire(name, role)
                continue
            account: Any = accounts.test_accounts[index]
            key = Account.from_key(account.private_key)
            self._actors[name] = Actor(name, role, account.address, key, account)

    def __getitem__(self, name: str) -> Actor:
        return self._actors[name]

    def __iter__(self) -> Iterator[Actor]:
        return iter(self._actors.values())

    def hire(self, name: str, role: str) -> Actor:
        """Somebody who has no coin and only signs."""
        key = Account.from_key(keccak256(f"winnow demo {self._seed} {name}".encode()))
        self._actors[name] = Actor(name, role, key.address, key)
        return self._actors[name]

    def worker(self, name: str) -> Actor:
        """The worker of the user's own files who is called so there, hired when first asked for."""
        unique = f"{name} (worker)" if name in (*ROLES, WALLET) else name
        return self._actors.get(unique) or self.hire(unique, "worker whose real answers these are")

    def add_wallet(self, address: str, owner: Actor) -> Actor:
        """A contract that acts by its owner's signature (ERC-1271)."""
        self._actors[WALLET] = Actor(WALLET, "wallet contract that takes no plain coin", address, owner.key)
        return self._actors[WALLET]
