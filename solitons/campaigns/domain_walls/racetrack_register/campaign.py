"""The campaign of a racetrack register: walls in one stripe that pulses shift from well to well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

import numpy as np
from pydantic import Field
from typing_extensions import override

from geometries import Material, Stripe
from geometries.quantities import Temperature, Time
from runs import CurrentLines, Numerics, PiecewiseLinear, Protocol, Relax, RunSpec
from solitons.campaigns.domain_walls.racetrack_register.results import RegisterResults
from solitons.campaigns.domain_walls.racetrack_register.settings import CheckedRun, PulseSettings, WordSettings
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.domain_walls.synapse import DomainWallSynapse

__all__ = ["RacetrackRegisterCampaign"]

REST = 0.5e-9
"""Time in s with heat before the first pulse."""


@final
class RacetrackRegisterCampaign(AbstractCampaign[CheckedRun, RegisterResults]):
    """A shift register of walls in one stripe with wells: its error a bit and a shift over current and temperature.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    synapse : str
        The fitted wall with its wells: ``synapse.json`` of a campaign, or ``wall-wells``.
    device, material, numerics
        As in `RunSpec`: the stripe that it was fitted to, with one wall; words replace it.
    pulses : PulseSettings
        The pulses that shift.
    words : WordSettings
        What is shifted.
    temperatures : sequence of float or str
        In K.
    limit : float
        Error a bit and a shift below which a current is in the window.
    runs : sequence of CheckedRun
        Micromagnetic runs of words.
    sampling_interval : float or str
        In s, of the runs; it divides the times at which words are read.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Walls in a stripe as a shift register: S. S. P. Parkin, M. Hayashi and L. Thomas, Science 320, 190 (2008), "
        "not read.",
        "As one use of solitons: J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016).",
    )
    results_class: ClassVar[type[RegisterResults]] = RegisterResults
    table_names: ClassVar[tuple[str, ...]] = ("errors",)
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "The model has the errors of micromagnetics, in the window and out of it.",
        "limited": "The errors hold, except where one of the following matters.",
        "failed": "The register has no window, or the model's window is not that of micromagnetics.",
    }

    kind: Literal["racetrack_register"] = "racetrack_register"
    synapse: str = "wall-wells"
    device: Stripe
    material: Material
    pulses: PulseSettings
    words: WordSettings
    temperatures: Annotated[tuple[Annotated[Temperature, Field(ge=0)], ...], Field(min_length=1, max_length=6)]
    limit: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    runs: Annotated[tuple[CheckedRun, ...], Field(max_length=20)] = ()
    sampling_interval: Annotated[Time, Field(gt=0)] = 100e-12
    numerics: Numerics = Numerics()

    @cached_property
    def model(self) -> DomainWallSynapse:
        """The fitted wall."""
        from solitons.domain_walls.synapse import DomainWallSynapse
        from solitons.models.loading import load_model_of

        remedy = "give synapse.json of a campaign dw_synapse, or wall-wells"
        model: DomainWallSynapse = load_model_of("synapse", self.synapse, remedy, DomainWallSynapse)
        return model

    @override
    def input_files(self) -> tuple[Path, ...]:
        from solitons.models.saving import model_file

        return (model_file(self.synapse),)

    @cached_property
    def onwards(self) -> int:
        """1 where the model's strongest and longest pulse shifts a wall to the right, -1 to the left, 0 nowhere."""
        from solitons.domain_walls.spike_pairs import walls_after

        start, train = (
            self.model.wells()[self.words.first],
            self.train(self.pulses.amplitudes[-1], max(self.pulses.widths)),
        )
        end = walls_after(self.model, [train], start, [0.0, REST + self.pulses.period])[0, 0, -1]
        return 0 if abs(end - start) < np.diff(self.model.wells()).min() / 2 else int(np.sign(end - start))

    def train(self, amplitude: float, width: float) -> PiecewiseLinear:
        """The current in A/m2 that shifts a word, after a rest; amplitude in A/m2, width in s."""
        corners = np.array([0.0, self.pulses.rise, width - self.pulses.rise, width])
        begins = REST + self.pulses.period * np.arange(self.words.shifts)
        times = (begins[:, None] + corners).ravel()
        return PiecewiseLinear((0.0, *times), (0.0, *np.tile([0.0, amplitude, amplitude, 0.0], begins.size)))

    @property
    def times(self) -> tuple[float, ...]:
        """When words are read, in s: as they are written, and a period after the start of each pulse."""
        return (0.0, *(REST + self.pulses.period * np.arange(1, self.words.shifts + 1)))

    def wells_of(self, word: Sequence[bool]) -> list[int]:
        """Numbers of the wells in which a word has walls."""
        return [self.words.first + self.words.spacing * at for at, bit in enumerate(word) if bit]

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[CheckedRun], ...]:
        return tuple(LabelledRun(self._spec(each, engine), each) for each in self.runs)

    def _spec(self, run: CheckedRun, engine: str) -> RunSpec:
        places, wall = self.model.wells()[self.wells_of(run.bits)], self.device.walls[0]
        walls = [wall.model_copy(update={"position": float(place)}) for place in places]
        train = self.train(run.amplitude, run.width)
        points = (*zip(train.times, train.values, strict=True), (self.times[-1], 0.0))
        heat = {"temperature": run.temperature, "seed": run.seed} if run.temperature else {}
        return RunSpec(
            device=Stripe.model_validate(self.device.model_dump() | {"walls": walls}),
            material=self.material,
            protocol=Protocol.model_validate(
                {"steps": (Relax(), CurrentLines(points=points)), "sampling_interval": self.sampling_interval, **heat}
            ),
            numerics=self.numerics,
            engine="native" if run.temperature else engine,  # OOMMF is run without heat
        )

    @override
    def check(self) -> None:
        from solitons.domain_walls.fitted_stripes import check_fitted_stripe

        pulses, model = self.pulses, self.model
        hottest = max(self.temperatures)
        check_fitted_stripe(self.device, self.material, self.synapse, model, "device", hottest)
        sizes = np.array(pulses.amplitudes)
        if not (np.all(np.diff(np.abs(sizes)) > 0) and (np.all(sizes > 0) or np.all(sizes < 0))):
            raise ValueError(
                f"pulses.amplitudes = {[f'{each:g}' for each in sizes]} A/m2 must be of one sign and rise in size; sort"
            )
        for width in pulses.widths:
            if not 2 * pulses.rise <= width < pulses.period:
                raise ValueError(
                    f"pulses.widths has {value_label(width, 's', 3)}, which is not between twice the rise, "
                    f"{value_label(2 * pulses.rise, 's', 3)}, "
                    f"and the period, {value_label(pulses.period, 's', 3)}; change one"
                )
        frames = np.array(self.times) / self.sampling_interval
        if not np.allclose(frames, np.round(frames), rtol=0, atol=1e-6):
            raise ValueError(
                f"sampling_interval = {value_label(self.sampling_interval, 's', 3)} does not divide the times at which "
                f"words are read, {value_label(self.times[1], 's', 3)} and every {value_label(pulses.period, 's', 3)} "
                "after it; give one that does, such as 0.1 ns"
            )
        self._check_words()
        self._check_runs()
        self.labelled_runs("native")

    def _check_words(self) -> None:
        """Refuse pulses that shift nothing, and words without room."""
        pulses, words, model = self.pulses, self.words, self.model
        wells = model.wells().size
        last = words.first + words.spacing * (words.bits - 1)
        if last >= wells:
            raise ValueError(
                f"words: the last of {words.bits} bits, {words.spacing} wells apart from well {words.first} on, is in "
                f"well {last}, and {self.synapse!r} has {wells}; give fewer bits, or a device with more wells"
            )
        if self.onwards == 0:
            raise ValueError(
                f"pulses: {value_label(pulses.amplitudes[-1], 'A/m^2', 3)}, the strongest, moves no wall of "
                f"{self.synapse!r} to another well; give stronger or longer ones"
            )
        end = last + words.shifts if self.onwards > 0 else wells - 1 - words.first + words.shifts
        if end > wells - 1:
            raise ValueError(
                f"words: {words.shifts} shifts take the outermost bit {end - wells + 1} wells beyond the end of "
                f"{wells} wells of {self.synapse!r}; give fewer shifts or bits, or begin further "
                f"{'left' if self.onwards > 0 else 'right'}"
            )

    def _check_runs(self) -> None:
        pulses, words = self.pulses, self.words
        for run in self.runs:
            if len(run.word) != words.bits or set(run.word) - {"0", "1"} or "1" not in run.word:
                raise ValueError(
                    f"runs has the word {run.word[:40]!r}; give {words.bits} bits, as words.bits, 0 or 1, not all 0"
                )
            for what, value, of in (
                ("amplitude", run.amplitude, pulses.amplitudes),
                ("width", run.width, pulses.widths),
                ("temperature", run.temperature, self.temperatures),
            ):
                if not np.isclose(value, of, rtol=1e-9).any():
                    raise ValueError(
                        f"runs has the {what} {value:g}, which the map has not; give one of "
                        f"{', '.join(f'{x:g}' for x in of)}"
                    )
