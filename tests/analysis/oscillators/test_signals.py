"""Oscillations of known amplitude, phase and frequency, and what is refused."""

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import order_parameter, oscillation, precession
from analysis.oscillators.signals import strongest_frequency

T = np.arange(4000) * 5e-12


def trace(values, t=T):
    return xr.DataArray(values, coords={"t": t}, dims="t")


def chirped(frequency=6.3e9, rate=0.05e18):
    return 2 * np.pi * (frequency * T + 0.5 * rate * T**2), frequency + rate * T


# The windows are those of the last frequency, which removes an ellipse's harmonics less well at the first.
@pytest.mark.parametrize(("kind", "accuracy"), [("real", 3e-4), ("complex", 5e-3), ("backwards", 5e-3)])
def test_amplitude_and_frequency_are_followed_while_both_change(kind, accuracy):
    phase, frequency = chirped()
    height = np.minimum(0.05 * np.exp(T / 2e-9), 0.4)
    # An orbit that is an ellipse has a part that turns the other way, and its middle is not the axis.
    ellipse = height * (np.exp(1j * phase) + 0.3 * np.exp(-1j * phase)) + 0.05j
    values = {"real": height * np.cos(phase) + 0.2, "complex": ellipse, "backwards": np.conj(ellipse)}[kind]
    found = oscillation(trace(values))
    inner = np.searchsorted(T, found["t"].values)
    assert found.attrs["sense"] == (-1 if kind == "backwards" else 1)
    assert 3 / 7.5e9 < found.attrs["edge"] < 3.2 / 6.3e9
    np.testing.assert_allclose(found["frequency"], frequency[inner], rtol=0.006)
    np.testing.assert_allclose(found["frequency"][100:-100], frequency[inner][100:-100], rtol=accuracy)
    np.testing.assert_allclose(found["amplitude"], height[inner], rtol=0.02)
    np.testing.assert_allclose(np.diff(found["phase"])[100:-100], np.diff(phase[inner])[100:-100], rtol=accuracy)


def test_an_ellipse_of_one_frequency_is_followed_exactly():
    turn = 2 * np.pi * 5e9 * T
    found = oscillation(trace(0.2 * np.exp(1j * turn) + 0.1 * np.exp(-1j * turn) - 0.3))
    np.testing.assert_allclose(found["frequency"], 5e9, rtol=1e-5)
    np.testing.assert_allclose(found["amplitude"], 0.2, rtol=1e-4)


def test_a_moment_about_an_axis_has_the_variables_of_holstein_and_primakoff():
    axis = np.array([1.0, 2.0, -0.5])
    axis /= np.linalg.norm(axis)
    first = np.cross(axis, [0.3, -1.0, 0.2])
    first /= np.linalg.norm(first)
    second, tilt = np.cross(axis, first), 1.1
    turn = 2 * np.pi * 5e9 * T
    m = np.cos(tilt) * axis + np.sin(tilt) * (np.cos(turn)[:, None] * first + np.sin(turn)[:, None] * second)
    shortened = 0.9 * m  # cells that are not parallel
    run = xr.Dataset({f"m{name}": ("t", shortened[:, at]) for at, name in enumerate("xyz")}, {"t": T})
    c = precession(run, axis)
    np.testing.assert_allclose(np.abs(c) ** 2, (1 - np.cos(tilt)) / 2, rtol=1e-12)
    # Precession about a field along the axis is positive.
    assert strongest_frequency(c) == pytest.approx(5e9, rel=1e-4)
    assert c.attrs["least_length"] == pytest.approx(0.9)
    assert strongest_frequency(precession(run, -axis)) == pytest.approx(-5e9, rel=1e-4)


def test_order_parameter():
    spread = xr.DataArray(np.random.default_rng(1).uniform(0, 2 * np.pi, (400, 3000)), dims=("oscillator", "draw"))
    # The mean length of a random walk of N steps is sqrt(pi N) / 2.
    assert float(order_parameter(spread).mean()) == pytest.approx(np.sqrt(np.pi / 1600), rel=0.03)
    with pytest.raises(ValueError, match="no 'pillar'"):
        order_parameter(spread, "pillar")


REFUSED = {
    "four samples": (
        lambda: oscillation(trace(np.cos(2 * np.pi * 60e9 * T))),
        r"3\.33 samples a period.*every 1\.7e-12",
    ),
    "ten periods": (lambda: oscillation(trace(np.cos(2 * np.pi * 0.4e9 * T))), r"lasts 8 periods.*2\.5e-08 s long"),
    "a constant": (lambda: oscillation(trace(np.ones(4000))), "does not change"),
    "no direction": (
        lambda: precession(xr.Dataset({k: ("t", np.ones(4)) for k in ("mx", "my", "mz")}), (0, 0, 0)),
        "axis",
    ),
}


@rows("call, message", REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
