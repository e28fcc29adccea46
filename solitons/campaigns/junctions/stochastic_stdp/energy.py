"""What pulses cost that teach a layer."""

from __future__ import annotations

from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint
from solitons.energy.ledger import EnergyRow

__all__ = ["learning_rows"]


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
