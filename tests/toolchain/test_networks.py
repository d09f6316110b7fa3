"""The parameter files are data: every one is loaded here, and what is wrong in one is named."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scripts._networks import PARAMS, Coin, ParamsError, load_params, params_name

ADDRESS = "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4"
QUALITY = json.loads((PARAMS / "local.json").read_text())["quality"]
GOVERNANCE = {"delay": 86_400, "proposers": None, "executors": None}
CHAIN_IDS = {
    "local": 31337,
    "0g-galileo": 16602,
    "0g-mainnet": 16661,
    "base-mainnet": 8453,
    "base-sepolia": 84532,
    "hedera-testnet": 296,
}


@pytest.fixture
def changed(tmp_path: Path):
    """Writes the local parameters with some keys changed, and loads them."""

    def load(**changes: Any):
        raw = json.loads((PARAMS / "local.json").read_text()) | changes
        (tmp_path / "net.json").write_text(json.dumps(raw))
        return load_params("net", tmp_path)

    return load


def test_load_params__every_file__has_the_chain_id_that_is_known() -> None:
    assert {file.stem: load_params(file.stem).chain_id for file in PARAMS.glob("*.json")} == CHAIN_IDS


def test_ape_config__names_the_same_networks_with_a_url_each() -> None:
    config = yaml.safe_load((PARAMS.parents[1] / "ape-config.yaml").read_text())
    ours = {
        params_name(net["ecosystem"], net["name"]): net["chain_id"] for net in config["networks"]["custom"]
    }
    assert ours | {"local": 31337} == CHAIN_IDS
    for net in config["networks"]["custom"]:
        assert config["node"][net["ecosystem"]][net["name"]]["uri"].startswith("https://")


def test_load_params__unknown_network__names_the_file_to_write() -> None:
    with pytest.raises(ParamsError, match=r"deployments/params/ethereum-mainnet\.json"):
        load_params("ethereum-mainnet")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"fee_bps": 10_001}, "fee_bps"),
        ({"fee_bps": True}, "fee_bps"),
        ({"chain_id": 0}, "chain_id"),
        ({"chain_id": "31337"}, "chain_id"),
        ({"kind": "prod"}, "kind"),
        ({"confirmations": -1}, "confirmations"),
        ({"owner": ADDRESS.lower()}, "owner"),
        ({"pauser": "0x12"}, "pauser"),
        ({"explorer": "javascript:alert(1)"}, "explorer"),
        ({"coin": {"symbol": "ETH", "decimals": 18}}, "coin"),
        ({"coin": {"symbol": "ETH", "decimals": -1, "rpc_decimals": 18}}, "decimals"),
        ({"fee_wei": 1}, "exactly the keys"),
        ({"quality": {}}, "quality needs exactly the keys"),
        *[
            ({"quality": QUALITY | {key: value}}, f"quality.{key}")
            for key, value in (
                ("reward_name", ""),
                ("reward_symbol", 5),
                ("reward_cap", 0),
                ("max_epoch_cap", QUALITY["reward_cap"] + 1),
                ("admin_delay", -1),
                ("stake_token", ADDRESS.lower()),
                ("unbonding_period", 0),
                ("unbonding_period", 180 * 86_400 + 1),
            )
        ],
        ({"governance": {}}, "governance needs exactly the keys"),
        ({"kind": "live", "governance": GOVERNANCE | {"delay": 86_399}}, "governance.delay"),
        *[
            ({"governance": GOVERNANCE | {key: value}}, f"governance.{key}")
            for key, value in (
                ("delay", -1),
                ("delay", 30 * 86_400 + 1),
                ("proposers", []),
                ("proposers", ADDRESS),
                ("executors", [ADDRESS.lower()]),
            )
        ],
    ],
)
def test_load_params__impossible_value__is_named(changed, changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ParamsError, match=named):
        changed(**changes)


def test_role__left_open__goes_to_the_deployer_but_not_on_a_live_network(changed) -> None:
    assert changed().role("owner", "0xdeployer") == "0xdeployer"
    assert changed(owner=ADDRESS).role("owner", "0xdeployer") == ADDRESS
    live = changed(kind="live", owner=ADDRESS, governance=GOVERNANCE)
    assert live.role("owner", "0xdeployer") == ADDRESS
    with pytest.raises(ParamsError, match="'pauser'"):
        live.role("pauser", "0xdeployer")


def test_deciders__left_open__are_the_owner(changed) -> None:
    """The zero address stands for everybody."""
    named = {"delay": 60, "proposers": [ADDRESS], "executors": ["0x" + "0" * 40]}
    assert changed().deciders("proposers", "0xdeployer") == ["0xdeployer"]
    assert changed(owner=ADDRESS).deciders("executors", "0xdeployer") == [ADDRESS]
    for role in ("proposers", "executors"):
        assert changed(governance=named).deciders(role, "0xdeployer") == named[role]
        with pytest.raises(ParamsError, match="'owner'"):
            changed(kind="live", governance=GOVERNANCE).deciders(role, "0xdeployer")


@given(amount=st.integers(0, 10**40), decimals=st.integers(0, 30))
def test_coin__format_then_parse__is_exact(amount: int, decimals: int) -> None:
    coin = Coin("X", decimals, 18)
    assert coin.parse(coin.format(amount).removesuffix(" X")) == amount


def test_coin__hedera__counts_8_decimals_in_contracts_and_18_in_the_rpc() -> None:
    coin = load_params("hedera-testnet").coin
    assert coin.parse("1") == 10**8
    assert coin.format(10**8) == "1 HBAR" == coin.format_rpc(10**18)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "-1", "1e400000", "9" * 61, "1_0", " 1", "\u0661", "nan", "inf", "0.0000000000000000001"],
)
def test_coin__parse__refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="amount of ETH"):
        Coin("ETH", 18, 18).parse(text)
