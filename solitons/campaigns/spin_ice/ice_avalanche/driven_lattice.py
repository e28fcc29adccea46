"""A lattice in a rising field: what the runs, the fit and the predictions of a campaign take from its base run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from geometries import SpinIce
from geometries.description import plain_errors
from runs.protocols.field_steps import FieldSteps, RampTo
from runs.spec import RunSpec
from solitons.campaigns.spin_ice.ice_avalanche.settings import between_the_axes
from solitons.spin_ice.outlines import outline_keys

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["DrivenLattice", "driven_lattice"]


@dataclass(frozen=True, eq=False)
class DrivenLattice:
    """A spin ice and the ramps along one direction that reverse it; `driven_lattice` makes it.

    It has its run with each seed of its disorder, and the lattice with the first seed's disorder.
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
        """The islands of the lattice without disorder, as `islands_of` has them."""
        return self.islands_of(None)

    def drawn(self, seed: int | None) -> SpinIce:
        """The lattice with the disorder of a seed, or without."""
        if seed is None:
            return self.ideal_device
        device = self.specs[seed].device
        assert isinstance(device, SpinIce)
        return device

    def islands_of(self, seed: int | None) -> xr.Dataset:
        """The islands with the disorder of a seed, or without, and the `outline` of each (`outline_keys`)."""
        if seed not in self._islands:
            ice, labels = self.drawn(seed), self.labels_of(seed)
            islands = ice.islands(self.spec.material)
            outlines = outline_keys(labels, islands.sizes["island"], self.field_angle, ice.cell[:2])
            self._islands[seed] = islands.assign(outline=("island", outlines))
        return self._islands[seed]

    def labels_of(self, seed: int | None) -> npt.NDArray[np.int64]:
        """The islands' cells (x, y) with the disorder of a seed, or without: i + 1 in the cells of island i."""
        if seed not in self._labels:
            self._labels[seed] = self.drawn(seed).cell_labels()[:, :, 0]
        return self._labels[seed]

    @cached_property
    def _islands(self) -> dict[int | None, xr.Dataset]:
        return {}

    @cached_property
    def _labels(self) -> dict[int | None, npt.NDArray[np.int64]]:
        return {}

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
    def deviating(self) -> tuple[str, ...]:
        """Quantities whose law is measured: pairs differ in Ms, whatever the lattice's islands differ in."""
        return tuple(dict.fromkeys((*self.disordered, "saturation_magnetisation"))) if self.disordered else ()

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

    Refused is what a fit of single islands and pairs cannot answer: other devices than a spin ice in ramps that rise
    along one direction, disorder of positions or angles, islands of several sizes or without vertices, or one that is
    not against the field from the start or has it along or across its axis.
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
    lattice = DrivenLattice(specs, device, protocol)
    _check_field(protocol)
    if device.disorder is not None and (device.disorder.position or device.disorder.angle):
        raise ValueError("base.device.disorder changes positions or angles, but pairs are measured without; set 0")
    if device.bridge is not None or any(port.field is not None for port in device.ports):
        raise ValueError("base.device has bridges or held islands, but single islands are measured; leave them out")
    if device.parts:
        raise ValueError("base.device.parts changes the material in places, but islands are measured without; leave it")
    islands = lattice.ideal_islands
    if np.ptp(islands["length"].values) > 1e-12 or np.ptp(islands["width"].values) > 1e-12:
        raise ValueError("base.device has islands of several sizes; make a campaign of one size")
    _check_islands(lattice)
    return lattice


def _with_seed(base: Mapping[str, Any], seed: int) -> dict[str, Any]:
    device = base.get("device")
    # What is no table is refused when the run is made.
    if not isinstance(device, Mapping) or not isinstance(device.get("disorder"), Mapping):
        return dict(base)
    return {**base, "device": {**device, "disorder": {**device["disorder"], "seed": seed}}}


def _check_field(protocol: FieldSteps) -> None:
    ramps = [step for step in protocol.steps if isinstance(step, RampTo)]
    if len({(ramp.angle, ramp.elevation) for ramp in ramps}) != 1:
        raise ValueError("base.protocol.steps has ramps along several directions; give all one angle")
    if ramps[0].elevation:
        raise ValueError("base.protocol.steps has an elevation; islands are driven in the plane of the film")
    if any(protocol.static_field):
        raise ValueError(
            f"base.protocol.static_field = {protocol.static_field} A/m, but islands and pairs are measured in the "
            "ramps alone; leave it out"
        )
    present = 0.0
    for ramp in ramps:
        if ramp.to < 0:
            raise ValueError(
                f"base.protocol.steps has a ramp to {ramp.to:g} A/m, against its own angle; turn the angle by 180 "
                "degrees and give the field without its sign"
            )
        if ramp.to <= present:
            raise ValueError(
                f"base.protocol.steps has a ramp to {ramp.to:g} A/m from {present:g} A/m; each must go to a higher "
                "field"
            )
        present = ramp.to
    if len(protocol.applied_field) < 3:
        raise ValueError("base.protocol.steps is one jump; give it more field_steps, or a ramp after it")


def _check_islands(lattice: DrivenLattice) -> None:
    if not (lattice.ideal_islands["island_vertex"].values >= 0).any():
        raise ValueError(
            "base.device.lattice has no vertices, at which avalanches go from island to island; give the table a "
            "vertex_distance"
        )
    for island, angle in enumerate(lattice.island_angles):
        if not between_the_axes(angle):
            raise ValueError(
                f"base.protocol.steps has the field at {math.degrees(angle):.4g} degrees to the axis of island "
                f"{island}; it must be between the easy and the hard axis of every island, 0 and 90 degrees, along "
                "which an island is stuck by symmetry; turn the field"
            )
    along = lattice.initial_spins * np.cos(lattice.ideal_islands["angle"].values - lattice.field_angle)
    if (along > 0).any():
        raise ValueError(
            f"base.device.initial_spins has island {int(np.argmax(along > 0))} along the field from the start, but "
            "a ramp reverses islands that are against it; exchange its spin, or give initial spins that are "
            f"saturated at {math.degrees(lattice.field_angle + math.pi) % 360:g} degrees"
        )
