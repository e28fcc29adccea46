"""The fit on ramps that were made from known islands, and the lattice that it makes."""

from dataclasses import replace

import numpy as np
import pytest
from rows import rows
from scipy.stats import linregress, t

from geometries import get_material
from solitons.spin_ice import SwitchingAstroid, dipole_couplings, drive_field
from solitons.spin_ice.canting import CantedMoments, dipole_field
from solitons.spin_ice.first_reversal import first_reversal_field
from solitons.spin_ice.fitted_lattice import fitted_lattice
from solitons.spin_ice.island_ramp import IslandRamp
from solitons.spin_ice.lattice_fit import MeasuredOutline, PairRamp, _first_to_turn, fit_lattice
from solitons.spin_ice.pair_kinds import nearest_distance, pair_kinds

from .conftest import square_ice

PERMALLOY = get_material("permalloy")
TRUTH, SCALE, POWER = SwitchingAstroid(b=0.62, beta=2.2, gamma=2.6), 138e3, 1.05
ANGLE = np.radians(225)
SPACING = 220e-9
START = 50e3
SHIFTS = {155: (-300.0, -1700.0), 156: (-100.0, 900.0), 220: (400.0, -500.0), 221: (-350.0, 50.0)}


def square(columns=3, rows=3, **keys):
    return square_ice(columns, rows, SPACING, **keys).islands(PERMALLOY)


def island(angle, quantity="", deviation=0.0):
    threshold = float(TRUTH.switching_field(angle, SCALE)) * (1 + deviation) ** POWER
    field = np.concatenate([[0.0], np.linspace(0.7 * threshold, 1.2 * threshold, 51)])
    lean = np.minimum(field / threshold, 1) * 0.8
    unreversed, turned = field < threshold, np.array([-0.95, 0.3])
    macrospin = np.where(unreversed[:, None], np.stack([np.cos(lean), np.sin(lean)], axis=1), turned)
    return IslandRamp(angle, quantity, deviation, field, macrospin, threshold, 10.0)


def singles():
    return [island(np.radians(each)) for each in (2, 20, 45, 70, 88)] + [
        island(np.radians(45), "saturation_magnetisation", deviation) for deviation in (-0.1, -0.05, 0.05, 0.1)
    ]


def ramps(islands, kinds, shifts):
    alone = float(TRUTH.switching_field(np.pi / 4, SCALE))
    for kind, (before, after) in zip(kinds, shifts, strict=True):
        two = islands.isel(island=[kind.target, kind.source])
        yield PairRamp(kind, two, False, False, 2e-21, START, np.array([alone + before, np.nan]))
        yield PairRamp(kind, two, True, False, 1e-21, START, np.array([alone + after, np.nan]))


def fitted(single, pairs=(), **keys):
    islands = square()
    unit = nearest_distance(islands)
    return fit_lattice(single, pairs, nominal=islands, spins=np.ones(24), field_angle=ANGLE, length_unit=unit, **keys)


def near_pairs():
    """Two kinds, of which none shifts."""
    kinds = pair_kinds(square(), np.ones(24), ANGLE, 0.8 * SPACING)
    return kinds, list(ramps(square(), kinds, [(0.0, 0.0)] * 2))


@pytest.fixture(scope="module")
def made():
    islands = square()
    kinds = pair_kinds(islands, np.ones(24), ANGLE, 1.01 * SPACING)
    return fitted(singles(), list(ramps(islands, kinds, SHIFTS.values()))), kinds


def test_the_fit_finds_the_islands(made):
    fit, _ = made
    assert fit.astroid_fit.anisotropy_field == pytest.approx(SCALE, rel=1e-4)
    assert float(fit.astroid_fit.astroid.b) == pytest.approx(0.62, rel=1e-4)
    assert fit.laws["saturation_magnetisation"].exponent == pytest.approx(POWER, rel=1e-9)
    assert fit.errors["saturation_magnetisation"] < 1e-9
    # Looked at in the last step below 95 % of the switching field.
    lean = 0.8 * 0.95
    np.testing.assert_allclose(fit.canted.unreversed[2], [np.cos(lean), np.sin(lean)], atol=0.01)
    np.testing.assert_allclose(fit.canted.reversed[2], [-0.95, 0.3])


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("turned", [False, True])
def test_the_lattice_of_a_pair_turns_where_the_pair_did(made, number, turned):
    """The couplings and the response together give back both shifts, without being fitted to them again."""
    fit, kinds = made
    kind = kinds[number]
    two = square().isel(island=[kind.target, kind.source])
    model = fitted_lattice(two, two, np.ones(2), fit)
    expected = TRUTH.switching_field(np.pi / 4, SCALE) + list(SHIFTS.values())[number][turned]
    # The other stays as it is, so that only the first can turn.
    state = np.array([1, -1 if turned else 1])
    field = np.linspace(0.9, 1.1, 2001)[:, None] * expected * np.array([np.cos(ANGLE), np.sin(ANGLE)])
    run = drive_field(model, state, field, held=[1])
    found = np.hypot(*run["applied_field"].values[run["flip_step"].values[0]])
    # The response was fitted at the field of a single island, up to 3 % away.
    assert found == pytest.approx(expected, rel=1.5e-3)


