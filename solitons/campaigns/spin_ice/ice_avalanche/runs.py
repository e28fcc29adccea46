"""The runs of a spin ice's campaign and what each is for: single islands, pairs of them, and the lattice itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.spec import RunSpec
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.ramps import Ramp, jumps
from solitons.campaigns.spin_ice.ice_avalanche.settings import LatticeFitSettings
from solitons.figures import number_label
from solitons.spin_ice.pair_kinds import PairKind, pair_kinds

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "CoarseRamp",
    "FirstField",
    "FitRole",
    "FitRun",
    "IslandAtAngle",
    "IslandOfLattice",
    "IslandOfSize",
    "LatticeOfSeed",
    "Pair",
    "Role",
    "fit_runs",
    "lattice_runs",
]

# Empty cells around islands of a lattice that are looked at alone.
_AROUND = 2
_SIZES = 8
# Spread of the pairs' magnetisation: with 0.3 a tenth of the islands has less than 60 %.
_MOST_SPREAD = 0.15


@dataclass(frozen=True)
class IslandAtAngle:
    """The island as drawn, with the field at an angle (rad) to its axis."""

    angle: float

    def __str__(self) -> str:
        return f"an island, field at {math.degrees(self.angle):g}°"


@dataclass(frozen=True)
class IslandOfSize:
    """An island with a relative deviation of one quantity; without a quantity the island as drawn, in the same ramp."""

    angle: float
    quantity: str = ""
    deviation: float = 0.0

    def __str__(self) -> str:
        name, change = self.quantity.replace("_", " "), number_label(self.deviation, "+.0%")
        return f"an island {f'with {name} {change}' if name else 'as drawn'}, field as in the lattice"


@dataclass(frozen=True)
class IslandOfLattice:
    """An island alone in the cells that it has in the lattice without disorder, or with a seed's."""

    outline: str  # what `outline_keys` gives for all islands with such cells
    island: int
    seed: int | None
    angle: float  # between its axis and the field in rad

    def __str__(self) -> str:
        of = "without disorder" if self.seed is None else f"with the disorder of seed {self.seed}"
        return f"island {self.island} of the lattice {of}, alone"


@dataclass(frozen=True)
class Pair:
    """Two islands of a kind, the second reversed from the start or not, with the disorder of a seed or without."""

    kind: PairKind
    reversed_source: bool = False
    seed: int | None = None

    def __str__(self) -> str:
        state = "the second reversed" if self.reversed_source else "as the field finds them"
        disorder = "" if self.seed is None else f", disorder of seed {self.seed}"
        return f"islands {self.kind.target} and {self.kind.source}, {state}{disorder}"


@dataclass(frozen=True)
class LatticeOfSeed:
    """The lattice with the disorder of a seed, which the fit does not see."""

    seed: int

    def __str__(self) -> str:
        return f"the lattice, disorder of seed {self.seed}"


@dataclass(frozen=True)
class CoarseRamp:
    """A coarse ramp of what another role is of, which finds where its islands turn; or of one field, a jump to it."""

    of: IslandAtAngle | IslandOfSize | IslandOfLattice | Pair
    fields: tuple[float, ...]  # A/m

    def __str__(self) -> str:
        what = "the first field of the ramp" if len(self.fields) == 1 else "coarse ramp"
        return f"{what}: {self.of}"


@dataclass(frozen=True)
class FirstField:
    """The lattice with the disorder of a seed in the first field (A/m) of its ramp, in which no island may turn."""

    seed: int
    field: float

    def __str__(self) -> str:
        return f"the first field of the ramp: the lattice, disorder of seed {self.seed}"


Role = IslandAtAngle | IslandOfSize | IslandOfLattice | Pair | LatticeOfSeed | CoarseRamp | FirstField
FitRole = IslandAtAngle | IslandOfSize | IslandOfLattice | Pair


@dataclass(frozen=True, eq=False)
class FitRun:
    """A run that the fit sees, but for its ramp."""

    role: FitRole
    spec: RunSpec  # with some ramp
    field_angle: float  # rad from x

    def in_ramp(self, ramp: Ramp) -> RunSpec:
        """The run in a ramp."""
        return self.spec.model_copy(update={"protocol": ramp.protocol(self.field_angle)})

    def coarse(self, fields: tuple[float, ...]) -> LabelledRun[Role]:
        """The run in a coarse ramp."""
        spec = self.spec.model_copy(update={"protocol": jumps(fields, self.field_angle)})
        return LabelledRun(spec, CoarseRamp(self.role, fields))


def lattice_runs(lattice: DrivenLattice) -> Iterator[LabelledRun[Role]]:
    """The lattices that the fit does not see."""
    for seed, spec in lattice.specs.items():
        yield LabelledRun(spec, LatticeOfSeed(seed))


def first_fields(lattice: DrivenLattice, field: float) -> Iterator[LabelledRun[Role]]:
    """Each lattice in the first field (A/m) of its ramp alone."""
    for seed, spec in lattice.specs.items():
        protocol = jumps((field,), lattice.field_angle)
        yield LabelledRun(spec.model_copy(update={"protocol": protocol}), FirstField(seed, field))


def fit_runs(lattice: DrivenLattice, fit: LatticeFitSettings) -> Iterator[FitRun]:
    """The runs that the fit sees."""
    yield from _single_islands(lattice, fit)
    yield from _islands_of_the_lattice(lattice)
    yield from _pairs(lattice, fit)


