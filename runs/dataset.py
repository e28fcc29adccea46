"""The run Dataset: what every engine hands on, in one shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from runs.protocols.field_steps import FieldSteps
from runs.spec import RunSpec

__all__ = ["run_dataset"]

_TABLE = {
    "energy": ("J", "total energy"),
    "mx": ("1", "mean of m_x over the magnet"),
    "my": ("1", "mean of m_y over the magnet"),
    "mz": ("1", "mean of m_z over the magnet"),
}


def run_dataset(
    spec: RunSpec,
    m: npt.NDArray[np.floating],
    energy: npt.NDArray[np.float64],
    provenance: Mapping[str, str | int],
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

    Returns
    -------
    xarray.Dataset
        ``m (t, x, y, z, vdims)`` as float32 unit vectors, NaN outside the magnet;
        ``energy, mx, my, mz, current_density (t)``; ``applied_field (t, vdims)``
        with the static field in it; all with ``units``. In field steps the dimension
        is ``step``, counted from 0, and there is no current density. Above 0 K there
        is also ``temperature (t)``.

    Raises
    ------
    ValueError
        If a frame is not finite inside the magnet or has the wrong shape.
    """
    mesh, mask = spec.device.mesh(), spec.device.mask()
    frames, drive = _frames(spec)
    dimension = frames.dims[0]
    expected = (frames.size, *mesh.n, 3)
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
        | drive,
        coords={dimension: frames, "vdims": ["x", "y", "z"]}
        | {
            axis: (axis, getattr(mesh.cells, axis), {"units": "m", "long_name": f"cell centre along {axis}"})
            for axis in "xyz"
        },
        attrs={"run_id": spec.run_id, "spec": spec.model_dump_json(), **provenance},
    )


def _frames(spec: RunSpec) -> tuple[xr.Variable, dict[str, xr.Variable]]:
    """The coordinate of the frames, and what is applied at each of them."""
    protocol, attributes = spec.protocol, {"units": "A/m", "long_name": "applied field"}
    if isinstance(protocol, FieldSteps):
        steps = xr.Variable("step", np.arange(protocol.states), {"units": "1", "long_name": "field step"})
        return steps, {"applied_field": xr.Variable(("step", "vdims"), protocol.applied_field, attributes)}
    times = protocol.sample_times
    field = np.stack([component(times) for component in protocol.applied_field], axis=-1)
    field += np.array(protocol.static_field)
    flow = {"units": "A/m^2", "long_name": "current density along x"}
    drive = {
        "current_density": xr.Variable("t", protocol.current_density(times), flow),
        "applied_field": xr.Variable(("t", "vdims"), field, attributes),
    }
    if protocol.temperature_profile.peak:
        kelvin = {"units": "K", "long_name": "temperature"}
        drive["temperature"] = xr.Variable("t", protocol.temperature_profile(times), kelvin)
    return xr.Variable("t", times, {"units": "s", "long_name": "time"}), drive
