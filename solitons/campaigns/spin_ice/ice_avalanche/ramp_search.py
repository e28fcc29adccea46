"""Coarse runs that find where islands turn, so that the ramps of the runs that the fit sees follow from them.

The first ones are for single islands, in a range that their shape's anisotropy bounds. They give the scale for coarse
runs of pairs. A ramp that the description has is not looked for:
whether something turns in the jump to its start is seen in short runs of the jump alone, which take seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.fitting import FittedIslands
from solitons.campaigns.spin_ice.ice_avalanche.observation import see_lattice
from solitons.campaigns.spin_ice.ice_avalanche.ramps import Ramp, coarse_fields, field_in_words, fine_ramp
from solitons.campaigns.spin_ice.ice_avalanche.runs import (
    CoarseRamp,
    FitRole,
    FitRun,
    IslandAtAngle,
    IslandOfLattice,
    IslandOfSize,
    Pair,
    Role,
    fit_runs,
)
from solitons.campaigns.spin_ice.ice_avalanche.settings import FieldRange, LatticeFitSettings

__all__ = ["CoarseFlips", "KnownSoFar", "RampSearch"]

# Range in which an island is first looked for, over the anisotropy field of its shape; and for pairs, over the fields
# at which single islands turn.
_ALONE = (0.15, 1.1)
_TOGETHER = (0.55, 1.6)
# How often a range may be moved before the search is given up.
_MOST_TRIES = 4


@dataclass(frozen=True, eq=False)
class CoarseFlips:
    """Result of a coarse run: fields in A/m, and in which of them each island turned, (islands), -1 for none."""

    fields: tuple[float, ...]
    step: npt.NDArray[np.int64]

    @property
    def in_the_jump(self) -> bool:
        """Whether an island turned in the first field, and so somewhere below it."""
        return bool((self.step == 0).any())

    @property
    def brackets(self) -> list[tuple[float, float]]:
        """Two neighbouring fields (A/m) for each island that turned between them."""
        return [(self.fields[place - 1], self.fields[place]) for place in self.step.tolist() if place > 0]


@dataclass(frozen=True, eq=False)
class RampSearch:
    """The ramps of a campaign as far as they are known.

    `seen` has the last coarse run of each role, `runs` all coarse runs so far.
    """

    lattice: DrivenLattice
    fit: LatticeFitSettings
    seen: Mapping[FitRole, CoarseFlips] = field(default_factory=dict)
    runs: tuple[LabelledRun[Role], ...] = ()

    def after(self, computed: ComputedRuns[Role]) -> RampSearch:
        """The search after its runs.

        A ramp of the description that begins too high is an error with what to write; so is an island that turns in no
        field that was looked at.
        """
        angle, seen = self.lattice.field_angle, dict(self.seen)
        for run in computed.labelled:
            role = run.role
            if not isinstance(role, CoarseRamp):
                continue
            along = math.pi - role.of.angle if isinstance(role.of, IslandAtAngle | IslandOfSize) else angle
            spins = see_lattice(run.spec, computed.open(run), along).spins["spin"].values
            turned = spins != spins[0]
            seen[role.of] = CoarseFlips(role.fields, np.where(turned.any(axis=0), np.argmax(turned, axis=0) - 1, -1))
        return RampSearch(self.lattice, self.fit, seen, self.runs).asking()

    @property
    def pending(self) -> bool:
        """Whether there are runs that were not seen yet."""
        # If a role was looked for again, the last run counts.
        asked = {run.role.of: run.role.fields for run in self.runs if isinstance(run.role, CoarseRamp)}
        return any(role not in self.seen or self.seen[role].fields != fields for role, fields in asked.items())

    def ramp(self, role: FitRole) -> Ramp:
        """The ramp of a run that the fit sees."""
        if (given := self._given(role)) is not None:
            return Ramp((given,))
        return fine_ramp(self.seen[role].brackets)

    def _given(self, role: FitRole) -> FieldRange | None:
        if isinstance(role, IslandOfLattice):
            return None
        return self.fit.angle_ramp if isinstance(role, IslandAtAngle) else self.fit.ramp

    def asking(self) -> RampSearch:
        """The search with the runs that what was seen asks for."""
        more = list(self._more())
        return RampSearch(self.lattice, self.fit, self.seen, (*self.runs, *more))

    def _more(self) -> Iterator[LabelledRun[Role]]:
        runs = list(fit_runs(self.lattice, self.fit))
        single = [run for run in runs if not isinstance(run.role, Pair)]
        found = list(self._coarse(single, self._alone))
        found += self._jumps(runs)
        yield from found
        if found:
            return
        scale = [
            high for run in single if isinstance(run.role, IslandOfLattice) for _, high in self.seen[run.role].brackets
        ]
        lowest, highest = _TOGETHER[0] * min(scale), _TOGETHER[1] * max(scale)
        together = coarse_fields(lowest, highest)
        yield from self._coarse([run for run in runs if isinstance(run.role, Pair)], together)

    @property
    def _alone(self) -> tuple[float, ...]:
        island, material = self.lattice.ideal_islands.isel(island=0), self.lattice.spec.material
        thickness, width, length = (float(island[name]) for name in ("thickness", "width", "length"))
        # An elliptic cylinder has demagnetising factors of about t / (t + w) and t / (t + l).
        shape = material.Ms * (thickness / (thickness + width) - thickness / (thickness + length))
        crystal = 2 * abs(material.Ku) / (4e-7 * math.pi * material.Ms)
        scale = shape + crystal
        return coarse_fields(_ALONE[0] * scale, _ALONE[1] * scale)

    def _coarse(self, runs: Sequence[FitRun], fields: tuple[float, ...]) -> Iterator[LabelledRun[Role]]:
        for run in runs:
            if self._given(run.role) is None and (wanted := self._next(run.role, fields)) is not None:
                yield run.coarse(wanted)

    def _jumps(self, runs: Sequence[FitRun]) -> Iterator[LabelledRun[Role]]:
        """Runs of the jump to a ramp that the description has; then, of one that begins too high, a coarse ramp."""
        for run in runs:
            if (given := self._given(run.role)) is None:
                continue
            jump = (given.start,)
            if run.role not in self.seen:
                yield run.coarse(jump)
            elif self.seen[run.role].fields == jump:
                if self.seen[run.role].in_the_jump:
                    yield run.coarse(coarse_fields(given.start / 4, given.start))
            else:
                self._refuse(run.role, given)

    def _refuse(self, role: FitRole, given: FieldRange) -> None:
        name = "fit.angle_ramp" if isinstance(role, IslandAtAngle) else "fit.ramp"
        brackets = self.seen[role].brackets
        # Several roles may begin too high; the lowest of them sets what to write.
        lows = [low for other, flips in self.seen.items() if self._given(other) == given for low, _ in flips.brackets]
        lowest = field_in_words(0.97 * min(lows)) if lows else "a lower field"
        between = f" between {field_in_words(brackets[0][0])} and {field_in_words(brackets[0][1])}" if brackets else ""
        raise ValueError(
            f"{name}.start = {field_in_words(given.start)}, but in the jump there an island turns{between} ({role}); "
            f"write start: {lowest}, or leave {name} out, and the campaign finds it"
        )

    def _next(self, role: FitRole, fields: tuple[float, ...]) -> tuple[float, ...] | None:
        """The fields of the role's next coarse run, None where it needs no more."""
        if role not in self.seen:
            return fields
        flips = self.seen[role]
        tries = sum(isinstance(run.role, CoarseRamp) and run.role.of == role for run in self.runs)
        # In a pair with the second island reversed only the first turns.
        if not flips.in_the_jump and flips.brackets:
            return None
        if tries >= _MOST_TRIES:
            first, last = field_in_words(flips.fields[0]), field_in_words(flips.fields[-1])
            raise ValueError(
                f"no ramp was found ({role}): "
                + (f"it turns below {first} already" if flips.in_the_jump else f"nothing turns up to {last}")
                + "; check the island's shape and the material, or give fit.ramp and fit.angle_ramp"
            )
        if flips.in_the_jump:
            return coarse_fields(flips.fields[0] / 2, flips.fields[-1])
        return coarse_fields(flips.fields[-1] * 0.9, flips.fields[-1] * 2)


@dataclass(frozen=True, eq=False)
class KnownSoFar:
    """Results of the runs so far."""

    search: RampSearch
    fitted: FittedIslands | None = None  # once the ramps of islands and pairs are there
    lattice_ramp: FieldRange | None = None  # where the description has none
    all: bool = False  # that is to be found before the lattices are driven