def test_disorder_follows_the_law_and_the_source(made):
    fit, _ = made
    ideal = square()
    disordered = square(disorder={"saturation_magnetisation": 0.05, "seed": 3})
    ratio = disordered["saturation_magnetisation"].values / 8e5
    model, plain = (
        fitted_lattice(each, ideal, np.ones(24), fit, cut_off=1.01 * SPACING) for each in (disordered, ideal)
    )
    np.testing.assert_allclose(model.anisotropy_field, plain.anisotropy_field * ratio**POWER)
    np.testing.assert_allclose(model.couplings.along, plain.couplings.along * ratio[plain.couplings.source])


def test_moments_that_do_not_lean_are_point_dipoles(made):
    """Unit moments along the axes, reversed exactly: no response, and the table of `dipole_couplings`."""
    fit, _ = made
    rigid = CantedMoments(np.array([0.1, 1.5]), np.array([[1.0, 0], [1, 0]]), np.array([[-1.0, 0], [-1, 0]]))
    islands = square()
    model = fitted_lattice(islands, islands, np.ones(24), replace(fit, canted=rigid), measured_pairs=False)
    dipoles = dipole_couplings(islands, cut_off=np.inf)
    scale = np.abs(dipoles.along).max()
    np.testing.assert_allclose(model.couplings.along, dipoles.along, atol=1e-12 * scale)
    np.testing.assert_allclose(model.couplings.across, dipoles.across, atol=1e-12 * scale)
    np.testing.assert_allclose(model.response, 0, atol=1e-15)
    usual = fitted_lattice(islands, islands, np.ones(24), fit, measured_pairs=False, canted=False)
    assert usual.response is None
    np.testing.assert_array_equal(usual.couplings.along, dipoles.along)


@rows("degrees", [30, -30, 150, -150])
def test_a_moment_leans_by_the_angle_between_the_field_and_its_axis_whichever_way_it_points(degrees):
    # A table in which the part along says the angle: read at 30 degrees for any spin.
    angles = np.linspace(0, np.pi / 2, 10)
    table = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    canted = CantedMoments(angles, table, table * [-1, 1])
    axis = np.array([[1.0, 0.0], [-1.0, 0.0]])
    before, after = canted.directions(axis, [1, 1], np.radians(degrees))
    field = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    np.testing.assert_allclose(np.sum(before * axis, axis=1), np.cos(np.radians(30)), rtol=2e-3)
    np.testing.assert_allclose(before[:, 1] * np.sign(field[1]), 0.5, rtol=1e-2)
    np.testing.assert_allclose(after[:, 0], -before[:, 0])
    np.testing.assert_allclose(after[:, 1], before[:, 1])


def test_of_disordered_pairs_the_first_to_turn_counts():
    kinds, pairs = near_pairs()
    two = square().isel(island=[kinds[0].target, kinds[0].source]).copy(deep=True)
    two["saturation_magnetisation"][:] = [8.4e5, 7.6e5]
    alone = TRUTH.switching_field(np.pi / 4, SCALE) * (np.array([8.4e5, 7.6e5]) / 8e5) ** POWER
    pairs.append(PairRamp(kinds[0], two, False, True, 0.0, START, np.array([alone[0] - 900, alone[1] - 210])))
    # The second turns first, by 210 A/m early, beside a moment of 1.05.
    assert fitted(singles(), pairs).pairs[0].unreversed == pytest.approx(-200, abs=1)
    pairs.append(replace(pairs[-1], switching_field=pairs[-1].switching_field - [0, 100 * 1.05]))
    # Shifts of -200 and -300 A/m, over h_k as all that the fits leave; the other kind of pairs has no scatter.
    assert fitted(singles(), pairs).errors["pairs"] == pytest.approx(50 / SCALE / np.sqrt(2), rel=1e-2)


