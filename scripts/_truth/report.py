"""The page about a run: tables in Markdown, nothing in them written by hand."""

from collections.abc import Iterable, Iterator, Sequence

from scripts._truth import prose
from scripts._truth.campaign import JUDGED_SHARE, PEER_DRAWS, REPEATS
from scripts._truth.means import Mean
from scripts._truth.outcome import PEER_ITERATIONS, Outcome
from scripts._truth.spam import HONEST, KINDS, SCENARIOS
from scripts._truth.summary import MIDDLE
from scripts._truth.sweep import WORTH
from scripts._truth.trial import DEFAULTS, EXPERT_FEE, RULE_NAMES


def markdown(outcome: Outcome) -> str:
    """The whole page."""
    sets = "\n".join(
        f"- **{one.crowd.name}**: {len(one.crowd.truth):,} questions, {one.crowd.workers} workers, "
        f"{sum(one.crowd.tasks_of):,} answers, {one.crowd.classes} classes"
        for one in outcome.summaries
    )
    head = prose.HEAD.format(
        data=prose.DATA[outcome.data],
        seed=outcome.seed,
        draws=outcome.draws,
        sets=sets,
        gold=DEFAULTS.gold_bps / 100,
        slope=DEFAULTS.slope_bps / 10_000,
        accept=DEFAULTS.accept_bps / 100,
        stake=DEFAULTS.stake,
        fee=EXPERT_FEE,
        kit=outcome.crowd_kit,
        iterations=PEER_ITERATIONS,
    )
    parts = [head, *_mechanisms(outcome), *_labels(outcome), *_spam(outcome), *_profits(outcome)]
    parts += [*_honest(outcome), *_sweep(outcome), *_replays(outcome), *_checks(outcome)]
    return "\n".join(parts) + "\n"


