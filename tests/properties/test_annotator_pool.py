"""The annotators' pool: contract and model on random histories, and what it promises (T4, T5, F18)."""

from itertools import count

from hypothesis import example, given, settings
from hypothesis import strategies as st

from offchain.reference.pool import Pool

IDS = count(1)  # every example has a pool of its own, so that the chain need not be reset
NAMES = [f"0x{i:040x}" for i in range(1, 9)]
STRANGER = "0x" + "ee" * 20


@st.composite
def crews(draw, most=6):
    """Annotators with weights as of approved tasks: equal ones, tiny ones beside huge ones, all between."""
    size = draw(st.integers(1, most))
    weight = st.one_of(st.just(10_000), st.integers(1, 5), st.integers(1, 2**40))
    return dict(zip(NAMES[:size], draw(st.lists(weight, min_size=size, max_size=size)), strict=True))


amounts = st.one_of(st.integers(0, 20), st.integers(0, 2**96 - 1), st.just(10**18))


@st.composite
def histories(draw, longest=14):
    """(weights, moves): a move is an amount that comes in, or the name of who collects."""
    weights = draw(crews())
    who = st.sampled_from([*weights, STRANGER])
    return weights, draw(st.lists(st.one_of(amounts, who), min_size=1, max_size=longest))


def play(pool, moves):
    """The pools that a history passes through."""
    for move in moves:
        pool = pool.filled(move) if isinstance(move, int) else pool.collected_by(move)
        yield pool


def last(pool, moves):
    return list(play(pool, moves))[-1]


@given(history=histories())
@example(history=(dict.fromkeys(NAMES[:3], 1), [11, *NAMES[:3], 1, *NAMES[:3], NAMES[0]]))
def test_the_contract_does_what_the_model_does(pools, who, history):
    weights, moves = history
    id_, pool = next(IDS), Pool(weights)
    for move in moves:
        if isinstance(move, int):
            pools.send("fill", id_, move, sender=who.owner)
            pool = pool.filled(move)
        else:
            terms = (id_, move, weights.get(move, 0), pool.total_weight)
            assert pools.call("collectable", *terms) == pool.due(move)
            assert pools.send("collect", *terms, sender=who.owner).value == pool.due(move)
            pool = pool.collected_by(move)
        assert pools.call("poolOf", id_) == {"total": pool.total, "collected": pool.collected}


@settings(max_examples=300)
@given(history=histories(longest=30))
def test_never_pays_out_more_than_came_in_nor_more_than_is_earned(history):
    weights, moves = history
    for pool in play(Pool(weights), moves):
        assert pool.collected <= pool.total
        assert all(pool.paid.get(name, 0) <= pool.exact_share(name) for name in weights)


@settings(max_examples=300)
@given(history=histories(), data=st.data())
def test_less_than_a_unit_for_each_annotator_stays_once_all_have_collected(history, data):
    weights, moves = history
    order = data.draw(st.permutations(list(weights)))
    pool = last(Pool(weights), [*moves, *order])
    assert 0 <= pool.total - pool.collected < len(weights)
    assert all(pool.exact_share(name) - pool.paid[name] < 1 for name in weights)


@settings(max_examples=300)
@given(weights=crews(), more=st.integers(1, 8))
def test_what_rounding_left_is_paid_with_later_sales(weights, more):
    """Once the total is a multiple of all weights, nothing is left at all."""
    pool = Pool(weights)
    for part in (pool.total_weight * more - 1, 1):
        pool = last(pool.filled(part), weights)
    assert pool.collected == pool.total == pool.total_weight * more


@settings(max_examples=300)
@given(history=histories(), data=st.data())
def test_order_moves_nothing(history, data):
    weights, moves = history
    one, other = (data.draw(st.permutations(list(weights))) for _ in range(2))
    filled = last(Pool(weights), moves)
    assert last(filled, one).paid == last(filled, other).paid


@settings(max_examples=300)
@given(weights=crews(), parts=st.lists(st.integers(1, 2**64), min_size=1, max_size=6), data=st.data())
def test_splitting_one_sum_into_parts_moves_nothing(weights, parts, data):
    """k parts with anybody collecting in between, against one sum: nobody has a unit more or less (T5)."""
    moves = []
    for part in parts:
        moves += [part, *data.draw(st.lists(st.sampled_from(list(weights)), max_size=4))]
    split = last(Pool(weights), [*moves, *weights])
    whole = last(Pool(weights), [sum(parts), *weights])
    assert {name: split.paid[name] for name in weights} == whole.paid


@settings(max_examples=300)
@given(
    total=amounts,
    own=st.integers(1, 1_000),
    others=st.lists(st.integers(1, 1_000), max_size=4),
    unapproved=st.integers(0, 1_000),
)
def test_the_share_is_at_least_own_by_n(total, own, others, unapproved):
    """Of n tasks an annotator has `own`; whoever else is approved, his share is at least own / n (F18)."""
    tasks = own + sum(others) + unapproved
    weights = dict(zip(NAMES, [10_000 * work for work in [own, *others]], strict=False))
    pool = Pool(weights).filled(total)
    assert pool.due(NAMES[0]) >= total * own // tasks
