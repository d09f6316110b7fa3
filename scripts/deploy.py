"""Deploy Winnow to a network: what is missing, nothing twice.

The manifest, deployments/<network>.json, is written after each contract, so an interrupted run goes on
where it stopped. Owner, pauser, fee recipient and fee come from deployments/params/<network>.json; where
the owner is not the deployer, setting the fee is left to the owner. The pauser keeps his power where a
timelock becomes the owner: a pause has to be quick. A stand-in on this machine for a live network has a
manifest of its own in deployments/local/.
"""

from collections.abc import Callable
from typing import Any

import click
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI

from scripts._cli import (
    account_option,
    checked_account,
    checked_network,
    facts,
    group,
    json_option,
    note,
    table,
)
from scripts._networks import NetworkParams

cli = group(__doc__)


def deploy_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every deployment."""
    options = (
        account_option,
        click.option("--dry-run", is_flag=True, help="Show gas, cost and addresses; send nothing."),
        click.option(
            "--replace",
            multiple=True,
            metavar="NAME",
            help="Deploy this contract anew although the manifest has it; the old one stays in `replaced`, "
            "and listed where its open jobs need it: how to take it off is told.",
        ),
        click.option(
            "--check-unit/--no-check-unit",
            default=None,
            help="After the deployment, lock one base unit of the coin in a job and close it, to see "
            "that contract "
            "and RPC count alike (two small transactions). Done once by itself where the two count "
            "differently, "
            "as on Hedera.",
        ),
        json_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@cli.command("all")
@click.option(
    "--governance",
    is_flag=True,
    help="Put every power behind a timelock, which is offered them and accepts after its own delay: run "
    "the same again then, and it owns everything.",
)
@deploy_options
def everything(provider: ProviderAPI, governance: bool, **options: Any) -> None:
    """Deploy the annotation market, the data set registry and the quality contracts."""
    parts = ("annotation", "datasets", "quality")
    run((*parts, "governance") if governance else parts, provider, **options)


@cli.command()
@deploy_options
def annotation(provider: ProviderAPI, **options: Any) -> None:
    """Deploy the annotation market and its lens: a complete system by itself."""
    run(("annotation",), provider, **options)


@cli.command()
@deploy_options
def datasets(provider: ProviderAPI, **options: Any) -> None:
    """Deploy the data set registry, for the network's market where there is one."""
    run(("datasets",), provider, **options)


@cli.command()
@deploy_options
def quality(provider: ProviderAPI, **options: Any) -> None:
    """Deploy reward token, distributor, staking and reputation beside the network's market."""
    run(("quality",), provider, **options)


def run(
    parts: tuple[str, ...],
    provider: ProviderAPI,
    account: AccountAPI | None,
    dry_run: bool,
    replace: tuple[str, ...],
    check_unit: bool | None,
    as_json: bool,
) -> None:
    """Deploy some parts, or show what that would do."""
    from scripts._chain.deploy import deploy_system, plan_system, refuse_unfunded  # noqa: PLC0415

    network = checked_network(provider)
    account = checked_account(account, provider)
    _check_names(replace)
    if dry_run:
        plan = plan_system(account, network, provider, parts, replace)
        _show_plan(plan, network, account, as_json)
        refuse_unfunded(plan, account, network)
        return
    system = deploy_system(account, network, provider, parts, replace=replace, tell=note)
    wanted = network.coin.decimals != network.coin.rpc_decimals if check_unit is None else check_unit
    if wanted and "AnnotationMarket" in system.entries:
        _check_unit_once(system, account, again=check_unit is True)
    _show_system(system, parts, as_json)


def _check_names(names: tuple[str, ...]) -> None:
    from scripts._chain.blueprints import PARTS  # noqa: PLC0415

    known = [name for part in PARTS.values() for name in part]
    if wrong := [name for name in names if name not in known]:
        raise click.BadParameter(
            f"there is no {wrong[0]}: choose from {', '.join(known)}", param_hint="--replace"
        )


def _check_unit_once(system: Any, account: AccountAPI, *, again: bool) -> None:
    from scripts._chain.manifest import open_manifest  # noqa: PLC0415
    from scripts._chain.unit import check_unit  # noqa: PLC0415

    manifest = open_manifest(system.network, system.provider)
    market = str(system.market.address)
    if not again and manifest.checks.get("unit", {}).get("market") == market:
        return
    if system.market.feeRecipient() == account.address:
        text = "the fee recipient cannot open the job that --check-unit needs: use another --account"
        if again:
            raise click.ClickException(text)
        note(f"The unit of the coin is unchecked: {text}")
        return
    note("checking the unit of the coin with one base unit")
    manifest.checks["unit"] = {"market": market, **check_unit(system, account)}
    manifest.save()


def _show_plan(plan: Any, network: NetworkParams, account: AccountAPI, as_json: bool) -> None:
    coin = network.coin
    rows = [
        {
            "contract": name,
            "address": address,
            "gas": 0,
            "cost": coin.format_rpc(0),
            "does": "is there already",
        }
        for name, address in plan.present.items()
    ]
    rows += [
        {
            "contract": step.artifact.name,
            "address": step.address,
            "gas": step.gas,
            "cost": coin.format_rpc(step.gas * plan.price.most),
            "does": "would be deployed",
        }
        for step in plan.steps
    ]
    total = {
        "network": network.name,
        "account": account.address,
        "balance": coin.format_rpc(plan.balance),
        "gas": plan.gas,
        "cost_at_most": coin.format_rpc(plan.cost),
        "missing": coin.format_rpc(plan.missing) if plan.missing else None,
        "settings": [f"{act.contract}.{act}" for act in plan.settings],
        "notes": plan.notes,
    }
    if as_json:
        facts({**total, "contracts": rows}, as_json=True)
        return
    headings = {"contract": "Contract", "address": "Address", "gas": "Gas", "cost": "Cost", "does": ""}
    table(rows, headings, title=f"Dry run on {network.name}: nothing is sent")
    facts({**total, "settings": ", ".join(total["settings"]), "notes": "\n".join(plan.notes)})


def _show_system(system: Any, parts: tuple[str, ...], as_json: bool) -> None:
    from scripts._chain.blueprints import PARTS  # noqa: PLC0415
    from scripts._chain.manifest import manifest_path  # noqa: PLC0415

    names = [name for part in parts for name in PARTS[part]]
    keys = ("address", "block", "tx", "explorer")
    rows = [{"contract": name, **{key: system.entries[name].get(key) for key in keys}} for name in names]
    if as_json:
        path = manifest_path(system.network, system.provider)
        facts({"network": system.network.name, "manifest": str(path), "contracts": rows}, as_json=True)
        return
    headings = {"contract": "Contract", "address": "Address", "block": "Block", "explorer": "Explorer"}
    table(rows, headings, title=f"Winnow on {system.network.name}")
