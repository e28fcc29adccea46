"""Whether what layers learned may be used: against layers that learned nothing, and what else is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.junctions.stochastic_stdp.layers import Learned, gain_of
from solitons.campaigns.junctions.stochastic_stdp.results import TaskResults
from solitons.campaigns.junctions.stochastic_stdp.trials import usual_trouble
from solitons.figures import value_label
from solitons.fits.verdict import Reason, Verdict, failure, judge, limitation

__all__ = ["about_task", "judge_learning"]

_UNSEEN = 0.05
_NAMED = 0.5


def about_task(name: str, learned: Learned, retention: float, lasts: float) -> Iterator[Reason]:
    """Reasons against layers that learned "cars" or "digits".

    A junction keeps its state for `retention`, and learning takes `lasts` (s).
    """
    results = learned.results
    of_most = usual_trouble(learned.finals)
    if of_most:
        yield _troubled(name, of_most, results)
    gain, least = gain_of(learned)
    if least <= 0:
        yield failure(
            f"{name}_not_better_than_untrained",
            f"{name.capitalize()}: nothing was learned that is more than chance. Learning adds "
            f"{gain:+.1%} to the score of the same layers without learning, {results.untrained_score:.1%}, and the "
            f"95 % interval over layers goes down to {least:+.1%}. Choose currents that switch now and then, or "
            "thresholds that the inputs reach.",
        )
    elif results.final.ci95[0] <= results.constant:
        yield failure(
            f"{name}_not_better_than_a_constant",
            f"{name.capitalize()}: {results.final} are right, and {results.constant:.1%} if the most "
            "frequent answer is always given.",
        )
    if results.alarms is not None and results.alarms[0] > 1 / 3:
        yield limitation(
            f"{name}_many_alarms",
            f"Cars: {100 * results.alarms[0]:.0f} false alarms for 100 cars. Raise the threshold.",
        )
    if results.unseen > _UNSEEN:
        yield limitation(
            f"{name}_unseen",
            f"{name.capitalize()}: {results.unseen:.0%} of what is shown makes no neuron fire that has a "
            "name. Lower the threshold.",
        )
    if results.named_neurons < _NAMED * results.neurons:
        yield limitation(
            f"{name}_idle_neurons",
            f"{name.capitalize()}: {results.named_neurons:.3g} of {results.neurons} neurons stand for "
            "something, the others fire too seldom or for several. Fewer neurons may do as well.",
        )
    yield from _edges(name, results)
    if lasts > 0.01 * retention:
        yield limitation(
            f"{name}_forgets",
            f"{name.capitalize()}: learning takes {lasts:.3g} s, and heat alone turns a junction after "
            f"{retention:.3g} s, which the layer leaves out. Choose a higher barrier.",
        )


def judge_learning(verdicts: dict[str, Verdict], moment: Verdict) -> Verdict:
    """One verdict of all tasks: failed if all failed, limited if some did.

    `moment` is whether the junction's layer turns as one moment.
    """
    reasons = [reason for verdict in (moment, *verdicts.values()) for reason in verdict.reasons]
    if all(verdict.failed for verdict in verdicts.values()):
        return judge(reasons)
    failed = [name for name, verdict in verdicts.items() if verdict.failed]
    found = [reason.model_copy(update={"weight": "limited"}) for reason in reasons]
    for name in failed:
        found.insert(
            0,
            limitation(
                f"{name}_failed",
                f"{name.capitalize()} were not learned, and their numbers are withheld; the others stand.",
            ),
        )
    return judge(found)


def _troubled(name: str, trouble: str, results: TaskResults) -> Reason:
    at = results.chosen
    words = {
        "silent": "no neuron with a name fires. Lower the threshold, or learn for longer.",
        "hardly written": f"a pulse switches with the chance {at.chance:.2g}, so that of 100 junctions "
        f"{100 * at.written:.2g} were switched in all. Choose stronger or longer pulses, or a lower barrier.",
        "saturated": f"{at.parallel:.1%} of the junctions are parallel after learning: all neurons are alike. Change "
        "the window within which inputs count as active, or the threshold.",
    }
    return failure(f"{name}_{trouble.replace(' ', '_')}", f"{name.capitalize()}: {words[trouble]}")


def _edges(name: str, results: TaskResults) -> Iterator[Reason]:
    """Reasons from what the compared currents leave open."""
    currents = results.currents
    if len(currents) > 1 and results.chosen.current == currents[0].current:
        yield limitation(
            f"{name}_weaker_untried",
            f"{name.capitalize()}: the weakest current, {value_label(currents[0].current, 'A/m^2')}, is "
            "as good as any; a weaker one may be, and cheaper. Add weaker currents.",
        )
    best = max(currents, key=lambda each: each.score)
    if len(currents) > 1 and best.current == currents[-1].current:
        yield limitation(
            f"{name}_stronger_untried",
            f"{name.capitalize()}: the strongest current is the best; a stronger one may be better. Add "
            "stronger currents.",
        )
