"""The run Dataset: what every engine hands on, in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

    from runs.spec import RunSpec

__all__ = ["ensemble_dataset", "run_dataset"]

_TABLE = {
    "energy": ("J", "total energy"),
    "mx": ("1", "mean of m_x over the magnet"),
    "my": ("1", "mean of m_y over the magnet"),
    "mz": ("1", "mean of m_z over the magnet"),
}

_MOVED = {"units": "m", "long_name": "way of the moving window along +x"}


def run_dataset(
    spec: RunSpec,
    m: npt.NDArray[np.floating],
    energy: npt.NDArray[np.float64],
    provenance: Mapping[str, str | int | float],
    window_position: npt.NDArray[np.float64] | None = None,
) -> xr.Dataset:
    """Put an engine's frames and energies into the run Dataset.

    `m` (frames, x, y, z, 3) is the magnetisation at the protocol's sampling times, or in its field steps, of any norm,
    `energy` (frames,) in J, `provenance` goes into the attributes and has at least ``engine`` and ``engine_version``,
    and `window_position` is how far in m a moving window has moved along +x, needed where the protocol has one.

    The Dataset has ``m (t, x, y, z, vdims)`` as float32 unit vectors, NaN outside the magnet; ``energy, mx, my, mz,
    current_density (t)``; ``applied_field (t, vdims)`` with the static field in it; all with ``units``. With several
    driven terminals ``current_density (t, terminal)``; a strip line has ``current`` in A. In field steps the dimension
    is ``step``, counted from 0, and there is no current density. Above 0 K there is also ``temperature (t)``, with a
    moving window ``window_position (t)``. A ValueError if a frame is not finite inside the magnet or has the wrong
    shape, or an engine did not move the window that it was asked for.
    """
    import xarray as xr

    if (spec.protocol.window is None) != (window_position is None):
        raise ValueError(
            f"run {spec.run_id}: protocol.moving_window is given, and engine {spec.engine!r} has not moved it; use "
            "engine 'native', or leave it out"
        )
    mask = spec.device.mask()
    frames, drive = spec.protocol.frames(), spec.protocol.applied(spec.device)
    dimension = frames.dims[0]
    expected = (frames.size, *spec.device.shape, 3)
    if m.shape != expected:
        raise ValueError(f"run {spec.run_id}: m has the shape {m.shape}, but {expected} was asked for")
    inside = m[:, mask]
    norm = np.linalg.norm(inside, axis=-1, keepdims=True)
    if not (np.isfinite(norm).all() and (norm > 0).all()):
        frame = int(np.argmax(~(np.isfinite(norm) & (norm > 0)).all(axis=(1, 2))))
        raise ValueError(
            f"run {spec.run_id}: m is not a finite vector everywhere in the magnet from "
            f"{dimension} = {frames.values[frame]:.4g} on; use a smaller cell or a weaker drive"
        )
    inside = inside / norm
    unit = np.full(expected, np.nan, dtype=np.float32)
    unit[:, mask] = inside
    means = inside.mean(axis=1)

    moved = {} if window_position is None else {"window_position": (dimension, window_position, _MOVED)}
    columns = {"energy": energy, "mx": means[:, 0], "my": means[:, 1], "mz": means[:, 2]}
    return xr.Dataset(
        {"m": ((dimension, "x", "y", "z", "vdims"), unit, {"units": "1", "long_name": "magnetisation direction"})}
        | {
            name: (
                dimension,
                np.asarray(values, dtype=float),
                {"units": _TABLE[name][0], "long_name": _TABLE[name][1]},
            )
            for name, values in columns.items()
        }
        | moved
        | dict(drive.data_vars),
        coords={dimension: frames, "vdims": ["x", "y", "z"]} | spec.device.coordinates(),
        attrs={"run_id": spec.run_id, "spec": spec.model_dump_json(), **provenance},
    )


def ensemble_dataset(
    spec: RunSpec, arrays: Mapping[str, npt.NDArray[np.floating]], provenance: Mapping[str, str | int | float]
) -> xr.Dataset:
    """Put what an engine computed of an ensemble into its Dataset.

    `arrays` are ``energy (members, frames)`` in J, and ``m``: of each cell in the magnet (members, frames, cells, 3)
    where states are kept, else its mean (members, frames, 3). The Dataset has ``mx, my, mz, energy (member, t)``,
    ``seed (member)``, and what is applied over ``t`` as in a run; where states are kept also ``m (member, t, x, y, z,
    vdims)`` as in a run. A ValueError if a member is not finite or something has the wrong shape.
    """
    import xarray as xr

    assert spec.ensemble is not None
    states = spec.ensemble.keep == "states"
    mask, frames, members = spec.device.mask(), spec.protocol.frames(), spec.ensemble.members
    given, energy = arrays["m"], np.asarray(arrays["energy"], dtype=float)
    expected = (members, frames.size, *((int(mask.sum()),) if states else ()), 3)
    if given.shape != expected or energy.shape != expected[:2]:
        raise ValueError(
            f"run {spec.run_id}: m has the shape {given.shape} and energy {energy.shape}, but {expected} and "
            f"{expected[:2]} were asked for"
        )
    if not np.isfinite(given).all():
        member = int(np.argmax(~np.isfinite(given).all(axis=tuple(range(1, given.ndim)))))
        raise ValueError(f"run {spec.run_id}: m of member {member} is not finite; use a weaker drive")
    variables: dict[str, Any] = {}
    means = given.mean(axis=2, dtype=np.float64) if states else given
    if states:
        unit = np.full((*expected[:2], *mask.shape, 3), np.nan, dtype=np.float32)
        unit[:, :, mask] = given / np.linalg.norm(given, axis=-1, keepdims=True)
        attributes = {"units": "1", "long_name": "magnetisation direction"}
        variables["m"] = (("member", "t", "x", "y", "z", "vdims"), unit, attributes)
    columns = {"energy": energy, "mx": means[..., 0], "my": means[..., 1], "mz": means[..., 2]}
    for name, values in columns.items():
        unit_of, long_name = _TABLE[name]
        variables[name] = (("member", "t"), np.asarray(values, float), {"units": unit_of, "long_name": long_name})
    seeds = spec.ensemble.seeds(spec.protocol.thermal_seed)
    seed = ("member", seeds, {"units": "1", "long_name": "seed of the thermal field"})
    return xr.Dataset(
        variables | dict(spec.protocol.applied(spec.device).data_vars),
        coords={"t": frames, "member": np.arange(members), "seed": seed, "vdims": ["x", "y", "z"]}
        | (spec.device.coordinates() if states else {}),
        attrs={"run_id": spec.run_id, "spec": spec.model_dump_json(), **provenance},
    )
