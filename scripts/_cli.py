"""What the commands of `ape run` share: options, checks before anything is sent, output, and errors without a
traceback.

    cli = group(__doc__)

    @cli.command()
    @account_option
    @json_option
    def create(provider, account, as_json):
        network = checked_network(provider)             # the chain id is the right one
        account = checked_account(account, provider)    # no test key on a live network
        ...
        table(rows, {"id": "Job", "pay": "Pay"}, title="Jobs", as_json=as_json)

Results go to stdout, everything else (Ape's logs, progress, errors) to stderr.
"""

import contextlib
import ipaddress
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlparse

import click
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI
from ape.cli import ConnectedProviderCommand
from ape.cli import account_option as ape_account_option
from ape.exceptions import (
    ApeException,
    ContractLogicError,
    CustomError,
    NetworkMismatchError,
    ProviderNotConnectedError,
)
from ape.logging import ClickHandler, logger
from requests.exceptions import RequestException

from scripts._networks import NetworkParams, ParamsError, load_params, params_name
from scripts._output import clean, facts, note, progress, table

__all__ = [
    "HINTS",
    "LocalCommand",
    "WinnowCommand",
    "account_option",
    "checked_account",
    "checked_network",
    "clean",
    "facts",
    "friendly_errors",
    "group",
    "hints",
    "is_loopback",
    "json_option",
    "log_to_stderr",
    "note",
    "progress",
    "refuse_test_keys",
    "require_chain_id",
    "table",
]

#: What to do about a contract's custom error, by its name. Scripts add theirs: HINTS["ClaimExpired"] = "…".
HINTS: dict[str, str] = {}


@contextlib.contextmanager
def hints(more: Mapping[str, str]) -> Iterator[None]:
    """What to do about errors in a command whose contract shares their names with others."""
    before = dict(HINTS)
    HINTS.update(more)
    try:
        yield
    finally:
        HINTS.clear()
        HINTS.update(before)


def log_to_stderr() -> None:
    """Ape logs to stdout, where it would break `--json | jq`: move all of it to stderr."""
    for handler in logger._logger.handlers:  # noqa: SLF001 - Ape has no public way
        if isinstance(handler, ClickHandler):
            levels = ("error", "warning", "success", "info", "debug")
            handler.echo_kwargs = {
                name: {**handler.echo_kwargs.get(name, {}), "err": True} for name in levels
            }


log_to_stderr()  # at import: the network connects, and says so, before a command's own code runs

# --- options ---

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout, for machines.")

#: `--account ALIAS`. Nothing asks for it: `checked_account` takes the first test account of a local chain.
account_option = ape_account_option(prompt=None)


