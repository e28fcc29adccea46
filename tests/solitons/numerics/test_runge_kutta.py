"""The classical step is of fourth order, in a motion whose rates depend on time too."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from solitons.numerics.runge_kutta import classical_step, step_and_difference


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


@pytest.mark.parametrize("z", [-2.9, -0.5, 0.3])
def test_the_slopes_in_the_middle_differ_by_a_quarter_of_the_cube(z):
    # y' = z y, y = 1, in one step of 1.
    with jax.enable_x64(True):
        after, difference = jax.jit(lambda y: step_and_difference(lambda at, _: z * at, y, 1.0))(jnp.ones(()))
    assert float(difference) == pytest.approx(z**3 / 4, rel=1e-12)
    assert float(after) == pytest.approx(1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24, rel=1e-12)
