"""The data set registry as the engine plays it."""

from tests.capabilities.registry.play import RegistryPlay

__all__ = ["RegistryPlay"]
