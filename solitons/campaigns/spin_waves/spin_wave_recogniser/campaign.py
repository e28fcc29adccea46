"""The campaign of a film whose scatterers are trained to recognise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal, final

from pydantic import PrivateAttr
from typing_extensions import override

from geometries import Material, StripLine, Waveguide
from runs import AlternatingStripLine, AtOnce, Protocol, Relax, RunSpec
from runs.protocols.abstract import Vector
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.spin_waves.spin_wave_recogniser.results import SpinWaveRecogniserResults
from solitons.campaigns.spin_waves.spin_wave_recogniser.settings import (
    EMPTY,
    ONE_SCATTERER,
    TOGETHER,
    TRAINED,
    ImageTask,
    RecogniserRole,
    ScattererGrid,
    SquarePorts,
    Training,
)
from solitons.campaigns.spin_waves.steady_drive import SteadyDrive
from solitons.spin_waves.film_waves import FilmWaves

if TYPE_CHECKING:
    from solitons.campaigns.spin_waves.spin_wave_recogniser.trained_film import TrainedFilm

__all__ = ["SpinWaveRecogniserCampaign"]

_SAMPLES = 10
"""Frames a period, at least."""
_PERIODS = 4


@final
class SpinWaveRecogniserCampaign(AbstractCampaign[RecogniserRole, SpinWaveRecogniserResults]):
    """A film in which antennas send the pixels of an image as waves, and scatterers send them to the port of its class.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    device : Waveguide
        With absorbing ends and sides and without parts; its terminals are strip lines with a `y` that are alike: an
        antenna for each pixel.
    material : Material
        Of the film.
    static_field : three of float or str
        Field in A/m that is always on, along z.
    scatterers : ScattererGrid
        Places that are on or off.
    ports : SquarePorts
        A port for each class.
    drive : SteadyDrive
        Frequency, current and times.
    task : ImageTask
        Images.
    training : Training
        How patterns are searched.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "A film that is trained to scatter spin waves (its abstract was read): A. Papp, W. Porod and G. Csaba, Nat. "
        "Commun. 12, 6422 (2021).",
        "Foldy's and Lax's equations for points: notebook FoldyLax of github.com/PyCav/Demos.",
    )
    results_class: ClassVar[type[SpinWaveRecogniserResults]] = SpinWaveRecogniserResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "All checks passed. The film recognises, and multiple scattering predicts it.",
        "limited": "The film recognises, except where one of the following matters.",
        "failed": "The film does not recognise, or multiple scattering does not predict its waves.",
    }

    kind: Literal["spin_wave_recogniser"] = "spin_wave_recogniser"
    device: Waveguide
    material: Material
    static_field: Vector
    scatterers: ScattererGrid
    ports: SquarePorts
    drive: SteadyDrive
    task: ImageTask
    training: Training = Training()

    _trained: TrainedFilm | None = PrivateAttr(default=None)

    @property
    def antennas(self) -> list[StripLine]:
        """The strip lines, in the order of the pixels."""
        return [each for each in self.device.terminals if isinstance(each, StripLine)]

    @property
    def antenna_middles(self) -> list[tuple[float, float]]:
        """Middle of each antenna, in m."""
        return [(each.centre, sum(each.y) / 2) for each in self.antennas if each.y is not None]

    @property
    def near(self) -> float:
        """Distance in m from an antenna within which its wave is not yet one of a few partial waves."""
        line = self.antennas[0]
        return max(1.5 * line.width, 1.5 * _length(line.y or (0.0, 0.0)), 2 * abs(line.height))

    @property
    def waves(self) -> FilmWaves:
        """Waves of the film in closed form; a ValueError if it does not rest along its start."""
        film, up = self.device, math.copysign(1.0, self.device.start[2])
        return FilmWaves(self.material, film.thickness, (0.0, 0.0, up), up * self.static_field[2], cell=film.cell[0])

    @property
    def fitted_antenna(self) -> int:
        """Number of the antenna that is fitted: the middle one."""
        return len(self.antennas) // 2

    @property
    def fitted_place(self) -> int:
        """Number of the place whose scatterer is fitted: a third of the way, beside the antenna that is fitted."""
        middles, y = self.scatterers.middles, self.antenna_middles[self.fitted_antenna][1]
        column = self.scatterers.columns // 3 * self.scatterers.rows
        return min(range(column, column + self.scatterers.rows), key=lambda each: abs(middles[each][1] - y))

    @property
    @override
    def unsettled(self) -> bool:
        return self._trained is None

    @override
    def settled(self, runs: ComputedRuns[RecogniserRole]) -> SpinWaveRecogniserCampaign:
        from solitons.campaigns.spin_waves.spin_wave_recogniser.trained_film import train_film

        further = self.model_copy()
        further._trained = train_film(self, runs)
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[RecogniserRole], ...]:
        """The empty film and one scatterer, and once a pattern is trained each antenna alone and all at once."""
        fitted, current, trained = self.antennas[self.fitted_antenna].name, self.drive.current, self._trained
        found: list[LabelledRun[RecogniserRole]] = [
            LabelledRun(self._spec({fitted: current}, (), engine), RecogniserRole(EMPTY)),
            LabelledRun(self._spec({fitted: current}, [self.fitted_place], engine), RecogniserRole(ONE_SCATTERER)),
        ]
        if trained is None or trained.pattern is None:
            return tuple(found)
        on = [number for number, each in enumerate(trained.pattern) if each]
        names = [each.name for each in self.antennas]
        found += [LabelledRun(self._spec({name: current}, on, engine), RecogniserRole(TRAINED, name)) for name in names]
        image = dict(zip(names, [current * each for each in self.task.templates[0].values], strict=True))
        return (*found, LabelledRun(self._spec(image, on, engine), RecogniserRole(TOGETHER)))

    def film(self, on: Iterable[int]) -> Waveguide:
        """The film with some scatterers on, by their numbers."""
        return self.device.model_validate(self.device.model_dump() | {"parts": self.scatterers.parts(on)})

    def _spec(self, currents: Mapping[str, float], on: Sequence[int], engine: str) -> RunSpec:
        drive = self.drive
        steps = [
            AlternatingStripLine(
                terminal=name, amplitude=abs(current), frequency=drive.frequency, phase=0.0 if current > 0 else math.pi,
                ramp=drive.ramp, duration=drive.settling + drive.decision + drive.ramp,
            )
            for name, current in currents.items()
        ]  # fmt: skip
        driven = steps[0] if len(steps) == 1 else AtOnce(branches=[(each,) for each in steps])
        protocol = Protocol(
            steps=(Relax(), driven), static_field=self.static_field, sampling_interval=drive.interval(_SAMPLES)
        )
        return RunSpec(device=self.film(on), material=self.material, protocol=protocol, engine=engine)

    @override
    def check(self) -> None:
        self._check_antennas()
        self._check_places()
        self.drive.check_times(_SAMPLES, _PERIODS)
        task, pixels = self.task, [each.values for each in self.task.templates]
        wrong = [each.name for each in task.templates if set("".join(each.pixels.split())) - {"#", "."}]
        if wrong or any(len(each) != len(self.antennas) for each in pixels):
            raise ValueError(
                f"task.templates: {', '.join(wrong) or 'images'} must have a # or a . for each of the "
                f"{len(self.antennas)} antennas of device.terminals, as '### .#. .#.' has for nine"
            )
        signs = (1, -1) if not task.phase_known else (1,)
        distinct = {min(tuple(sign * value for value in each) for sign in signs) for each in pixels}
        if len(distinct) != len(pixels) or len(pixels) != len(self.ports.y):
            raise ValueError(
                f"task.templates: {len(pixels)} classes, {len(distinct)} of them distinct"
                f"{'' if task.phase_known else ' (an image and its negative are alike)'}, for {len(self.ports.y)} "
                "ports of ports.y; give a distinct template and a port for each class"
            )
        self.labelled_runs("native")

    def _check_antennas(self) -> None:
        device, antennas = self.device, self.antennas
        alike = {(each.width, each.height, each.clad, each.y and _length(each.y), each.grounds) for each in antennas}
        enough = 1 < len(antennas) == len(device.terminals)
        if not enough or len(alike) != 1 or antennas[0].y is None or antennas[0].grounds is not None:
            raise ValueError(
                "device.terminals must be two or more strip lines that are alike in width, height, cladding and the "
                f"length of their y, without grounds; here {len(antennas)} of {len(device.terminals)} terminals are "
                f"strip lines, of {len(alike)} sizes, {len(self.antenna_middles)} of them with a y"
            )
        across, along = antennas[0].width * (1 - 1e-9), _length(antennas[0].y) * (1 - 1e-9)
        for (one, here), (other, there) in combinations(zip(antennas, self.antenna_middles, strict=True), 2):
            if abs(here[0] - there[0]) < across and abs(here[1] - there[1]) < along:
                raise ValueError(f"device.terminals: the strips {one.name!r} and {other.name!r} overlap; move one")
        if device.absorbing_ends is None or device.absorbing_sides is None or device.parts or device.slots:
            raise ValueError(
                "device must have absorbing_ends and absorbing_sides, or waves come back, and no parts or slots: "
                "the campaign places its scatterers"
            )
        if abs(device.start[2]) < 0.99 or max(map(abs, self.static_field[:2])) > 0:
            raise ValueError(
                f"device.start = {device.start} and static_field = {self.static_field} A/m must be along z: only then "
                "waves run alike in all directions"
            )
        try:
            _ = self.waves
        except ValueError as error:
            raise ValueError(f"static_field = {self.static_field} A/m along device.start: {error}") from error

    def _check_places(self) -> None:
        grid, ports, device = self.scatterers, self.ports, self.device
        ends, sides = device.absorbing_ends, device.absorbing_sides
        assert ends is not None
        assert sides is not None
        cell, half = device.cell[0], ports.size / 2
        in_cells = [*grid.corner, grid.pitch, grid.size, ports.x - half, *(each - half for each in ports.y), ports.size]
        if device.cell[0] != device.cell[1] or any(abs(each / cell - round(each / cell)) > 1e-6 for each in in_cells):
            raise ValueError(
                f"scatterers and ports must be whole cells, and cells square, here {device.cell[0]:.6g} by "
                f"{device.cell[1]:.6g} m; choose scatterers.corner, pitch and size, and edges of ports, as multiples"
            )
        if grid.pitch < grid.size or grid.Ku == self.material.Ku:
            raise ValueError(
                f"scatterers.pitch = {grid.pitch:.4g} m must be size = {grid.size:.4g} m or more, and scatterers.Ku = "
                f"{grid.Ku:.4g} J/m3 another than material.Ku"
            )
        (left, low), (right, high) = grid.corner, (each + grid.size for each in grid.corners[-1])
        if left - max(each.centre for each in self.antennas) < self.near * (1 - 1e-9):
            raise ValueError(
                f"scatterers.corner: the first column is at x = {left:.4g} m; move it {self.near:.4g} m (1.5 times the "
                "size of an antenna, twice its height) or more away from the centres of the antennas"
            )
        before = max(each.centre + each.width / 2 for each in self.antennas)
        columns = [ends.length, min(each.centre for each in self.antennas), before, left, right, ports.x - half,
                   ports.x + half, device.length - ends.length]  # fmt: skip
        rows = [low, high, *(each + sign * half for each in ports.y for sign in (1, -1))]
        rows += [each for _, each in self.antenna_middles]
        columns = [round(each, 15) for each in columns]
        inside = sides.length - cell / 9 <= min(rows) and max(rows) <= device.width - sides.length + cell / 9
        if columns != sorted(columns) or not inside:
            raise ValueError(
                f"along x antennas, scatterers ({left:.4g} to {right:.4g} m) and ports ({ports.x:.4g} m) must follow "
                f"one another between the absorbing ends, and all lie between y = {sides.length:.4g} and "
                f"{device.width - sides.length:.4g} m; move them"
            )


def _length(interval: tuple[float, float]) -> float:
    return round(interval[1] - interval[0], 15)