def rows(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table; the first column is text, the others are numbers."""
    rule = "|---|" + "---:|" * (len(headings) - 1)
    return "\n".join([_row(headings), rule, *map(_row, lines)]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _show(value: Mean, digits: int = 2) -> str:
    return f"{value.value:.{digits}f} ± {value.error:.{digits}f}"


def _names(outcome: Outcome) -> list[str]:
    return [summary.crowd.name for summary in outcome.summaries]


def _mechanisms(outcome: Outcome) -> Iterator[str]:
    yield prose.MECHANISMS.format(names=", ".join(_names(outcome)))
    earning = " · ".join(f"{one.honest.earning_seats.value:.0f}" for one in outcome.summaries)
    lines = []
    for rule in RULE_NAMES:
        results = [one.scenarios[HONEST].rules[rule] for one in outcome.summaries]
        accuracy = " · ".join(f"{result.accuracy.value:.1f}" for result in results)
        cost = " · ".join(f"{result.paid.value + result.experts.value:.2f}" for result in results)
        lines.append((f"`{rule}`", accuracy, earning, cost, prose.BEST_FOR[rule]))
    yield rows(("rule", "accuracy, %", "seats that earn, %", "cost of a label", "best for"), lines)


def _labels(outcome: Outcome) -> Iterator[str]:
    yield prose.LABELS
    lines = []
    for summary in outcome.summaries:
        found = summary.scenarios[HONEST]
        for rule, result in found.rules.items():
            values = [_show(getattr(result, name)) for name in ("accuracy", "resolved", "overall")]
            costs = [f"{getattr(result, name).value:.2f}" for name in ("paid", "experts", "spent")]
            lines.append((summary.crowd.name, f"`{rule}`", *values, *costs))
        for method, value in found.peers.items():
            name = f"crowd-kit: {method.replace('_', ' ')}"
            lines.append((summary.crowd.name, name, _show(value), "100.00", _show(value), "", "", ""))
    headings = ("set", "rule", "accuracy, %", "resolved, %", "right of all, %", "paid", "experts", "spent")
    yield rows(headings, lines)


def _spam(outcome: Outcome) -> Iterator[str]:
    yield prose.SPAM.format(judged=JUDGED_SHARE, some=PEER_DRAWS)
    for summary in outcome.summaries:
        lines = []
        for scenario in SCENARIOS:
            result = summary.scenarios[scenario]
            rules = [_show(one.overall, 1) for one in result.rules.values()]
            lines.append((scenario.name, *rules, *(_show(one, 1) for one in result.peers.values())))
        yield rows((summary.crowd.name, *RULE_NAMES, "crowd-kit majority", "Dawid-Skene"), lines)


def _profits(outcome: Outcome) -> Iterator[str]:
    yield prose.PROFITS.format(repeats=REPEATS)
    lines = []
    for kind in KINDS:
        spam = [summary.spam[kind] for summary in outcome.summaries]
        lines.append((kind, *(_show(value, 3) for one in spam for value in (one.by_seat, one.by_task))))
    headings = [text for name in _names(outcome) for text in (f"{name}, seat", f"{name}, task")]
    yield rows(("spammer", *headings), lines)


def _honest(outcome: Outcome) -> Iterator[str]:
    yield prose.HONEST
    lines = []
    for summary in outcome.summaries:
        for number, part in enumerate(summary.honest.fifths):
            skill = f"{part['least_skill_percent']:.1f}-{part['most_skill_percent']:.1f}"
            profit = f"{part['profit']:+.3f} ± {part['standard_error']:.3f}"
            fifth = f"{number + 1}" + (" (median)" if number == MIDDLE else "")
            losing = f"{part['losing_seats_percent']:.1f}"
            lines.append((summary.crowd.name, fifth, skill, profit, losing))
    yield rows(("set", "fifth", "skill, %", "profit, full pays", "seats that lose, %"), lines)
    for summary in outcome.summaries:
        honest = summary.honest
        every = honest.seats * outcome.draws
        yield prose.LOSING.format(
            name=summary.crowd.name,
            seats=_show(honest.losing_seats),
            all=honest.seats,
            lost=honest.losing_seats.value * every / 100,
            every=every,
            tasks=_show(honest.losing_tasks),
            worst=honest.worst,
        )
    yield ""


def _sweep(outcome: Outcome) -> Iterator[str]:
    found = outcome.sweep
    chosen = found.chosen()
    yield prose.DEFAULTS.format(
        worth=WORTH,
        step=DEFAULTS.stake / DEFAULTS.slope_bps * 10_000,
        gold=chosen.gold_bps / 100,
        slope=chosen.slope_bps / 10_000,
        accept=chosen.accept_bps / 100,
        same="which are the defaults" if chosen == DEFAULTS else "which **differ from the defaults**",
    )
    yield prose.SLOPES
    yield rows(("gold, %", "slope", *_names(outcome)), _pay_lines(outcome))
    yield prose.THRESHOLDS
    yield rows(("gold, %", "threshold, %", *_names(outcome)), _label_lines(outcome))


def _pay_lines(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    found, names = outcome.sweep, _names(outcome)
    for key in found.median[names[0]]:
        cells = [
            f"{found.honest[name][key]:+.2f} / {found.median[name][key]:+.2f} / "
            f"{found.spam[name][key]:+.3f} / {found.losing[name][key]:.0f} %"
            for name in names
        ]
        yield (f"{key[0] / 100:g}", f"{key[1] / 10_000:g}", *cells)


def _label_lines(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    found, names = outcome.sweep, _names(outcome)
    for gold, accept in found.accuracy[names[0]]:
        cells = [
            f"{found.accuracy[name][gold, accept]:.1f} / {found.accepted[name][gold, accept]:.1f} / "
            f"{found.resolved[name][gold, accept]:.1f}"
            for name in names
        ]
        yield (f"{gold / 100:g}", f"{accept / 100:g}", *cells)


def _replays(outcome: Outcome) -> Iterator[str]:
    if not outcome.replays:
        return
    yield prose.CHAIN
    columns = ("answers", "dropped", "layers", "words", "seats", "transactions", "gas", "gas_per_label")
    columns += ("accuracy", "resolved", "differences")
    lines = [
        (name, *(f"{replay[column]:,}" for column in columns)) for name, replay in outcome.replays.items()
    ]
    yield rows(("set", *(column.replace("_", " ") for column in columns)), lines)


def _checks(outcome: Outcome) -> Iterator[str]:
    yield "## Checks\n"
    lines = [
        (check.name, check.wanted, check.got, "yes" if check.passed else "**no**") for check in outcome.checks
    ]
    yield rows(("check", "wanted", "got", "passed"), lines)
