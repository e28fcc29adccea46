import numpy as np
import pytest
from rows import rows
from scipy import stats

from solitons.junctions import axial_fokker_planck, follow_macrospins, thermal_states
from solitons.junctions.sphere_fokker_planck import sphere_fokker_planck

from .conftest import disc, ellipse, in_well

# How often one of these statistical tests would fail although all is well, over the choice of its seed.
FALSE_ALARM = 1e-2


@pytest.mark.slow
def test_switching_probabilities_are_those_of_the_fokker_planck_equation():
    # 100 independent ensembles: 10 currents below and above the critical one, 10 times each.
    spin, count = disc(10, damping=0.2, field_like_ratio=0.3), 1000
    rate = spin.diffusion * 2 * spin.stability  # gamma0 alpha H_K / (1 + alpha^2)
    currents = np.linspace(0.9, 2.4, 10) * spin.critical_current()
    times = np.linspace(0.35, 3.5, 10) / rate
    start = in_well(axial_fokker_planck(spin))
    exact = []
    for current in currents:
        equation = axial_fokker_planck(spin, current)
        exact.append(equation.share_above(equation.evolve(start, times)))
    exact = np.array(exact)
    found = np.empty_like(exact)
    for index, time in enumerate(times):
        m = thermal_states(spin, 10 * count, seed=100 + index, state=-1)
        drive = np.repeat(currents, count)
        run = follow_macrospins(spin, m, time, seed=200 + index, current_density=drive)
        found[:, index] = (run.m.values[:, 0, 2] > 0).reshape(10, count).mean(axis=1)
    variance = exact * (1 - exact) / count
    asked = variance * count**2 > 3  # expected numbers of both kinds for which chi-square holds
    assert asked.sum() >= 80
    chi_square = ((found - exact) ** 2 / variance)[asked].sum()
    assert stats.chi2.sf(chi_square, asked.sum()) > FALSE_ALARM
    # What is left are rare events: as many as there should be.
    rare = np.minimum(exact, 1 - exact)[~asked].sum() * count
    seen = np.where(exact < 0.5, found, 1 - found)[~asked].sum() * count
    assert stats.poisson.sf(seen - 1, rare) > FALSE_ALARM / 2
    assert stats.poisson.cdf(seen, rare) > FALSE_ALARM / 2


@pytest.mark.parametrize(("make", "settings"), [(disc, {"damping": 0.3}), (ellipse, {"damping": 0.3, "ratio": 3.0})])
def test_an_ensemble_comes_to_boltzmanns_distribution(make, settings):
    spin = make(2.5, **settings)
    slowest, _ = sphere_fokker_planck(spin).slowest()
    run = follow_macrospins(spin, np.tile(spin.axis, (4000, 1)), 8 / slowest, seed=7)
    energies = spin.energy(run.m.values[:, 0]) / spin.thermal_energy
    drawn = spin.energy(thermal_states(spin, 40_000, seed=8)) / spin.thermal_energy
    assert stats.ks_2samp(energies, drawn).pvalue > FALSE_ALARM
    assert stats.binomtest(int((run.m.values[:, 0] @ spin.axis > 0).sum()), 4000).pvalue > FALSE_ALARM


def test_the_time_step_is_short_enough_and_six_times_is_too_long():
    # 0.1 rad of precession in a step; six times as long is seen to miss.
    spin, count = disc(30, damping=0.2), 20_000
    rate = spin.diffusion * 2 * spin.stability
    time, current = 2 / rate, 1.6 * spin.critical_current()
    equation = axial_fokker_planck(spin, current)
    exact = float(equation.share_above(equation.evolve(in_well(axial_fokker_planck(spin)), [time]))[0])
    start = thermal_states(spin, count, seed=1, state=-1)
    off = []
    for step in (1.0, 6.0):
        run = follow_macrospins(spin, start, time, seed=2, current_density=current, time_step=step * spin.time_step())
        off.append(((run.m.values[:, 0, 2] > 0).mean() - exact) / np.sqrt(exact * (1 - exact) / count))
    assert abs(off[0]) < 3
    assert abs(off[1]) > 5


def test_a_trajectory_does_not_depend_on_the_others_nor_on_threads():
    spin = disc(10)
    start = thermal_states(spin, 9, seed=1, state=-1)
    drive = np.linspace(0, 1e11, 9)
    one = follow_macrospins(spin, start, 1e-10, seed=5, current_density=drive, threads=1)
    two = follow_macrospins([spin] * 9, start, 1e-10, seed=5, current_density=drive[:, None], threads=2)
    np.testing.assert_array_equal(one.m, two.m)
    alone = follow_macrospins(spin, start[:1], 1e-10, seed=5)
    np.testing.assert_array_equal(one.m[0], alone.m[0])
    other = follow_macrospins(spin, start, 1e-10, seed=6, current_density=drive)
    assert np.abs(one.m.values - other.m.values).min() > 0


@rows(
    ("changes", "said"),
    [
        ({"duration": 0.0}, "duration = 0.0 s"),
        ({"samples": 10**9}, "GB, above 2 GB; keep fewer samples"),
        ({"current_density": [1.0, 2.0]}, "2 trajectories|3 trajectories"),
        ({"seed": -1}, "seed = -1"),
        ({"time_step": 0.0}, "time_step = 0.0 s"),
        ({"start": [[0, 0, 0]]}, "a row that is 0"),
        ({"macrospins": [disc(5)] * 2}, "2 macrospins for 3"),
    ],
)
def test_what_is_no_ensemble_is_refused(changes, said):
    arguments = {"macrospins": disc(5), "start": np.eye(3), "duration": 1e-12, "seed": 1}
    with pytest.raises(ValueError, match=said):
        follow_macrospins(**(arguments | changes))
