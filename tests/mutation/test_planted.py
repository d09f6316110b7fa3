"""The planted bugs fit the present sources; `make planted` lets campaigns look for them."""

import pytest

from scripts._toolchain.layout import ROOT
from tests.mutation.planted import PatchError, patched, patches
from tests.mutation.project import read_sources

NAMED = {
    "r1_approval_ignores_the_refund",
    "r2_close_takes_delivered_work",
    "r3_squatting",
    "deadline_off_by_one",
    "signature_without_chain_id",
    "leaf_without_annotator",
}


def test_the_named_bugs_are_there():
    assert {patch.stem for patch in patches()} >= NAMED


@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.stem)
def test_each_patch_fits_the_present_sources(patch):
    changed = patched(patch, read_sources())
    assert all(name.startswith("contracts/") for name in changed)
    assert all((ROOT / name).read_text(encoding="utf-8") != text for name, text in changed.items())


def test_a_patch_that_does_not_fit_is_named():
    sources = {name: text.replace("job_", "task_") for name, text in read_sources().items()}
    with pytest.raises(PatchError, match=r"r3_squatting\.patch does not apply"):
        patched(next(patch for patch in patches() if patch.stem == "r3_squatting"), sources)
