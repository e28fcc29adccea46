"""The runs of a spin ice's campaign and what each is for: single islands, pairs of them, and the lattice itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runs.protocols.field_steps import FieldSteps
from runs.spec import RunSpec
from solitons.campaigns.base import LabelledRun
from solitons.campaigns.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.ice_avalanche.settings import LatticeFitSettings
from solitons.figures import number_label
from solitons.spin_ice.pair_kinds import PairKind, pair_kinds

__all__ = ["IslandAtAngle", "IslandOfSize", "LatticeOfSeed", "Pair", "Role", "lattice_runs"]


@dataclass(frozen=True)
class IslandAtAngle:
    """The island as drawn, with the field at an angle (rad) to its axis."""

    angle: float

    def __str__(self) -> str:
        return f"an island, field at {math.degrees(self.angle):g}°"


@dataclass(frozen=True)
class IslandOfSize:
    """An island of which a quantity deviates, relative; with no quantity the island as drawn, in the same ramp."""

    angle: float
    quantity: str = ""
    deviation: float = 0.0

    def __str__(self) -> str:
        name, change = self.quantity.replace("_", " "), number_label(self.deviation, "+.0%")
        return f"an island {f'with {name} {change}' if name else 'as drawn'}, field as in the lattice"


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


Role = IslandAtAngle | IslandOfSize | Pair | LatticeOfSeed


def lattice_runs(lattice: DrivenLattice, fit: LatticeFitSettings) -> Iterator[LabelledRun[Role]]:
    """The runs that the fit sees, and then the lattices that it does not."""
    yield from _single_islands(lattice, fit)
    yield from _pairs(lattice, fit)
    for seed, spec in lattice.specs.items():
        yield LabelledRun(spec, LatticeOfSeed(seed))


def _single_islands(lattice: DrivenLattice, fit: LatticeFitSettings) -> Iterator[LabelledRun[Role]]:
    straight = _row(lattice, 0) | {"x": 0.0, "y": 0.0, "angle": 0.0}
    for angle in fit.angles:
        spec = _spec_of(lattice, [straight], fit.angle_ramp.protocol(math.pi - angle))
        yield LabelledRun(spec, IslandAtAngle(angle))
    # To the island as drawn the field has the angle that it has to most islands of the lattice.
    angle = lattice.angle_to_islands
    ramp = fit.ramp.protocol(math.pi - angle)
    changes = itertools.product(lattice.disordered, fit.deviations)
    for role in (IslandOfSize(angle), *(IslandOfSize(angle, *change) for change in changes)):
        row = {name: value * (1 + role.deviation * (name == role.quantity)) for name, value in straight.items()}
        magnetisation = 1 + role.deviation * (role.quantity == "saturation_magnetisation")
        yield LabelledRun(_spec_of(lattice, [row], ramp, magnetisation), role)


def _pairs(lattice: DrivenLattice, fit: LatticeFitSettings) -> Iterator[LabelledRun[Role]]:
    disorder, spins, ramp = lattice.device.disorder, lattice.initial_spins, fit.ramp.protocol(lattice.field_angle)
    for kind in pair_kinds(lattice.ideal_islands, spins, lattice.field_angle, fit.reach):
        rows = [_row(lattice, kind.target), _row(lattice, kind.source)]
        seeds = fit.pair_seeds if disorder else ()
        for role in (Pair(kind), Pair(kind, reversed_source=True), *(Pair(kind, seed=seed) for seed in seeds)):
            state = [int(spins[kind.target]), int(spins[kind.source]) * (-1 if role.reversed_source else 1)]
            keys: dict[str, Any] = {"initial_spins": {"kind": "given", "values": state}}
            if disorder and role.seed is not None:
                keys["disorder"] = {**disorder.model_dump(), "seed": role.seed}
            yield LabelledRun(_spec_of(lattice, rows, ramp, **keys), role)


def _row(lattice: DrivenLattice, island: int) -> dict[str, float]:
    """An island of the lattice as a row of a table."""
    one = lattice.ideal_islands.isel(island=island)
    x, y = (float(each) for each in one["position"].values)
    return {"x": x, "y": y} | {name: float(one[name]) for name in ("angle", "length", "width")}


def _spec_of(
    lattice: DrivenLattice, rows: list[dict[str, float]], protocol: FieldSteps, magnetisation: float = 1.0, **keys: Any
) -> RunSpec:
    """A run of islands in a table, in cells and film of the lattice; `magnetisation` is over its Ms."""
    ice, spec = lattice.device, lattice.spec
    device = {
        "kind": "spin_ice",
        "lattice": {"kind": "table", "islands": rows, "shape": ice.island.shape if ice.island else "stadium"},
        "thickness": ice.thickness,
        "cell": ice.cell,
        "margin": 2 * max(ice.cell[:2]),
        **keys,
    }
    material = spec.material.model_copy(update={"Ms": spec.material.Ms * magnetisation})
    return RunSpec(device=device, material=material, protocol=protocol, numerics=spec.numerics, engine=spec.engine)