def _single_islands(lattice: DrivenLattice, fit: LatticeFitSettings) -> Iterator[FitRun]:
    straight = _row(lattice.ideal_islands, 0) | {"x": 0.0, "y": 0.0, "angle": 0.0}
    for angle in fit.angles:
        yield FitRun(
            IslandAtAngle(angle), _spec_of(lattice, _table(lattice, straight), math.pi - angle), math.pi - angle
        )
    # To the island as drawn the field has the angle that it has to most islands of the lattice.
    angle = lattice.angle_to_islands
    changes = itertools.product(lattice.deviating, fit.deviations)
    for role in (IslandOfSize(angle), *(IslandOfSize(angle, *change) for change in changes)):
        row = {name: value * (1 + role.deviation * (name == role.quantity)) for name, value in straight.items()}
        magnetisation = 1 + role.deviation * (role.quantity == "saturation_magnetisation")
        yield FitRun(role, _spec_of(lattice, _table(lattice, row), math.pi - angle, magnetisation), math.pi - angle)


def _islands_of_the_lattice(lattice: DrivenLattice) -> Iterator[FitRun]:
    """One of all islands that have the same cells, of every lattice."""
    # Lengths and widths that differ change the cells of islands.
    in_size = any(name != "saturation_magnetisation" for name in lattice.disordered)
    seeds = (None, *lattice.specs) if in_size else (None,)
    seen: set[str] = set()
    for seed in seeds:
        for island, outline in enumerate(lattice.islands_of(seed)["outline"].values.tolist()):
            if outline in seen:
                continue
            seen.add(outline)
            role = IslandOfLattice(outline, island, seed, float(lattice.island_angles[island]))
            keys = _alone(lattice, seed, [island], [int(lattice.initial_spins[island])])
            yield FitRun(role, _spec_of(lattice, keys, lattice.field_angle), lattice.field_angle)


def _pairs(lattice: DrivenLattice, fit: LatticeFitSettings) -> Iterator[FitRun]:
    spins = lattice.initial_spins
    for kind in pair_kinds(lattice.ideal_islands, spins, lattice.field_angle, fit.reach):
        seeds = fit.pair_seeds if lattice.disordered else ()
        for role in (Pair(kind), Pair(kind, reversed_source=True), *(Pair(kind, seed=seed) for seed in seeds)):
            state = [int(spins[kind.target]), int(spins[kind.source]) * (-1 if role.reversed_source else 1)]
            keys = _alone(lattice, None, [kind.target, kind.source], state)
            if role.seed is not None:
                # In the magnetisation alone: what another width does depends on the cells, see `outlines`.
                # About how much the islands' switching fields differ: as the square of what differs is summed.
                spread = math.hypot(*(getattr(lattice.device.disorder, name) for name in lattice.disordered))
                keys["disorder"] = {"saturation_magnetisation": min(spread, _MOST_SPREAD), "seed": role.seed}
            yield FitRun(role, _spec_of(lattice, keys, lattice.field_angle), lattice.field_angle)


def _row(islands: xr.Dataset, island: int) -> dict[str, float]:
    """An island as a row of a table."""
    one = islands.isel(island=island)
    x, y = (float(each) for each in one["position"].values)
    return {"x": x, "y": y} | {name: float(one[name]) for name in ("angle", "length", "width")}


def _alone(lattice: DrivenLattice, seed: int | None, members: list[int], state: list[int]) -> dict[str, Any]:
    """Keys of a device with some islands of the lattice alone, in the cells that they have there."""
    ice = lattice.drawn(seed)
    islands, labels = lattice.islands_of(seed), lattice.labels_of(seed)
    where = np.argwhere(np.isin(labels, np.array(members) + 1))
    cell = np.array(ice.cell[:2])
    # The outlines may reach half a cell further than their cells.
    first = where.min(axis=0) - _AROUND
    count = where.max(axis=0) + 1 + _AROUND - first
    # Few sizes of boxes, since each is compiled for.
    lower, upper = first * cell, (first + -(-count // _SIZES) * _SIZES) * cell
    return {
        "lattice": {
            "kind": "table",
            "islands": [_row(islands, member) for member in members],
            "shape": ice.island.shape if ice.island else "stadium",
            "box": (tuple(lower.tolist()), tuple(upper.tolist())),
        },
        "margin": 0.0,
        "initial_spins": {"kind": "given", "values": state},
    }


def _table(lattice: DrivenLattice, row: dict[str, float]) -> dict[str, Any]:
    """Keys of a device with one island."""
    ice = lattice.device
    table = {"kind": "table", "islands": [row], "shape": ice.island.shape if ice.island else "stadium"}
    return {"lattice": table, "margin": 2 * max(ice.cell[:2])}


def _spec_of(lattice: DrivenLattice, keys: dict[str, Any], field_angle: float, magnetisation: float = 1.0) -> RunSpec:
    """A run of islands in a table, in cells and film of the lattice; `magnetisation` is over its Ms."""
    ice, spec = lattice.device, lattice.spec
    device = {"kind": "spin_ice", "thickness": ice.thickness, "cell": ice.cell, **keys}
    material = spec.material.model_copy(update={"Ms": spec.material.Ms * magnetisation})
    protocol = jumps((1.0,), field_angle)
    return RunSpec(device=device, material=material, protocol=protocol, numerics=spec.numerics, engine=spec.engine)
