"""The whole story on one chain, scene by scene, and the books at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts._demo import crowd_job, image_job, messages, movements, reviews, sales, text_job
from scripts._demo.cast import Cast
from scripts._demo.crowd_job import CrowdScene
from scripts._demo.image_job import ImageScene
from scripts._demo.items import ImageSet, TextSet
from scripts._demo.ledger import NATIVE
from scripts._demo.movements import Journal
from scripts._demo.reconcile import Reconciliation, reconcile
from scripts._demo.sales import Listed, Offer, Sold
from scripts._demo.stage import Act, Stage
from scripts._demo.text_job import TextScene
from scripts._demo.world import DAY, DOLLAR, ETHER, World, build
from scripts._networks import NetworkParams

PLANTED_ON = "Pavel"


@dataclass(frozen=True)
class Script:
    """What is played: the tasks, the seed, and whether one wei is moved off the books at the end."""

    images: ImageSet
    texts: TextSet
    seed: int = 7
    plant: bool = False
    folder: Path = Path("out/demo")
    command: str = "ape run demo"


@dataclass(frozen=True)
class Told:
    """How the audience hears of it: scene titles, acts, and how far a long scene has come."""

    scene: Callable[[str], None]
    act: Callable[[Act], None]
    count: Callable[[int, int], None]


@dataclass(frozen=True)
class Story:
    """What happened, for the summary to be made of."""

    script: Script
    world: World
    images: ImageScene
    texts: TextScene
    crowd: CrowdScene
    sales: tuple[tuple[Listed, Sold], ...]
    journal: Journal = field(repr=False)
    books: Reconciliation = field(repr=False)

    @property
    def names(self) -> dict[str, str]:
        """Names by address in lower case, those of contracts and tokens included."""
        found = {address.lower(): name for name, address in self.world.contracts.items()}
        found |= {actor.address.lower(): actor.name for actor in self.world.cast}
        return found | {token["address"].lower(): token["symbol"] for token in self.world.tokens}

    def problems(self) -> list[str]:
        """Everything that is not as it must be: differences in the books and checks that failed."""
        names = self.names
        wrong = list(self.books.differences(lambda address: names.get(address, address)))
        failed = [check for _, sold in self.sales for check in sold.checks if not check["ok"]]
        return wrong + [f"{c['what']}: expected {c['expected']}, found {c['actual']}" for c in failed]


def play(provider: Any, network: NetworkParams, project: Any, script: Script, told: Told) -> Story:
    """Plays everything on the local chain of `provider`. Raises what a scene raises."""
    stage, cast = Stage(provider, network, told.act), Cast(script.seed)
    _hire(cast, script.texts)
    opening = movements.balances(stage, (), [actor.address for actor in cast])
    told.scene("The stage is set")
    pocket = (5_000 + len(script.texts.texts)) * DOLLAR
    world = build(stage, project, cast, script.folder, script.seed, pocket)
    told.scene("Scene 1: an image job, with an expired claim and a dispute")
    images = image_job.play(world, script.images)
    told.scene("Scene 2: a text job, whose creator vanishes")
    texts = text_job.play(world, script.texts, told.count)
    told.scene("Scene 3: a consensus job: six annotators of the same texts, not all of them honest")
    crowd = crowd_job.play(world, messages.load(messages.COMMENTS))
    told.scene("Scene 4: three weeks later the creators publish their data sets, and both are sold")
    stage.wait(21 * DAY)
    sold = (
        _sell(world, _coco(images), list(dict.fromkeys(r.annotator for r in images.readings))),
        _sell(world, _jsonl(texts), list(dict.fromkeys(label.annotator for label in texts.labels))),
    )
    told.scene("Scene 5: what was left as a credit is withdrawn")
    _withdraw(world)
    journal = movements.read_journal(stage, [str(coin.address) for coin in world.coins], cast["Theo"].address)
    books = _close_books(world, journal, opening, plant=script.plant)
    return Story(script, world, images, texts, crowd, sold, journal, books)


def _hire(cast: Cast, texts: TextSet) -> None:
    """Real workers, before anything happens, so that their opening balances are read too."""
    for name in texts.workers():
        cast.worker(name)


def _coco(scene: ImageScene) -> tuple[ImageScene, Offer]:
    count, labels = len(scene.pictures.pictures), ", ".join(scene.pictures.labels)
    about = f"{count} pictures with boxes and outlines of: {labels}. Annotated on an open market."
    return scene, Offer("Pictures with boxes and outlines", about, "COCO JSON in a ZIP", "coco", ETHER // 2)


def _jsonl(scene: TextScene) -> tuple[TextScene, Offer]:
    about = f"{len(scene.labels)} texts with one label each. Annotated on an open market."
    return scene, Offer("Texts with labels", about, "JSONL, chat schema", "jsonl-chat", 120 * DOLLAR)


def _sell(world: World, what: tuple[Any, Offer], annotators: list[str]) -> tuple[Listed, Sold]:
    scene, offer = what
    listed = sales.publish(world, scene.job, offer)
    world.stage.wait(DAY)
    sold = sales.purchase(world, listed, world.cast["Pavel"])
    sales.pay_royalties(world, listed, [world.cast[name] for name in annotators])
    return listed, sold


def _withdraw(world: World) -> None:
    """The wallet's pay goes to its owner; fees, and what others forfeited, to the fee recipient."""
    theo, vera = world.cast["Theo"], world.cast["Vera"]
    for contract in (world.market, world.registry):
        reviews.withdraw(world, contract, world.wallet, vera, NATIVE)
        reviews.withdraw(world, contract, theo, theo, NATIVE)
    reviews.withdraw(world, world.quality.market, theo, theo, str(world.token.address))


def _close_books(world: World, journal: Journal, opening: Any, *, plant: bool) -> Reconciliation:
    """Compares what the journal expects with what everybody holds."""
    stage = world.stage
    everybody = [actor.address for actor in world.cast] + list(world.contracts.values())
    if plant:
        victim = world.cast[PLANTED_ON].address
        held = movements.balances(stage, (), [victim])[NATIVE, victim]
        stage.provider.make_request("anvil_setBalance", [victim, hex(held - 1)])
    closing = movements.balances(stage, world.coins, everybody)
    before = dict.fromkeys(closing, 0) | opening  # nothing of what the story deploys held anything before
    owed = {(coin, str(debtor.address)): int(debtor.liabilities(coin)) for debtor, coin in world.debtors}
    moved = {(m.token.lower(), who) for m in journal.movements for who in (m.sender, m.recipient)}
    idle = {k for k in closing if not (before[k] or closing[k] or (k[0].lower(), k[1].lower()) in moved)}
    first, last = ({k: held for k, held in known.items() if k not in idle} for known in (before, closing))
    return reconcile(journal.movements, journal.fees, first, last, owed, outside=[NATIVE])
