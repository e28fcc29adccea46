import numpy as np
import pytest
from rows import rows
from scipy import constants

from solitons.junctions import follow_macrospins

from .conftest import disc, ellipse

GROUND = {"temperature": 0.0}


def test_fields_and_barriers_are_those_of_the_shape():
    flat = ellipse(20)
    assert flat.stability == pytest.approx(20)
    assert (flat.anisotropy_field, flat.hard_axis_field) == pytest.approx((2e4, 2e5))
    np.testing.assert_allclose(np.abs(flat.axis), [1, 0, 0], atol=1e-12)
    assert not flat.axial
    assert disc(20).axial
    # The saddle of the ellipse is along its middle axis.
    top, bottom = flat.energy([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert top - bottom == pytest.approx(flat.barrier)


def test_precession_has_larmors_frequency():
    spin = disc(40, damping=1e-9, field=(0.0, 0.0, 3e5), anisotropy=0.0, **GROUND)
    period = 2 * np.pi / (float(spin.gyromagnetic_ratio) * 3e5)
    run = follow_macrospins(spin, [[0.6, 0.0, 0.8]], period, seed=0, samples=4, time_step=period / 400)
    x, y, z = run.m.values[0].T
    # A positive gamma0 turns m about the field as the right hand does: dm/dt = -gamma0 m x H.
    np.testing.assert_allclose(x, [0, -0.6, 0, 0.6], atol=3e-4)
    np.testing.assert_allclose(y, [0.6, 0, -0.6, 0], atol=3e-4)
    np.testing.assert_allclose(z, 0.8, rtol=1e-8)


@pytest.mark.parametrize("make", [disc, ellipse])
def test_precession_without_damping_keeps_the_energy(make):
    spin = make(40, damping=1e-9, **GROUND)
    start = [[0.5, 0.5, np.sqrt(0.5)]]
    run = follow_macrospins(spin, start, 2e-9, seed=0)
    assert float(spin.energy(run.m.values[0, 0])) == pytest.approx(float(spin.energy(start)[0]), rel=2e-3)


def growth(spin, m, current):
    """Fastest growth rate of small deviations in 1/s, of the Landau-Lifshitz-Gilbert-Slonczewski equation."""
    gamma, alpha, p = float(spin.gyromagnetic_ratio), float(spin.damping), spin.polariser_direction
    b = constants.hbar * current / (constants.mu_0 * constants.e * float(spin.thickness) * float(spin.saturation))

    def rate(m):
        m = m / np.linalg.norm(m)
        field = spin.field - spin.anisotropy_matrix @ m + spin.secondary * b * p
        driven = -gamma * np.cross(m, field) + gamma * float(spin.efficiency(m @ p)) * b * np.cross(m, np.cross(p, m))
        x, y, z = m
        return np.linalg.solve(np.eye(3) - alpha * np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]), driven)

    slopes = np.array([(rate(m + 1e-6 * e) - rate(m - 1e-6 * e)) / 2e-6 for e in np.eye(3)]).T
    across = np.linalg.svd(m[None])[2][1:]
    return np.linalg.eigvals(across @ slopes @ across.T).real.max()


@rows("make", [disc, ellipse])
@rows("state", [-1, 1])
@rows("share", [0.0, 0.4, -0.4])
def test_at_the_critical_current_small_motion_neither_grows_nor_decays(make, state, share):
    bare = make(40)
    spin = make(40, damping=0.2, field_like_ratio=0.5, asymmetry=1.5, field=share * bare.anisotropy_field * bare.axis)
    critical, m = spin.critical_current(state), state * spin.axis
    still = growth(spin, m, 0.0)
    assert still < 0
    assert growth(spin, m, critical) == pytest.approx(0, abs=1e-3 * abs(still))


