import numpy as np
import pytest
from rows import rows

from analysis import artificial, pulses, tunnel_junction, walls

NM = 1e-9


def run_of(current, positions=None, t=None):
    positions = np.full(len(current), 100e-9) if positions is None else np.asarray(positions) * NM
    return artificial.domain_walls(positions, t=t, current_density=current, length=256e-9, magnet_width=8e-9)


def edges(summary):
    return (np.stack([summary.start, summary.end], axis=1) / 1e-10).round(9).tolist()


def test_jumps_are_on_their_frame():
    summary = pulses(run_of([0, 2e12, 2e12, 0, 0, -1e11, 0]))
    assert edges(summary) == [[1, 3], [5, 6]]
    assert summary.amplitude.values.tolist() == [2e12, -1e11]
    np.testing.assert_allclose(summary.rest_end, [5e-10, 6e-10])


def test_slow_edges_are_at_half_the_amplitude():
    summary = pulses(run_of([0, 0.25e12, 0.5e12, 1e12, 1e12, 0.75e12, 0.25e12, 0]))
    assert edges(summary) == [[2, 5.5]]


def test_opposite_pulses_without_a_rest_are_two():
    assert edges(pulses(run_of([1e12, 1e12, -1e12, -1e12, 0]))) == [[0, 2], [2, 4]]


def test_pulse_that_starts_with_the_last_frame_is_none():
    assert edges(pulses(run_of([1e12, 0, 1e12]))) == [[0, 1]]


def test_no_current_is_no_pulse():
    run = run_of([0, 0, 0])
    summary = pulses(run, walls(run))
    assert dict(summary.sizes) == {"pulse": 0, "wall": 1}


def test_displacement_in_pulse_and_rest():
    run = run_of([1e12, 1e12, 0, 1e12, 1e12, 0], [100, 90, 80, 78, 68, 58])
    summary = pulses(run, walls(run))
    np.testing.assert_allclose(summary.displacement[:, 0] / NM, [-20, -20], atol=1e-6)
    np.testing.assert_allclose(summary.rest_displacement[:, 0] / NM, [-2, 0], atol=1e-6)


def test_given_edges_are_interpolated():
    run = run_of([1e12, 0, 0, 0], [100, 90, 88, 86])
    summary = pulses(run, walls(run), pulse_edges=[[0.0, 0.5e-10]])
    np.testing.assert_allclose(summary.displacement[:, 0] / NM, [-5], atol=1e-6)
    np.testing.assert_allclose(summary.rest_displacement[:, 0] / NM, [-9], atol=1e-6)
    assert float(summary.amplitude[0]) == 1e12


def test_wall_that_leaves_in_a_pulse_has_no_displacement():
    run = run_of([1e12, 1e12, 0, 0, 1e12, 0], [40, 30, 20, 19, 10, -20])
    summary = pulses(run, walls(run))
    np.testing.assert_allclose(summary.displacement[:, 0] / NM, [-20, np.nan], atol=1e-6)
    np.testing.assert_allclose(summary.rest_displacement[:, 0] / NM, [-10, np.nan], atol=1e-6)


def test_conductance_after_the_rest():
    run = run_of([1e12, 0, 1e12, 0], [100, 110, 111, 121])
    junction = tunnel_junction(run, (0.0, 256e-9), resistance_area=1e-11, tmr=1.0)
    summary = pulses(run, junction=junction)
    np.testing.assert_allclose(summary.conductance, junction.conductance.values[[2, 3]])
    assert summary.attrs["initial_conductance"] == float(junction.conductance[0])


@rows(
    ("given", "match"),
    [
        ([0.0, 1e-10], r"pulse_edges has the shape \(2,\)"),
        ([[1e-10, 0.0]], "pulse_edges do not rise"),
        ([[0.0, 2e-10], [1e-10, 3e-10]], "without overlap"),
        ([[0.0, 9e-10]], "leave out the pulses that lie outside"),
    ],
)
def test_bad_edges_are_named(given, match):
    with pytest.raises(ValueError, match=match):
        pulses(run_of([1e12, 0, 0, 0]), pulse_edges=given)


def test_observables_of_another_run_are_refused():
    run = run_of([1e12, 0, 0])
    with pytest.raises(ValueError, match="walls has other times than the run"):
        pulses(run, walls(run_of([1e12, 0])))
    with pytest.raises(ValueError, match="run has no current_density"):
        pulses(run.drop_vars("current_density"))
