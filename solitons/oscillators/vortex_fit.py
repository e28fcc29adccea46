r"""Fit of a vortex core's equation to runs, and how well it predicts others.

Each whole turn of a core gives a radius s, an angular velocity, an energy and, from the radii of two turns, a growth
rate. What can be computed is not fitted: the torque a_J is that of a vortex with its image, which the texture of frames
confirms, and the gyrovector follows from the energy between turns,

.. math:: E_2 - E_1 = \int p\, G(s)\, \dot\psi\, \rho\, d\rho, \qquad G(s) = G_0 + G_1 s^2.

Damping and stiffness then follow linearly from `VortexThiele`:

.. math::
    D(s)\, \dot\psi = -p\, G(s) \cdot growth - J a_J, \qquad
    \kappa(s) - C J \kappa_J(s) = p\, G(s)\, \dot\psi - D(s) \cdot growth.

How many terms each has is learned by leaving each run out in turn: the shortest series whose error is within one
standard error of the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.oscillators.vortex_core import turns
from solitons.fits.provenance import FittedRange, Provenance
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["CoreRun", "Prediction", "fit_vortex", "predict", "turns_of_run"]

FloatArray = npt.NDArray[np.float64]
Terms = tuple[int, int, int]
CANDIDATES: tuple[Terms, ...] = ((2, 1, 2), (3, 2, 2), (3, 2, 3))
"""Terms of stiffness, Oersted stiffness and damping, the shortest first."""
_AT_END = 3
"""Turns at the end of a run over which its orbit is averaged."""


@dataclass(frozen=True, eq=False)
class CoreRun:
    """What a core did under one direct current.

    `time` (turns,) in s, `radius` in m, `angular_velocity` in 1/s, with its sign, and `energy` in J are of whole turns;
    `polarity` and `circulation` are those at the beginning, `disc_radius` is in m.
    """

    run_id: str
    current: float
    time: FloatArray
    radius: FloatArray
    angular_velocity: FloatArray
    energy: FloatArray
    polarity: float
    circulation: float
    disc_radius: float

    @property
    def orbit(self) -> tuple[float, float]:
        """Radius in m and frequency in Hz, over the last three turns."""
        frequency = float(np.abs(self.angular_velocity[-_AT_END:]).mean()) / (2 * np.pi)
        return float(self.radius[-_AT_END:].mean()), frequency

    @property
    def growths(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Growth rates between turns in 1/s, with s and the angular velocity there."""
        growth = np.diff(np.log(self.radius)) / np.diff(self.time)
        s = np.sqrt(self.radius[1:] * self.radius[:-1]) / self.disc_radius
        return growth, s, (self.angular_velocity[1:] + self.angular_velocity[:-1]) / 2


def turns_of_run(run: xr.Dataset, core: xr.Dataset, current: float, begin: float, run_id: str = "") -> CoreRun:
    """Read the turns of a run's core (`analysis.vortex_core`) from a time in s on, as long as it is as it began.

    Turns after a reversal are left out.
    """
    there = np.isfinite(core["x"].values) & (core["polarity"].values == core["polarity"].values[0])
    last = int(np.argmin(there)) if not there.all() else there.size
    each = turns(core.isel(t=slice(0, last)).sel(t=slice(begin, None)))
    middle, period = each["t"].values, 1 / each["frequency"].values
    # A run without relaxation may have no energy in its first frame; without any the turns have none.
    known = np.isfinite(run["energy"].values)
    known = known if known.any() else np.ones_like(known)
    t, energy = run["t"].values[known], run["energy"].values[known].astype(np.float64)
    area = np.concatenate([[0.0], np.cumsum(np.diff(t) * (energy[1:] + energy[:-1]) / 2)])
    return CoreRun(
        run_id,
        current,
        middle,
        each["radius"].values,
        2 * np.pi / period * each.attrs["sense"],
        (np.interp(middle + period / 2, t, area) - np.interp(middle - period / 2, t, area)) / period,
        float(core["polarity"][0]),
        float(core["circulation"][0]),
        float(core.attrs["outer_radius"]),
    )


def fit_vortex(runs: Sequence[CoreRun], torque: float, *, candidates: Sequence[Terms] = CANDIDATES) -> VortexThiele:
    """Fit the equation to the runs of one disc under several currents.

    Parameters
    ----------
    runs : sequence of CoreRun
        Three at least, with four turns each; of one polarity and circulation.
    torque : float
        a_J in N/m per A/m2 (`torque_of_image`).
    candidates : sequence of tuples of three int
        Terms of stiffness, Oersted stiffness and damping; shorter ones come first.

    Raises
    ------
    ValueError
        If there are too few runs or turns, they differ in polarity or circulation, or have no energies.
    """
    usable = [run for run in runs if run.time.size >= 4]
    if len({run.current for run in usable}) < 3:
        raise ValueError(
            f"fit_vortex has {len(usable)} runs with four turns or more, and needs three with different currents: "
            "run them longer, or at other currents"
        )
    if len({(run.polarity, run.circulation) for run in usable}) > 1:
        raise ValueError("fit_vortex has runs of different polarity or circulation; fit each by itself")
    if not all(np.isfinite(run.energy).all() for run in usable):
        raise ValueError("fit_vortex has runs without energies, from which the gyrovector follows; compute them again")
    errors = np.array(
        [
            [_error(_fitted([run for run in usable if run is not left], torque, terms), left) for left in usable]
            for terms in candidates
        ]
    )
    mean = errors.mean(axis=1)
    best = int(np.argmin(mean))
    allowed = mean[best] + errors[best].std(ddof=1) / np.sqrt(len(usable))
    return _fitted(usable, torque, candidates[int(np.flatnonzero(mean <= allowed)[0])])


