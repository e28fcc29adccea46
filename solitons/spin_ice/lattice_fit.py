"""A reduced lattice fitted to micromagnetic runs of one and two islands.

Single islands over the field's angle give the switching astroid, and the way their
moments lean before and after they turn. Islands of other sizes give laws

    H_sw / H_sw,0 = product over the quantities q of (q / q_0)^p,

which make disorder into a spread of switching fields. A pair of islands, in runs that
start with the second island along and against the field, gives by how much it shifts the
switching field of the first; before the field comes, the energies of the two states
give their coupling J. With the second island not yet reversed both may be close to their
switching field and help each other over it, the more the more alike they are; that shift
is the mean over pairs with the lattice's disorder; the island that turns first counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from solitons.spin_ice.astroid_fit import AstroidFit, fit_astroid
from solitons.spin_ice.canting import CantedMoments, dipole_field
from solitons.spin_ice.couplings import island_moments
from solitons.spin_ice.island_ramp import IslandRamp
from solitons.spin_ice.island_texture import IslandTexture
from solitons.spin_ice.pair_energies import pair_coupling
from solitons.spin_ice.pair_kinds import PairKind, pair_keys
from solitons.spin_ice.rotation_fit import RotationFit, fit_rotation
from solitons.spin_ice.size_law import SizeLaw, size_law

__all__ = ["LatticeFit", "MeasuredOutline", "PairFit", "PairRamp", "fit_lattice"]

Floats = npt.NDArray[np.float64]

# The field, over the switching field, at which a moment that has not turned is looked at: neighbours of the island that
# turns next are nearly as far, and none of them further.
_BEFORE = 0.95
# rad; islands of a lattice that are at one angle to the field.
_SAME_ANGLE = 1e-6
# Relative difference of switching fields of islands that are alike.
_ALIKE = 2e-3


@dataclass(frozen=True, eq=False)
class MeasuredOutline:
    """A ramp of an island of the lattice alone, in the cells that it has there.

    `outline` is the key of `outline_keys` for all islands with such cells, `island` one of them, `ideal` whether it is
    of the lattice without disorder. The angle between axis and field is in rad, first and last field of the ramp and
    the switching field in A/m; `texture` is how its magnetisation turns.
    """

    outline: str
    island: int
    ideal: bool
    angle: float
    start: float
    end: float
    switching_field: float
    texture: IslandTexture | None = None


@dataclass(frozen=True, eq=False)
class PairRamp:
    """A ramp of two islands.

    `kind` is what the pair, first and second island, stands for; `reversed_source` whether the second is along the
    field from the start; `disordered` whether the two deviate from the islands as drawn. `energy` is at rest without
    field in J; `start` is the first field in A/m, to which the ramp jumps from 0; `switching_field` (2) in A/m is NaN
    for an island that does not turn.
    """

    kind: PairKind
    islands: xr.Dataset
    reversed_source: bool
    disordered: bool
    energy: float
    start: float
    switching_field: Floats


@dataclass(frozen=True)
class PairFit:
    """Behaviour of a kind of pairs.

    Couplings are J in J at rest, from energies and by the formula of point dipoles along the axes. `unreversed` and
    `reversed` are shifts of the first island's switching field in A/m with the second not yet and already reversed,
    over Ms of the second; the former is None if the first island never turned before the second, and then moments that
    lean give it. `scatter` is the standard deviation of it over the disorder, in A/m; 0 for one run.
    """

    kind: PairKind
    coupling: float
    dipole_coupling: float
    unreversed: float | None
    reversed: float
    scatter: float


@dataclass(frozen=True, eq=False)
class LatticeFit:
    """All that `fitted_lattice` needs.

    The astroid of the island as drawn, how its moment turns in the field, a `SizeLaw` for each quantity that deviates,
    moments before and after the reversal, the kinds of pairs that were measured, and the islands of the lattice as its
    cells show them. `field_angle` is the lattice's in rad from x, `length_unit` (m) counts the distances in the pairs'
    keys, `moment` is of the island as drawn in A m2. `coupling_error` is the root mean square error in A/m of the
    pairs' shifts by moments that rotate (`shift_errors`).
    """

    astroid_fit: AstroidFit
    rotation_fit: RotationFit
    laws: Mapping[str, SizeLaw]
    canted: CantedMoments
    pairs: Sequence[PairFit]
    field_angle: float
    length_unit: float
    moment: float
    outlines: Sequence[MeasuredOutline] = ()
    coupling_error: float = 0.0

    @cached_property
    def errors(self) -> dict[str, float]:
        """Residuals of the fits, as in `IceProvenance`."""
        residuals = self.astroid_fit.residuals
        scale = float(self.astroid_fit.anisotropy_field)
        scatter = [pair.scatter for pair in self.pairs]
        return {
            "astroid": float(np.sqrt(np.mean(residuals**2)) / scale),
            "rotation": float(np.sqrt(np.mean(self.rotation_fit.residuals**2)) / scale),
            **{name: law.error for name, law in self.laws.items()},
            "couplings": self.coupling_error / scale,
            "pairs": float(np.sqrt(np.mean(np.square(scatter))) / scale) if scatter else 0.0,
        }

    def relative_thresholds(self, islands: xr.Dataset) -> Floats:
        """Switching fields of islands over those that the astroid of the island as drawn gives at their angles."""
        return self.thresholds(islands) / self._nominal_thresholds(islands)

    def thresholds(self, islands: xr.Dataset) -> Floats:
        """Switching fields in A/m of islands on their own in the lattice's field.

        Those whose `outline` was measured differ from it in their magnetisation at most. Others follow the laws from
        the mean of the islands without disorder at their angle.
        """
        found = self._nominal_thresholds(islands) * self._as_drawn(self.angles(islands))
        magnetisation = np.ones(found.size)
        for name, law in self.laws.items():
            factor = (islands[name].values / law.nominal) ** law.exponent
            found *= factor
            if name == "saturation_magnetisation":
                magnetisation = factor
        if "outline" in islands:
            measured = {each.outline: each.switching_field for each in self.outlines}
            own = np.array([measured.get(outline, np.nan) for outline in islands["outline"].values.tolist()])
            found = np.where(np.isnan(own), found, own * magnetisation)
        return found

    def angles(self, islands: xr.Dataset) -> Floats:
        """Angles in rad, up to 90 degrees, between the lattice's field and the islands' axes."""
        return np.asarray(np.arccos(np.clip(np.abs(np.cos(islands["angle"].values - self.field_angle)), 0, 1)))

    def _nominal_thresholds(self, islands: xr.Dataset) -> Floats:
        return self.astroid_fit.astroid.switching_field(self.angles(islands), self.astroid_fit.anisotropy_field)

    def _as_drawn(self, angle: Floats) -> Floats:
        """Factor of the cells on the switching field of islands as drawn, at each angle; 1 where none was measured."""
        ratio = np.ones(angle.size)
        ideal = [each for each in self.outlines if each.ideal]
        nominal = self.astroid_fit.astroid.switching_field(
            [each.angle for each in ideal], self.astroid_fit.anisotropy_field
        )
        for place, one in enumerate(angle):
            same = [
                each.switching_field / scale
                for each, scale in zip(ideal, nominal, strict=True)
                if abs(each.angle - one) < _SAME_ANGLE
            ]
            ratio[place] = np.mean(same) if same else 1.0
        return ratio


def fit_lattice(
    single: Sequence[IslandRamp],
    pairs: Sequence[PairRamp],
    *,
    outlines: Sequence[MeasuredOutline] = (),
    nominal: xr.Dataset,
    spins: npt.ArrayLike,
    field_angle: float,
    length_unit: float,
) -> LatticeFit:
    """Fit islands and pairs.

    `single` are ramps of the island as drawn, at five angles at least, and with each quantity that deviates; `pairs` of
    each kind have one with the second island reversed and one without, without disorder, and others with. `nominal` is
    the lattice without disorder, `spins` the state that the field (rad from x) reverses, `length_unit` (m) counts
    distances in the pairs' keys. ValueError if an island does not turn within its ramp or turns in the jump to its
    start, a run of a pair is missing, or a quantity deviates only once.
    """
    for each in single:
        what = f"{each.quantity} {each.deviation:+.0%}" if each.quantity else "the island as drawn"
        what = f"fit_lattice: at {np.degrees(each.angle):g} degrees {what}"
        if not np.isfinite(each.switching_field):
            raise ValueError(f"{what} does not turn within {each.field[1]:g} to {each.field[-1]:g} A/m; widen the ramp")
        _refuse_a_jump(what, each.switching_field, float(each.field[1]))
    for one in outlines:
        what = f"fit_lattice: island {one.island} of the lattice, alone,"
        if not np.isfinite(one.switching_field):
            raise ValueError(f"{what} does not turn within {one.start:g} to {one.end:g} A/m; widen the ramp")
        _refuse_a_jump(what, one.switching_field, one.start)
    over_angle = sorted((each for each in single if not each.quantity), key=lambda each: each.angle)
    # One ramp of each angle, the finer one: the lattice's own angle has two.
    finest = {round(each.angle, 9): each for each in sorted(over_angle, key=lambda each: -each.uncertainty)}
    chosen = sorted(finest.values(), key=lambda each: each.angle)
    astroid_fit = _anchored(
        fit_astroid([each.angle for each in chosen], [each.switching_field for each in chosen]), chosen
    )
    canted = CantedMoments(
        angle=np.array([each.angle for each in chosen]),
        unreversed=np.array([_leaning(each) for each in chosen]),
        reversed=np.array([_turned(each) for each in chosen]),
    )
    laws = {
        name: size_law(name, float(nominal[name].values[0]), single)
        for name in dict.fromkeys(each.quantity for each in single)
        if name
    }
    moment = float(island_moments(nominal)[0])
    fit = LatticeFit(astroid_fit, fit_rotation(chosen), laws, canted, (), field_angle, length_unit, moment, outlines)
    return replace(fit, pairs=_pairs(fit, pairs, nominal, spins))


def _refuse_a_jump(what: str, switching_field: float, start: float) -> None:
    """Refuse an island that turns before the ramp's first field, somewhere between 0 and it."""
    if switching_field < start:
        raise ValueError(f"{what} turns in the jump to {start:g} A/m; lower the start of its ramp")


