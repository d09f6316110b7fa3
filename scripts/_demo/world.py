"""The contracts of the story, freshly deployed, and the store beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offchain.signing import typed_data
from offchain.storage import LocalStore
from scripts._demo import quality, schema
from scripts._demo.cast import Actor, Cast
from scripts._demo.chance import secret
from scripts._demo.figures import decimal
from scripts._demo.ledger import NATIVE
from scripts._demo.quality import Quality
from scripts._demo.stage import Note, Stage

ETHER = 10**18
CENT = 10**4  # of the token, which has six decimals
HOUR, DAY = 3_600, 86_400
DOLLAR = 100 * CENT


@dataclass(frozen=True)
class World:
    """Everything that a scene needs."""

    stage: Stage
    cast: Cast
    market: Any
    lens: Any
    registry: Any
    token: Any
    wallet: Actor
    quality: Quality
    store: Any
    chain_id: int
    seed: int
    folder: Path

    def domain(self, contract: Any = None) -> Any:
        """Of signatures for a contract of ours; for the market where none is named."""
        return self.stage.system.domain(
            "DatasetRegistry" if contract == self.registry else "AnnotationMarket"
        )

    @property
    def coins(self) -> tuple[Any, ...]:
        """The tokens of the story."""
        return self.token, self.quality.token

    @property
    def tokens(self) -> list[schema.Token]:
        """The same and the native coin, as the report names them."""
        told = (("USDW", 6), (self.stage.system.network.quality.reward_symbol, 18))
        native = schema.Token(address=NATIVE, symbol="ETH", decimals=18)
        return [native] + [
            schema.Token(address=str(coin.address), symbol=symbol, decimals=decimals)
            for coin, (symbol, decimals) in zip(self.coins, told, strict=True)
        ]

    @property
    def debtors(self) -> list[tuple[Any, str]]:
        """The contracts that can owe money, each with every token (address) that it takes in the story."""
        token, markets = str(self.token.address), (self.market, self.registry)
        owed = [(contract, coin) for contract in markets for coin in (NATIVE, token)]
        staked = (self.quality.staking, str(self.quality.token.address))
        return [*owed, (self.quality.market, token), staked]

    @property
    def contracts(self) -> dict[str, str]:
        """Address by name."""
        found = {
            "AnnotationMarket": self.market,
            "MarketLens": self.lens,
            "DatasetRegistry": self.registry,
            "DemoToken": self.token,
            **self.quality.parts,
        }
        return {name: str(contract.address) for name, contract in found.items()}

    def authorization(
        self, signer: Actor, struct: str, contract: Any = None, **values: Any
    ) -> dict[str, Any]:
        """A signer's consent to one act, good for an hour, with a nonce that a seed always gives again."""
        nonce = int.from_bytes(secret(self.seed, "nonce", signer.name, len(self.stage.acts)))
        common = {"nonce": nonce, "deadline": self.stage.now + HOUR}
        who = "account" if struct == "Withdraw" else "annotator"
        document = typed_data(self.domain(contract), struct, {**values, who: signer.address, **common})
        return {"signer": signer.address, **common, "signature": signer.sign(document)}


def build(stage: Stage, project: Any, cast: Cast, folder: Path, seed: int, pocket: int) -> World:
    """Deploys everything, and for the story's sake a wallet contract and a token, of which two get `pocket`
    base units.
    """
    dana, sink, vera = cast["Dana"], cast["Theo"].address, cast["Vera"]
    market = stage.deploy(dana, project.AnnotationMarket, dana.address, sink)
    lens = stage.deploy(dana, project.MarketLens, market.address)
    registry = stage.deploy(dana, project.DatasetRegistry, dana.address, sink, market.address)
    token = stage.deploy(dana, project.DemoToken)
    wallet = stage.deploy(vera, project.DemoWallet, vera.address)
    for name in ("Tomas", "Pavel"):
        note = Note("token.mint", f"gives {name} {pocket // DOLLAR:,} USDW to pay with")
        stage.send(dana, token.mint, cast[name].address, pocket, note=note)
    consensus = quality.build(stage, project, cast, token)
    vault = cast.add_wallet(wallet.address, vera)
    store = LocalStore(folder / "store")
    chain_id = int(stage.provider.chain_id)
    return World(stage, cast, market, lens, registry, token, vault, consensus, store, chain_id, seed, folder)


def unit_name(token: str) -> str:
    """The symbol of a token of the story."""
    return "ETH" if token == NATIVE else "USDW"


def amount_text(amount: int, token: str) -> str:
    """For instance "0.08 ETH"."""
    return f"{decimal(str(amount), 18 if token == NATIVE else 6)} {unit_name(token)}"
