"""The order in which things are settled changes nobody's money."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.stateful.chain import undone
from tests.stateful.story import Story

MASKS = (0b0000_0011, 0b0001_0100, 0b0010_1000, 0b1100_0000)


def outcome(stage, reader, order, cuts, finalized):
    """Everything that can be seen after four submissions were paid in some order and some pieces."""
    with undone():
        story = Story(stage, reader)
        job_id = story.job()
        claims = [
            story.submission(job_id, mask, annotator)
            for mask, annotator in zip(MASKS, stage.cast.annotators, strict=True)
        ]
        ends = story.twin.now + 3_601
        for index in order:
            mask = MASKS[index]
            if index in finalized:
                story.act(
                    "finalize", claims[index], sender=stage.cast.keeper, at=max(ends, story.twin.now + 1)
                )
                continue
            pieces = [mask & cuts, mask & ~cuts]
            for piece in filter(None, pieces):
                story.act("approve", claims[index], piece, sender=stage.cast.creator)
        return story.twin.everything()


@given(
    order=st.permutations(range(4)),
    cuts=st.integers(0, 255),
    finalized=st.sets(st.integers(0, 3)),
)
def test_order_and_pieces_of_payment_do_not_matter(stage, reader, order, cuts, finalized):
    """Invariant 11 (T4, T5): any order, any splitting of an approval, approval or silence: the same
    payouts, credits, shares and counts, to the base unit.
    """
    assert outcome(stage, reader, order, cuts, finalized) == outcome(stage, reader, range(4), 0, set())