def test_a_coupling_is_told_beside_the_dipole_formula(made):
    fit, _ = made
    for pair in fit.pairs:
        # From 2 zJ with both as they are and 1 zJ with one reversed.
        assert pair.coupling == pytest.approx(0.5e-21)
    table = dipole_couplings(square(), cut_off=np.inf)
    energies = table.energies(square()["volume"].values * 8e5)
    first = fit.pairs[0].kind
    entry = (table.source == first.source) & (table.neighbour == first.target)
    assert fit.pairs[0].dipole_coupling == pytest.approx(float(energies[entry][0]))


def test_the_dipole_field_is_the_closed_form():
    field = dipole_field(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[2.0, 0.0], [2.0, 0.0]]))
    np.testing.assert_allclose(field, np.array([[2, 0], [0, -1]]) / (8 * 4 * np.pi))


def test_the_first_reversal_is_where_the_drive_has_it(made):
    fit, _ = made
    disordered = square(disorder={"saturation_magnetisation": 0.05, "seed": 3})
    model = fitted_lattice(disordered, square(), np.ones(24), fit)
    first = first_reversal_field(model, np.ones(24), ANGLE)
    direction = np.array([np.cos(ANGLE), np.sin(ANGLE)])
    below, above = (drive_field(model, np.ones(24), [first * part * direction]) for part in (1 - 1e-6, 1 + 1e-6))
    assert below.sizes["flip"] == 0 < above.sizes["flip"]


def test_an_island_that_never_turns_is_named():
    stuck = singles()
    stuck[2] = IslandRamp(stuck[2].angle, "", 0.0, stuck[2].field, stuck[2].macrospin, np.nan, np.nan)
    with pytest.raises(ValueError, match=r"at 45 degrees the island as drawn does not turn within .* widen the ramp"):
        fitted(stuck)


def test_an_island_that_turns_in_the_jump_is_refused():
    """It would count as turned in the middle between 0 and the ramp's start."""
    early = singles()
    for number, what in ((2, "at 45 degrees the island as drawn"), (7, r"saturation_magnetisation \+5%")):
        start = early[number].field[1]
        changed = list(early)
        changed[number] = replace(early[number], switching_field=start / 2)
        with pytest.raises(ValueError, match=rf"{what} turns in the jump to {start:g} A/m; lower the start"):
            fitted(changed)


def test_a_pair_of_which_one_turns_in_the_jump_is_refused():
    kinds, pairs = near_pairs()
    early = np.array([START / 2, np.nan])
    for wrong in (
        [replace(pairs[0], switching_field=early), pairs[1]],
        [pairs[0], replace(pairs[1], switching_field=early)],
    ):
        with pytest.raises(ValueError, match="the first turns in the jump to 50000 A/m; lower the start"):
            fitted(singles(), wrong)
    pairs.append(replace(pairs[0], disordered=True, switching_field=np.array([START * 1.2, START / 2])))
    with pytest.raises(ValueError, match=rf"with disorder, island {kinds[0].source} turns in the jump to 50000 A/m"):
        fitted(singles(), pairs)


def test_the_interval_of_a_law_is_that_of_a_regression_through_the_origin():
    """SciPy's regression has an intercept, which is 0 of these points and takes one degree of freedom."""
    single = singles()[:5]
    deviations = np.expm1([-0.1, -0.05, 0.05, 0.1])
    for number, deviation in enumerate(deviations):
        ramp = island(np.radians(45), "saturation_magnetisation", float(deviation))
        off = np.exp([0.002, -0.001, 0.001, -0.002][number])
        single.append(replace(ramp, switching_field=ramp.switching_field * off))
    law = fitted(single).laws["saturation_magnetisation"]
    field = [np.log(each.switching_field / single[2].switching_field) for each in single[5:]]
    expected = linregress(np.log1p(deviations), field)
    assert expected.intercept == pytest.approx(0, abs=1e-12)
    assert law.exponent == pytest.approx(expected.slope)
    assert law.standard_error == pytest.approx(expected.stderr * np.sqrt(2 / 3))
    low, high = law.ci95
    assert (high - low) / 2 == pytest.approx(t.ppf(0.975, 3) * law.standard_error)
    with pytest.raises(ValueError, match="saturation_magnetisation deviates once"):
        fitted(single[:6])


