"""Conductance of a pillar's junction, under bias."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.schema import check_junction
from geometries.junctions.device import Pillar
from runs.spec import read_spec

__all__ = ["pillar_conductance"]

FloatArray = npt.NDArray[np.float64]

# Each halves the interval in which the voltage lies.
_HALVINGS = 60


def pillar_conductance(run: xr.Dataset, *, bias: npt.ArrayLike | None = None, terminal: str = "junction") -> xr.Dataset:
    r"""Conductance of a pillar's junction, from its mean magnetisation and its barrier.

    Cells conduct in parallel, each with the angular dependence of Slonczewski's model, so that with the area A of the
    cells and the fixed layer's direction p

    .. math:: G(V) = \frac{A}{RA} \left[ \frac{1 + c}{2} + \frac{1 - c}{2} \, \frac{1}{1 + \mathrm{TMR}(V)} \right],
        \qquad c = \langle m \rangle \cdot p,

    with the mean over all layers of cells. Under a current density J the voltage solves J A = V G(V).

    Parameters
    ----------
    run : xarray.Dataset
        A run of a pillar in time, or an ensemble, with the attribute `spec`; `mx`, `my` and `mz` are all that is read.
    bias : array_like, optional
        Voltage in V over the junction, one or one for each time; that which the run's own current makes if left out.
    terminal : str
        Through which that current flows.

    Returns
    -------
    xarray.Dataset
        Over t, of an ensemble over member and t: `conductance` (S), `resistance` (ohm), `tmr`, the ratio
        (R - R_P) / R_P, and `voltage` (V). attrs: `parallel_conductance` and `antiparallel_conductance` (S, without
        bias) and `area` (m2).

    Raises
    ------
    TypeError, ValueError
        If `run` is no run of a pillar, or a bias has another shape or is not finite.

    References
    ----------
    J. C. Slonczewski, Phys. Rev. B 39, 6995 (1989).

    Examples
    --------
    >>> from geometries import Pillar
    >>> from runs import ConstantCurrent, Protocol, RunSpec
    >>> disc = Pillar(
    ...     length="16 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"), fixed_layer="up",
    ...     barrier={"resistance_area": "10 ohm um^2", "tmr": "150 %"},
    ... )
    >>> film = {"name": "film", "Ms": "1 MA/m", "A": "15 pJ/m", "Ku": "0.8 MJ/m^3", "alpha": 0.02}
    >>> rest = Protocol(steps=[ConstantCurrent(amplitude=0.0, duration="2 ns")], sampling_interval="1 ns")
    >>> spec = RunSpec(device=disc, material=film, protocol=rest)
    >>> means = {"mx": [0.0, 1.0, 0.0], "my": [0.0, 0.0, 0.0], "mz": [1.0, 0.0, -1.0]}  # up, in the plane, down
    >>> columns = {name: ("t", values) for name, values in means.items()}
    >>> run = xr.Dataset(columns, coords={"t": ("t", [0.0, 1e-9, 2e-9], {"units": "s"})})
    >>> run.attrs = {"spec": spec.model_dump_json(), "run_id": spec.run_id}
    >>> (pillar_conductance(run).resistance / 1e3).values.round(1).tolist()  # kohm
    [52.1, 74.4, 130.2]
    """
    if not isinstance(run, xr.Dataset):
        raise TypeError(f"run is a {type(run).__name__}; give an xarray.Dataset")
    missing = [name for name in ("t", "mx", "my", "mz") if name not in run]
    missing += [f"attrs[{name!r}]" for name in ("spec", "run_id") if name not in run.attrs]
    if missing:
        raise ValueError(f"run lacks {', '.join(missing)}; give a run in time, or an ensemble, as the store has them")
    spec = read_spec(run.attrs["spec"], run.attrs["run_id"])
    device = spec.device
    if not isinstance(device, Pillar):
        raise ValueError(
            f"run is one of a {device.name_of_kind}, and this reads the junction of a pillar; use tunnel_junction"
        )
    barrier, direction = device.barrier, np.array(device.fixed_layer)
    means = np.stack([run[name].values for name in ("mx", "my", "mz")], axis=-1).astype(np.float64)
    along = means @ direction
    if bias is None:
        channels = spec.in_time.channels(device)
        own = [channel.waveform for channel in channels if channel.terminal.name == terminal]
        density = own[0](run["t"].values) if own else np.zeros(run.sizes["t"])
        voltage = _voltage(np.broadcast_to(density, along.shape), along, device)
    else:
        given = np.asarray(bias, dtype=np.float64)
        if given.shape not in {(), (run.sizes["t"],)} or not np.isfinite(given).all():
            raise ValueError(f"bias has the shape {given.shape}; give one finite voltage in V, or one for each time")
        voltage = np.broadcast_to(given, along.shape)
    area = float(device.window_mask().sum() * device.cell[0] * device.cell[1])
    parallel = area / barrier.resistance_area
    conductance = parallel * _relative(voltage, along, device)
    dims = run["mx"].dims
    junction = xr.Dataset(
        {
            "conductance": (dims, conductance, {"units": "S"}),
            "resistance": (dims, 1 / conductance, {"units": "ohm"}),
            "tmr": (dims, parallel / conductance - 1, {"units": "1"}),
            "voltage": (dims, np.array(voltage), {"units": "V"}),
        },
        coords={name: run[name] for name in ("t", "member") if name in run.coords},
        attrs={
            "run_id": run.attrs["run_id"],
            "parallel_conductance": parallel,
            "antiparallel_conductance": parallel / (1 + barrier.tmr),
            "area": area,
        },
    )
    if "member" not in junction.dims:
        check_junction(junction)
    return junction


def _relative(voltage: FloatArray, along: FloatArray, device: Pillar) -> FloatArray:
    """Conductance over the parallel state's."""
    return np.asarray((1 + along) / 2 + (1 - along) / 2 / (1 + device.barrier.tmr_at(voltage)))


def _voltage(density: FloatArray, along: FloatArray, device: Pillar) -> FloatArray:
    """Voltage in V at current densities in A/m2; it grows with the current, since the conductance grows with it."""
    product = density * device.barrier.resistance_area
    # Between the voltages of the parallel state and of this state without bias.
    ends = product, product / _relative(np.zeros_like(along), along, device)
    low, high = np.minimum(*ends), np.maximum(*ends)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = middle * _relative(middle, along, device) < product
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)
