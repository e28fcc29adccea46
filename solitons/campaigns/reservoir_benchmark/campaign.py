"""The campaign of reservoirs: what a fitted device adds to delayed inputs, on signals in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, final

from typing_extensions import override

from geometries import Stripe
from runs import CurrentLines, Protocol, Relax, RunSpec
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from solitons.campaigns.reservoir_benchmark.results import ReservoirResults
from solitons.campaigns.reservoir_benchmark.settings import (
    DeviceSettings,
    MicromagneticSettings,
    OrbitSettings,
    SearchSettings,
    StretchSettings,
    TestSettings,
)
from solitons.figures import value_label

__all__ = ["Driven", "ReservoirBenchmarkCampaign"]


@dataclass(frozen=True)
class Driven:
    """What drives a run: a "stretch" of the signal, the same with "another first input", or an "orbit" by a sine.

    `amplitude` is in A/m2.
    """

    by: Literal["stretch", "another first input", "orbit"]
    amplitude: float

    def __str__(self) -> str:
        """Say it as the report does."""
        what = "a sine" if self.by == "orbit" else "the signal" if self.by == "stretch" else f"the signal, {self.by}"
        return f"{what} of {value_label(self.amplitude, 'A/m^2', 3)}"


@final
class ReservoirBenchmarkCampaign(AbstractCampaign[Driven, ReservoirResults]):
    """A fitted device as a reservoir by time multiplexing, beside the same read-out on linear and quadratic delay taps.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; an engine is used for runs alone.
    device : DeviceSettings
        The fitted device.
    search : SearchSettings
        The drives among which each task's is chosen.
    test : TestSettings
        The tasks.
    micromagnetics : MicromagneticSettings, optional
        What runs, for a stretch and for orbits.
    stretch : StretchSettings, optional
        A stretch of a task in micromagnetics.
    orbits : OrbitSettings, optional
        Sines in micromagnetics.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "One device as a reservoir by time multiplexing: L. Appeltant et al., Nat. Commun. 2, 468 (2011); an "
        "oscillator: J. Torrejon et al., Nature 547, 428 (2017).",
        "Chaos, limit cycles and transients as resources: J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, "
        "2024 (2016).",
        "Capacities: J. Dambre et al., Sci. Rep. 2, 514 (2012). NARMA: A. F. Atiya and A. G. Parlos, IEEE Trans. "
        "Neural Netw. 11, 697 (2000).",
    )
    results_class: ClassVar[type[ReservoirResults]] = ReservoirResults
    table_names: ClassVar[tuple[str, ...]] = ("search",)
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "The errors of the reservoir are those of the device, and micromagnetics confirms its motion.",
        "limited": "The errors hold, except where one of the following matters.",
        "failed": "The errors are not those of the device.",
    }

    kind: Literal["reservoir_benchmark"] = "reservoir_benchmark"
    device: DeviceSettings
    search: SearchSettings
    test: TestSettings = TestSettings()
    micromagnetics: MicromagneticSettings | None = None
    stretch: StretchSettings | None = None
    orbits: OrbitSettings | None = None

    @cached_property
    def model(self) -> Any:
        """The fitted device."""
        from solitons.models.loading import load_model_of

        return load_model_of(
            "device.model", self.device.model, "give a model that a campaign saved, or wall-wells, oscillator"
        )

    @property
    @override
    def has_runs(self) -> bool:
        """Whether anything is asked of micromagnetics."""
        return self.stretch is not None or self.orbits is not None

    @override
    def input_files(self) -> tuple[Path, ...]:
        from solitons.models.saving import model_file

        return (model_file(self.device.model),)

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Driven], ...]:
        from solitons.campaigns.reservoir_benchmark.currents import currents_of

        cells = self.micromagnetics
        if cells is None:
            return ()
        found = []
        for role, lines in currents_of(self.stretch, self.orbits, self.test.seed).items():
            # A pillar's moment starts a little away from its axis, where a relaxation would take it.
            first = (Relax(),) if isinstance(cells.device, Stripe) else ()
            protocol = Protocol(
                steps=(*first, CurrentLines(points=lines.points)),
                sampling_interval=lines.slot,
                static_field=cells.static_field,
            )
            spec = RunSpec(
                device=cells.device, material=cells.material, protocol=protocol, numerics=cells.numerics, engine=engine
            )
            found.append(LabelledRun(spec, Driven(*role)))
        return tuple(found)

    @override
    def check(self) -> None:
        from solitons.campaigns.reservoir_benchmark.checks import (
            check_drives,
            check_read_outs,
            check_runs,
            check_stretch,
        )

        check_read_outs(self.search, self.test)
        check_drives(self.device, self.search, self.model)
        if self.stretch is not None:
            check_stretch(self.stretch, self.test)
        if self.has_runs:
            check_runs(self.micromagnetics, self.device, self.model)
            self.labelled_runs("native")
