"""Field-driven reversal of moments that rotate: in each field to rest, the way that damping goes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.flips import check_field, check_spins, flips_dataset
from solitons.spin_ice.rotating_lattice import RotatingLattice

__all__ = ["rotate_in_field"]

# Fields between which Python looks whether the user interrupts.
_AT_ONCE = 32


def rotate_in_field(model: RotatingLattice, spins: npt.ArrayLike, field: npt.ArrayLike) -> xr.Dataset:
    """Take a lattice through a list of applied fields.

    Parameters
    ----------
    model : RotatingLattice
        The lattice.
    spins : array (islands)
        Start state, +1 or -1: moments along their axes.
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
    >>> from solitons.spin_ice.coherent_rotation import CoherentRotation
    >>> from solitons.spin_ice.moment_fields import MomentCouplings
    >>> alone = MomentCouplings(first=[0, 0], neighbour=[], tensor=[])
    >>> island = RotatingLattice([[1.0, 0.0]], [1e-16], [1e5], CoherentRotation(), alone)
    >>> run = rotate_in_field(island, [1], [[0.0, 5e4], [-6e4, 5e4]])  # A/m
    >>> np.degrees(run.turn.values[:, 0]).round().tolist(), run.flip_step.values.tolist()
    ([30.0, 162.0], [1])
    """
    # Imported here: numba takes half a second to import.
    from solitons.spin_ice.compiled.rotation import drive

    initial, applied = check_spins("rotate_in_field", model, spins), check_field("rotate_in_field", field)
    coupled, own = model.couplings, model.own_textures
    turn = np.where(initial > 0, 0.0, np.pi)
    turns = np.empty((len(applied), model.islands), dtype=np.float32)
    counts = np.zeros(len(applied), dtype=np.int64)
    flips = [np.empty(0, dtype=np.int32)]
    for start in range(0, len(applied), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        flipped, rested = drive(
            turn, applied[part], model.anisotropy_field, own.torque, own.mean,
            coupled.first, coupled.neighbour, coupled.tensor, own.first, own.neighbour, own.overlap,
            turns[part], counts[part],
        )  # fmt: skip
        if rested < len(applied[part]):
            step = start + rested
            raise RuntimeError(
                f"rotate_in_field: the moments do not come to rest at step {step}, field {applied[step]} A/m"
            )
        flips.append(flipped)
    final = np.where(np.cos(turn) >= 0, 1, -1).astype(np.int8)
    steps = np.repeat(np.arange(len(applied)), counts)
    run = flips_dataset(model, initial, final, applied, np.concatenate(flips), steps)
    return run.assign(turn=(("step", "island"), turns, {"units": "rad"}))
