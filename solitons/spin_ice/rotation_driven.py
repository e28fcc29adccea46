"""Field-driven reversal of moments that rotate: in each field to rest, the way that damping goes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.flips import check_field, check_spins, flips_dataset
from solitons.spin_ice.rotating_lattice import RotatingLattice

__all__ = ["rotate_in_field"]

Floats = npt.NDArray[np.float64]

# Flips an island in one field step, more than which are no reversal.
_MOST_FLIPS = 100


def rotate_in_field(model: RotatingLattice, spins: npt.ArrayLike, field: npt.ArrayLike) -> xr.Dataset:
    """Take a lattice through a list of applied fields.

    Parameters
    ----------
    model : RotatingLattice
        The lattice.
    spins : array (islands)
        Where it starts, +1 or -1: moments along their axes.
    field : array (steps, 2)
        Applied field in A/m, the same everywhere.

    Returns
    -------
    xarray.Dataset
        As of `drive_field`, a spin being the sign of the moment's part along its axis; and `turn (step, island)`, the
        angle in rad from the axis (for a spin of +1) to the moment, counter-clockwise.

    Raises
    ------
    ValueError
        If a shape is wrong, a spin is not +1 or -1, or a field is not finite.
    RuntimeError
        If the moments do not come to rest in a field.

    Notes
    -----
    A moment that the field is exactly against turns counter-clockwise.

    Examples
    --------
    >>> from solitons.spin_ice import CoherentRotation, MomentCouplings
    >>> alone = MomentCouplings(first=[0, 0], neighbour=[], tensor=[])
    >>> island = RotatingLattice([[1.0, 0.0]], [1e-16], [1e5], CoherentRotation(), alone)
    >>> run = rotate_in_field(island, [1], [[0.0, 5e4], [-6e4, 5e4]])  # A/m
    >>> np.degrees(run.turn.values[:, 0]).round().tolist(), run.flip_step.values.tolist()
    ([30.0, 162.0], [1])
    """
    # Imported here: numba takes half a second to import.
    from solitons.spin_ice.compiled.rotation import rest

    start, applied = check_spins("rotate_in_field", model, spins), check_field("rotate_in_field", field)
    coupled, harmonics = model.couplings, model.rotation.harmonics
    source = np.repeat(np.arange(model.islands), np.diff(coupled.first))
    turn = np.where(start > 0, 0.0, np.pi)
    turns = np.empty((len(applied), model.islands), dtype=np.float32)
    buffer = np.empty(_MOST_FLIPS * max(model.islands, 1), dtype=np.int32)
    flips, counts = [np.empty(0, dtype=np.int32)], np.zeros(len(applied), dtype=np.int64)
    for step, value in enumerate(applied):
        # Summed again in each field, so that rounding does not add up.
        local = value + _fields(model, source, turn)
        counts[step], resting = rest(
            turn, local, model.anisotropy_field, harmonics, coupled.first, coupled.neighbour, coupled.tensor,
            model.axis, buffer,
        )  # fmt: skip
        if not resting:
            raise RuntimeError(f"rotate_in_field: the moments do not come to rest at step {step}, field {value} A/m")
        flips.append(buffer[: counts[step]].copy())
        turns[step] = turn
    final = np.where(np.cos(turn) >= 0, 1, -1).astype(np.int8)
    steps = np.repeat(np.arange(len(applied)), counts)
    run = flips_dataset(model, start, final, applied, np.concatenate(flips), steps)
    return run.assign(turn=(("step", "island"), turns, {"units": "rad"}))


def _fields(model: RotatingLattice, source: npt.NDArray[np.int64], turn: Floats) -> Floats:
    """Fields of all others at every island, (islands, 2), in A/m."""
    cosine, sine = np.cos(turn), np.sin(turn)
    x, y = cosine * model.axis[:, 0] - sine * model.axis[:, 1], cosine * model.axis[:, 1] + sine * model.axis[:, 0]
    x, y = x[source], y[source]
    xx, xy, yy = model.couplings.tensor.T
    target, count = model.couplings.neighbour, model.islands
    return np.stack([np.bincount(target, xx * x + xy * y, count), np.bincount(target, xy * x + yy * y, count)], axis=1)
