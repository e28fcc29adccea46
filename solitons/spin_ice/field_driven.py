"""Field-driven reversal without temperature: islands turn one at a time, the most unstable first.

The applied field goes from step to step. After each step the island that is furthest
outside its astroid turns around, which changes its neighbours' fields; then the one that
is furthest outside now; until none is. Each flip lowers the energy, since the field
along the axis pointed against the moment and the couplings are mutual, so that it ends.

Source: J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022), arXiv:2002.11401, for the
order of the flips.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.far_field import FarField
from solitons.spin_ice.flips import check_field, check_islands, check_local_field, check_spins, flips_dataset
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["drive_field"]

Floats = npt.NDArray[np.float64]
Spins = npt.NDArray[np.int8]

# More flips than this many times the islands in one field step cannot come from mutual couplings.
_MOST_FLIPS = 100


def drive_field(
    model: MacrospinLattice,
    spins: npt.ArrayLike,
    field: npt.ArrayLike,
    *,
    held: Sequence[int] = (),
    local_field: xr.DataArray | None = None,
    far_field: FarField | None = None,
) -> xr.Dataset:
    """Take a lattice through a list of applied fields.

    Parameters
    ----------
    model : MacrospinLattice
        The lattice.
    spins : array (islands)
        Start state, +1 or -1.
    field : array (steps, 2)
        Applied field in A/m, the same everywhere.
    held : sequence of int
        Islands that never turn, by number.
    local_field : xarray.DataArray (step, island, component), optional
        A further field in A/m on the islands that its coordinate `island` names: a tip, or
        driven input ports.
    far_field : FarField, optional
        Fields that the couplings leave out, renewed before each step: within a step the flips
        act on each other through the couplings alone.

    Returns
    -------
    xarray.Dataset
        `flip_island (flip)` in the order of the flips, `flip_step (flip)`;
        `applied_field (step, component)` in A/m; `moment (step, component)` in A m2, after
        the flips of each step; `initial_spin` and `spin (island)`. `spins_at` gives the
        states between.

    Raises
    ------
    ValueError
        If a shape is wrong, a spin is not +1 or -1, a field is not finite, an island
        does not exist, or flips go on without end because couplings are not mutual.

    Notes
    -----
    Fields are updated and never summed again: rounding adds up to some 1e-16 of the
    coupling a flip. Where two islands are exactly as unstable, as in a lattice without
    disorder, the lower number goes first.

    Examples
    --------
    >>> import numpy as np
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, drive_field, lattice_model
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> field = np.linspace(0, -2e5, 21)[:, None] * [np.cos(0.7), np.sin(0.7)]  # A/m, in 20 steps
    >>> run = drive_field(model, np.ones(model.islands), field)
    >>> "flip" in run.sizes
    True
    """
    # Imported here: numba takes half a second to import.
    from solitons.spin_ice.compiled import reversal as kernels

    start, applied = check_spins("drive_field", model, spins), check_field("drive_field", field)
    islands, extra = check_local_field("drive_field", model, local_field, len(applied))
    state = _initial_state(model, start)
    frozen = check_islands("drive_field", "held", model, held)
    state[frozen, :4] = (-1.0, 0.0, 0.0, 0.0)
    powers = 2 / float(model.astroid.gamma), 2 / float(model.astroid.beta)
    # Where the field does not point against the moment, no field across turns the island.
    bounds = kernels.power_bounds(powers[0], negative=-np.inf), kernels.power_bounds(powers[1], negative=0.0)
    coupled, projections = model.couplings, model.projections
    # numba looks at every signed index whether it counts from the end.
    neighbour = coupled.neighbour.view(np.uint32)
    heap, place = np.empty(model.islands, dtype=np.int64), np.full(model.islands, -1, dtype=np.int64)
    key, buffer = np.zeros(model.islands), np.empty(max(model.islands, 1), dtype=np.int32)

    current = start.copy()
    flips: list[npt.NDArray[np.int32]] = []
    counts = np.zeros(len(applied), dtype=np.int64)
    before, extra_before = np.zeros(2), np.zeros(extra.shape[1:])
    far_before = (np.zeros(model.islands), np.zeros(model.islands))
    for step, value in enumerate(applied):
        kernels.advance(state, projections, *(value - before))
        before = value
        if islands.size:
            _advance_locally(model, state, islands, extra[step] - extra_before)
            extra_before = extra[step]
        if far_field is not None and (step == 0 or counts[step - 1]):
            far = far_field.fields(current)
            for column in (0, 1):
                state[:, column] += (far[column] - far_before[column]) * state[:, column + 2]
            far_before = far
        done = False
        while not done:
            count, done = kernels.settle(
                current, state, powers, bounds, coupled.first, neighbour, coupled.along, coupled.across,
                heap, place, key, buffer,
            )  # fmt: skip
            flips.append(buffer[:count].copy())
            counts[step] += count
            if counts[step] > _MOST_FLIPS * model.islands:
                raise ValueError(
                    f"drive_field: more than {_MOST_FLIPS} flips an island at step {step}, field {value} A/m; such "
                    "couplings are not mutual: the fields of a pair times the other's moment must agree"
                )
    order = np.concatenate([np.empty(0, dtype=np.int32), *flips])
    return flips_dataset(model, start, current, applied, order, np.repeat(np.arange(len(applied)), counts))


def _initial_state(model: MacrospinLattice, spins: Spins) -> Floats:
    along, across = model.couplings.fields(spins)
    state = np.empty((model.islands, 6))
    state[:, 2] = -spins / (model.astroid.b * model.anisotropy_field)
    state[:, 3] = 1 / (model.astroid.c * model.anisotropy_field)
    state[:, 0], state[:, 1] = along * state[:, 2], across * state[:, 3]
    return state


def _advance_locally(model: MacrospinLattice, state: Floats, islands: npt.NDArray[np.int64], change: Floats) -> None:
    axis = model.axis[islands]
    state[islands, 0] += np.sum(change * axis, axis=1) * state[islands, 2]
    state[islands, 1] += (change[:, 1] * axis[:, 0] - change[:, 0] * axis[:, 1]) * state[islands, 3]
