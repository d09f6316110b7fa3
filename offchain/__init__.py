"""Winnow off chain: hashes, annotations, packages, signatures and stores, without Ape.

A pure core (`hashing`, `annotations`, `packaging`, `terms`, `signing`) takes and returns values;
`storage` and `deployments` read and write. Names are loaded when first used, so that `import offchain`
costs nothing.
"""

from importlib import import_module
from typing import Any

_MODULES = (
    "annotations",
    "deployments",
    "exceptions",
    "hashing",
    "labelstudio",
    "packaging",
    "signing",
    "storage",
    "terms",
)

# The names that most callers need, each with the module that has it.
_NAMES = {
    "AcceptedBatch": "packaging",
    "Box": "annotations",
    "Deployment": "deployments",
    "Domain": "signing",
    "Instructions": "annotations",
    "JobReference": "packaging",
    "JobTerms": "terms",
    "LabelSet": "annotations",
    "LocalStore": "storage",
    "Polygon": "annotations",
    "WinnowError": "exceptions",
    "ZeroGRoot": "hashing",
    "build_batch": "packaging",
    "export_job": "packaging",
    "ipfs_cid": "hashing",
    "parse_batch": "packaging",
    "terms_hash": "signing",
    "zerog_root": "hashing",
}

__all__ = [*_MODULES, *_NAMES]  # noqa: PLE0604 - both are literals of names, just above


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"offchain.{name}")
    if name in _NAMES:
        return getattr(import_module(f"offchain.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'offchain' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
