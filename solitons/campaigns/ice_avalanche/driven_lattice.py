"""A lattice in a rising field: what the runs, the fit and the predictions of a campaign take from its base run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from pydantic import ValidationError

from geometries import SpinIce
from geometries.description import plain_errors
from runs.protocols.field_steps import FieldSteps, RampTo
from runs.spec import RunSpec

__all__ = ["DrivenLattice", "driven_lattice"]


@dataclass(frozen=True, eq=False)
class DrivenLattice:
    """A spin ice and the ramps along one direction that reverse it; `check_driven_lattice` refuses anything else.

    Parameters
    ----------
    specs : mapping of int to RunSpec
        Its run with each seed of its disorder.
    device : SpinIce
        The lattice with the first seed's disorder.
    protocol : FieldSteps
        The ramps.
    """

    specs: Mapping[int, RunSpec]
    device: SpinIce
    protocol: FieldSteps

    @property
    def spec(self) -> RunSpec:
        """Its first run."""
        return next(iter(self.specs.values()))

    @cached_property
    def ideal_device(self) -> SpinIce:
        """The lattice without disorder."""
        return self.device.model_copy(update={"disorder": None})

    @cached_property
    def ideal_islands(self) -> xr.Dataset:
        """The islands of the lattice without disorder."""
        return self.ideal_device.islands(self.spec.material)

    @cached_property
    def initial_spins(self) -> npt.NDArray[np.int8]:
        """The state that the field finds."""
        return self.ideal_device.initial_spins.spins(self.ideal_islands["angle"].values)

    @property
    def disordered(self) -> tuple[str, ...]:
        """Quantities that its disorder changes."""
        names = ("length", "width", "saturation_magnetisation")
        return tuple(name for name in names if getattr(self.device.disorder, name, 0))

    @property
    def field_angle(self) -> float:
        """Direction of the field in rad from x."""
        first = self.protocol.steps[0]
        assert isinstance(first, RampTo)
        return first.angle

    @property
    def direction(self) -> npt.NDArray[np.float64]:
        """Unit vector along the field in the plane."""
        return np.array([np.cos(self.field_angle), np.sin(self.field_angle)])

    @property
    def field_range(self) -> tuple[float, float]:
        """First and last field of the ramps in A/m."""
        strength = self.protocol.applied_field[:, :2] @ self.direction
        return float(strength[1]), float(strength.max())

    @cached_property
    def island_angles(self) -> npt.NDArray[np.float64]:
        """Angle in rad, up to 90 degrees, between the field and the axis of each island."""
        return np.asarray(np.arccos(np.abs(np.cos(self.ideal_islands["angle"].values - self.field_angle))))

    @property
    def angle_to_islands(self) -> float:
        """Angle in rad, up to 90 degrees, between the field and the axes of most islands."""
        _, first, counts = np.unique(np.round(self.island_angles, 9), return_index=True, return_counts=True)
        return float(self.island_angles[first[np.argmax(counts)]])

    def enlarged(self, columns: int, rows: int, seed: int) -> SpinIce:
        """A lattice of its kind with more columns and rows, and the disorder of a seed."""
        plain = self.device.model_dump(mode="json") | {"ports": [], "missing": None}
        plain["lattice"] |= {"columns": columns, "rows": rows}
        return SpinIce.model_validate(_with_seed({"device": plain}, seed)["device"])


def driven_lattice(base: Mapping[str, Any], seeds: Sequence[int]) -> DrivenLattice:
    """Read a base run as data, once with each seed of the disorder.

    Raises
    ------
    ValueError
        If it is no run, or none of a spin ice in ramps; the error names the field.
    """
    try:
        specs = {seed: RunSpec.model_validate(_with_seed(base, seed)) for seed in seeds}
    except ValidationError as error:
        raise ValueError(f"base run: {plain_errors(error)}") from None
    device, protocol = specs[seeds[0]].device, specs[seeds[0]].protocol
    if not isinstance(device, SpinIce):
        raise ValueError(f"base.device is a {device.kind}; this campaign is of a spin ice, kind: spin_ice")
    if not isinstance(protocol, FieldSteps) or not all(isinstance(step, RampTo) for step in protocol.steps):
        raise ValueError("base.protocol must be of kind field_steps, with steps 'ramp to' only")
    return DrivenLattice(specs, device, protocol)


def _with_seed(base: Mapping[str, Any], seed: int) -> dict[str, Any]:
    device = base.get("device")
    if not isinstance(device, Mapping) or not device.get("disorder"):
        return dict(base)
    return {**base, "device": {**device, "disorder": {**device["disorder"], "seed": seed}}}
