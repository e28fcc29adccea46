"""Devices that a signal drives: their times, what is read of them, and chaos, against maps and rates of closed form."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from solitons.devices.driven_nodes import Multiplexing, read_nodes, read_slots, time_constant
from solitons.devices.stability_of_motion import largest_exponent


class Leak(eqx.Module):
    """x' = -x / tau + J, exact over a step, and of nothing else."""

    tau: float
    heat = False
    window = (-10.0, 10.0)
    longest_step = float("inf")

    def reset(self):
        return 1.0

    def step(self, state, current_density, dt, noise=None):  # noqa: ARG002 - the interface's
        kept = jnp.exp(-dt / self.tau)
        return state * kept + self.tau * current_density * (1 - kept)

    def read(self, state):
        return state


class Henon(eqx.Module):
    """x to 1 - 1.4 x^2 + y, y to 0.3 x."""

    heat = False
    window = (-2.0, 2.0)
    longest_step = 1.0

    def reset(self):
        return (0.1, 0.1)

    def step(self, state, current_density, dt, noise=None):  # noqa: ARG002 - the interface's
        x, y = state
        return 1 - 1.4 * x**2 + y, 0.3 * x

    def read(self, state):
        return state[0]


def test_a_leak_forgets_in_its_time_constant_and_its_nodes_are_the_convolution():
    leak = Leak(2.0)
    assert time_constant(leak, 0.3, 0.5) == pytest.approx(2.0)
    assert largest_exponent(leak, np.zeros((1, 50)), 0.5)[0] == pytest.approx(-0.5)
    drive, inputs = Multiplexing(0.1, 0.4, slot=0.7, nodes=3), np.array([[0.5, -1.0], [1.0, 0.2]])
    nodes, mask = read_nodes(leak, inputs, drive, seed=4), drive.mask(4)
    state = np.ones(2)
    for time, slot in np.ndindex(2, 3):
        rest = 2.0 * (0.1 + 0.4 * mask[slot] * inputs[:, time])
        state = rest + (state - rest) * np.exp(-0.7 / 2.0)
        assert nodes[:, time, slot] == pytest.approx(state)


def test_what_keeps_all_that_came_has_no_time_constant():
    assert time_constant(Leak(1e12), 0.0, 1.0) == np.inf


def test_a_motion_that_does_not_rest_is_refused():
    with pytest.raises(ValueError, match=r"under 0 A/m2 the device does not come to rest in .* s; give a bias"):
        time_constant(Henon(), 0.0, 1.0)


def test_henons_map_has_its_published_exponent():
    # J. C. Sprott, Chaos and Time-Series Analysis (2003): 0.41922 a step.
    found = largest_exponent(Henon(), np.zeros((1, 60_000)), 1.0, skipped=1000)[0]
    assert found == pytest.approx(0.41922, abs=0.003)


def test_series_do_not_know_each_other():
    many = read_slots(Leak(1.0), [[1.0, 2.0], [0.0, 0.0]], 0.3)
    assert many[1] == pytest.approx(np.exp([-0.3, -0.6]))
