import numpy as np
import pytest

from solitons.junctions import axial_fokker_planck, follow_macrospins, thermal_states
from solitons.junctions.write_errors import write_error_rate

from .conftest import disc, ellipse, in_well


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stability", "overdrive", "reduced_time", "order"),
    [(40, 2.0, 6.0, -4), (40, 2.0, 9.0, -7), (60, 1.5, 12.0, -10), (40, 3.0, 14.0, -11)],
)
def test_rare_errors_are_those_of_the_fokker_planck_equation(stability, overdrive, reduced_time, order):
    spin = disc(stability)
    current = overdrive * spin.critical_current()
    time = reduced_time / (spin.diffusion * 2 * stability * (overdrive - 1))
    equation = axial_fokker_planck(spin, current)
    exact = float(equation.evolve(in_well(axial_fokker_planck(spin)), [time])[0][equation.z < 0].sum())
    assert np.floor(np.log10(exact)) == order
    found = write_error_rate(spin, current, time, seed=1, size=1000)
    assert found.rate == pytest.approx(exact, rel=0.2)
    # Half the width of its interval is below that, and the interval and what is off belong to each other.
    assert found.high - found.low < 0.5 * exact
    assert abs(found.rate - exact) < 1.5 * (found.high - found.low)


@pytest.mark.slow
def test_a_current_that_acts_with_a_field_and_lambda_does_not_matter():
    # Nothing here is of the linear formula that steers the ensemble.
    spin = disc(40, asymmetry=1.5, field_like_ratio=0.3, field=(0.0, 0.0, -3e4))
    current = 1.8 * spin.critical_current()
    equation = axial_fokker_planck(spin, current)
    time = 7.0 / (spin.diffusion * 2 * 40 * 0.8)
    exact = float(equation.evolve(in_well(axial_fokker_planck(spin)), [time])[0][equation.z < 0].sum())
    assert exact < 1e-3
    found = write_error_rate(spin, current, time, seed=2, size=1000)
    assert found.low < exact < found.high


@pytest.mark.slow
def test_an_in_plane_layer_fails_as_often_as_is_counted():
    spin, count = ellipse(20, damping=0.1, ratio=4.0), 20_000
    current, time = 2.5 * spin.critical_current(), 2.2e-9
    start = thermal_states(spin, count, seed=4, state=-1)
    run = follow_macrospins(spin, start, time, seed=5, current_density=current)
    counted = int((run.m.values[:, 0] @ spin.axis < 0).sum())
    assert counted > 100
    found = write_error_rate(spin, current, time, seed=6, size=1000)
    spread = np.hypot((found.high - found.low) / 4, np.sqrt(counted) / count)
    assert abs(found.rate - counted / count) < 3 * spread


def test_the_same_seed_gives_the_same_and_what_writes_nothing_is_refused():
    spin = disc(40)
    current = 2 * spin.critical_current()
    one, two = (write_error_rate(spin, current, 1e-9, seed=7, groups=4, size=50, threads=n) for n in (1, 2))
    assert one == two
    with pytest.raises(ValueError, match="leaves the state stable"):
        write_error_rate(spin, 0.9 * spin.critical_current(), 1e-9, seed=1)
    with pytest.raises(ValueError, match="leaves the state stable"):
        write_error_rate(spin, -current, 1e-9, seed=1)
    with pytest.raises(ValueError, match="none of 2 groups of 2 macrospins"):
        write_error_rate(spin, 3 * spin.critical_current(), 2e-9, seed=1, groups=2, size=2)
    with pytest.raises(ValueError, match="2 or more groups"):
        write_error_rate(spin, current, 1e-9, seed=1, groups=1)
