import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import constants, stats

from solitons.spin_ice import (
    MacrospinLattice,
    SwitchingAstroid,
    drive_field,
    drive_thermally,
    spins_at,
)
from solitons.spin_ice.couplings import Couplings

from .conftest import square

# How often one of these statistical tests would fail although all is well, over the choice of its seed.
FALSE_ALARM = 1e-3
ROOM = 300.0


def single(**changes):
    parts = {"moment": [1e-17], "anisotropy_field": [4e3], "astroid": SwitchingAstroid()}
    return MacrospinLattice(axis=[[1.0, 0.0]], couplings=Couplings([0, 0], [], [], []), **(parts | changes))


@rows("opposing", [0.0, 300.0, 900.0])
def test_one_island_waits_as_the_closed_form_says(opposing):
    # Stoner and Wohlfarth along the easy axis: K V (1 -+ h)^2 with 2 K V = mu0 m h_k.
    model = single()
    barrier = constants.mu_0 * 1e-17 * 4e3 / 2 / (constants.k * ROOM)
    out, back = (1e9 * np.exp(-barrier * (1 + sign * opposing / 4e3) ** 2) for sign in (-1, 1))
    run = drive_thermally(model, [1], [[-opposing, 0.0]], 4000 * (1 / out + 1 / back), temperature=ROOM, seed=1)
    waits = np.diff(run.flip_time.values, prepend=0.0)
    assert len(waits) > 5000
    for found, rate in ((waits[::2], out), (waits[1::2], back)):
        assert stats.kstest(found, stats.expon(scale=1 / rate).cdf).pvalue > FALSE_ALARM / 2


ASTROID = SwitchingAstroid(b=0.5, c=0.8, beta=1.6, gamma=2.4)


@rows(
    ("model", "across", "barrier"),
    [
        # A fitted barrier takes the place of the astroid's, and a field across lowers that.
        (single(barrier=[5 * constants.k * ROOM]), 0.0, 5 * constants.k * ROOM),
        (
            single(astroid=ASTROID, anisotropy_field=[8e3]),
            2e3,
            constants.mu_0 * 1e-17 * float(ASTROID.easy_axis_limit(2e3, 8e3)) / 2,
        ),
    ],
)
def test_waits_are_those_of_the_barrier(model, across, barrier):
    rate = 1e9 * np.exp(-barrier / (constants.k * ROOM))
    run = drive_thermally(model, [1], [[0.0, across]], 3000 / rate, temperature=ROOM, seed=2)
    assert stats.kstest(np.diff(run.flip_time.values), stats.expon(scale=1 / rate).cdf).pvalue > FALSE_ALARM


@pytest.mark.slow
@pytest.mark.parametrize("field", [(0.0, 0.0), (60.0, 30.0)])
def test_a_small_lattice_is_distributed_as_boltzmann_says(make_model, field):
    islands = square(2, 1)
    islands["volume"] = islands["volume"] / 8
    model = make_model(islands, anisotropy_field=8e2, spread=0.2)
    samples = 6000
    # A thousand tries an island between samples, so that each forgets the one before.
    run = drive_thermally(
        model, np.ones(7), np.tile(field, (samples, 1)), 1e-6, temperature=ROOM, seed=4, most_flips=20_000_000
    )
    assert run.sizes["flip"] > 20 * 7 * samples
    states = np.array(np.meshgrid(*[[-1, 1]] * 7, indexing="ij")).reshape(7, -1).T
    energy = [
        -constants.mu_0
        * np.sum(model.moment * state * (model.couplings.fields(state)[0] / 2 + model.projected(field)[0]))
        for state in states
    ]
    weight = np.exp(-(np.array(energy) - min(energy)) / (constants.k * ROOM))
    expected = samples * weight / weight.sum()
    # The lattice prefers some states, or the test says nothing.
    assert expected.max() > 5 * expected.min()
    found = np.bincount((spins_at(run, range(samples)).values > 0) @ (1 << np.arange(7)[::-1]), minlength=128)
    rare = expected < 5
    observed, predicted = (np.append(each[~rare], each[rare].sum()) for each in (found, expected))
    enough = predicted > 0
    assert stats.chisquare(observed[enough], predicted[enough]).pvalue > FALSE_ALARM


def test_without_heat_it_ends_where_the_field_drives_it(make_model):
    # At 0.01 K nothing turns inside its astroid, and what is outside turns at once.
    model = make_model(square(4))
    field = np.array([[-0.3e5, -0.2e5], [-0.6e5, -0.4e5], [-1.2e5, -0.8e5]])
    cold = drive_thermally(model, np.ones(model.islands), field, 1e-5, temperature=0.01, seed=5)
    driven = drive_field(model, np.ones(model.islands), field)
    np.testing.assert_array_equal(cold.spin, driven.spin)
    assert (driven.spin < 0).any()
    turned = set(cold.flip_island.values[cold.flip_step.values == 0].tolist())
    assert turned == set(driven.flip_island.values[driven.flip_step.values == 0].tolist())


def test_same_seed_same_flips_and_held_islands_stay(make_model):
    model = make_model(square(3), anisotropy_field=4e3)
    local = xr.DataArray(np.full((2, 1, 2), 50.0), dims=("step", "island", "component"), coords={"island": [2]})
    first, second, third = (
        drive_thermally(
            model, np.ones(24), np.zeros((2, 2)), 1e-6, temperature=1e4, seed=seed, held=[5], local_field=local
        )
        for seed in (6, 6, 7)
    )
    xr.testing.assert_identical(first, second)
    assert first.sizes["flip"] > 100
    assert not np.array_equal(first.flip_time[:50], third.flip_time[:50])
    assert 5 not in first.flip_island.values
    assert np.all(np.diff(first.flip_time) > 0)
    assert np.all(first.flip_time.values <= first.time.values[first.flip_step.values])


def test_bad_input_is_named(make_model):
    model = make_model(square(2))
    good = {"temperature": ROOM, "seed": 1}
    with pytest.raises(ValueError, match=r"temperature = 0\.0 K must be positive"):
        drive_thermally(model, np.ones(12), [[0, 0]], 1e-9, temperature=0.0, seed=1)
    with pytest.raises(
        ValueError, match=r"duration = .* s must be positive and finite, one number or one for each of 2"
    ):
        drive_thermally(model, np.ones(12), np.zeros((2, 2)), [1e-9, -1], **good)
    with pytest.raises(ValueError, match="attempt_frequency"):
        drive_thermally(model, np.ones(12), [[0, 0]], 1e-9, attempt_frequency=np.inf, **good)
    with pytest.raises(ValueError, match="held names island 12"):
        drive_thermally(model, np.ones(12), [[0, 0]], 1e-9, held=[12], **good)
    with pytest.raises(ValueError, match="more than most_flips = 100 flips"):
        drive_thermally(model, np.ones(12), [[0, 0]], 1.0, temperature=1e7, seed=1, most_flips=100)
