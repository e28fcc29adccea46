"""Batches of systems and single precision: the same answers as one system at a time in double."""

import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

import runs.native as nc

TIMES = np.linspace(0, 1e-10, 3)


def film(seed, terms=("exchange", "demag"), n=(8, 4, 1)):
    """A film with disorder, a field ramp and a current of its own."""
    random = np.random.default_rng(seed)
    norm = random.uniform(6e5, 8e5, size=(*n, 1))
    norm[0, 0] = 0
    m = random.normal(size=(*n, 3)) + np.array((5, 0, 0))
    energy = mm.Zeeman(H=(0, 1e5 * seed, 0), func=nc.PiecewiseLinear((0, 2e-11 * seed), (0, 1)))
    if "exchange" in terms:
        energy += mm.Exchange(A=1e-11 * (1 + 0.1 * seed))
    if "demag" in terms:
        energy += mm.Demag()
    dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.1) + mm.ZhangLi(u=50.0 * seed, beta=0.1)
    return magnet(n, m, energy, dynamics, cell=5e-9, Ms=norm, name=f"film_{seed}")


@pytest.mark.slow
def test_an_ensemble_is_its_systems_one_by_one():
    systems = [film(seed) for seed in range(1, 6)]
    seen = []
    m, table = nc.evolve_ensemble(systems, TIMES, progress=seen.append, batch_size=2)
    assert m.shape == (5, 3, 8, 4, 1, 3)
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert list(table.columns[:2]) == ["system", "t"]
    for place, system in enumerate(systems):
        alone, rows = nc.evolve(system, TIMES)
        np.testing.assert_allclose(m[place], alone, atol=1e-5)
        of_system = table[table.system == place]
        np.testing.assert_allclose(of_system.t, TIMES)
        np.testing.assert_allclose(of_system.E, rows.E, rtol=1e-5)
        np.testing.assert_allclose(of_system.E_demag, rows.E_demag, rtol=1e-5)
        # Every system takes steps of its own; only the stops for the others' breakpoints are added.
        assert of_system.evaluations.iloc[-1] == pytest.approx(rows.evaluations.iloc[-1], rel=0.1)


@pytest.mark.slow
def test_what_is_measured_is_returned_in_place_of_m():
    systems = [film(seed, terms=()) for seed in (1, 2, 3)]
    m, _ = nc.evolve_ensemble(systems, TIMES)
    means, _ = nc.evolve_ensemble(systems, TIMES, measure=lambda one: np.nanmean(one, axis=(0, 1, 2)))
    np.testing.assert_allclose(means, np.nanmean(m, axis=(2, 3, 4)), atol=1e-14)


def test_systems_that_differ_in_kind_are_named():
    for systems, options, message in (
        ([], {}, "systems is empty"),
        ([film(1), film(2, terms=("demag",))], {}, r"systems\[1\] \('film_2'\) has terms of other names"),
        ([film(1), film(2, n=(6, 4, 1))], {}, r"systems\[1\] \('film_2'\) is on"),
        ([film(1)], {"batch_size": 0}, "batch_size=0"),
        ([film(1)], {"times": [1e-12, 2e-12]}, "times must increase"),
    ):
        with pytest.raises(ValueError, match=message):
            nc.evolve_ensemble(systems, **{"times": TIMES, **options})


@pytest.mark.slow
def test_thermal_fields_that_do_not_fit_are_named():
    systems = [film(1, terms=()), film(2, terms=())]
    one, other = (nc.ThermalField(seed=1, time_step=step, temperature=1.0) for step in (1e-14, 2e-14))
    with pytest.raises(ValueError, match="1 thermal fields for 2 systems"):
        nc.evolve_ensemble(systems, TIMES, thermal=[one])
    with pytest.raises(ValueError, match="one time_step"):
        nc.evolve_ensemble(systems, TIMES, thermal=[one, other])
    with pytest.raises(nc.IntegrationError, match=r"system 'film_1': .* too long"):
        nc.evolve_ensemble(systems, TIMES, thermal=[nc.ThermalField(seed=1, time_step=1e-11, temperature=1e4)] * 2)


@pytest.mark.slow
def test_single_precision_is_near_double():
    system = film(1)
    double, table = nc.evolve(system, TIMES)
    single, rows = nc.evolve(system, TIMES, precision="single")
    assert single.dtype == np.float32
    difference = np.nanmax(np.abs(single - double))
    assert 0 < difference < 2e-5
    np.testing.assert_allclose(rows.E, table.E, rtol=1e-5)
    with pytest.raises(ValueError, match="precision='half'"):
        nc.evolve(system, TIMES, precision="half")