def test_a_positive_current_turns_towards_the_polariser_at_the_closed_forms_rate():
    # Without field and damping dm/dt = gamma0 b epsilon m x (p x m), so that cos(theta) is a tanh.
    spin = disc(40, anisotropy=0.0, damping=1e-9, **GROUND)
    current = 1e11
    rate = float(spin.gyromagnetic_ratio * spin.torque_field(current) * spin.efficiency(0.0))
    b = constants.hbar * current / (constants.mu_0 * constants.e * 1e-9 * 1e6)
    assert rate == pytest.approx(float(spin.gyromagnetic_ratio) * b * 0.3)
    run = follow_macrospins(spin, [[1.0, 0.0, 0.0]], 2 / rate, seed=0, current_density=current, time_step=1e-3 / rate)
    assert run.m.values[0, 0, 2] == pytest.approx(np.tanh(2.0), rel=1e-5)


def test_the_field_like_torque_is_a_field_along_the_polariser():
    current = 1e11
    turned = disc(40, anisotropy=0.0, damping=1e-9, polarisation=1e-9, field_like_ratio=2e8, **GROUND)
    field = turned.secondary * float(turned.torque_field(current))
    plain = disc(40, anisotropy=0.0, damping=1e-9, field=(0.0, 0.0, field), **GROUND)
    start, time = [[0.6, 0.0, 0.8]], 1 / (float(plain.gyromagnetic_ratio) * field)
    one = follow_macrospins(turned, start, time, seed=0, current_density=current, time_step=time / 500)
    two = follow_macrospins(plain, start, time, seed=0, time_step=time / 500)
    np.testing.assert_allclose(one.m, two.m, atol=1e-8)


def test_a_voltage_changes_the_anisotropy():
    soft = disc(40, anisotropy_per_voltage=-1e5, **GROUND)
    plain = disc(40, anisotropy=1e5, **GROUND)
    start = [[0.6, 0.0, 0.8]]
    run = follow_macrospins(soft, start, 1e-10, seed=0, voltage=1.0, time_step=1e-13)
    np.testing.assert_allclose(run.m, follow_macrospins(plain, start, 1e-10, seed=0, time_step=1e-13).m, atol=1e-12)


@rows(
    ("changes", "said"),
    [
        ({"polariser": (0, 0, 0)}, "polariser = .* has no direction"),
        ({"polarisation": 60}, "give 0.6, not 60"),
        ({"asymmetry": 0.5}, "Lambda.* must be 1 or above"),
        ({"volume": 0.0}, "volume = 0.0 m3"),
        ({"temperature": -1.0}, "temperature = -1.0 K"),
        ({"demagnetisation": (0.5, 0.5, 0.5)}, "their sum is 1"),
        ({"field": (0.0, 1.0)}, "three finite components"),
    ],
)
def test_what_is_no_junction_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        disc(20, **changes)


def test_a_current_across_has_no_critical_value():
    with pytest.raises(ValueError, match="no current favours a state"):
        disc(20, polariser=(1.0, 0.0, 0.0)).critical_current()
    with pytest.raises(ValueError, match="makes the state -1 unstable"):
        disc(20, field=(0.0, 0.0, 1e6)).critical_current()
    # Far below the field that holds it in the plane, but above H_K: that state is gone.
    with pytest.raises(ValueError, match="makes the state -1 unstable"):
        ellipse(20, field=(3e4, 0.0, 0.0)).critical_current()


def test_a_strong_current_through_much_damping_takes_shorter_steps():
    spin = disc(40, damping=1.0, **GROUND)
    current, start = 20 * spin.critical_current(), [[0.1, 0.0, -np.sqrt(0.99)]]
    time = 3 / (float(spin.gyromagnetic_ratio) / 2 * spin.anisotropy_field * 19)
    one, two = (
        follow_macrospins(spin, start, time, seed=0, current_density=current, time_step=step).m.values[0, 0, 2]
        for step in (None, time / 2000)
    )
    # A step of the fields alone ends at -0.56.
    assert one == pytest.approx(two, abs=0.02)
    assert spin.time_step(current_density=current) < 0.1 * spin.time_step()
    soft = disc(40, anisotropy_per_voltage=1e6)
    assert soft.time_step(voltage=1.0) < 0.2 * soft.time_step()
    with pytest.raises(ValueError, match="nothing turns m"):
        disc(20, anisotropy=0.0, **GROUND).time_step()
