"""Thiele's width of artificial walls, and where it cannot be measured."""

import numpy as np
import pytest
from rows import rows

from analysis import artificial, thiele_width, walls

NM = 1e-9


def measured(position, **keys):
    run = artificial.domain_walls(np.atleast_1d(position), **({"length": 256 * NM, "magnet_width": 32 * NM} | keys))
    return thiele_width(run, walls(run))


@rows("width", [4 * NM, 5.2 * NM, 9 * NM])
@rows("tilt", [0.0, 0.3])
def test_it_is_the_bloch_parameter_of_walkers_profile(width, tilt):
    # A cell is 4 nm: the narrowest is as wide as one.
    found = measured(118.7 * NM, wall_width=width, tilt=tilt, angle=0.4)
    assert float(found[0]) == pytest.approx(width, rel=3e-3)


def test_a_wall_whose_angle_turns_along_it_is_thieles_narrower_one():
    # Walker's profile with phi = k x: 2 over the integral of theta'^2 + sin^2(theta) k^2 is Delta / (1 + (k Delta)^2).
    width, turn = 8 * NM, 0.1 / NM
    run = artificial.domain_walls(
        np.array([128 * NM]), length=256 * NM, magnet_width=8 * NM, wall_width=width, angle=0.0
    )
    phase = turn * (run["x"].values - 128 * NM)[:, None, None]
    m = run["m"].values
    across = np.hypot(m[..., 0], m[..., 1])
    m[..., 0], m[..., 1] = across * np.cos(phase), across * np.sin(phase)
    found = thiele_width(run, walls(run))
    assert float(found[0]) == pytest.approx(width / (1 + (turn * width) ** 2), rel=5e-3)


def test_an_end_of_the_stripe_or_another_wall_is_too_near():
    assert np.isnan(measured(20 * NM, wall_width=5 * NM).values).all()
    pair = artificial.domain_walls(np.array([[100 * NM, 150 * NM]]), wall_width=5 * NM, length=256 * NM)
    assert np.isnan(thiele_width(pair, walls(pair)).values).all()


def test_few_frames_are_read():
    run = artificial.domain_walls(np.linspace(100, 140, 41) * NM, wall_width=6 * NM)
    found = thiele_width(run, walls(run), frames=5)
    assert found["t"].values.tolist() == run["t"].values[[0, 10, 20, 30, 40]].tolist()
    np.testing.assert_allclose(found.values, 6 * NM, rtol=1e-3)
    with pytest.raises(ValueError, match=r"there are 1 walls, so none has index 3"):
        thiele_width(run, walls(run), wall=3)
