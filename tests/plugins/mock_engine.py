"""A made-up engine for tests of everything but physics; it takes milliseconds.

In time, a rigid wall moves with the electrons at the Zhang-Li drift velocity and stops
one wall width before the stripe's ends. In field steps, each island of a spin ice turns
as a macrospin of its own does, by Stoner and Wohlfarth. An ensemble of a pillar is one of macrospins.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries import SpinIce
from runs.dataset import ensemble_dataset, run_dataset
from runs.engines import DEFAULT_LIMITS, EngineFailedError, Limits
from runs.protocols.field_steps import FieldSteps
from runs.protocols.local_fields import local_fields
from runs.spec import RunSpec
from runs.system import drift_velocity

__all__ = ["RUNS_ENSEMBLES", "simulate", "version"]

RUNS_ENSEMBLES = True

FloatArray = npt.NDArray[np.float64]


def version() -> str:
    """Version of the mock engine."""
    return "1"


def simulate(
    spec: RunSpec,
    directory: Path,
    progress: Callable[[float], None],
    limits: Limits = DEFAULT_LIMITS,
) -> xr.Dataset:
    """Shift the initial magnetisation rigidly along x, or turn islands in field steps.

    Raises
    ------
    EngineFailedError
        For field steps of another device than a spin ice.
    """
    protocol = spec.protocol
    if spec.ensemble is not None:
        m = made_ensemble(spec)
        progress(1.0)
        arrays = {"m": m, "energy": np.zeros(m.shape[:2])}
        return ensemble_dataset(spec, arrays, {"engine": "mock", "engine_version": version()})
    m = _turned(spec, protocol) if isinstance(protocol, FieldSteps) else _shifted(spec)
    progress(1.0)
    return run_dataset(spec, m, np.zeros(len(m)), {"engine": "mock", "engine_version": version()})


def _shifted(spec: RunSpec) -> FloatArray:
    times = spec.protocol.frames().values
    fine = np.linspace(0.0, times[-1], 20 * (times.size - 1) + 1)
    channels = [channel for channel in spec.protocol.channels(spec.device) if channel.terminal.unit == "A/m^2"]
    velocity = drift_velocity(spec.material, 1.0) * sum((one.waveform(fine) for one in channels), np.zeros(fine.size))
    steps = np.diff(fine) * (velocity[1:] + velocity[:-1]) / 2
    shift = np.concatenate([[0.0], np.cumsum(steps)])[::20]
    initial = np.nan_to_num(spec.device.initial_magnetisation(spec.material), nan=0.0)
    cells = np.clip(np.rint(shift / spec.device.cell[0]).astype(int), -initial.shape[0], initial.shape[0])
    columns = np.clip(np.arange(initial.shape[0]) - cells[:, np.newaxis], 0, initial.shape[0] - 1)
    m = initial[columns]
    # A shifted column can lie where a notch was: fill it with the column's own mean direction.
    filled: FloatArray = np.where(np.linalg.norm(m, axis=-1, keepdims=True) > 0, m, m.mean(axis=(2, 3), keepdims=True))
    return filled


def made_ensemble(spec: RunSpec) -> FloatArray:
    """Means of members that are macrospins of the pillar's cells, (members, frames, 3)."""
    from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_of
    from solitons.junctions import follow_macrospins

    times = spec.protocol.frames().values
    (channel,) = spec.in_time.channels(spec.device)
    # In each interval between two frames the current that flows in its middle.
    current = channel.waveform((times[1:] + times[:-1]) / 2)
    start = np.tile(np.asarray(spec.device.start), (spec.ensemble.members, 1))
    run = follow_macrospins(
        pillar_of(spec), start, float(times[-1]), seed=spec.in_time.seed, current_density=current[None, :],
        samples=times.size - 1,
    )  # fmt: skip
    return np.concatenate([start[:, None, :], run["m"].values], axis=1)


def _turned(spec: RunSpec, protocol: FieldSteps) -> FloatArray:
    """Turn an island where the field against it leaves the astroid of its shape; islands do not see each other."""
    ice = spec.device
    if not isinstance(ice, SpinIce):
        raise EngineFailedError(
            f"run {spec.run_id}: the mock engine has field steps for a spin_ice, and device is a {ice.kind}; use "
            "engine 'native' or 'oommf'"
        )
    islands = ice.islands(spec.material)
    # Roughly the difference of the demagnetising factors of a flat island.
    anisotropy = (
        islands["saturation_magnetisation"] * islands["thickness"] * (1 / islands["width"] - 1 / islands["length"])
    )
    fields = protocol.applied_field[:, np.newaxis, :2] + sum(
        local.share[:, np.newaxis, np.newaxis] * local.on_islands[:, :2]
        for local in local_fields(ice, protocol.local_changes())
    )
    axis = islands["axis"].values
    along = np.einsum("sic,ic->si", fields, axis) / anisotropy.values
    across = (fields[..., 0] * -axis[:, 1] + fields[..., 1] * axis[:, 0]) / anisotropy.values
    outside = np.abs(along) ** (2 / 3) + np.abs(across) ** (2 / 3) >= 1
    initial, labels = ice.initial_magnetisation(spec.material), ice.labels().values
    signs = np.ones(along.shape[1])
    spins = ice.initial_spins.spins(islands["angle"].values).astype(float)
    m = np.empty((protocol.states, *initial.shape))
    for state in range(protocol.states):
        turns = outside[state] & (along[state] * signs * spins < 0)
        signs = np.where(turns, -signs, signs)
        # Bridges, labelled -1, take the last entry.
        m[state] = initial * np.concatenate([[1.0], signs, [1.0]])[labels][..., np.newaxis]
    return m
