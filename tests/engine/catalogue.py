"""Which capabilities there are, and which of them a name, a contract or a file means."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType

from tests.capabilities import CAPABILITIES
from tests.engine.capability import Capability


class UnknownCapability(LookupError):  # noqa: N818 - what was asked for
    """Nothing answers for what was asked for; the message lists what there is."""


def registered() -> list[type[Capability]]:
    """The project's own capabilities."""
    found = []
    for path in CAPABILITIES:
        module, _, name = path.rpartition(".")
        found.append(getattr(importlib.import_module(module), name))
    return found


def find(wanted: str | None = None) -> list[type[Capability]]:
    """The capabilities that `wanted` means: all, or the one of this name, or those that answer for a contract
    (by its name or its .sol file), or the one in a Python file. Raises UnknownCapability.
    """
    if wanted and wanted.endswith(".py"):
        return [_in_file(Path(wanted))]
    known = registered()
    if not wanted:
        return known
    if wanted.endswith(".sol") and not Path(wanted).is_file():
        raise UnknownCapability(f"there is no file {wanted}. {_offer(known)}")
    name = Path(wanted).stem if wanted.endswith(".sol") else wanted
    found = [one for one in known if name == one.name or name in one.sources]
    if not found:
        raise UnknownCapability(f"no capability answers for {wanted}. {_offer(known)}")
    return found


def origin(capability: type[Capability]) -> str:
    """What `find` finds this capability by, in another process, too."""
    if capability in registered():
        return capability.name
    return inspect.getfile(capability)


def _in_file(path: Path) -> type[Capability]:
    if not path.is_file():
        raise UnknownCapability(f"there is no file {path}. {_offer(registered())}")
    module = _loaded(path)
    whole = [value for value in vars(module).values() if _is_whole(value)]
    own = [value for value in whole if value.__module__ == module.__name__]
    if len(own) != 1:
        names = ", ".join(one.__name__ for one in own) or "none"
        raise UnknownCapability(f"{path} must define exactly one subclass of Capability; it defines {names}")
    return own[0]


def _loaded(path: Path) -> ModuleType:
    place = path.resolve()
    if place.is_relative_to(Path.cwd()):
        return importlib.import_module(".".join(place.relative_to(Path.cwd()).with_suffix("").parts))
    spec = importlib.util.spec_from_file_location(f"{__name__}.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_whole(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Capability) and not inspect.isabstract(value)


def _offer(known: list[type[Capability]]) -> str:
    lines = [f"{one.name} ({', '.join(one.sources)})" for one in known]
    return f"There is: {'; '.join(lines)}; or the path of a Python file that defines a Capability."
