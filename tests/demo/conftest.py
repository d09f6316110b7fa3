"""A story that is played once for all tests that only look at it."""

from functools import cache
from types import SimpleNamespace

import pytest

from scripts._demo import chronicle, direction, sheets
from scripts._demo.story import Told, play
from scripts._networks import load_params

drawn = cache(sheets.compose)
"""The sheets of a seed, which are the same for every story: to draw them takes a quarter of the time."""


def silent():
    return Told(scene=lambda _: None, act=lambda _: None, count=lambda *_: None)


@pytest.fixture(scope="session")
def play_on(project, chain):
    """Plays a script on the chain of the test session, and gives the story with its summary."""

    def played(folder, *, seed=7, plant=False, images=None, boxes=None, texts=None, labels=None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(direction, "sheets", SimpleNamespace(compose=drawn))
            script = direction.choose(images, boxes, texts, labels, seed=seed, plant=plant, folder=folder)
        network = load_params("local")
        story = play(chain.provider, network, project, script, silent())
        run = {
            "chain_id": story.world.chain_id,
            "network": "local",
            "commit": "unknown",
            "command": "ape test",
            "versions": {},
            "seed": seed,
            "started": "2033-05-18T03:33:20+00:00",
            "duration_s": 0.0,
            "contracts": [{"name": n, "address": a} for n, a in story.world.contracts.items()],
        }
        return story, chronicle.summarise(story, run)

    return played


@pytest.fixture(scope="module")
def told(play_on, tmp_path_factory):
    return play_on(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def story(told):
    return told[0]


@pytest.fixture(scope="module")
def summary(told):
    return told[1]