def _fitted(runs: Sequence[CoreRun], torque: float, terms: Terms) -> VortexThiele:
    first = runs[0]
    unit = float(np.abs([run.current for run in runs]).max())
    growth, s, turning = (np.concatenate(parts) for parts in zip(*(run.growths for run in runs), strict=True))
    current = np.concatenate([np.full(run.time.size - 1, run.current) for run in runs])
    stiff, oersted, damp = terms

    def powers(number: int) -> FloatArray:
        return np.asarray(s[:, None] ** (2 * np.arange(number)))

    gyrovector = _gyrovector(runs)
    turn = first.polarity * powers(2) @ gyrovector
    damping = _least_squares(turning[:, None] * powers(damp), -turn * growth - current * torque)
    design = np.hstack([powers(stiff), -first.circulation * current[:, None] / unit * powers(oersted)])
    stiffness = _least_squares(design, turn * turning - powers(damp) @ damping * growth)
    radii = np.concatenate([run.radius for run in runs])
    return VortexThiele(
        disc_radius=first.disc_radius,
        gyrovector=gyrovector,
        stiffness=stiffness[:stiff],
        oersted_stiffness=stiffness[stiff:] / unit,
        damping=damping,
        torque=[torque],
        polarity=first.polarity,
        circulation=first.circulation,
        reach=min(1.05 * float(radii.max()) / first.disc_radius, 1.0),
        provenance=Provenance(
            trained_on=tuple(run.run_id for run in runs),
            fitted_range=FittedRange(
                amplitude=(float(np.abs(current).min()), unit),
                width=(0.0, max(float(run.time[-1] - run.time[0]) for run in runs)),
                position=(float(radii.min()), float(radii.max())),
            ),
        ),
    )


def _gyrovector(runs: Sequence[CoreRun]) -> FloatArray:
    """Series G0, G1 from the energies of turns, each run's counted from its first."""
    rows, values = [], []
    for run in runs:
        slope = run.polarity * run.angular_velocity * run.radius
        square = (run.radius / run.disc_radius) ** 2
        steps = np.diff(run.radius)
        parts = [slope, slope * square]
        rows.append(np.stack([np.cumsum(steps * (part[1:] + part[:-1]) / 2) for part in parts], axis=1))
        values.append(run.energy[1:] - run.energy[0])
    return _least_squares(np.concatenate(rows), np.concatenate(values))


def _least_squares(design: FloatArray, values: FloatArray) -> FloatArray:
    """Least squares of numbers of any size."""
    size, unit = np.abs(design).max(), np.abs(values).max()
    found: FloatArray = np.linalg.lstsq(design / size, values / unit, rcond=None)[0] * unit / size
    return found


def _error(model: VortexThiele, run: CoreRun) -> float:
    """Root mean square of the growth's and the angular velocity's errors, each over its size in the run."""
    growth, s, turning = run.growths
    found = model.rates(s * run.disc_radius, run.current)
    off = (
        np.mean((found[0] - growth) ** 2) / np.mean(growth**2),
        np.mean((found[1] - turning) ** 2) / np.mean(turning**2),
    )
    return float(np.sqrt(sum(off)))


@dataclass(frozen=True)
class Prediction:
    """Orbit at the end of a run and how it came there, in the run and by a model that started with its first turn.

    Radii are in m, frequencies in Hz; `rise_time` in s is from the first turn to 90 % of the way to the last orbit,
    None where the radius changes by less than a tenth of the disc's. `steady` is the model's orbit after any time.
    Numbers of the model are NaN where it loses the core.
    """

    radius: float
    frequency: float
    rise_time: float | None
    model_radius: float
    model_frequency: float
    model_rise_time: float | None
    steady: float

    def error(self, name: Literal["radius", "frequency", "rise_time"]) -> float:
        """Relative error of the model's number."""
        return float(getattr(self, f"model_{name}") / getattr(self, name) - 1)


def predict(model: VortexThiele, run: CoreRun) -> Prediction:
    """Compare a run with what the model predicts of its first turn's radius and its current."""
    radii = model.radii(float(run.radius[0]), run.current, run.time)
    radius, frequency = run.orbit
    last = float(radii[-_AT_END:].mean())
    turning = np.asarray(model.rates(radii[-_AT_END:], run.current)[1])
    moved = abs(radius - run.radius[0]) > 0.1 * run.disc_radius
    return Prediction(
        radius,
        frequency,
        _rise(run.time, run.radius, radius) if moved else None,
        last,
        float(np.abs(turning).mean()) / (2 * np.pi),
        _rise(run.time, radii, last) if moved and np.isfinite(last) else None,
        model.orbit(run.current)[0],
    )


def _rise(time: FloatArray, radius: FloatArray, last: float) -> float:
    """When the radius has come 90 % of its way, between turns."""
    share = (radius - radius[0]) / (last - radius[0])
    after = int(np.argmax(share >= 0.9))
    before = max(after - 1, 0)
    part = (0.9 - share[before]) / (share[after] - share[before]) if after else 0.0
    return float(time[before] + part * (time[after] - time[before]) - time[0])