def _anchored(found: AstroidFit, chosen: Sequence[IslandRamp]) -> AstroidFit:
    """The astroid, scaled to go through the finest ramp.

    An error there would count as a shift of every pair, and so many times over in a lattice.
    """
    reference = min(chosen, key=lambda each: each.uncertainty)
    at_reference = float(found.astroid.switching_field(reference.angle, found.anisotropy_field))
    scale = found.anisotropy_field * reference.switching_field / at_reference
    model = found.astroid.switching_field([each.angle for each in chosen], scale)
    measured = np.array([each.switching_field for each in chosen])
    return replace(found, anisotropy_field=scale, residuals=np.asarray(model) - measured)


def _leaning(ramp: IslandRamp) -> Floats:
    before = np.flatnonzero(ramp.field <= _BEFORE * ramp.switching_field)[-1]
    return np.asarray(ramp.macrospin[before])


def _turned(ramp: IslandRamp) -> Floats:
    after = np.flatnonzero(ramp.field > ramp.switching_field)[0]
    return np.asarray(ramp.macrospin[after])


def _pairs(fit: LatticeFit, pairs: Sequence[PairRamp], nominal: xr.Dataset, spins: npt.ArrayLike) -> list[PairFit]:
    kinds = {pair.kind.key: pair.kind for pair in pairs}
    ordered = {key: [pair for pair in pairs if pair.kind.key == key and not pair.disordered] for key in kinds}
    state = np.asarray(spins, dtype=np.float64)
    position, moment = nominal["position"].values, nominal["axis"].values * island_moments(nominal)[:, np.newaxis]
    after: dict[tuple[int, ...], float] = {}
    for key, kind in kinds.items():
        runs = {pair.reversed_source: pair for pair in ordered[key]}
        if runs.keys() != {True, False}:
            raise ValueError(
                f"fit_lattice: islands {kind.target} and {kind.source} need a run with the second reversed "
                "and one without"
            )
        for run in runs.values():
            what = f"fit_lattice: of islands {kind.target} and {kind.source}, the first"
            _refuse_a_jump(what, float(run.switching_field[0]), run.start)
        after[key] = float(runs[True].switching_field[0] - fit.thresholds(runs[True].islands)[0])
        if np.isnan(after[key]):
            raise ValueError(
                f"fit_lattice: beside island {kind.source}, reversed, island {kind.target} does not turn within the "
                "ramp; widen it"
            )
    shifts = _shifts_before(fit, pairs, nominal, spins, after)
    found = []
    for key, kind in kinds.items():
        runs = {pair.reversed_source: pair for pair in ordered[key]}
        alike_first, others = shifts.get(key, ([], []))
        # Two identical islands help each other more than islands of a lattice do.
        counted = others or alike_first
        # Reversing both changes no energy without a field, so that two states stand for four.
        signs = state[kind.target] * state[kind.source]
        alike, unlike = (runs[False], runs[True]) if signs > 0 else (runs[True], runs[False])
        coupling, _ = pair_coupling([[alike.energy, unlike.energy], [unlike.energy, alike.energy]])
        offset = position[[kind.target]] - position[[kind.source]]
        field = dipole_field(moment[[kind.source]], offset)[0]
        found.append(
            PairFit(
                kind=kind,
                coupling=float(coupling),
                dipole_coupling=float(-constants.mu_0 * moment[kind.target] @ field),
                unreversed=float(np.mean(counted)) if counted else None,
                reversed=after[key],
                scatter=float(np.std(others)) if others else 0.0,
            )
        )
    return found


