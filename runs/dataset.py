"""The run Dataset: what every engine hands on, in one shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from runs.spec import RunSpec

__all__ = ["run_dataset"]

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
    provenance: Mapping[str, str | int],
    window_position: npt.NDArray[np.float64] | None = None,
) -> xr.Dataset:
    """Put an engine's frames and energies into the run Dataset.

    Parameters
    ----------
    spec : RunSpec
        The run.
    m : float, shape (frames, x, y, z, 3)
        Magnetisation at the protocol's sampling times, or in its field steps, of any norm.
    energy : float, shape (frames,)
        Total energy in J.
    provenance : mapping
        At least ``engine`` and ``engine_version``; goes into the attributes.
    window_position : float, shape (frames,), optional
        How far in m a moving window has moved along +x; needed where the protocol has one.

    Returns
    -------
    xarray.Dataset
        ``m (t, x, y, z, vdims)`` as float32 unit vectors, NaN outside the magnet;
        ``energy, mx, my, mz, current_density (t)``; ``applied_field (t, vdims)``
        with the static field in it; all with ``units``. Of several driven terminals
        ``current_density (t, terminal)``; a strip line has ``current`` in A. In field
        steps the dimension is ``step``, counted from 0, and there is no current density.
        Above 0 K there is also ``temperature (t)``, with a moving window ``window_position (t)``.

    Raises
    ------
    ValueError
        If a frame is not finite inside the magnet or has the wrong shape, or an engine did not move the window
        that it was asked for.
    """
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
