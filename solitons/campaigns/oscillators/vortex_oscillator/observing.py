"""What the core of each run did: its turns, events, last orbit, and what its texture has by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.oscillators.vortex_core import vortex_core
from geometries import Material, Pillar
from solitons.campaigns.oscillators.vortex_oscillator.campaign import OrbitRole
from solitons.campaigns.oscillators.vortex_oscillator.results import Event, OrbitRun
from solitons.oscillators.vortex_fit import CoreRun, predicted, turns_of_run
from solitons.oscillators.vortex_textures import texture_series
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["Observed", "observe", "row_of"]

_AT_REST = 0.1
"""Share of the disc's radius within which a core at rest is in the middle."""
_FEWEST_TURNS = 4
_MOVED = 0.1
"""Share of the disc's radius by which an orbit changes at least, so that it has a rise time."""
_SHRINKS = 0.98
"""Radius over that a quarter of the turns earlier below which an orbit still shrinks."""
_FRAMES = 24


@dataclass(frozen=True, eq=False)
class Observed:
    """A run's core, its turns, and the event that ended them; of an orbit radii, D and a_J of the texture of frames."""

    role: OrbitRole
    core: xr.Dataset
    turns: CoreRun
    event: Event
    texture: tuple[npt.NDArray[np.float64], ...] = ()


def observe(
    run: xr.Dataset, role: OrbitRole, run_id: str, device: Pillar, material: Material, begin: float
) -> Observed:
    """Follow the core of a run of a disc; `begin` in s is when its turns are counted from."""
    core = vortex_core(run)
    turns = turns_of_run(run, core, role.current, begin, run_id)
    event: Event = "too few turns" if turns.time.size < _FEWEST_TURNS else ""
    if core.sizes["event"]:
        event = core["event_kind"].values[0]
    if not core["radius"].values[0] < _AT_REST * turns.disc_radius:
        event = "no vortex at rest"
    if event:
        return Observed(role, core, turns, event)
    first, last = int(np.searchsorted(core["t"].values, begin)), core.sizes["t"] - 1
    frames = np.unique(np.linspace(first, last, _FRAMES).astype(int))
    return Observed(role, core, turns, event, texture_series(run, core, frames, device, material))


def row_of(each: Observed, model: VortexThiele | None) -> OrbitRun:
    """The row of results of a run, beside the equation where there is one."""
    run, role = each.turns, each.role
    row = {"run_id": run.run_id, "current": role.current, "use": role.use, "event": each.event, "turns": run.time.size}
    if each.event:
        when = float(each.core["event_t"][0]) if each.event in ("expulsion", "reversal") else None
        return OrbitRun.model_validate(row | {"event_time": when})
    radius, frequency = run.orbit
    moved = abs(radius - run.radius[0]) > _MOVED * run.disc_radius
    # One that was kicked too far comes to its orbit from outside, and no longer shrinks at the end.
    before = min(run.radius[0], run.radius[-max(2, run.radius.size // 4)] * _SHRINKS)
    row |= {"radius": radius, "frequency": frequency, "rise_time": run.rise if moved else None}
    row["decays"] = bool(run.radius[-1] < before)
    if model is not None:
        row["steady"] = model.orbit(role.current)[0]
        followed = predicted(model, run)
        row["model_radius"], row["model_frequency"] = followed.orbit
        row["model_rise_time"] = followed.rise if moved else None
    return OrbitRun.model_validate(row)
