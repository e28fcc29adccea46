"""Many inputs through one lattice: a batch of field sequences in one compiled call.

The flips are as of `drive_field`, one sequence after another; what a call of it costs
beside them, checks, work space and the record of every flip, is paid once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.flips import check_islands
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["drive_batch"]

Floats = npt.NDArray[np.float64]

# As in `drive_field`: more flips than this many times the islands in one step cannot come from mutual couplings.
_MOST_FLIPS = 100
# Sequences whose fields at the islands are in memory at once.
_CHUNK_BYTES = 1 << 26


def drive_batch(
    model: MacrospinLattice,
    spins: npt.ArrayLike,
    field: npt.ArrayLike,
    *,
    held: Sequence[int] = (),
    read_steps: Sequence[int] | None = None,
) -> xr.Dataset:
    """Take a lattice through many sequences of applied fields.

    Parameters
    ----------
    model : MacrospinLattice
        The lattice.
    spins : array (sequences, islands) or (islands)
        Start state of each sequence, +1 or -1.
    field : array (sequences, steps, 2) or (steps, 2)
        Applied field in A/m, the same everywhere. The longer of `spins` and `field` sets how
        many sequences there are.
    held : sequence of int
        Islands that never turn, by number.
    read_steps : sequence of int, optional
        Rising numbers of the steps after which the state is kept; the last if left out.

    Returns
    -------
    xarray.Dataset
        `spin (sequence, step, island)`, int8, `step` being those that were kept, and
        `flips (sequence, field_step)`, how many islands turned in each.

    Raises
    ------
    ValueError
        If a shape is wrong, a spin is not +1 or -1, a field is not finite, an island or a step
        does not exist, or flips go on without end because couplings are not mutual.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, lattice_model, saturated_spins
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> field = -np.array([[[2e4, 2e4]], [[1e5, 1e5]]])  # A/m: two sequences of a step each
    >>> run = drive_batch(model, saturated_spins(model, np.pi / 4), field)
    >>> run.flips.values[:, 0].tolist(), model.islands  # a weak field turns none, a strong one all
    ([0, 11], 11)
    """
    # Imported here: numba takes half a second to import.
    from solitons.spin_ice.compiled import reversal
    from solitons.spin_ice.compiled.batches import settle_all

    start, applied = _check(model, spins, field)
    sequences, steps = applied.shape[:2]
    kept = _kept(steps, read_steps)
    frozen = check_islands("drive_batch", "held", model, held)
    powers = 2 / float(model.astroid.gamma), 2 / float(model.astroid.beta)
    bounds = reversal.power_bounds(powers[0], negative=-np.inf), reversal.power_bounds(powers[1], negative=0.0)
    coupled, projections = model.couplings, model.projections
    states = np.empty((sequences, int(kept.sum()), model.islands), dtype=np.int8)
    flips = np.zeros((sequences, steps), dtype=np.int64)
    chunk = max(1, _CHUNK_BYTES // (48 * max(model.islands, 1)))
    for begin in range(0, sequences, chunk):
        part = slice(begin, begin + chunk)
        current = start[part].copy()
        state = _initial_states(model, current)
        state[:, frozen, :4] = (-1.0, 0.0, 0.0, 0.0)
        endless = settle_all(
            current, state, projections, applied[part], _MOST_FLIPS * model.islands, powers, bounds, coupled.first,
            coupled.neighbour.view(np.uint32), coupled.along, coupled.across, kept, states[part], flips[part],
        )  # fmt: skip
        if endless >= 0:
            raise ValueError(
                f"drive_batch: more than {_MOST_FLIPS} flips an island in one step of sequence {begin + endless}; such "
                "couplings are not mutual: the fields of a pair times the other's moment must agree"
            )
    return xr.Dataset(
        {
            "spin": (("sequence", "step", "island"), states),
            "flips": (("sequence", "field_step"), flips),
        },
        coords={"step": np.flatnonzero(kept), "island": np.arange(model.islands)},
    )


def _check(model: MacrospinLattice, spins: npt.ArrayLike, field: npt.ArrayLike) -> tuple[npt.NDArray[np.int8], Floats]:
    start, applied = np.asarray(spins), np.asarray(field, dtype=np.float64)
    if start.ndim not in (1, 2) or start.shape[-1] != model.islands or not np.all(np.abs(start) == 1):
        raise ValueError(
            f"drive_batch: spins has the shape {start.shape}; give +1 or -1 over (sequences, {model.islands}) or "
            f"({model.islands},)"
        )
    if applied.ndim not in (2, 3) or applied.shape[-1] != 2 or not np.isfinite(applied).all():
        raise ValueError(
            f"drive_batch: field has the shape {applied.shape}; give finite numbers in A/m over (sequences, steps, 2) "
            "or (steps, 2)"
        )
    counts = {array.shape[0] for array, dims in ((start, 2), (applied, 3)) if array.ndim == dims}
    if len(counts) > 1:
        raise ValueError(
            f"drive_batch: spins are of {start.shape[0]} sequences and field of {applied.shape[0]}; give as many, or "
            "one for all"
        )
    sequences = counts.pop() if counts else 1
    return (
        np.array(np.broadcast_to(start, (sequences, model.islands)), dtype=np.int8),
        np.ascontiguousarray(np.broadcast_to(applied, (sequences, *applied.shape[-2:]))),
    )


def _kept(steps: int, read_steps: Sequence[int] | None) -> npt.NDArray[np.bool_]:
    wanted = np.array([steps - 1]) if read_steps is None else np.asarray(read_steps, dtype=np.int64)
    if wanted.size and (wanted.min() < 0 or wanted.max() >= steps or np.any(np.diff(wanted) <= 0)):
        raise ValueError(f"drive_batch: read_steps must rise and lie between 0 and {steps - 1}, but are {wanted}")
    kept = np.zeros(steps, dtype=np.bool_)
    kept[wanted] = True
    return kept


def _initial_states(model: MacrospinLattice, spins: npt.NDArray[np.int8]) -> Floats:
    """Reduced fields of the couplings at every island, as `compiled.reversal` has them."""
    along, across = model.couplings.fields(spins.T)
    state = np.empty((*spins.shape, 6))
    state[..., 2] = -spins / (model.astroid.b * model.anisotropy_field)
    state[..., 3] = 1 / (model.astroid.c * model.anisotropy_field)
    state[..., 0], state[..., 1] = along.T * state[..., 2], across.T * state[..., 3]
    return state
