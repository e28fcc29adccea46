"""The core of a vortex: its place to a tenth of a cell, its events, its gyration."""

import numpy as np
import pytest
from made_vortices import gyrating_vortex, vortex_disc
from rows import rows

from analysis import gyration, vortex_core


@rows(("core_length", "cell"), [(4e-9, 4e-9), (6e-9, 4e-9), (6e-9, 2e-9), (5e-9, 5e-9), (12e-9, 4e-9)])
def test_the_core_is_found_to_a_tenth_of_a_cell(core_length, cell):
    angle, radius = np.linspace(0, 40, 150), np.linspace(0, 75e-9, 150)
    places = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    run = vortex_disc(places, np.arange(150) * 1e-10, cell=cell, core_length=core_length)
    core = vortex_core(run)
    found = np.stack([core.x, core.y], 1) - 100e-9
    assert np.hypot(*(found - places).T).max() < 0.1 * cell
    np.testing.assert_allclose(core.radius, np.hypot(*found.T), rtol=1e-9, atol=1e-15)
    assert (core.polarity == 1).all()
    assert (core.circulation == 1).all()
    assert core.event_kind.size == 0


def test_polarity_and_circulation_have_their_signs():
    for polarity, circulation in ((1, -1), (-1, 1)):
        run = vortex_disc([[20e-9, -30e-9]], [0.0], polarity=polarity, circulation=circulation)
        core = vortex_core(run)
        assert (core.polarity[0], core.circulation[0]) == (polarity, circulation)
        assert float(core.y[0]) == pytest.approx(70e-9, abs=0.4e-9)


def test_a_core_in_the_middle_of_a_cell_is_found():
    # 25 cells: the moment of the middle one is across the plane, and its neighbours are antiparallel.
    core = vortex_core(vortex_disc([[0.0, 0.0]], [0.0], cell=8e-9))
    np.testing.assert_allclose([core.x[0], core.y[0]], 100e-9, atol=0.1 * 8e-9)


def test_a_reversal_and_an_expulsion_are_events_and_nothing_is_known_after_the_latter():
    places = np.array([[10e-9, 0.0]] * 8)
    places[5] = np.nan
    run = vortex_disc(places, np.arange(8) * 1e-10, polarity=[1, 1, 1, -1, -1, 1, 1, 1])
    core = vortex_core(run)
    assert list(zip(core.event_kind.values, core.event_frame.values, strict=True)) == [
        ("reversal", 3),
        ("expulsion", 5),
    ]
    np.testing.assert_allclose(core.event_t, [3e-10, 5e-10])
    assert np.isfinite(core.x[:5]).all()
    assert np.isnan(core.x[5:]).all()
    # One has come back, which is seen, and is not followed.
    np.testing.assert_array_equal(core.present, [True] * 5 + [False, True, True])


def test_noise_of_the_directions_moves_the_core_by_less_than_a_tenth_of_a_cell():
    run = vortex_disc([[13.7e-9, 5.1e-9]] * 40, np.arange(40) * 1e-10)
    noise = np.random.default_rng(3).normal(scale=0.03, size=run.m.shape)
    noisy = run["m"] + noise
    run["m"] = (noisy / np.sqrt((noisy**2).sum("vdims"))).astype(np.float32)
    core = vortex_core(run)
    assert np.hypot(core.x - 113.7e-9, core.y - 105.1e-9).mean() < 0.1 * 4e-9


def test_two_layers_are_averaged_and_a_uniform_disc_has_no_core():
    run = vortex_disc([[10e-9, 0.0]], [0.0])
    twice = run.isel(z=[0, 0]).assign_coords(z=("z", [2e-9, 6e-9], {"units": "m"}))
    assert float(vortex_core(twice).x[0]) == float(vortex_core(run).x[0])
    none = vortex_core(vortex_disc([[np.nan, 0.0]] * 2, [0.0, 1e-10]))
    assert not none.present.any()
    assert none.event_kind.size == 0
    assert not gyration(none).sizes["turn"]


def test_a_turn_has_radius_frequency_and_sense():
    run = gyrating_vortex(20e-9, -0.7e9, 10e-9, growth=4e7, sampling_interval=0.15e-9)
    core = vortex_core(run)
    each = gyration(core)
    assert each.attrs["sense"] == -1
    np.testing.assert_allclose(each.frequency, 0.7e9, rtol=4e-3)
    np.testing.assert_allclose(each.radius, 20e-9 * np.exp(4e7 * each.t.values), rtol=0.01)
    late = gyration(core.sel(t=slice(5e-9, 10e-9)))
    assert late.sizes["turn"] == 3
    assert float(late.frequency.mean()) == pytest.approx(0.7e9, rel=2e-3)
    assert gyration(core.sel(t=slice(1e-9, 2e-9))).sizes["turn"] == 0


def test_what_is_no_run_in_time_is_refused():
    run = vortex_disc([[0.0, 0.0]], [0.0])
    with pytest.raises(ValueError, match="a vortex needs four along each"):
        vortex_core(run.isel(x=slice(0, 3)))
    with pytest.raises(ValueError, match="needs a run in time"):
        vortex_core(run.assign_coords(t=[0]).rename(t="step"))
