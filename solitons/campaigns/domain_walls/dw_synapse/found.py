"""Intermediate results of the stages of a stripe's analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from geometries import Stripe
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.heat_results import Arrival, WrongPlace
from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps
from solitons.campaigns.domain_walls.dw_synapse.neurons import NeuronRuns
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.campaigns.domain_walls.dw_synapse.places import HeldPlaces
from solitons.campaigns.domain_walls.dw_synapse.roles import StripeRole
from solitons.campaigns.framework.base import ComputedRuns
from solitons.devices.coming_to_rest import Rested
from solitons.devices.device_spread import DeviceSpread
from solitons.devices.level_count import LevelCount
from solitons.devices.spreads import Spreads
from solitons.domain_walls.choice import Choice
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.landscape import Landscape
from solitons.domain_walls.runs import stripe_of
from solitons.fits.verdict import Reason, Verdict, judge
from solitons.networks.digits_result import DigitsResult

__all__ = ["Found"]


@dataclass(frozen=True, eq=False)
class Found:
    """Results of the stages so far.

    `observations` are the swept runs in their order, `reasons` what speaks against the model, `restless` is whether
    walls move on after the rests of the runs, and `alone` by how much; `hot` begins with the steps without heat, and
    `arrivals` are those of single pulses with it, `wrong` how many end in a wrong place; `samples` (devices, pulses +
    1) are where walls of devices that chance made different rest, in m; `silent` is why the wall makes no neuron
    without runs of its own.
    """

    campaign: SynapseCampaign
    runs: ComputedRuns[StripeRole]
    observations: tuple[Observation, ...]
    landscape: Landscape | None
    choice: Choice
    reasons: tuple[Reason, ...]
    held: HeldPlaces = field(default_factory=HeldPlaces)
    alone: Rested | None = None
    restless: bool = False
    hot: tuple[HotSteps, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    wrong: tuple[WrongPlace, ...] = ()
    samples: npt.NDArray[np.float64] | None = None
    spread: DeviceSpread | None = None
    neuron: NeuronRuns | None = None
    silent: str | None = None
    wells: tuple[float, ...] = ()
    count: LevelCount | None = None
    levels: int | None = None
    wander: float | None = None
    digits: DigitsResult | None = None
    models: Mapping[str, Any] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """Verdict from all reasons so far."""
        return judge(self.reasons)

    @cached_property
    def fit(self) -> WallFit:
        """The fit with the verdict so far in its provenance, as every model made from it has it."""
        fit = self.choice.fit
        judged = fit.provenance.model_copy(update={"verdict": self.verdict.verdict})
        return replace(fit, dynamics=replace(fit.dynamics, provenance=judged))

    @property
    def stripe(self) -> Stripe:
        """The device."""
        return stripe_of(self.observations[0].spec)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest conductance of the junction, and how far it is to the highest, in S."""
        whole = self.observations[0].junction.attrs
        low = float(whole["antiparallel_conductance"])
        return low, float(whole["parallel_conductance"]) - low

    @property
    def shaken(self) -> float:
        """Largest spread of the model's walls with heat, in m."""
        return max((each.spread for each in self.hot), default=0.0)

    @property
    def warm(self) -> HotSteps | None:
        """The steps at the lowest temperature that is asked for."""
        return min((each for each in self.hot if each.temperature), key=lambda each: each.temperature, default=None)

    @property
    def spreads(self) -> Spreads:
        """How a synapse of this stripe differs from time to time and from device to device."""
        warm, spread = self.warm, self.spread
        shakes = warm is not None and bool(np.isfinite(warm.cycle))
        return Spreads(
            cycle=warm.cycle if warm is not None and shakes else 0.0,
            gain=(spread.gain or 0.0) if spread is not None else 0.0,
            place=spread.place if spread is not None else 0.0,
            devices=spread.devices - spread.lost if spread is not None else 0,
            temperature=warm.temperature if warm is not None and shakes else 0.0,
        )
