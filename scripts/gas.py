"""`ape run gas`: what every act costs, in real transactions on a fresh local chain."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from ape.api.providers import ProviderAPI
from ape.logging import logger

from scripts._cli import LocalCommand, checked_network, json_option, note, table
from scripts._toolchain.layout import SetupError
from scripts._toolchain.peers import install_peers

OUT = Path("out")


def others(bench: Any, *, peers: bool) -> Iterator[str]:
    """Measures what Winnow is compared with; yields what it is about to do."""
    from scripts._gas.human import Human  # noqa: PLC0415 - they need Ape's network
    from scripts._gas.yardstick import Yardstick, compile_yardstick  # noqa: PLC0415

    yield from Yardstick(bench, compile_yardstick(bench.project)).measure()
    if peers:
        yield from Human(bench).measure()


class GasCommand(LocalCommand):
    """What cannot be installed is one message."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SetupError as error:
            raise click.ClickException(str(error)) from error


@click.command(cls=GasCommand)
@json_option
@click.option("--markdown", type=click.Path(path_type=Path), help="Also write the table to this file.")
@click.option(
    "--peers/--no-peers", default=True, help="Measure contracts of others, too (installs them once)."
)
def cli(provider: ProviderAPI, as_json: bool, markdown: Path | None, peers: bool) -> None:
    """Measure the gas of every act and write out/gas.json and out/gas.state.

    Gas is of whole transactions, calldata included. The state file is Anvil's dump: `anvil --load-state
    out/gas.state` answers for the receipts. Contracts of others are measured in the same run, for
    comparison; they are installed the first time, from the network. Ends non-zero where an act costs more
    than it may.
    """
    from ape import accounts, chain, project  # noqa: PLC0415 - Ape loads every script for every command

    from scripts._gas.bench import Bench  # noqa: PLC0415
    from scripts._gas.compare import compared, unmeasured  # noqa: PLC0415
    from scripts._gas.consensus import ConsensusBench  # noqa: PLC0415
    from scripts._gas.ledger import markdown as as_markdown  # noqa: PLC0415
    from scripts._gas.ledger import over_limit, write_rows, write_state  # noqa: PLC0415
    from scripts._gas.stakes import StakeBench  # noqa: PLC0415
    from scripts._gas.worst import WorstWords  # noqa: PLC0415

    network = checked_network(provider)
    if network.kind != "local":
        raise click.ClickException(f"gas is measured on a local chain, not on {network.name}")
    if peers:
        install_peers()
    bench = Bench(project, accounts.test_accounts, chain)
    with logger.at_level("WARNING"):  # a line for each transaction would hide the steps
        consensus = ConsensusBench(bench)
        words, stakes = WorstWords(consensus), StakeBench(consensus)
        for step in itertools.chain(
            bench.run(), consensus.measure(), stakes.measure(), words.measure(), others(bench, peers=peers)
        ):
            note(f"measuring {step}")
        bench.huge()
    write_state(provider.make_request("anvil_dumpState", []), OUT / "gas.state")
    write_rows(bench.rows, OUT / "gas.json")
    if markdown:
        markdown.write_text(as_markdown(bench.rows) + compared(bench.rows), encoding="utf-8")
    columns = {"name": "Act", "gas": "Gas", "units": "Units", "per_unit": "Gas per unit"}
    table([vars(row) for row in bench.rows], columns, title="Gas", as_json=as_json)
    note(f"{OUT / 'gas.json'} and {OUT / 'gas.state'} written")
    if problems := over_limit(bench.rows) + (unmeasured(bench.rows) if peers else []):
        raise click.ClickException("; ".join(problems))
