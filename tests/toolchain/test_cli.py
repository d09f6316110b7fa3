"""What every command shares, with stand-ins for Ape's provider; the last tests start real commands."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from ape.exceptions import ContractLogicError, NetworkError
from ape.logging import logger
from click.testing import CliRunner
from eth_account import Account

from offchain.exceptions import WinnowError
from scripts import _cli, _output
from scripts._networks import load_params
from tests.support.anvil import anvil_for, own_anvil

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.prefix) / "bin"
PASSPHRASE = "correct horse"


def provider_at(
    url: str | None, *, chain_id: int = 31337, ecosystem: str = "ethereum", network: str = "local"
):
    """What the checks ask of a provider."""
    names = SimpleNamespace(
        name=network, ecosystem=SimpleNamespace(name=ecosystem), choice=f"{ecosystem}:{network}"
    )
    return SimpleNamespace(
        http_uri=url,
        uri=url,
        network=names,
        chain_id=chain_id,
        make_request=lambda method, _: {"eth_chainId": hex(chain_id)}[method],
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8545", True),
        ("http://localhost:8545", True),
        ("http://[::1]:8545", True),
        ("ws://127.9.9.9:1", True),
        ("/run/anvil.ipc", True),
        ("https://evmrpc.0g.ai", False),
        ("http://127.0.0.1.example.org:8545", False),
        ("http://localhost@example.org", False),
        ("http://10.0.0.1:8545", False),
        ("http://0.0.0.0:8545", False),
        ("https://example.org/anvil.ipc", False),
        (None, False),
    ],
)
def test_is_loopback(url: str | None, expected: bool) -> None:  # noqa: FBT001
    assert _cli.is_loopback(provider_at(url)) is expected


def test_require_chain_id__other_chain__names_both_ids() -> None:
    _cli.require_chain_id(provider_at("http://localhost"), load_params("local"))
    with pytest.raises(click.ClickException, match=r"chain 16602, but local is chain 31337"):
        _cli.require_chain_id(provider_at("http://localhost", chain_id=16602), load_params("local"))


def test_require_chain_id__ape_would_sign_for_another_chain__says_how_to_attach() -> None:
    """Regression: behind `ethereum:local:http://…` Ape signs for 1337, which the node refuses."""
    provider = provider_at("http://localhost")
    provider.chain_id = 1337
    with pytest.raises(click.ClickException, match=r"sign for chain 1337.*APE_FOUNDRY_HOST=URL"):
        _cli.require_chain_id(provider, load_params("local"))


def test_checked_network__asks_the_node_itself() -> None:
    galileo = provider_at("https://x.example", chain_id=16602, ecosystem="0g", network="galileo")
    assert _cli.checked_network(galileo).name == "0g-galileo"
    galileo.make_request = lambda *_: hex(16601)
    with pytest.raises(click.ClickException, match="16601"):
        _cli.checked_network(galileo)


def test_refuse_test_keys__only_off_loopback(accounts) -> None:
    live = provider_at("https://evmrpc.0g.ai", ecosystem="0g", network="mainnet")
    _cli.refuse_test_keys(accounts[0], provider_at("http://127.0.0.1:8545"))
    with pytest.raises(click.ClickException, match="public test account"):
        _cli.refuse_test_keys(accounts[0], live)
    # The same key in a keyfile: another object, the same address.
    with pytest.raises(click.ClickException, match="public test account"):
        _cli.refuse_test_keys(SimpleNamespace(address=accounts[3].address), live)
    _cli.refuse_test_keys(SimpleNamespace(address=Account.create().address), live)


def test_checked_account__without_a_choice__only_on_a_local_chain(accounts) -> None:
    assert _cli.checked_account(None, provider_at("http://127.0.0.1:8545")).address == accounts[0].address
    with pytest.raises(click.ClickException, match="--account"):
        _cli.checked_account(None, provider_at("http://127.0.0.1:8545", ecosystem="0g", network="galileo"))


def test_checked_account__passphrase_in_the_environment__signs_without_asking(monkeypatch) -> None:
    calls: list[tuple[bool, str]] = []

    class Keyfile:
        address = Account.create().address
        alias = "worker"

        def set_autosign(self, enabled: bool, passphrase: str) -> None:  # noqa: FBT001
            calls.append((enabled, passphrase))

    _cli.checked_account(Keyfile(), provider_at("http://127.0.0.1:8545"))
    assert calls == []
    monkeypatch.setenv("APE_ACCOUNTS_worker_PASSPHRASE", PASSPHRASE)
    _cli.checked_account(Keyfile(), provider_at("http://127.0.0.1:8545"))
    assert calls == [(True, PASSPHRASE)]


@pytest.mark.parametrize(
    "error",
    [
        WinnowError("the file is empty"),
        NetworkError("the file is empty"),
        ContractLogicError("the file is empty"),
        ConnectionRefusedError("the file is empty"),
    ],
)
def test_friendly_errors__what_a_person_can_mend__is_one_message(error: Exception) -> None:
    with pytest.raises(click.ClickException, match="the file is empty"), _cli.friendly_errors():
        raise error


def test_friendly_errors__a_bug__keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), _cli.friendly_errors():
        _ = 1 / 0


def test_friendly_errors__custom_error__has_its_values_and_the_hint(monkeypatch) -> None:
    class Expired(_cli.CustomError):
        def __init__(self) -> None:
            self.inputs = {"jobId": 7}
            self.message = "x"

        name = "ClaimExpired"

    monkeypatch.setitem(_cli.HINTS, "ClaimExpired", "Claim again: ape run job claim")
    with pytest.raises(click.ClickException) as caught, _cli.friendly_errors():
        raise Expired
    assert (
        caught.value.message == "the contract refused: ClaimExpired(jobId=7). Claim again: ape run job claim"
    )


def test_log_to_stderr__ape_logs_leave_stdout_alone(capsys) -> None:
    logger.error("a log line")
    out, err = capsys.readouterr()
    assert out == ""
    assert "a log line" in err


def test_clean__terminal_escapes__are_taken_out() -> None:
    assert _output.clean("a\x1b[2Jb\tc\nd") == "a\ufffd[2Jb\ufffdc\nd"


ROWS = [{"id": 1, "pay": 2**200, "note": "[red]\x1b[31mx", "hash": b"\x01\xff"}, {"id": 22, "pay": None}]


def test_table__json__has_exact_integers_and_hex(capsys) -> None:
    _output.table(ROWS, {"id": "Job"}, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown == [ROWS[0] | {"hash": "0x01ff"}, ROWS[1]]


def test_table__text__shows_whole_values_and_no_markup(capsys) -> None:
    _output.table(ROWS, {"id": "Job", "pay": "Pay", "note": "Note", "hash": "Hash"}, title="Jobs")
    out = capsys.readouterr().out
    assert str(2**200) in out
    assert "[red]\ufffd[31mx" in out
    assert "0x01ff" in out
    assert "\x1b" not in out


def test_table__without_rows__shows_its_headings(capsys) -> None:
    _output.table([], {"id": "Job"})
    assert "Job" in capsys.readouterr().out


def test_facts__both_forms(capsys) -> None:
    _output.facts({"chain_id": 5, "paused": False}, title="Market")
    assert "chain id" in (out := capsys.readouterr().out)
    assert "no" in out
    _output.facts({"chain_id": 5}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"chain_id": 5}


def test_progress__into_a_pipe__draws_nothing(capsys) -> None:
    with _output.progress("hashing", 10) as advance:
        advance(10)
    assert capsys.readouterr() == ("", "")


def test_group__commands_end_in_a_message_without_traceback() -> None:
    cli = _cli.group("A group.")

    @cli.command()
    def fail() -> None:
        raise WinnowError("nothing to hash: empty.txt")

    result = CliRunner().invoke(cli, ["fail", "--network", "None"])
    assert (result.exit_code, result.output) == (1, "Error: nothing to hash: empty.txt\n")


# --- real commands, in a project of their own that has this project's shared code ---

PROBE = """
import click
from scripts._cli import account_option, checked_account, checked_network, facts, group, json_option
cli = group("A probe.")

