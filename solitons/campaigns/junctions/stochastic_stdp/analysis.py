"""Learning of layers, whether it may be used, and its cost."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.energy.run_energy import read_row
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.page import symbol
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.stochastic_stdp import figures
from solitons.campaigns.junctions.stochastic_stdp.campaign import StochasticLearningCampaign
from solitons.campaigns.junctions.stochastic_stdp.judgement import about_task, judge_learning
from solitons.campaigns.junctions.stochastic_stdp.layers import OF_ITS_OWN, Learned, learn, steps_of
from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint, LearningResults
from solitons.campaigns.junctions.stochastic_stdp.settings import CarsTask
from solitons.campaigns.junctions.stochastic_stdp.trials import CarsTaught, DigitsTaught
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow
from solitons.figures import long_time, value_label
from solitons.fits.verdict import judge
from solitons.junctions import coherent_reversal
from solitons.junctions.pillar_pulses import PillarPulse

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["analyse", "learning_rows"]


def analyse(
    campaign: StochasticLearningCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[LearningResults]:
    """Let layers learn each task; what failed is withheld."""
    del runs  # there are none
    pulse, writing = campaign.pulse(), campaign.writing
    learned: dict[str, Learned] = {}
    for name, task in campaign.tasks.items():
        with stages(f"Learn {name}", steps_of(writing, campaign.seeds)) as advance:
            learned[name] = learn(task, pulse, writing, range(campaign.seed, campaign.seed + campaign.seeds), advance)
    verdicts = {
        name: judge(about_task(name, each, pulse.retention, campaign.tasks[name].duration))
        for name, each in learned.items()
    }
    whole = judge_learning(verdicts, coherent_reversal(campaign.device, campaign.material).verdict)
    learned = {name: each for name, each in learned.items() if not verdicts[name].failed}
    found = {name: each.results for name, each in learned.items()}
    results = LearningResults(
        verdict=whole.verdict,
        reasons=list(whole.reasons),
        stability=float(pulse.macrospin.stability),
        critical_current=pulse.critical_current,
        retention=pulse.retention,
        antiparallel=pulse.read_ratio,
        cars=found.get("cars"),
        digits=found.get("digits"),
        energy=EnergyLedger() if whole.failed else _ledger(campaign, pulse, learned),
    )
    values = {"junction": _junction_rows(campaign, results), "later_seeds": OF_ITS_OWN, **energy_values(results.energy)}
    chosen = {name: task.chosen for name, task in found.items()}
    drawn = {
        "energy": partial(energy_figure, results.energy),
        "pulses": partial(figures.pulse_figure, pulse, writing, chosen),
        "currents": partial(figures.currents_figure, found, pulse.critical_current),
        "compared": partial(figures.compared_figure, found),
    }
    for name, each in learned.items():
        task, taught = campaign.tasks[name], each.example.taught
        if isinstance(task, CarsTask) and isinstance(taught, CarsTaught):
            drawn["lanes"] = partial(figures.lanes_figure, task, taught)
            drawn["raster"] = partial(figures.raster_figure, taught, task.road.lanes)
        elif isinstance(taught, DigitsTaught):
            values["held_out"] = taught.right.size
            drawn["digits"] = partial(figures.digits_figure, taught)
    return Findings(results, values=values, figures=drawn, tables={"points": _points_table(learned)})


def _ledger(campaign: StochasticLearningCampaign, pulse: PillarPulse, learned: Mapping[str, Learned]) -> EnergyLedger:
    """Energy of a pulse and of learning for each learned task, and of a synaptic event."""
    rows = []
    for name, each in learned.items():
        rows += learning_rows(name, each.results.chosen, campaign.writing.width, campaign.tasks[name].duration)
    lowest = campaign.device.area / campaign.device.barrier.resistance_area
    event = read_row("junction", lowest * (1 + pulse.read_ratio) / 2, campaign.energy)
    return EnergyLedger(rows=(*rows, event.model_copy(update={"operation": "synaptic event"})))


def learning_rows(task: str, point: LearningPoint, width: float, duration: float) -> list[EnergyRow]:
    """A pulse (width in s) on a junction, and all that teach a layer for `duration` (s), with the chosen current.

    `task` is "cars" or "digits".
    """
    voltage = "J A times the mean voltage over the pulse, by the Fokker-Planck equation; mean over the pulses sent"
    counted = "pulses counted by kind and by the state that they met, times their energy; mean over layers"
    common = {"device": "junction", "part": "device", "origin": "derived"}
    # What no pulse takes is not what one takes.
    sent = point.pulse_energy > 0
    return [
        EnergyRow(
            **common, operation=f"write pulse, {task}", name="heat in the junction",
            joule=point.pulse_energy if sent else None, second=width, source=voltage,
            missing="" if sent else "no pulse was sent; give layers that learn, such as by more of the input",
        ),
        EnergyRow(
            **common, operation=f"learning {task}", name="all pulses of a layer", joule=point.learning_energy,
            second=duration, source=counted,
        ),
    ]  # fmt: skip


def _points_table(learned: Mapping[str, Learned]) -> pd.DataFrame:
    """Layers of each task over currents, spreads and junctions, a line each, in SI units."""
    import pandas as pd

    rows = []
    for task, each in learned.items():
        for swept in ("currents", "spreads", "junctions"):
            for point in getattr(each.results, swept):
                content = point.model_dump()
                low, high = content.pop("ci95")
                rows.append({"task": task, "compared": swept} | content | {"low": low, "high": high})
    columns = ["task", "compared", "current", "spread", "junctions", "chance", "score", "worst", "low", "high"]
    columns += ["pulse_energy", "learning_energy", "written", "parallel", "trouble"]
    return pd.DataFrame(rows, columns=columns)


def _junction_rows(campaign: StochasticLearningCampaign, results: LearningResults) -> list[tuple[str, str]]:
    """Rows below the device in its table."""
    writing = campaign.writing
    return [
        ("Δ", f"{results.stability:.3g} k T at {campaign.temperature:g} K"),
        (symbol("J", "c"), value_label(results.critical_current, "A/m^2", digits=3)),
        ("keeps its state for", long_time(results.retention)),
        ("pulses", f"{value_label(writing.width, 's')}, set and reset of one strength"),
        ("antiparallel, as it is read", f"{results.antiparallel:.3g} of the parallel conductance"),
        ("from junction to junction", f"± {writing.spread:.0%} of barrier and critical current (lognormal)"),
    ]
