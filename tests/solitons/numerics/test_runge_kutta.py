"""The classical step is of fourth order, in a motion whose rates depend on time too."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from solitons.numerics.runge_kutta import classical_step


def followed(steps):
    """X' = v, v' = -x + cos 2t from rest at 1, to t = 2."""
    step = 2.0 / steps

    def advance(state, begin):
        moments = begin + step * jnp.array([0.0, 0.5, 1.0])
        after = classical_step(lambda at, moment: (at[1], -at[0] + jnp.cos(2 * moments[moment])), state, step)
        return after, None

    (x, _), _ = jax.lax.scan(advance, (jnp.ones(()), jnp.zeros(())), step * jnp.arange(steps))
    return float(x)


def test_half_the_step_leaves_a_sixteenth_of_the_error():
    exact = (4 * np.cos(2.0) - np.cos(4.0)) / 3
    with jax.enable_x64(True):
        coarse, fine = (abs(followed(steps) - exact) for steps in (20, 40))
    assert coarse < 1e-5
    assert coarse / fine == pytest.approx(16, rel=0.1)
