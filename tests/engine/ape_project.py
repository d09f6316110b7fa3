"""The engine on what Ape has: its Anvil, its compiled contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ape

from tests.engine.chain import Chain
from tests.engine.node import Node


class ApeArtifacts:
    """The project's contracts as Ape compiled them; `instead` replaces the creation code of some."""

    def __init__(self, instead: Mapping[str, str] | None = None) -> None:
        self._instead = dict(instead or {})

    def abi(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Raises LookupError for a contract that the project does not have."""
        return json.loads(self._type(name).model_dump_json())["abi"]

    def bytecode(self, name: str) -> str:
        """Raises LookupError, too."""
        return self._instead.get(name) or str(self._type(name).deployment_bytecode.bytecode)

    @staticmethod
    def _type(name: str) -> Any:
        try:
            return getattr(ape.project, name).contract_type
        except AttributeError:
            raise LookupError(f"the project has no contract {name}") from None


def ape_chain(instead: Mapping[str, str] | None = None) -> Chain:
    """A chain on the Anvil that Ape owns."""
    return Chain(Node(str(ape.chain.provider.uri)), ApeArtifacts(instead))
