from tests.support.fixtures import coin, market, system, who, world

__all__ = ["coin", "market", "system", "who", "world"]
