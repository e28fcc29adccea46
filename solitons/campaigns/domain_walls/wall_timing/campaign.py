"""The campaign of spike timing: pairs of overlapping spikes move a wall, and a layer learns by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from pydantic import Field
from typing_extensions import override

from geometries import Material, Stripe
from geometries.quantities import Coordinate, Temperature, Time
from runs import CurrentLines, Numerics, Protocol, Relax, RunSpec
from solitons.campaigns.domain_walls.wall_timing.results import WallTimingResults
from solitons.campaigns.domain_walls.wall_timing.settings import LearningSettings, PairSettings
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from solitons.drives.spikes import SpikePair
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.domain_walls.synapse import DomainWallSynapse

__all__ = ["Sent", "WallTimingCampaign"]


@dataclass(frozen=True)
class Sent:
    """What a run sends to a wall that starts at a place in m: pairs of a window, or a spike alone.

    `shape` is "antisymmetric" or "symmetric", "pre" or "post" for that spike alone, "outward" for a pair that drives
    the wall in an end well outwards; `difference` in s is 0 of a single spike.
    """

    shape: str
    difference: float
    start: float
    repeats: int

    def __str__(self) -> str:
        """Say it as the report does."""
        what = f"{self.shape} spike alone" if self.shape in ("pre", "post") else f"{self.shape} pairs"
        apart = f", {value_label(self.difference, 's')} apart" if self.difference else ""
        return f"{self.repeats} × {what}{apart}, from {value_label(self.start, 'm', 3)}"


@final
class WallTimingCampaign(AbstractCampaign[Sent, WallTimingResults]):
    """Whether walls learn by the timing of spikes: the learning window of a fitted synapse, and a layer of such walls.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    synapse : str
        The fitted synapse: ``synapse.json`` of a campaign, or ``wall-wells``, ``wall-grains``, which are shipped.
    device, material, numerics
        As in `RunSpec`: the stripe that it was fitted to, with its junction.
    temperature : float or str
        In K, of the model; runs are without heat.
    antisymmetric : PairSettings
        Pairs that raise the conductance where the pre-synaptic spike comes first, and lower it where it is second.
    symmetric : PairSettings, optional
        Pairs that do the same whichever is first; left out if None.
    period, sampling_interval : float or str
        In s: from one pair to the next, the rest included, and from frame to frame.
    starts : sequence of float or str
        Places in m at which the wall is drawn; it relaxes into a well.
    learning : LearningSettings, optional
        The layer; left out if None.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Learning by timing with spintronic memristors as an open task: J. Grollier, D. Querlioz and M. D. Stiles, "
        "Proc. IEEE 104, 2024 (2016).",
        "Overlapping spikes on memristors: B. Linares-Barranco and T. Serrano-Gotarredona, Nature Precedings, "
        "npre.2009.3010.1 (2009), by its abstract; S. Saighi et al., Front. Neurosci. 9, 51 (2015), by its abstract.",
    )
    results_class: ClassVar[type[WallTimingResults]] = WallTimingResults
    table_names: ClassVar[tuple[str, ...]] = ("pairs",)
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "The model has the window of micromagnetics, and the layer learns by it.",
        "limited": "The window and the layer hold, except where one of the following matters.",
        "failed": "The walls do not learn by the timing of spikes, or the model does not show how.",
    }

    kind: Literal["wall_timing"] = "wall_timing"
    synapse: str = "wall-wells"
    device: Stripe
    material: Material
    temperature: Annotated[Temperature, Field(ge=0)] = 300.0
    antisymmetric: PairSettings
    symmetric: PairSettings | None = None
    period: Annotated[Time, Field(gt=0)]
    sampling_interval: Annotated[Time, Field(gt=0)] = 50e-12
    starts: Annotated[tuple[Coordinate, ...], Field(min_length=1, max_length=10)]
    learning: LearningSettings | None = None
    numerics: Numerics = Numerics()

    @property
    def windows(self) -> dict[str, PairSettings]:
        """The windows that are asked for, by name."""
        both = {"antisymmetric": self.antisymmetric, "symmetric": self.symmetric}
        return {name: each for name, each in both.items() if each is not None}

    @cached_property
    def model(self) -> DomainWallSynapse:
        """The fitted synapse."""
        from solitons.domain_walls.synapse import DomainWallSynapse
        from solitons.models.loading import load_model_of

        remedy = "give synapse.json of a campaign dw_synapse, or wall-wells"
        model: DomainWallSynapse = load_model_of("synapse", self.synapse, remedy, DomainWallSynapse)
        return model

    @override
    def input_files(self) -> tuple[Path, ...]:
        from solitons.models.saving import model_file

        files = (model_file(self.synapse),)
        given = self.learning is not None and self.learning.like.endswith((".yaml", ".yml"))
        return (*files, Path(self.learning.like)) if self.learning is not None and given else files

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Sent], ...]:
        if engine not in self._runs:
            self._runs[engine] = tuple(LabelledRun(self._spec(each, engine), each) for each in self._sent())
        return self._runs[engine]

    @cached_property
    def _runs(self) -> dict[str, tuple[LabelledRun[Sent], ...]]:
        return {}

    def _sent(self) -> list[Sent]:
        first, pairs, wells = self.starts[0], self.antisymmetric.pairs, self.model.wells().tolist()
        found = [
            Sent(name, difference, start, each.pairs)
            for name, each in self.windows.items()
            for start in self.starts
            for difference in each.differences
        ]
        found += [Sent(which, 0.0, first, pairs) for which in ("pre", "post")]
        if self.learning is not None and wells:
            ends = sorted(
                (wells[0], wells[-1]),
                key=lambda place: float(self.model.conductance(self.model.at(self.model.reset(), place))),
            )
            apart = self.learning.difference
            found += [Sent("outward", sign * apart, place, 1) for sign, place in zip((-1, 1), ends, strict=True)]
        return found

    def pair_of(self, sent: Sent) -> SpikePair:
        """The spikes that a run sends."""
        spikes = self.windows.get(sent.shape, self.antisymmetric).spikes
        alone = {"pre": SpikePair(spikes.pre, None), "post": SpikePair(None, spikes.post)}
        return alone.get(sent.shape, spikes)

    def _spec(self, sent: Sent, engine: str) -> RunSpec:
        one, points = self.pair_of(sent).current(sent.difference), []
        for number in range(sent.repeats):
            points += [(number * self.period + t, j) for t, j in zip(one.times, one.values, strict=True)]
        train = CurrentLines(points=(*points, (sent.repeats * self.period, 0.0)))
        wall = self.device.walls[0].model_copy(update={"position": sent.start})
        return RunSpec(
            device=Stripe.model_validate(self.device.model_dump() | {"walls": [wall]}),
            material=self.material,
            protocol=Protocol(steps=(Relax(), train), sampling_interval=self.sampling_interval),
            numerics=self.numerics,
            engine=engine,
        )

    @override
    def check(self) -> None:
        from solitons.campaigns.domain_walls.wall_timing.checks import check_device, check_learning, check_pairs

        check_device(self.device, self.material, self.synapse, self.model, self.starts, self.temperature)
        check_pairs(self.windows, self.model, self.period, self.sampling_interval)
        if self.learning is not None:
            spikes = self.antisymmetric.spikes
            check_learning(self.learning, spikes, self.model, self.period, self.sampling_interval)
        self.labelled_runs("native")