def test_what_the_astroid_leaves_is_of_the_astroid_that_is_used():
    """The finest ramp, through which it is scaled, leaves nothing, and the others more than before."""
    single = singles()[:5]
    single[2] = replace(single[2], switching_field=single[2].switching_field * 1.01, uncertainty=1.0)
    found = fitted(single).astroid_fit
    assert found.residuals[2] == pytest.approx(0, abs=1e-6 * SCALE)
    for each, left in zip(single, found.residuals, strict=True):
        model = float(found.astroid.switching_field(each.angle, found.anisotropy_field))
        assert left == pytest.approx(model - each.switching_field, abs=1e-6)


OUTLINES = [
    MeasuredOutline("as drawn", 0, True, np.pi / 4, START, 1e5, 63e3),
    MeasuredOutline("wider", 3, False, np.pi / 4, START, 1e5, 52e3),
]


def with_outlines(outlines=OUTLINES):
    return fitted(singles(), near_pairs()[1], outlines=outlines)


def test_an_island_turns_where_its_cells_did_alone():
    """What differs in Ms follows the law from there; what has other cells follows it from islands as drawn."""
    fit = with_outlines()
    islands = square().isel(island=[0, 1, 2])
    islands["saturation_magnetisation"][1] *= 1.1
    islands = islands.assign(outline=("island", ["as drawn", "wider", "seen nowhere"]))
    np.testing.assert_allclose(fit.thresholds(islands), [63e3, 52e3 * 1.1**POWER, 63e3])
    ideal = square().isel(island=[0, 1, 2])
    model = fitted_lattice(islands, ideal, np.ones(3), fit, cut_off=SPACING / 10)
    np.testing.assert_allclose(
        model.astroid.switching_field(np.pi / 4, model.anisotropy_field), [63e3, 52e3 * 1.1**POWER, 63e3]
    )


@pytest.mark.parametrize(
    ("field", "message"), [(np.nan, "island 3 of the lattice, alone, does not turn"), (4e4, "turns in the jump")]
)
def test_an_outline_that_was_not_seen_to_turn_is_refused(field, message):
    with pytest.raises(ValueError, match=message):
        with_outlines([OUTLINES[0], replace(OUTLINES[1], switching_field=field)])


@rows(
    ("seen", "after", "first"),
    [
        # The first is softer, but the second turned and took it along: alone it would have stayed.
        ((51.2e3, 51.2e3), (-930.0, 19.0), 1),
        ((51.2e3, 51.2e3), (600.0, -1400.0), 0),
        # Each could have taken the other along.
        ((51.2e3, 51.2e3), (-930.0, -1400.0), None),
        ((51.2e3, np.nan), (-930.0, 19.0), 0),
        ((51.3e3, 51.2e3), (19.0, 19.0), 1),
    ],
)
def test_of_two_that_turn_in_one_step_the_one_counts_that_takes_the_other_along(seen, after, first):
    alone = np.array([50.7e3, 52.4e3])
    assert _first_to_turn(np.array(seen), alone + after) == first


def test_a_shift_that_was_not_seen_keeps_the_closed_form(made):
    """Of a kind whose second island always turns first: moments that lean, as without measured pairs."""
    fit, kinds = made
    islands = square().isel(island=[kinds[0].target, kinds[0].source])
    unseen = replace(fit, pairs=[replace(fit.pairs[0], unreversed=None)])
    found, closed = (
        fitted_lattice(islands, islands, np.ones(2), unseen, measured_pairs=measured) for measured in (True, False)
    )
    # The field is h = even + s odd: with neither reversed it is that of the closed form, once reversed it is not.
    direction = np.array([np.cos(ANGLE), np.sin(ANGLE)]) * float(TRUTH.switching_field(np.pi / 4, SCALE))

    def at_first(model, spins):
        along, _ = model.couplings.fields(np.array(spins))
        return along[0] + model.projected(model.field_at_islands(direction))[0][0]

    assert at_first(found, [1, 1]) == pytest.approx(at_first(closed, [1, 1]))
    assert at_first(found, [1, -1]) != pytest.approx(at_first(closed, [1, -1]), rel=1e-4)
