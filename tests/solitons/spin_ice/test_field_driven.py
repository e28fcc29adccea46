import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import constants

from solitons.spin_ice import MacrospinLattice, SwitchingAstroid, drive_field, lattice_model, spins_at
from solitons.spin_ice.couplings import Couplings

from .conftest import kagome, square


def loop(amplitude, degrees, steps):
    """A field that swings from + to - and back."""
    angle = np.deg2rad(degrees)
    swing = amplitude * np.cos(np.linspace(0, 2 * np.pi, steps))
    return swing[:, None] * np.array([np.cos(angle), np.sin(angle)])


def by_definition(model, spins, field):
    """All fields worked out again before each flip, and the most unstable island turned."""
    state, flips = np.array(spins, dtype=float), []
    for step, applied in enumerate(field):
        while True:
            along, across = (
                coupled + uniform
                for coupled, uniform in zip(model.couplings.fields(state), model.projected(applied), strict=True)
            )
            how = model.astroid.instability(-state * along, across, model.anisotropy_field)
            if how.max() <= 0:
                break
            state[how.argmax()] *= -1
            flips.append((step, int(how.argmax())))
    return flips, state


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([(square(3), np.inf), (kagome(3, 3), 1e-6)]),
    st.integers(0, 2**32 - 1),
    st.floats(0.5, 1.5),
    st.floats(0.5, 1.5),
    st.floats(1, 4),
    st.floats(1, 4),
    st.floats(-180, 180),
)
def test_any_astroid_gives_the_order_of_the_definition(make_model, lattice, seed, b, c, beta, gamma, degrees):
    astroid = SwitchingAstroid(b=b, c=c, beta=beta, gamma=gamma)
    model = make_model(*lattice, astroid=astroid, anisotropy_field=4e4, spread=0.2, seed=seed)
    start = np.random.default_rng(seed).choice([-1, 1], model.islands)
    field = loop(1e5, degrees, 12)
    run = drive_field(model, start, field)
    flips, final = by_definition(model, start, field)
    assert flips == list(zip(run.flip_step.values, run.flip_island.values, strict=True))
    np.testing.assert_array_equal(run.spin, final)


def test_each_flip_lowers_the_energy(make_model):
    model = make_model(square(4))
    field = loop(1.2e5, 30, 5)
    run = drive_field(model, np.ones(model.islands), field)
    assert run.sizes["flip"] > 0

    def energy(spins, applied):
        along, _ = model.couplings.fields(spins)
        coupled = along / 2 + model.projected(applied)[0]
        return -constants.mu_0 * np.sum(model.moment * spins * coupled)

    spins = run.initial_spin.values.copy()
    for island, step in zip(run.flip_island.values, run.flip_step.values, strict=True):
        before = energy(spins, field[step])
        spins[island] *= -1
        assert energy(spins, field[step]) < before


def test_moment_and_states_follow_the_flips(make_model):
    model = make_model(kagome(6, 6))
    field = loop(1.2e5, 10, 60)
    run = drive_field(model, np.ones(model.islands), field)
    states = spins_at(run, range(60))
    np.testing.assert_array_equal(states[-1], run.spin)
    assert len(np.unique(run.flip_step)) > 3
    expected = np.array([model.total_moment(state) for state in states.values])
    np.testing.assert_allclose(run.moment, expected, rtol=0, atol=1e-12 * model.moment.sum())


def test_a_single_island_turns_at_its_astroid(make_model):
    astroid = SwitchingAstroid(b=0.4, c=1.0, beta=1.7, gamma=3.0)
    model = MacrospinLattice(
        axis=[[1.0, 0.0]], moment=[1e-16], anisotropy_field=[1e5], astroid=astroid,
        couplings=Couplings([0, 0], [], [], []),
    )  # fmt: skip
    for degrees in (10, 45, 80):
        angle = np.deg2rad(degrees)
        strengths = np.linspace(0.3e5, 1.1e5, 401)
        field = -strengths[:, None] * np.array([np.cos(angle), np.sin(angle)])
        run = drive_field(model, [1], field)
        expected = np.searchsorted(strengths, astroid.switching_field(angle, 1e5))
        assert run.flip_step.values.tolist() == [expected]