class WinnowCommand(ConnectedProviderCommand):
    """A command with `--network` that ends in one line on stderr, never in a traceback, when something is
    wrong.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with friendly_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with friendly_errors():
            return super().invoke(ctx)


class LocalCommand(WinnowCommand):
    """A command that plays on a chain of its own. Its Anvil, which starts with it, keeps no steps: those take
    longer than the transactions do, and fill gigabytes.
    """

    def invoke(self, ctx: click.Context) -> Any:
        os.environ["WINNOW_NO_STEPS"] = "1"
        return super().invoke(ctx)


class WinnowGroup(click.Group):
    """A group whose commands are `WinnowCommand`s, groups within it the same."""

    command_class = WinnowCommand
    group_class = type


def group(doc: str | None = None, **attributes: Any) -> WinnowGroup:
    """The `cli` of a script: commands are added with `@cli.command()`."""
    return WinnowGroup(name="cli", help=doc, **attributes)


# --- errors ---


@contextlib.contextmanager
def friendly_errors() -> Iterator[None]:
    """Turn what a person can mend into a click error: one message, exit code 1. Bugs keep their traceback."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except ContractLogicError as error:
        raise click.ClickException(_contract_message(error)) from error
    except NetworkMismatchError as error:
        raise click.ClickException(f"{error} Check the URL of `--network`.") from error
    except (ProviderNotConnectedError, RequestException, ConnectionError) as error:
        raise click.ClickException(
            f"cannot reach the network ({error}). Try another RPC: --network eco:net:URL"
        ) from error
    except (ApeException, ParamsError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:
        if not _is_of_input(error):
            raise
        raise click.ClickException(str(error)) from error


def _is_of_input(error: Exception) -> bool:
    """Whether the package refuses a value, or it does not fit a contract's type."""
    # Looked up only when something failed: commands that need nothing of the package start without it.
    from eth_abi.exceptions import EncodingError  # noqa: PLC0415

    from offchain.exceptions import WinnowError  # noqa: PLC0415

    return isinstance(error, WinnowError | EncodingError)


def _contract_message(error: ContractLogicError) -> str:
    """The violated condition with its values, and what to do about it where a script has said so."""
    if isinstance(error, CustomError):
        values = ", ".join(f"{name}={value}" for name, value in (error.inputs or {}).items())
        message, hint = f"the contract refused: {error.name}({values})", HINTS.get(error.name)
    else:
        message, hint = f"the contract refused: {error.revert_message or error}", None
    return clean(f"{message}. {hint}" if hint else message)


# --- checks before anything is sent ---


def require_chain_id(provider: ProviderAPI, params: NetworkParams) -> None:
    """Ask the node itself for its chain id; Ape does not compare it on the `local` network. ClickException if
    wrong.
    """
    answer = provider.make_request("eth_chainId", [])
    found = int(answer, 16) if isinstance(answer, str) else int(answer)
    if found != params.chain_id:
        raise click.ClickException(
            f"the node answers for chain {found}, but {params.name} is chain {params.chain_id}. "
            "Nothing was sent. Check `--network` and its URL."
        )
    # Ape signs for chain 1337 whatever node stands behind `ethereum:local:http://…`.
    if provider.chain_id != found:
        raise click.ClickException(
            f"the node is chain {found}, but Ape would sign for chain {provider.chain_id}. "
            "To use a local node of your own: APE_FOUNDRY_HOST=URL ape run … --network ethereum:local:foundry"
        )


def checked_network(provider: ProviderAPI) -> NetworkParams:
    """The parameters of the network that `--network` chose, after its node has named the right chain id."""
    network = provider.network
    params = load_params(params_name(network.ecosystem.name, network.name))
    require_chain_id(provider, params)
    return params


def is_loopback(provider: ProviderAPI) -> bool:
    """Whether the node is on this machine: an IPC socket, `localhost` or an address of the loopback range."""
    address = _address_of(provider)
    if address.endswith(".ipc") and "://" not in address:
        return True
    host = urlparse(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address_of(provider: ProviderAPI) -> str:
    for name in ("http_uri", "uri", "ws_uri", "ipc_path"):
        with contextlib.suppress(ApeException, AttributeError):
            if value := getattr(provider, name):
                return str(value)
    return ""


def refuse_test_keys(account: AccountAPI, provider: ProviderAPI) -> None:
    """Anybody can take what a public test key holds: ClickException unless the node is on loopback."""
    if is_loopback(provider):
        return
    from ape import accounts  # noqa: PLC0415 - connects the account plugins

    # By address, so that a test key that was imported into a keyfile is found too.
    if account.address in {known.address for known in accounts.test_accounts}:
        raise click.ClickException(
            f"{account.address} is a public test account, but {provider.network.choice} is not on this "
            "machine. Make an account of your own (`ape accounts generate ALIAS`) and pass --account ALIAS."
        )


def checked_account(account: AccountAPI | None, provider: ProviderAPI) -> AccountAPI:
    """The account that signs: the one of `--account`, or the first test account of a local chain.

    A keyfile whose passphrase is in APE_ACCOUNTS_<alias>_PASSPHRASE signs without asking.
    """
    if account is None:
        if provider.network.name != "local":
            raise click.ClickException(
                "say who signs with --account ALIAS (`ape accounts list` shows your accounts)"
            )
        from ape import accounts  # noqa: PLC0415

        account = accounts.test_accounts[0]
    refuse_test_keys(account, provider)
    passphrase = os.environ.get(f"APE_ACCOUNTS_{account.alias}_PASSPHRASE")
    if passphrase is not None and hasattr(account, "set_autosign"):
        account.set_autosign(True, passphrase=passphrase)
    return account
