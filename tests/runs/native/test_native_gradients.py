"""Derivatives of final states: against closed forms and finite differences of whole runs."""

import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

import runs.native as nc

DURATION = 0.3e-9
CHANGE = 3e-4


def pushed_wall(u, width, alpha, beta, K, A, Ms):
    """A wall in a row of cells with a hard axis, pushed by a current pulse and still moving at the end."""
    x = (4 * np.arange(30) + 2 - 50) / 6
    wall = np.stack([0 * x, 1 / np.cosh(x), -np.tanh(x)], axis=-1)[:, None, None, :]
    energy = mm.Exchange(A=A) + mm.UniaxialAnisotropy(K=K, u=(0, 0, 1))
    energy += mm.UniaxialAnisotropy(K=-3e4, u=(1, 0, 0), name="hard_axis")
    pulse = nc.PiecewiseLinear((0, 0, width, 1.2 * width), (0, 1, 1, 0))
    dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=alpha)
    dynamics += mm.ZhangLi(u=u, beta=beta, func=pulse)
    return magnet((30, 1, 1), wall, energy, dynamics, cell=(4e-9, 4e-9, 1e-9), Ms=Ms)


PARAMETERS = {"u": 100.0, "width": 0.15e-9, "alpha": 0.05, "beta": 0.04, "K": 3e5, "A": 1.2e-11, "Ms": 6e5}


def position(m):
    return 2e-9 * (1 + m[:, 0, 0, 2]).sum()


@pytest.mark.slow
def test_a_walls_place_is_differentiated_as_by_finite_differences():
    value, slopes = nc.gradient(position, pushed_wall, PARAMETERS, DURATION, tolerance=1e-8)
    for name, centre in PARAMETERS.items():
        ends = []
        for sign in (1, -1):
            system = pushed_wall(**{**PARAMETERS, name: centre * (1 + sign * CHANGE)})
            m, _ = nc.evolve(system, [0, DURATION], tolerance=1e-12)
            ends.append(float(position(m[-1])))
        finite = (ends[0] - ends[1]) / (2 * CHANGE)
        # The differences' own error is of second order in the change.
        assert slopes[name] * centre == pytest.approx(finite, rel=10 * CHANGE**2)
        assert np.mean(ends) == pytest.approx(value, rel=10 * CHANGE**2)


@pytest.mark.slow
def test_larmor_precession_is_differentiated_exactly():
    def spin(H, gamma0, alpha):
        dynamics = mm.Precession(gamma0=gamma0) + mm.Damping(alpha=alpha)
        return magnet((1, 1, 1), (1, 0, 0), mm.Zeeman(H=(0, 0, H)), dynamics)

    def height(m):
        return m[0, 0, 0, 2]

    # dm_z/dt = alpha omega (1 - m_z^2), omega = gamma0 H / (1 + alpha^2), so m_z = tanh(alpha omega t).
    H, gamma0, alpha, t = 1e5, 2.2e5, 0.3, 1e-10
    value, slopes = nc.gradient(height, spin, {"H": H, "gamma0": gamma0, "alpha": alpha}, t, tolerance=1e-9)
    turned = alpha * gamma0 * H * t / (1 + alpha**2)
    assert value == pytest.approx(np.tanh(turned), rel=1e-7)
    slope = turned / np.cosh(turned) ** 2
    assert slopes["H"] * H == pytest.approx(slope, rel=1e-6)
    assert slopes["gamma0"] * gamma0 == pytest.approx(slope, rel=1e-6)
    assert slopes["alpha"] * alpha == pytest.approx(slope * (1 - alpha**2) / (1 + alpha**2), rel=1e-6)


def test_what_cannot_be_differentiated_is_named():
    with pytest.raises(ValueError, match="parameter u=0"):
        nc.gradient(position, pushed_wall, {**PARAMETERS, "u": 0.0}, DURATION)
    with pytest.raises(ValueError, match="duration=-1"):
        nc.gradient(position, pushed_wall, PARAMETERS, -1)
