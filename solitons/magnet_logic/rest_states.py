"""Arrays at rest in one field after the other: as micromagnetics finds them, and as coupled macrospins predict them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnet_logic.moments import magnet_moments
from geometries import MagnetArray
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.magnet_logic.driven import follow_ramps

__all__ = ["RestStates", "angle_error", "overdamped", "path_error", "path_of", "rest_path", "rest_states"]

Floats = npt.NDArray[np.float64]

_DAMPING = 1.0
"""Damping at which a magnet comes to rest in the shortest time."""
_RISE, _REST = 2.0, 15.0
"""In relaxation times at that damping: for the change to the next field, and from one look at m to the next."""
_STILL = 1e-6
"""Change of m from one look to the next below which it is at rest."""
_MOST_LOOKS = 100
"""Near a field in which a state ends m takes long, and longer than any where nothing decides which way it goes."""


@dataclass(frozen=True, eq=False)
class RestStates:
    """An array at rest in a list of fields (states, 3) that are applied to all magnets, in A/m.

    What holds inputs comes to them. `moments` (states, magnets, 3) are the mean m of each magnet, shorter than 1 where
    it is not magnetised the same everywhere; `name` is the run's.
    """

    array: MagnetArray
    moments: Floats
    fields: Floats
    name: str = ""

    @property
    def directions(self) -> Floats:
        """Unit vectors along the moments."""
        return self.moments / self.lengths[..., None]

    @property
    def lengths(self) -> Floats:
        """|mean m| of each magnet (states, magnets)."""
        return np.asarray(np.linalg.norm(self.moments, axis=-1))

    @property
    def free(self) -> npt.NDArray[np.bool_]:
        """Mask of magnets that no bias holds."""
        return np.array([not magnet.held for magnet in self.array.magnets])

    @property
    def local_fields(self) -> Floats:
        """Field in A/m on each magnet, including the inputs' field: (states, magnets, 3)."""
        return np.asarray(self.fields[:, None, :] + self.array.held_fields())


def rest_states(run: xr.Dataset, array: MagnetArray, name: str = "") -> RestStates:
    """Read a run in field steps of an array; `name` is what errors and reports call it.

    ValueError if the run is one in time, where magnets are not at rest.
    """
    if "step" not in run.dims:
        raise ValueError(f"rest_states: run {name!r} has no dimension step; give one in field steps, at rest in each")
    moments = magnet_moments(run, array).transpose("step", "magnet", "vdims").values
    return RestStates(array, moments, np.asarray(run["applied_field"].transpose("step", "vdims").values), name)


def overdamped(macrospins: CoupledMacrospins) -> CoupledMacrospins:
    """The same magnets without heat, at the damping with which they come to rest in the shortest time."""
    changed: CoupledMacrospins = eqx.tree_at(
        lambda tree: (tree.temperature, tree.damping), macrospins, (np.asarray(0.0), np.asarray(_DAMPING))
    )
    return changed


def rest_path(macrospins: CoupledMacrospins, start: npt.ArrayLike, fields: npt.ArrayLike) -> Floats:
    """Let macrospins come to rest in one field after the other, without heat.

    From directions `start` (magnets, 3), in fields (states, magnets, 3) in A/m; directions at rest are (states,
    magnets, 3). A UserWarning comes if a magnet still turns after 1500 relaxation times; it is taken as it is then.
    """
    cold = overdamped(macrospins)
    given = np.asarray(fields, dtype=np.float64)
    unit = max(cold.relaxation_time(i) for i in range(cold.magnets))
    m, before, found = np.asarray(start, dtype=np.float64), given[0], []
    for number, field in enumerate(given):
        m = _followed(cold, m, _RISE * unit, before, field)
        for _ in range(_MOST_LOOKS):
            m, last = _followed(cold, m, _REST * unit, field, field), m
            if np.abs(m - last).max() < _STILL:
                break
        else:
            turned = np.abs(m - last).max(axis=1)
            warnings.warn(
                f"rest_path: in field {number} of {len(given)} macrospin {int(turned.argmax())} is not at rest: its m "
                f"changes by {turned.max():.1g} from one look to the next after {_MOST_LOOKS}, and is taken as it is; "
                "the field is close to one in which its state ends: give a slightly different one",
                stacklevel=2,
            )
        found.append(m)
        before = field
    return np.stack(found)


def _followed(macrospins: CoupledMacrospins, m: Floats, duration: float, before: Floats, after: Floats) -> Floats:
    run = follow_ramps(macrospins, m[None], [duration], np.stack([before, after]), seed=0, threads=1)
    return np.asarray(run["m"].values[0, -1])


def path_of(macrospins: CoupledMacrospins, seen: RestStates) -> Floats:
    """Directions that macrospins predict for a run, from its first state alone: (states, magnets, 3)."""
    return rest_path(macrospins, seen.directions[0], seen.local_fields)


def path_error(macrospins: CoupledMacrospins, seen: RestStates) -> float:
    """Root mean square angle in rad between predicted and seen directions, see `path_of` and `angle_error`."""
    return angle_error(path_of(macrospins, seen), seen)


def angle_error(predicted: Floats, seen: RestStates) -> float:
    """Root mean square angle in rad between directions and those seen, of free magnets after the first state."""
    cosine = np.sum(predicted * seen.directions, axis=-1)[1:, seen.free]
    return float(np.sqrt(np.mean(np.arccos(np.clip(cosine, -1, 1)) ** 2)))
