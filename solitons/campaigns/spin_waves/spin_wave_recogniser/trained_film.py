"""From two runs to a film that scatters, and from that to a trained pattern; transmissions that runs show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_waves.precession import precession_map
from geometries import Waveguide
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.spin_waves.spin_wave_recogniser.settings import (
    EMPTY,
    FAILED_MISFITS,
    ONE_SCATTERER,
    ImageTask,
    RecogniserRole,
    ScattererGrid,
    SquarePorts,
    Training,
)
from solitons.campaigns.spin_waves.steady_drive import SteadyDrive
from solitons.spin_waves.film_waves import FilmWaves
from solitons.spin_waves.guided_wave import drive_amplitude
from solitons.spin_waves.recogniser import train_scatterers
from solitons.spin_waves.scattering import ScattererArray, ScatteringFilm
from solitons.spin_waves.scattering_fit import NoWave, fit_antenna, fit_scatterer

__all__ = ["TrainedFilm", "array_of", "clear_map", "images_of", "port_points", "seen_at_ports", "train_film"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

_AWAY = 1.5
"""Distance from a scatterer within which nothing is fitted, over its size."""


class FilmPlan(Protocol):
    """What of a campaign a film is fitted and trained with."""

    @property
    def device(self) -> Waveguide: ...
    @property
    def scatterers(self) -> ScattererGrid: ...
    @property
    def ports(self) -> SquarePorts: ...
    @property
    def drive(self) -> SteadyDrive: ...
    @property
    def task(self) -> ImageTask: ...
    @property
    def training(self) -> Training: ...
    @property
    def antenna_middles(self) -> list[tuple[float, float]]: ...
    @property
    def near(self) -> float: ...
    @property
    def waves(self) -> FilmWaves: ...
    @property
    def fitted_antenna(self) -> int: ...
    @property
    def fitted_place(self) -> int: ...


@dataclass(frozen=True, eq=False)
class TrainedFilm:
    """The fitted film with its trained pattern; with the problem and no pattern if the fit failed, or no wave leaves.

    `misfits` are those of antenna and scatterer, `loss` the one of the pattern, `fitted` the ids
    of the runs that were fitted.
    """

    film: ScatteringFilm | None
    fitted: tuple[str, str]
    problem: str = ""
    misfits: tuple[float, float] = (0.0, 0.0)
    pattern: Bools | None = None
    loss: float = 0.0
    flips: int = 0


def images_of(task: ImageTask, *, test: bool) -> tuple[Floats, Indices, Complexes]:
    """Give images (images, pixels), the number of each one's class, and the phase factor that all its pixels share."""
    generator = np.random.default_rng([task.seed, int(test)])
    templates = np.array([each.values for each in task.templates])
    labels = np.repeat(np.arange(len(templates)), task.test if test else task.train)
    images = templates[labels] + task.noise * generator.normal(size=(len(labels), templates.shape[1]))
    turns = generator.random(len(labels)) * (not task.phase_known)
    return images, labels, np.exp(2j * np.pi * turns)


def port_points(campaign: FilmPlan) -> Floats:
    """Give the centres of the cells of each port, shape (ports, cells, 2), in m."""
    ports, cell = campaign.ports, campaign.device.cell[0]
    steps = (np.arange(round(ports.size / cell)) + 0.5) * cell - ports.size / 2
    around = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.stack([np.array([ports.x, y]) + around for y in ports.y])


def array_of(campaign: FilmPlan, film: ScatteringFilm) -> ScattererArray:
    """Give the antennas, places and ports of a campaign on a film."""
    return film.array(campaign.antenna_middles, campaign.scatterers.middles, port_points(campaign))


def clear_map(
    campaign: FilmPlan,
    run: LabelledRun[RecogniserRole],
    runs: ComputedRuns[RecogniserRole],
    part: tuple[float, float] = (0.0, 1.0),
) -> xr.DataArray:
    """Give the wave of a run between the absorbing edges, in a part of the decision."""
    drive, device = campaign.drive, campaign.device
    begin, end = (drive.settling + each * drive.decision for each in part)
    ends, sides = device.absorbing_ends, device.absorbing_sides
    assert ends is not None
    assert sides is not None
    wave = precession_map(runs.open(run), drive.frequency, begin=begin, end=end)
    return wave.sel(
        x=slice(ends.length, device.length - ends.length), y=slice(sides.length, device.width - sides.length)
    )


def seen_at_ports(campaign: FilmPlan, wave: xr.DataArray) -> Complexes:
    """Give the mean of a wave in each port."""
    points = port_points(campaign)
    x, y = (xr.DataArray(points[..., axis], dims=("port", "cell")) for axis in (0, 1))
    return np.asarray(wave.sel(x=x, y=y, method="nearest").mean("cell"))


def train_film(campaign: FilmPlan, runs: ComputedRuns[RecogniserRole]) -> TrainedFilm:
    """Fit the film, and train its pattern by the model alone."""
    by_role = {run.role.what: run for run in runs.labelled}
    empty, one = by_role[EMPTY], by_role[ONE_SCATTERER]
    fitted, number = (empty.spec.run_id, one.spec.run_id), campaign.fitted_antenna
    middle, waves, drive = campaign.antenna_middles[number], campaign.waves, drive_amplitude(campaign.drive.current)
    alone = clear_map(campaign, empty, runs)
    try:
        film, first = fit_antenna(
            alone, middle, drive, campaign.near, lambda k: float(waves.decay_rate(k) / np.abs(waves.group_velocity(k)))
        )
    except NoWave as error:
        return TrainedFilm(None, fitted, str(error))
    away = max(campaign.near, _AWAY * campaign.scatterers.size)
    place = campaign.scatterers.middles[campaign.fitted_place]
    film, second = fit_scatterer(film, clear_map(campaign, one, runs) - alone, middle, place, drive, away)
    if first > FAILED_MISFITS[0] or second > FAILED_MISFITS[1]:
        return TrainedFilm(film, fitted, "the fit failed", (first, second))
    images, labels, _ = images_of(campaign.task, test=False)
    given = campaign.training
    trained = train_scatterers(
        array_of(campaign, film), images, labels, starts=given.starts, sharpness=given.sharpness, seed=given.seed
    )
    return TrainedFilm(film, fitted, "", (first, second), trained.pattern, trained.loss, trained.flips)
