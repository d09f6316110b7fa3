import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import offchain
from offchain import exceptions

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"ape", "numba", "numpy", "PIL", "eth_account", "requests", "pycocotools", "rich", "web3"}


def modules_after(code):
    """Which modules a fresh interpreter has loaded after some code."""
    script = f"import sys; {code}; import json; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(run.stdout)}


def test_import__loads_nothing_heavy():
    assert not HEAVY & modules_after("import offchain")


def test_hash_of_something_small__loads_nothing_heavy():
    code = (
        "from offchain import ipfs_cid, zerog_root, terms_hash, build_batch; zerog_root(b'x'); ipfs_cid(b'x')"
    )
    assert not HEAVY & modules_after(code)


def test_whole_package__never_needs_ape():
    modules = [f"import offchain.{name}" for name in offchain._MODULES]
    assert not {"ape", "pycocotools", "web3"} & modules_after("; ".join(modules))


@pytest.mark.parametrize("name", offchain.__all__)
def test_every_public_name__exists(name):
    assert getattr(offchain, name) is not None


@pytest.mark.parametrize("name", [n for n in offchain._MODULES if n != "exceptions"])
def test_every_module__exports_what_it_says(name):
    module = getattr(offchain, name)
    for public in getattr(module, "__all__", []):
        assert hasattr(module, public)


def test_unknown_name__is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'fortune'"):
        offchain.fortune  # noqa: B018


def test_exception_tree__is_the_one_in_its_docstring():
    """A line of the drawing: bars and blanks for the depth, then the name."""
    drawn = {}
    parents = []
    for line in exceptions.__doc__.splitlines():
        found = re.match(r"([\u2502\u251c\u2514\u2500 ]*)([A-Z]\w+Error)\b", line)
        if found is None:
            continue
        depth = len(found[1]) // 4
        parents[depth:] = [found[2]]
        drawn[found[2]] = parents[depth - 1] if depth else "Exception"
    real = {
        name: cls.__bases__[0].__name__
        for name, cls in inspect.getmembers(exceptions, inspect.isclass)
        if cls.__module__ == exceptions.__name__
    }
    assert drawn == real
