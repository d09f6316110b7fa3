"""`ape run gas`: what every act costs, in real transactions on a fresh local chain."""

from pathlib import Path

import click
from ape.api.providers import ProviderAPI
from ape.logging import logger

from scripts._cli import WinnowCommand, checked_network, json_option, note, table

OUT = Path("out")


@click.command(cls=WinnowCommand)
@json_option
@click.option("--markdown", type=click.Path(path_type=Path), help="Also write the table to this file.")
def cli(provider: ProviderAPI, as_json: bool, markdown: Path | None) -> None:
    """Measure the gas of every act and write out/gas.json and out/gas.state.

    Gas is of whole transactions, calldata included. The state file is Anvil's dump: `anvil --load-state
    out/gas.state` answers for the receipts. Ends non-zero where an act costs more than it may.
    """
    from ape import accounts, chain, project  # noqa: PLC0415 - Ape loads every script for every command

    from scripts._gas.bench import Bench  # noqa: PLC0415
    from scripts._gas.ledger import markdown as as_markdown  # noqa: PLC0415
    from scripts._gas.ledger import over_limit, write_rows, write_state  # noqa: PLC0415

    network = checked_network(provider)
    if network.kind != "local":
        raise click.ClickException(f"gas is measured on a local chain, not on {network.name}")
    bench = Bench(project, accounts.test_accounts, chain)
    with logger.at_level("WARNING"):  # a line for each transaction would hide the steps
        for step in bench.run():
            note(f"measuring {step}")
    write_state(provider.make_request("anvil_dumpState", []), OUT / "gas.state")
    with logger.at_level("WARNING"):
        bench.huge()
    write_rows(bench.rows, OUT / "gas.json")
    if markdown:
        markdown.write_text(as_markdown(bench.rows), encoding="utf-8")
    columns = {"name": "Act", "gas": "Gas", "units": "Units", "per_unit": "Gas per unit"}
    table([vars(row) for row in bench.rows], columns, title="Gas", as_json=as_json)
    note(f"{OUT / 'gas.json'} and {OUT / 'gas.state'} written")
    if problems := over_limit(bench.rows):
        raise click.ClickException("; ".join(problems))
