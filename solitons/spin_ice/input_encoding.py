"""Inputs encoded in a spin ice: patterns written into islands, or a series of fields, and the spins that follow.

Inputs come in two ways. A pattern is written into input islands, which then keep their
state, and a field that rises against the saturated ice sets off a cascade. A series of
inputs is given by fields of one strength, at an angle that encodes the input, one after another.
The linear read-out gets the spins of read-out islands.

Sources: J. H. Jensen, E. Folven and G. Tufte, Proc. ALIFE 2018, 15; J. H. Jensen and G.
Tufte, Proc. ALIFE 2020, 376; J. C. Gartside et al., Nature Nanotech. 17, 460 (2022).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.batches import drive_batch
from solitons.spin_ice.flips import check_islands
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["pattern_cascades", "saturated_spins", "series_states"]

Floats = npt.NDArray[np.float64]
Spins = npt.NDArray[np.int8]


def saturated_spins(model: MacrospinLattice, angle: float) -> Spins:
    """The state in which every island points along a direction as far as it can.

    Parameters
    ----------
    model : MacrospinLattice
        The lattice.
    angle : float
        Angle of the direction from x, in rad; islands across it get +1.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, lattice_model, saturated_spins
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> len(saturated_spins(model, 0.7)) == model.islands
    True
    """
    along = model.axis @ _direction(angle)
    return np.where(along > -1e-9, 1, -1).astype(np.int8)


def pattern_cascades(
    model: MacrospinLattice,
    patterns: npt.ArrayLike,
    inputs: Sequence[int],
    *,
    angle: float,
    amplitude: float,
    steps: int,
) -> xr.Dataset:
    """Write patterns into a saturated ice, let a field set off a cascade, and take it away.

    `patterns` (patterns, pixels) are True where the pixel's island, by its number in `inputs`, points against the
    others; written islands keep their state. The ice is saturated at `angle` (rad from x), and the field rises against
    that direction to `amplitude` (A/m) in equal steps. The result has `spin (pattern, island)` after the field is gone,
    and `flips (pattern)`, the size of the cascade.
    """
    written = check_islands("pattern_cascades", "inputs", model, inputs)
    bright = np.asarray(patterns, dtype=np.bool_)
    if bright.ndim != 2 or bright.shape[1] != written.size or len(set(written.tolist())) != written.size:
        raise ValueError(
            f"pattern_cascades: {written.size} input islands for patterns of the shape {bright.shape}; give an island "
            "of its own for each pixel, (patterns, pixels)"
        )
    saturated = saturated_spins(model, angle)
    spins = np.tile(saturated, (len(bright), 1))
    spins[:, written] *= np.where(bright, -1, 1).astype(np.int8)
    rise = np.append(np.arange(1, steps + 1) / steps, 0.0)
    run = drive_batch(model, spins, -amplitude * rise[:, None] * _direction(angle), held=written.tolist())
    return xr.Dataset(
        {
            "spin": (("pattern", "island"), run["spin"].values[:, 0]),
            "flips": ("pattern", run["flips"].values.sum(axis=1)),
        }
    )


def series_states(model: MacrospinLattice, inputs: npt.ArrayLike, *, angle: float, amplitude: float) -> xr.Dataset:
    """Give series of inputs (series, times) from -1 to 1 to a saturated ice.

    Each input is a field of `amplitude` (A/m) at `angle` + input pi / 2 (rad from x), which is then taken away. The ice
    starts saturated along `angle`. The result has `spin (series, time, island)` after each input, and `flips (series,
    time)`.
    """
    given = np.asarray(inputs, dtype=np.float64)
    if given.ndim != 2 or not np.all(np.abs(given) <= 1):
        raise ValueError(
            f"series_states: inputs has the shape {given.shape}; give numbers from -1 to 1, (series, times)"
        )
    series, times = given.shape
    field = np.zeros((series, times, 2, 2))
    field[:, :, 0] = amplitude * _direction(angle + given * np.pi / 2)
    run = drive_batch(
        model, saturated_spins(model, angle), field.reshape(series, 2 * times, 2), read_steps=range(1, 2 * times, 2)
    )
    return xr.Dataset(
        {
            "spin": (("series", "time", "island"), run["spin"].values),
            "flips": (("series", "time"), run["flips"].values.reshape(series, times, 2).sum(axis=2)),
        }
    )


def _direction(angle: npt.ArrayLike) -> Floats:
    return np.stack((np.cos(angle), np.sin(angle)), axis=-1)