def _shifts_before(
    fit: LatticeFit,
    pairs: Sequence[PairRamp],
    nominal: xr.Dataset,
    spins: npt.ArrayLike,
    after: Mapping[tuple[int, ...], float],
) -> dict[tuple[int, ...], tuple[list[float], list[float]]]:
    """Shifts of each kind while neither is reversed, of pairs without disorder and with.

    They are the shifts of the island that turns first: the other turns later, or with it, because the first
    has turned.
    """
    found: dict[tuple[int, ...], tuple[list[float], list[float]]] = {}
    for pair in pairs:
        seen = pair.switching_field
        if pair.reversed_source or not np.isfinite(seen).any():
            continue
        members = np.array([pair.kind.target, pair.kind.source])
        both = pair_keys(nominal, spins, fit.field_angle, members, members[::-1], fit.length_unit)
        keys = [tuple(int(each) for each in key) for key in both]
        alone, strength = fit.thresholds(pair.islands), island_moments(pair.islands)[::-1] / fit.moment
        first = _first_to_turn(seen, alone + strength * [after.get(key, 0.0) for key in keys])
        if first is None:
            continue
        disorder = " with disorder" if pair.disordered else ""
        what = f"fit_lattice: of islands {members[0]} and {members[1]}{disorder}, island {members[first]}"
        _refuse_a_jump(what, float(seen[first]), pair.start)
        kind = found.setdefault(keys[first], ([], []))
        kind[pair.disordered].append(float(seen[first] - alone[first]) / float(strength[first]))
    return found


def _first_to_turn(seen: Floats, once_other_turned: Floats) -> int | None:
    """Index of the island that turned first; if both turned in one step, the one that could take the other along.

    `seen` (2) is the field in A/m at which each turned, NaN where it did not, `once_other_turned` the field at which
    each turns after the other one. None where each could take the other along: of two that are alike it makes no
    difference.
    """
    if seen[0] != seen[1]:
        return int(np.nanargmin(seen))
    carried = once_other_turned <= seen
    if carried[0] == carried[1]:
        return 0 if abs(once_other_turned[0] / once_other_turned[1] - 1) < _ALIKE else None
    return 0 if carried[1] else 1
