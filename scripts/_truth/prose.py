"""What the page about a run says around its tables. Figures come in by name."""

DATA = {
    "given": "The sets are those of the folder that the command was given (`make truth DATA=folder`).",
    "synthetic": "No data were given: the sets are the embedded, made-up crowd, shaped like real ones.",
}
HEAD = """# Does it find the truth, and does cheating pay?

Written by `make truth`. {data}
Seed {seed}, {draws} draws of gold; ± is a standard error. Labels, merit, pay and slashes are computed by the
reference integers of `offchain/consensus`, which the contracts equal bit for bit.

{sets}

Terms are the defaults: {gold:g} % gold, slope {slope:g}, threshold {accept:g} %, a stake of {stake:.2f} of a
seat's full pay, the least that the market allows where pay and stake are the same token. Accuracy is measured
on tasks that are not gold. Gold is the creator's own and costs nothing here; it is drawn evenly, anew where
all of it is of one class, which would measure nothing and pay everybody in full. An expert is assumed to know
the truth and to cost {fee} full pays a task. In the rule `audit` there is no gold: experts tell the truth of
as many tasks, drawn at random, and the labels are the majority's. Majority vote and Dawid-Skene of crowd-kit
{kit} get the same answers (Dawid-Skene without gold, in {iterations} iterations: by its own rule it stops too
early on some sets).

![Accuracy and profit](truth.svg)
"""
MECHANISMS = """## Mechanisms

Accuracy of accepted labels, share of honest seats that earn something, and what annotators and experts are
paid for an accepted label, in full pays of a label; one figure for each set: {names}.
"""
BEST_FOR = {
    "majority": "easy questions and annotators of like skill; no use against groups",
    "weighted": "the default: annotators who differ, rare classes, spam and rings",
    "expert": "labels that must be right, where an expert can be had for what is contested",
    "audit": "creators without gold, who trust a panel more than their own labels",
}
LABELS = """## Labels

`spent` is what the creator's deposit loses for an accepted label: what annotators do not earn goes to the
sink, never back to the creator. `right of all` counts tasks without an accepted label as wrong.
"""
SPAM = """## Labels with spammers

Right labels of all tasks, in percent. Spammers replace workers drawn at random: `random` draws a class a
task, `constant` always gives the most frequent one, `prior` draws by the classes' shares, a `ring` agrees on
one wrong answer a task, gold included, `sybils` copy one random answer. crowd-kit sees every draw with
{judged} % spammers, and the first {some} with other shares.
"""
PROFITS = """## What spammers earn

Earned less lost, in units of the seat's full pay. Pay follows from an annotator's own answers to known tasks
alone, so that the share of spammers does not matter: here everybody is a spammer, and all answers are drawn
{repeats} times for each draw of gold. First the mean of all seats, then the mean weighted by their tasks.
"""
HONEST = """## What honest workers earn

By fifths of the workers in the order of their skill (the share of right answers); the third has the median.
Nobody is told apart from a spammer but by the answers: a seat that loses had an annotator who, on the known
tasks, was not better than chance, by bad luck or for want of skill.
"""
LOSING = (
    "- {name}: {seats} % of {all} seats lose a part of their stake ({lost:.0f} of {every:,} in all draws),"
    "\n  with {tasks} % of the answers; the worst loses {worst:.2f} of its full pay."
)
DEFAULTS = """## The defaults

Gold is the least share with which the weighted rule is as near to Dawid-Skene as the checks below want, and
every kind of spammer loses at every slope. The slope is the steepest up to which every step adds {worth:.0%}
of full pay to what honest seats earn in the mean, in every set: a step needs {step:.2f} of full pay more in
stake. The threshold is the one with most right labels; a creator who wants fewer and surer ones raises it.

This run chooses {gold:g} % gold, slope {slope:g} and threshold {accept:g} %, {same}.
"""
SLOPES = """Profit of honest seats / of median skill / of spammers that lose least / honest seats that lose:
"""
THRESHOLDS = """Right of all tasks / right of accepted labels / accepted, by the weighted rule, in percent:
"""
CHAIN = """## On chain

One draw of gold of every set, replayed through the deployed contracts on a local Anvil: every worker is an
account, and every label, payment and slash is compared with the reference model. Answers are left out where
a worker has too few in a word for a seat of the least size. Gas is of all transactions, for a revealed label.
"""
