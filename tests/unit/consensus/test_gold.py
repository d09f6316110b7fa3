"""
openGold
├── keeps the digest of what is known; only scored words count in what an answer weighs
├── passes over words that are open already: whoever comes second does no harm
├── not all of it: nothing can be challenged or scored
└── reverts when it is not what the creator bound himself to, or less than he said
"""

from dataclasses import replace

import pytest

from offchain.consensus import GoldTree, GoldWord, PanelKind, Phase, account_panel, encode_labels
from offchain.hashing import batch_root, keccak256
from offchain.reference.consensus import Opening
from tests.support.calls import reverts
from tests.support.consensus import GOLD_EVERY, TASKS

WORD = 256
WIDE = WORD + TASKS
"""Tasks of a job of two words."""

KNOWN = len(range(0, TASKS, GOLD_EVERY))
COUNT_BITS = 24


@pytest.fixture
def revealed(world, who):
    """A job of one word whose gold can be opened; `tree` is what the creator bound himself to."""

    def ready(tree=None, **changes):
        world.create(tree, **changes)
        world.sit(who.ann, world.labels())
        world.reveal_all()
        world.wait(Phase.GOLD)
        return world

    return ready


def tree_of(answers, mask=None):
    """Gold of one word with labels of its own; the mask is that of the labels unless given."""
    labels = encode_labels(answers, TASKS, 2)
    own = sum(1 << task for task in answers)
    return GoldTree({0: GoldWord(own if mask is None else mask, labels, keccak256(b"gold"))})


def try_to_open(world, *openings, sender=None):
    """What `openGold` says."""
    structs = [opening.struct() for opening in openings]
    return world.market.call("openGold", world.job, structs, sender=sender or world.who.creator)


def test_open_gold__by_anyone_who_knows_it__counts_it_by_class(revealed, market, who):
    world = revealed()
    gold = world.tree.words[0]
    receipt = market.send("openGold", world.job, [world.opening().struct()], sender=who.stranger)
    values = {"jobId": world.job, "word": 0, "mask": gold.mask, "labels": gold.labels, "salt": gold.salt}
    assert receipt.of(market) == [("GoldOpened", values)]
    assert market.call("wordDigest", world.job, 0) == world.known().digest()
    book = market.call("bookOf", world.job)
    assert (book["opened"], book["gold"]) == (1, 0)


def test_score__counts_what_is_known__by_class(revealed, market, who):
    world = revealed()
    world.open_gold()
    world.wait(Phase.SCORE)
    args = (world.job, 0, world.known().struct(), world.told())
    market.send("score", *args, sender=who.stranger)
    book = market.call("bookOf", world.job)
    ones = sum(world.truth(task) == 1 for task in range(0, TASKS, GOLD_EVERY))
    assert (book["scored"], book["gold"]) == (1, KNOWN - ones | ones << COUNT_BITS)


def test_open_gold__second_leaf_for_a_word__has_no_place_in_the_tree(revealed):
    """T36, F2: a root over several leaves for one word would let the creator choose what was gold once he has
    seen who is wrong where: the gold would be true, and no expert could overturn it.
    """
    known = [GoldWord(1 << task, encode_labels({task: 0}, TASKS, 2), keccak256(b"gold")) for task in (0, 1)]
    leaves = [gold.leaf(0) for gold in known]
    for root in (batch_root(leaves), batch_root(sorted(leaves))):
        world = revealed(gold_root=root, gold_bps=1)
        for index, gold in enumerate(known):
            with reverts("NotInTree", 0):
                try_to_open(world, Opening(0, gold, (leaves[1 - index],)))
    world = revealed(gold_root=leaves[0], gold_bps=1)
    try_to_open(world, Opening(0, known[0]))


def test_open_gold__leaf_of_another_word__is_not_in_its_place(world, market, who):
    """T59: index and size of the tree are known, so a proof has one length."""
    gold = {word: gold_of(word) for word in (0, 1)}
    tree = GoldTree(gold)
    world.create(tree, task_count=WIDE, gold_bps=300)
    for word, size in ((0, WORD), (1, TASKS)):
        request = (world.job, word, 0, (1 << size) - 1, keccak256(b"any"), 2**128 - 1)
        market.send("seat", request, b"", sender=who.ann)
    world.wait(Phase.GOLD)
    for word in (0, 1):
        with reverts("NotInTree", word):
            try_to_open(world, Opening(word, gold[word], tuple(tree.proof(1 - word))))
        with reverts("NotInTree", word):
            try_to_open(world, Opening(word, gold[word], (*tree.proof(word), keccak256(b"more"))))
        try_to_open(world, Opening(word, gold[word], tuple(tree.proof(word))))


