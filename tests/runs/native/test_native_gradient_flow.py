"""Damping alone: the steps of many stages are stable, of second order, few, and go where the closed form goes."""

import micromagneticmodel as mm
import numpy as np
from magnets import magnet
from rows import rows

from runs.native.rest import gradient_flow, relaxation


def after_a_step(stages, product):
    """What a step of dy/dt = lambda y makes of y = 1, for lambda times the step."""
    weights = gradient_flow.stage_coefficients()[stages]
    first = product
    before, now = np.ones_like(product), 1 + weights[1, 2] * first
    for own, older, newest, oldest in weights[2 : stages + 1]:
        before, now = now, (1 - own - older) + own * now + older * before + newest * product * now + oldest * first
    return now


@rows("stages", [2, 3, 7, 20, gradient_flow.MOST_STAGES])
def test_a_step_is_stable_as_far_as_its_stages_reach(stages):
    reach = 0.65 * (stages**2 - 1)
    assert np.abs(after_a_step(stages, -np.linspace(1e-3, 1, 4001) * reach)).max() < 1
    # What is stiff loses 5 % at least.
    assert np.abs(after_a_step(stages, -np.linspace(0.5, 1, 2001) * reach)).max() < 0.96
    small = np.array([-1e-2, -5e-3])
    error = after_a_step(stages, small) - np.exp(small)
    assert 7 < error[0] / error[1] < 9
    assert abs(error[0]) < 1e-6 / 6


def test_a_macrospin_turns_by_the_closed_form():
    """d theta / dt = -gamma0 alpha / (1 + alpha^2) H sin theta: tan(theta / 2) falls exponentially."""
    field = 1e5
    _, table = relaxation.path(magnet((1, 1, 1), (1, 0, -2), mm.Zeeman(H=(0, 0, field))))
    late = table.iloc[:-1]  # the last is the minimiser's
    tangent = np.tan(np.arctan2(1, -2) / 2) * np.exp(-mm.consts.gamma0 / 2 * field * late.t)
    assert len(late) > 5
    np.testing.assert_allclose(late.mx, np.sin(2 * np.arctan(tangent)), atol=5e-4)
    np.testing.assert_allclose(late.mz, np.cos(2 * np.arctan(tangent)), atol=5e-4)


def test_stiff_exchange_does_not_make_steps_short():
    """A chain in a weak anisotropy: what exchange couples is 1e4 times as fast, and only the slow mode is there."""
    energy = mm.Exchange(A=1.2e-11) + mm.UniaxialAnisotropy(K=2e4, u=(0, 0, 1))
    _, table = relaxation.path(magnet((80, 1, 1), (3, 0.1, 1), energy, cell=0.5e-9, Ms=6e5))
    flow = table.iloc[-2]
    fastest = mm.consts.gamma0 / 2 * 8 * 1.2e-11 / (mm.consts.mu0 * 6e5 * 0.5e-9**2)
    assert 1 < flow.max_dmdt < relaxation.NEAR_REST
    assert flow.mz > 0.999
    # A classical step is 2.8 times the shortest time at most and takes four evaluations.
    classical = 4 * flow.t * fastest / 2.8
    assert classical > 30_000
    assert flow.evaluations < classical / 20
