"""What the core of each run did: its turns, events, last orbit, and what its texture has by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.oscillators.vortex_core import vortex_core
from geometries import Material, Pillar, ThroughPlane
from solitons.campaigns.oscillators.vortex_oscillator.results import OrbitRun
from solitons.campaigns.oscillators.vortex_oscillator.settings import OrbitRole
from solitons.oscillators.vortex_fit import CoreRun, turns_of_run
from solitons.oscillators.vortex_textures import damping_like_field, texture_series

__all__ = ["Observed", "observe"]

_AT_REST = 0.1
"""Share of the disc's radius within which a core at rest is in the middle."""
_FEWEST_TURNS = 4
_SHRINKS = 0.98
"""Radius over that a quarter of the turns earlier below which an orbit still shrinks."""
_FRAMES = 24


@dataclass(frozen=True, eq=False)
class Observed:
    """A run's core, its turns, and its row of results; `texture` has radii, D / G and a_J / G of some frames."""

    core: xr.Dataset
    turns: CoreRun
    row: OrbitRun
    texture: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None


def observe(
    opened: xr.Dataset, role: OrbitRole, run_id: str, device: Pillar, material: Material, begin: float
) -> Observed:
    """Follow the core of a run of a disc; `begin` in s is when its turns are counted from."""
    core = vortex_core(opened)
    row = OrbitRun(run_id=run_id, current=role.current, use=role.use)
    turned = turns_of_run(opened, core, role.current, begin, run_id)
    radius = core["radius"].values
    if not radius[0] < _AT_REST * turned.disc_radius:
        return Observed(core, turned, row.model_copy(update={"event": "no vortex at rest"}))
    kinds = core["event_kind"].values.tolist()
    event = kinds[0] if kinds else "too few turns" if turned.time.size < _FEWEST_TURNS else ""
    changes = {
        "event": event,
        "event_time": float(core["event_t"][0]) if kinds else None,
        "turns": int(turned.time.size),
    }
    if event:
        return Observed(core, turned, row.model_copy(update=changes))
    last, frequency = turned.orbit
    changes |= {"radius": last, "frequency": frequency, "sense": int(np.sign(turned.angular_velocity[-1]))}
    # One that was kicked too far comes to its orbit from outside, and no longer shrinks at the end.
    quarter = turned.radius[-max(2, turned.radius.size // 4)]
    changes["decays"] = bool(turned.radius[-1] < turned.radius[0] and turned.radius[-1] < _SHRINKS * quarter)
    terminal = device.terminal()
    assert isinstance(terminal, ThroughPlane)
    field = damping_like_field(terminal.layer_in(device), material, device.thickness)
    first = int(np.searchsorted(core["t"].values, begin))
    frames = np.unique(np.linspace(first, radius.size - 1, _FRAMES).astype(int))
    texture = texture_series(opened, core, frames, material, device.thickness, field)
    return Observed(core, turned, row.model_copy(update=changes), texture)
