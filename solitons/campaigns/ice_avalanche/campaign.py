"""The campaign of a spin ice: a lattice in a field ramp, and the runs of one and two islands for the fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr
from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, model_validator
from typing_extensions import override

from geometries import Material, SpinIce
from geometries.description import Description, plain_errors
from geometries.quantities import Angle, FieldStrength, Length
from runs.protocols.field_steps import FieldSteps, RampTo
from runs.spec import RunSpec
from solitons.campaigns.base import AbstractCampaign
from solitons.spin_ice.pair_kinds import PairKind, pair_kinds

__all__ = ["FieldRange", "IceAvalancheCampaign", "IceFit", "IceRun", "LargeIces"]

Positive = Annotated[FieldStrength, Field(gt=0)]
Seed = Annotated[int, Field(ge=0)]


# The smallest angle in rad to an axis that is told from none.
_SMALLEST_ANGLE = 1e-6


def _between_the_axes(angle: float) -> bool:
    return _SMALLEST_ANGLE < angle < math.pi / 2 - _SMALLEST_ANGLE


class FieldRange(Description):
    """Fields of a ramp: one jump to the first, then steps to the last.

    Parameters
    ----------
    start, end : float or str
        First and last field in A/m.
    field_steps : int
        How many steps there are between them.
    """

    start: Positive
    end: Positive
    field_steps: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _rises(self) -> FieldRange:
        if self.end <= self.start:
            raise ValueError(f"end = {self.end:g} A/m must be above start = {self.start:g} A/m; exchange them")
        return self

    def protocol(self, angle: float) -> FieldSteps:
        """The ramp along a direction, rad from x."""
        return FieldSteps(
            steps=(
                RampTo(to=self.start, angle=angle, field_steps=1),
                RampTo(to=self.end, angle=angle, field_steps=self.field_steps),
            )
        )


class IceFit(Description):
    """The runs of one and two islands.

    Parameters
    ----------
    angles : sequence of float or str
        Between the field and an island's axis in rad, at least five between 0 and 90 degrees.
    angle_ramp : FieldRange
        The ramp over which the island switches at each of them.
    ramp : FieldRange
        A finer one, along the lattice's own field, for islands of other sizes and for pairs.
    deviations : sequence of float
        Of each quantity that the lattice's disorder changes, relative.
    reach : float or str
        Largest distance of the centres of a measured pair in m; further ones have a closed form.
    pair_seeds : sequence of int
        Of the disorder of pairs, one run each for every kind of pair.
    """

    angles: Annotated[tuple[Angle, ...], Field(min_length=5)]
    angle_ramp: FieldRange
    ramp: FieldRange
    deviations: tuple[Annotated[float, Field(gt=-1, lt=1)], ...] = (-0.1, -0.05, 0.05, 0.1)
    reach: Annotated[Length, Field(gt=0)]
    pair_seeds: tuple[Seed, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> IceFit:
        for angle in self.angles:
            if not _between_the_axes(angle):
                raise ValueError(
                    f"angles has {math.degrees(angle):g} degrees; the field must be between the easy and the hard "
                    "axis, 0 and 90 degrees, along which an island is stuck by symmetry"
                )
        if len(set(self.angles)) < len(self.angles):
            raise ValueError("angles has one twice; name each once")
        if 0 in self.deviations or len(set(self.deviations)) < len(self.deviations):
            raise ValueError(f"deviations = {self.deviations} has 0, or one twice; the island without is always there")
        return self


class LargeIces(Description):
    """Large lattices of the fitted islands, whose avalanches are counted; reduced model only.

    Parameters
    ----------
    columns, rows : int
        Of the lattice.
    seeds : sequence of int
        Of its disorder, a lattice each.
    cut_off : float or str
        Of the couplings, in m.
    field_steps : int
        Of the ramp over the lattice's fields.
    """

    columns: Annotated[int, Field(ge=1)]
    rows: Annotated[int, Field(ge=1)]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    cut_off: Annotated[Length, Field(gt=0)]
    field_steps: Annotated[int, Field(ge=1)]


@dataclass(frozen=True)
class IceRun:
    """A run of the campaign and what it is for.

    Parameters
    ----------
    spec : RunSpec
        The run.
    role : {"angle", "size", "pair", "lattice"}
        An island over the field's angle; one of another size; two islands; the lattice.
    angle : float
        Of the field to the island's axis in rad, for "angle".
    quantity : str
        What deviates, for "size".
    deviation : float
        By how much, relative; 0 for the island as drawn.
    kind : PairKind or None
        Of a pair.
    reversed_source : bool
        Whether the pair's second island is reversed from the start.
    seed : int or None
        Of a pair's or the lattice's disorder.
    """

    spec: RunSpec
    role: Literal["angle", "size", "pair", "lattice"]
    angle: float = 0.0
    quantity: str = ""
    deviation: float = 0.0
    kind: PairKind | None = None
    reversed_source: bool = False
    seed: int | None = None


def _read_base(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, RunSpec) else value


class IceAvalancheCampaign(AbstractCampaign):
    """A spin ice of two-state islands: fitted one by one and in pairs, then predicted as a whole.

    Parameters
    ----------
    name, title, engine
        As of every campaign.
    base : RunSpec or mapping
        The lattice, its material, and the protocol of field steps that reverses it: ramps
        along one direction. Its disorder's seed is replaced.
    seeds : sequence of int
        Of the lattice's disorder, a run each. The fit sees none of them.
    fit : IceFit
        The runs that it sees.
    large : LargeIces, optional
        Large lattices, by the model alone.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, the base is no spin ice in ramps that rise along one direction,
        its disorder is of positions or angles, its islands are not all of one size or have no
        vertices, one of them is not against the field from the start or has it along or across
        its axis, or a disordered quantity has less than two deviations.
    """

    kind: Literal["ice_avalanche"] = "ice_avalanche"
    base: Annotated[dict[str, Any], BeforeValidator(_read_base)]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    fit: IceFit
    large: LargeIces | None = None
    # Making a lattice takes a tenth of a second, and its runs ask for it again and again.
    _lattices_by_seed: dict[int, RunSpec] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _check_runs(self) -> IceAvalancheCampaign:
        if self.sweep:
            raise ValueError("sweep is for campaigns of one device; list 'seeds' and what 'fit' needs instead")
        if clash := set(self.seeds) & set(self.fit.pair_seeds):
            raise ValueError(
                f"seeds and fit.pair_seeds share {sorted(clash)}; predict disorder that the fit has not seen"
            )
        spec = self._lattice("native", self.seeds[0])
        device, protocol = spec.device, spec.protocol
        if not isinstance(device, SpinIce):
            raise ValueError(f"base.device is a {device.kind}; this campaign is of a spin ice, kind: spin_ice")
        if not isinstance(protocol, FieldSteps) or not all(isinstance(step, RampTo) for step in protocol.steps):
            raise ValueError("base.protocol must be of kind field_steps, with steps 'ramp to' only")
        self._check_field(protocol)
        if device.disorder is not None and (device.disorder.position or device.disorder.angle):
            raise ValueError("base.device.disorder changes positions or angles, but pairs are measured without; set 0")
        if device.bridge is not None or any(port.field is not None for port in device.ports):
            raise ValueError("base.device has bridges or held islands, but single islands are measured; leave them out")
        islands = self.ideal_islands
        if np.ptp(islands["length"].values) > 1e-12 or np.ptp(islands["width"].values) > 1e-12:
            raise ValueError("base.device has islands of several sizes; make a campaign of one size")
        self._check_islands()
        if self.disordered and len(self.fit.deviations) < 2:
            raise ValueError(
                f"fit.deviations = {self.fit.deviations}, but base.device.disorder changes {self.disordered[0]}; give "
                "two at least, for its law and the law's error"
            )
        self.runs("native")
        return self

    def _check_field(self, protocol: FieldSteps) -> None:
        self._direction(protocol)
        if any(protocol.static_field):
            raise ValueError(
                f"base.protocol.static_field = {protocol.static_field} A/m, but islands and pairs are measured in the "
                "ramps alone; leave it out"
            )
        present = 0.0
        for step in protocol.steps:
            assert isinstance(step, RampTo)
            if step.to < 0:
                raise ValueError(
                    f"base.protocol.steps has a ramp to {step.to:g} A/m, against its own angle; turn the angle by 180 "
                    "degrees and give the field without its sign"
                )
            if step.to <= present:
                raise ValueError(
                    f"base.protocol.steps has a ramp to {step.to:g} A/m from {present:g} A/m; each must go to a higher "
                    "field"
                )
            present = step.to
        if len(protocol.applied_field) < 3:
            raise ValueError("base.protocol.steps is one jump; give it more field_steps, or a ramp after it")

    def _check_islands(self) -> None:
        if not (self.ideal_islands["island_vertex"].values >= 0).any():
            raise ValueError(
                "base.device.lattice has no vertices, at which avalanches go from island to island; give the table a "
                "vertex_distance"
            )
        for island, angle in enumerate(self.island_angles):
            if not _between_the_axes(angle):
                raise ValueError(
                    f"base.protocol.steps has the field at {math.degrees(angle):.4g} degrees to the axis of island "
                    f"{island}; it must be between the easy and the hard axis of every island, 0 and 90 degrees, along "
                    "which an island is stuck by symmetry; turn the field"
                )
        along = self.initial_spins * np.cos(self.ideal_islands["angle"].values - self.field_angle)
        if (along > 0).any():
            raise ValueError(
                f"base.device.initial_spins has island {int(np.argmax(along > 0))} along the field from the start, but "
                "a ramp reverses islands that are against it; exchange its spin, or give initial spins that are "
                f"saturated at {math.degrees(self.field_angle + math.pi) % 360:g} degrees"
            )

    @staticmethod
    def _direction(protocol: FieldSteps) -> float:
        if len({(step.angle, step.elevation) for step in protocol.steps if isinstance(step, RampTo)}) != 1:
            raise ValueError("base.protocol.steps has ramps along several directions; give all one angle")
        first = protocol.steps[0]
        assert isinstance(first, RampTo)
        if first.elevation:
            raise ValueError("base.protocol.steps has an elevation; islands are driven in the plane of the film")
        return first.angle

    @property
    def field_angle(self) -> float:
        """Direction of the field in rad from x."""
        return self._direction(self.lattice_protocol)

    @property
    def lattice_protocol(self) -> FieldSteps:
        """The field steps of the lattice."""
        protocol = self._lattice("native", self.seeds[0]).protocol
        assert isinstance(protocol, FieldSteps)
        return protocol

    def device(self, seed: int) -> SpinIce:
        """The lattice with the disorder of a seed."""
        device = self._lattice("native", seed).device
        assert isinstance(device, SpinIce)
        return device

    @cached_property
    def ideal_device(self) -> SpinIce:
        """The lattice without disorder."""
        return self.device(self.seeds[0]).model_copy(update={"disorder": None})

    @cached_property
    def material(self) -> Material:
        """What the lattice is made of."""
        return self._lattice("native", self.seeds[0]).material

    @cached_property
    def ideal_islands(self) -> xr.Dataset:
        """The islands of the lattice without disorder."""
        return self.ideal_device.islands(self.material)

    @property
    def initial_spins(self) -> npt.NDArray[np.int8]:
        """The state that the field finds."""
        return self.ideal_device.initial_spins.spins(self.ideal_islands["angle"].values)

    def _lattice(self, engine: str, seed: int) -> RunSpec:
        if seed not in self._lattices_by_seed:
            self._lattices_by_seed[seed] = self._read_lattice(seed)
        return self._lattices_by_seed[seed].model_copy(update={"engine": engine})

    def _read_lattice(self, seed: int) -> RunSpec:
        content = dict(self.base)
        device = content.get("device")
        if isinstance(device, dict) and device.get("disorder"):
            content["device"] = {**device, "disorder": {**device["disorder"], "seed": seed}}
        try:
            return RunSpec.model_validate(content)
        except ValidationError as error:
            raise ValueError(f"base run: {plain_errors(error)}") from None

    @override
    def specs(self, engine: str) -> dict[tuple[float, ...], RunSpec]:
        """The runs by their number in `runs`."""
        return {(float(number),): run.spec for number, run in enumerate(self.runs(engine))}

    def runs(self, engine: str) -> list[IceRun]:
        """The runs and what each is for."""
        found: dict[str, IceRun] = {}
        for run in (*self._single_islands(engine), *self._pairs(engine), *self._lattices(engine)):
            found.setdefault(run.spec.run_id, run)
        return list(found.values())

    def _lattices(self, engine: str) -> Iterator[IceRun]:
        for seed in self.seeds:
            yield IceRun(self._lattice(engine, seed), "lattice", seed=seed)

    def _table(self, rows: list[dict[str, float]], **keys: Any) -> dict[str, Any]:
        """A device of islands in a table, in cells and film of the lattice."""
        ice = self.ideal_device
        shape = "stadium" if ice.island is None else ice.island.shape
        return {
            "kind": "spin_ice",
            "lattice": {"kind": "table", "islands": rows, "shape": shape},
            "thickness": ice.thickness,
            "cell": ice.cell,
            "margin": 2 * max(ice.cell[:2]),
            **keys,
        }

    def _spec(self, engine: str, device: dict[str, Any], protocol: FieldSteps, magnetisation: float = 1.0) -> RunSpec:
        lattice = self._lattice(engine, self.seeds[0])
        material = lattice.material.model_copy(update={"Ms": lattice.material.Ms * magnetisation})
        return RunSpec(device=device, material=material, protocol=protocol, numerics=lattice.numerics, engine=engine)

    def _single_islands(self, engine: str) -> Iterator[IceRun]:
        island = self.ideal_islands.isel(island=0)
        size = {"length": float(island["length"]), "width": float(island["width"])}
        straight = {"x": 0.0, "y": 0.0, "angle": 0.0}
        for angle in self.fit.angles:
            protocol = self.fit.angle_ramp.protocol(math.pi - angle)
            yield IceRun(self._spec(engine, self._table([straight | size]), protocol), "angle", angle=angle)
        # To the island as drawn the field has the angle that it has to most islands of the lattice.
        angle = self.angle_to_islands
        protocol = self.fit.ramp.protocol(math.pi - angle)
        yield IceRun(self._spec(engine, self._table([straight | size]), protocol), "size", angle=angle)
        for quantity in self.disordered:
            for deviation in self.fit.deviations:
                changed = {name: value * (1 + deviation * (name == quantity)) for name, value in size.items()}
                factor = 1 + deviation * (quantity == "saturation_magnetisation")
                device = self._table([straight | changed])
                yield IceRun(
                    self._spec(engine, device, protocol, factor),
                    "size",
                    angle=angle,
                    quantity=quantity,
                    deviation=deviation,
                )

    @property
    def disordered(self) -> tuple[str, ...]:
        """Quantities that the lattice's disorder changes."""
        disorder = self.device(self.seeds[0]).disorder
        names = ("length", "width", "saturation_magnetisation")
        return tuple(name for name in names if disorder is not None and getattr(disorder, name))

    @property
    def island_angles(self) -> npt.NDArray[np.float64]:
        """Angle in rad, up to 90 degrees, between the field and the axis of each island."""
        return np.asarray(np.arccos(np.abs(np.cos(self.ideal_islands["angle"].values - self.field_angle))))

    @property
    def angle_to_islands(self) -> float:
        """Angle in rad, up to 90 degrees, between the field and the axes of most islands."""
        angles = self.island_angles
        _, first, counts = np.unique(np.round(angles, 9), return_index=True, return_counts=True)
        return float(angles[first[np.argmax(counts)]])

    def pair_kinds(self) -> list[PairKind]:
        """The kinds of pairs of the lattice up to the fit's reach."""
        return pair_kinds(self.ideal_islands, self.initial_spins, self.field_angle, self.fit.reach)

    def _pairs(self, engine: str) -> Iterator[IceRun]:
        islands, spins = self.ideal_islands, self.initial_spins
        disorder = self.device(self.seeds[0]).disorder
        protocol = self.fit.ramp.protocol(self.field_angle)
        for kind in self.pair_kinds():
            members = [kind.target, kind.source]
            rows = [
                {
                    "x": float(islands["position"].values[each, 0]),
                    "y": float(islands["position"].values[each, 1]),
                    "angle": float(islands["angle"].values[each]),
                    "length": float(islands["length"].values[each]),
                    "width": float(islands["width"].values[each]),
                }
                for each in members
            ]
            for source in (1, -1):
                state = [int(spins[kind.target]), int(spins[kind.source]) * source]
                device = self._table(rows, initial_spins={"kind": "given", "values": state})
                yield IceRun(self._spec(engine, device, protocol), "pair", kind=kind, reversed_source=source < 0)
            if disorder is None:
                continue
            state = [int(spins[each]) for each in members]
            for seed in self.fit.pair_seeds:
                device = self._table(
                    rows,
                    initial_spins={"kind": "given", "values": state},
                    disorder={**disorder.model_dump(), "seed": seed},
                )
                yield IceRun(self._spec(engine, device, protocol), "pair", kind=kind, seed=seed)