def test_open_gold__open_already__is_passed_over(world, market, who):
    """A copy of one word, sent first, must not make the whole batch revert: time may be short."""
    gold = {word: gold_of(word) for word in (0, 1)}
    tree = GoldTree(gold)
    world.create(tree, task_count=WIDE, gold_bps=300)
    for word, size in ((0, WORD), (1, TASKS)):
        mask = (1 << size) - 1
        request = (world.job, word, 0, mask, keccak256(b"any"), 2**128 - 1)
        market.send("seat", request, b"", sender=who.ann)
    world.wait(Phase.GOLD)
    first, second = (Opening(word, gold[word], tuple(tree.proof(word))).struct() for word in (0, 1))
    market.send("openGold", world.job, [second], sender=who.stranger)
    assert market.call("bookOf", world.job)["opened"] == 1
    market.send("openGold", world.job, [first, second, first], sender=who.creator)
    assert market.call("bookOf", world.job)["opened"] == 2
    with reverts("NothingToDo"):
        market.call("openGold", world.job, [first, second], sender=who.creator)


def gold_of(word):
    """Gold of a word of the wide job: ten tasks, of both classes."""
    labels = encode_labels({task: task % 2 for task in range(10)}, WORD if word == 0 else TASKS, 2)
    return GoldWord((1 << 10) - 1, labels, keccak256(b"gold %d" % word))


def test_open_gold__nothing__reverts(revealed):
    with reverts("NothingToDo"):
        try_to_open(revealed())


@pytest.mark.parametrize("part", ["mask", "labels", "salt", "proof"])
def test_open_gold__anything_changed__is_not_in_the_tree(revealed, part):
    """F2: what the creator knows he said before anybody sat down."""
    world = revealed()
    true = world.opening()
    gold = true.gold
    other = {
        "mask": replace(true, gold=replace(gold, mask=gold.mask ^ 1)),
        "labels": replace(true, gold=replace(gold, labels=bytes([gold.labels[0] ^ 3]) + gold.labels[1:])),
        "salt": replace(true, gold=replace(gold, salt=keccak256(gold.salt))),
        "proof": replace(true, proof=(keccak256(b"more"),)),
    }[part]
    with reverts("NotInTree", 0):
        try_to_open(world, other)
    try_to_open(world, true)


def test_open_gold__less_than_the_terms_say__reverts(revealed):
    """A tenth of 40 tasks is 4."""
    answers = {0: 0, 1: 1, 2: 0}
    world = revealed(tree_of(answers), gold_bps=1_000)
    with reverts("GoldTooSmall", 0, 3, 4):
        try_to_open(world, world.opening())


def test_open_gold__as_much_as_the_terms_say__is_enough(revealed):
    world = revealed(tree_of({0: 0, 1: 1, 2: 0, 3: 1}), gold_bps=1_000)
    try_to_open(world, world.opening())


def test_open_gold__labels_of_other_tasks__reverts(revealed):
    """The creator bound himself to gold that contradicts itself: nobody is measured by it."""
    answers = dict.fromkeys(range(8), 1)
    world = revealed(tree_of(answers, mask=0x7F))
    with reverts("TasksNotLabelled", 0, 0xFF, 0x7F):
        try_to_open(world, world.opening())


def test_open_gold__class_that_is_not_there__reverts(revealed):
    gold = GoldWord(0xFF, bytes([3] * 8).ljust(64, b"\0"), keccak256(b"gold"))
    world = revealed(GoldTree({0: gold}))
    with reverts("BadLabels", 0):
        try_to_open(world, world.opening())


def test_open_gold__of_tasks_or_words_that_are_not_there__reverts(revealed):
    outside = GoldWord(1 << TASKS | 0xFF, bytes([1] * 8).ljust(64, b"\0"), keccak256(b"gold"))
    told = revealed(GoldTree({0: outside}))
    with reverts("TasksNotAvailable", 0, outside.mask, (1 << TASKS) - 1):
        try_to_open(told, told.opening())
    with reverts("TasksNotAvailable", 1, outside.mask, 0):
        try_to_open(told, replace(told.opening(), word=1))


def test_challenge_and_score__gold_is_not_open__revert(revealed, market, who):
    world = revealed(windows=(3_600,) * 6, **panel_of(who))
    world.wait(Phase.CHALLENGE)
    seat = world.seats[0]
    args = (world.job, 0, 1, seat.sealed_struct(), world.known().struct())
    with reverts("GoldNotOpened", 0, 1):
        market.call("challenge", *args, sender=seat.annotator, value=0)
    world.wait(Phase.SCORE)
    with reverts("GoldNotOpened", 0, 1):
        market.call("score", world.job, 0, world.known().struct(), world.told(), sender=who.keeper)


def panel_of(who):
    """Terms with one expert."""
    return {"panel_kind": PanelKind.ACCOUNT, "panel": account_panel(who.expert)}
