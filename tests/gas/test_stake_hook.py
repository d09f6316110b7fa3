"""What a job with the stake hook costs its annotators more than one without."""

import pytest

from tests.support.pledges import World, deploy_system

MOST = 12_000


@pytest.fixture(scope="module")
def world() -> World:
    return World(deploy_system("MockToken", 18))


def test_claim__with_the_stake_hook__costs_little_more(world) -> None:
    """Whatever the claim's size: the hook looks at one slot of its own and one of the market's."""
    used = []
    for job_id in (world.work.open(), world.pledged(8)):
        world.work.claim(job_id, 1)
        value = world.work.bond(job_id, 0b1110)
        claim = ("claim", job_id, 0, 0b1110, b"", [])
        used.append(world.market.send(*claim, sender=world.who.annotator, value=value).gas_used)
    assert 0 < used[1] - used[0] <= MOST, used