@cli.command()
@account_option
@json_option
def show(provider, account, as_json):
    network = checked_network(provider)
    account = checked_account(account, provider)
    account.sign_message("hello")
    facts({"network": network.name, "account": account.address}, as_json=as_json)
"""


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for name in ("__init__.py", "_cli.py", "_networks.py", "_output.py"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    (tmp_path / "scripts/probe.py").write_text(PROBE)
    shutil.copytree(ROOT / "deployments/params", tmp_path / "deployments/params")
    shutil.copy(ROOT / "ape-config.yaml", tmp_path)
    return tmp_path


def run_probe(root: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = own_anvil() | {"APE_DATA_FOLDER": str(root / ".ape"), "HOME": str(root)} | extra
    return subprocess.run(
        [str(BIN / "ape"), "run", "probe", "show", *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def other_chain() -> Iterator[str]:
    """The URL of an Anvil that says it is 0G Galileo."""
    with anvil_for(16602) as url:
        yield url


def test_command__json__stdout_holds_nothing_else(probe: Path, accounts) -> None:
    done = run_probe(probe, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"network": "local", "account": accounts[0].address}


def test_command__wrong_chain_behind_local__is_refused(probe: Path, other_chain: str) -> None:
    done = run_probe(probe, "--json", APE_FOUNDRY_HOST=other_chain)
    assert (done.returncode, done.stdout) == (1, "")
    assert "chain 16602, but local is chain 31337" in done.stderr
    assert "Traceback" not in done.stderr


def test_command__keyfile_and_passphrase__signs_on_a_named_network(probe: Path, other_chain: str) -> None:
    keyfile: dict[str, Any] = Account.create().encrypt(PASSPHRASE, iterations=2)
    folder = probe / ".ape/accounts"
    folder.mkdir(parents=True)
    (folder / "worker.json").write_text(json.dumps(keyfile))
    choice = ("--network", f"0g:galileo:{other_chain}", "--account", "worker", "--json")
    done = run_probe(probe, *choice, APE_ACCOUNTS_worker_PASSPHRASE=PASSPHRASE)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["network"] == "0g-galileo"
    assert shown["account"].lower().removeprefix("0x") == keyfile["address"].lower().removeprefix("0x")