def test_held_and_driven_islands(make_model):
    model = make_model(square(4))
    start = np.ones(model.islands)
    field = loop(1.2e5, 45, 40)
    held = drive_field(model, start, field, held=[3, 7])
    assert not set(held.flip_island.values) & {3, 7}
    assert len(set(held.flip_island.values)) == model.islands - 2

    # A local field that undoes the applied one, and 2e5 A/m against the moment in the last step.
    local = np.stack((-field, -field), axis=1)
    local[-1, 0] -= 2e5 * model.axis[11]
    tip = xr.DataArray(local, dims=("step", "island", "component"), coords={"island": [11, 20]})
    driven = drive_field(model, start, field, local_field=tip)
    turned = driven.flip_step.values[driven.flip_island.values == 11]
    assert turned.tolist() == [39]
    everywhere = xr.DataArray(
        np.repeat(field[:, None], model.islands, axis=1), dims=("step", "island", "component"),
        coords={"island": np.arange(model.islands)},
    )  # fmt: skip
    same = drive_field(model, start, np.zeros_like(field), local_field=everywhere)
    np.testing.assert_array_equal(same.flip_island, drive_field(model, start, field).flip_island)


def test_bad_input_is_named(make_model):
    model = make_model(square(2))
    spins, field = np.ones(model.islands), loop(1e5, 45, 10)
    with pytest.raises(ValueError, match="for each of the 12 islands"):
        drive_field(model, spins[1:], field)
    with pytest.raises(ValueError, match=r"give \+1 or -1"):
        drive_field(model, 0 * spins, field)
    with pytest.raises(ValueError, match=r"drive_field: field has the shape \(10,\)"):
        drive_field(model, spins, field[:, 0])
    with pytest.raises(ValueError, match="give finite numbers"):
        drive_field(model, spins, field * np.nan)
    with pytest.raises(ValueError, match="held names island 12; islands are 0 to 11"):
        drive_field(model, spins, field, held=[12])
    tip = xr.DataArray(np.zeros((10, 1, 2)), dims=("step", "island", "component"))
    with pytest.raises(ValueError, match="a coordinate island"):
        drive_field(model, spins, field, local_field=tip)
    with pytest.raises(ValueError, match="local_field names island 99"):
        drive_field(model, spins, field, local_field=tip.assign_coords(island=[99]))
    with pytest.raises(ValueError, match="finite numbers for 10 steps"):
        drive_field(model, spins, field, local_field=tip.assign_coords(island=[1])[:5])
    with pytest.raises(ValueError, match="must rise and lie between 0 and 9"):
        spins_at(drive_field(model, spins, field), [3, 12])


def test_couplings_that_are_not_mutual_are_refused():
    # Island 0 wants to be as island 1 is, island 1 wants to differ.
    couplings = Couplings([0, 1, 2], [1, 0], [-3e5, 3e5], [0.0, 0.0])
    model = MacrospinLattice([[1.0, 0.0]] * 2, [1e-16] * 2, [1e5] * 2, SwitchingAstroid(), couplings)
    with pytest.raises(ValueError, match="not mutual"):
        drive_field(model, [1, 1], [[0.0, 0.0]])


def test_a_bad_model_is_named(make_model):
    model = make_model(square(2))
    parts = {name: getattr(model, name) for name in ("axis", "moment", "anisotropy_field", "astroid", "couplings")}
    with pytest.raises(ValueError, match=r"MacrospinLattice\.axis has the shape"):
        MacrospinLattice(**parts | {"axis": model.axis[1:]})
    with pytest.raises(ValueError, match="no unit vectors"):
        MacrospinLattice(**parts | {"axis": 2 * model.axis})
    with pytest.raises(ValueError, match=r"moment of island 4 is -1\.0"):
        MacrospinLattice(**parts | {"moment": np.where(np.arange(12) == 4, -1, model.moment)})
    with pytest.raises(ValueError, match=r"MacrospinLattice\.barrier has the shape \(\)"):
        MacrospinLattice(**parts, barrier=1e-18)
    with pytest.raises(ValueError, match="needs a seed"):
        make_model(square(2), seed=None)
    with pytest.raises(ValueError, match="the couplings have 12 islands and the lattice 24"):
        lattice_model(square(3), model.couplings, anisotropy_field=1e5)
