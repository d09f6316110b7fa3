import json

import pytest

from offchain.deployments import Deployment
from offchain.exceptions import DeploymentError
from tests.offchain.samples import ANNOTATOR, MARKET

ENTRY = {
    "address": MARKET.lower(),
    "tx": "0x1",
    "block": 3,
    "args": [],
    "abi": [{"type": "constructor"}],
    "explorer": None,
}
MANIFEST = {
    "chain_id": 31_337,
    "network": "local",
    "commit": "abc",
    "deployer": ANNOTATOR,
    "timestamp": 1_700_000_000,
    "contracts": {"AnnotationMarket": ENTRY},
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "local.json").write_text(json.dumps(MANIFEST))
    return tmp_path


def test_load__by_name_and_by_path(folder):
    deployment = Deployment.load("local", folder)
    assert deployment == Deployment.load(folder / "local.json") == Deployment.load(str(folder / "local.json"))
    assert (deployment.chain_id, deployment.network, deployment.commit) == (31_337, "local", "abc")
    assert deployment.contract("AnnotationMarket") == (MARKET, [{"type": "constructor"}])


def test_load__unknown_network__names_the_known_ones(folder, tmp_path):
    with pytest.raises(DeploymentError, match="no deployment mars: known are local"):
        Deployment.load("mars", folder)
    with pytest.raises(DeploymentError, match="ape run deploy"):
        Deployment.load("mars", tmp_path / "nothing")


def test_contract__that_is_not_there__names_those_that_are(folder):
    with pytest.raises(DeploymentError, match="Registry is not deployed on local; it has AnnotationMarket"):
        Deployment.load("local", folder).contract("Registry")


def test_require_chain__another_chain__is_refused(folder):
    Deployment.load("local", folder).require_chain(31_337)
    with pytest.raises(DeploymentError, match="node is on chain 1"):
        Deployment.load("local", folder).require_chain(1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"chain_id": "1", "network": "x", "contracts": {}}',
        '{"chain_id": 1, "network": "x", "contracts": []}',
    ],
)
def test_load__damaged_manifest__is_a_clear_error(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(DeploymentError, match=r"bad\.json"):
        Deployment.load("bad", tmp_path)


@pytest.mark.parametrize(
    "entry",
    [{}, {"address": "0x12", "abi": []}, {"address": MARKET, "abi": "[]"}, 3, {**ENTRY, "address": None}],
)
def test_contract__damaged_entry__is_a_clear_error(tmp_path, entry):
    (tmp_path / "bad.json").write_text(json.dumps({**MANIFEST, "contracts": {"AnnotationMarket": entry}}))
    with pytest.raises(DeploymentError, match="AnnotationMarket"):
        Deployment.load("bad", tmp_path).contract("AnnotationMarket")
