"""Spin waves whose dispersion, velocity, attenuation and reflection are known."""

import dask.array
import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import (
    mode_profile,
    packet_velocity,
    plane_waves,
    port_signal,
    precession_map,
    wave_at,
    wave_branch,
    wave_spectrum,
    wave_traces,
)
from analysis.artificial_runs import cell_centres, complete_run

X, T = cell_centres("length", 6e-6, 5e-9), np.arange(601) * 5e-12


def omega(k):
    """Of an exchange-like wave with a gap, in rad/s."""
    return 2 * np.pi * 5e9 + 2e-5 * k**2


def traces(values):
    return xr.DataArray(values, {"t": ("t", T, {"units": "s"}), "x": ("x", X, {"units": "m"})}, ("t", "x"))


def pulse(sign=1):
    """Waves of all k from 1e7 to 7e7 rad/m that begin together at 1 um, all to +x, or all to -x."""
    k = np.linspace(1e7, 7e7, 240)
    weight = np.sin(np.pi * np.arange(k.size) / (k.size - 1)) ** 2 / k.size
    phases = np.exp(1j * k[:, None] * (sign * (X - 3e-6) + 2e-6))
    return traces((np.exp(-1j * T[:, None] * omega(k)) * weight @ phases).real)


def test_the_branch_of_a_pulse_is_its_dispersion_and_its_slope_the_group_velocity():
    for sign in (1, -1):
        spectrum = wave_spectrum(pulse(sign))
        right, left = (float(spectrum.sel(k=side).max()) for side in (slice(1e7, 7e7), slice(-7e7, -1e7)))
        assert (max(right, left), min(right, left) < 1e-4, right > left) == (1, True, sign == 1)
        k = slice(2e7, 5e7) if sign == 1 else slice(-5e7, -2e7)
        branch = wave_branch(spectrum.sel(k=k)).dropna("k")
        assert branch.k.size > 50
        np.testing.assert_allclose(2 * np.pi * branch.frequency, omega(branch.k), rtol=1e-3)
        np.testing.assert_allclose(branch.group_velocity, 4e-5 * branch.k, atol=0.01 * 2000)


def test_where_there_is_no_branch_there_is_no_frequency():
    branch = wave_branch(wave_spectrum(pulse()).sel(k=slice(-2e8, 2e8)))
    assert np.isnan(branch.frequency.sel(k=slice(1e8, 2e8))).all()
    assert np.isnan(branch.group_velocity.sel(k=slice(1e8, 2e8))).all()
    assert np.isfinite(branch.frequency.sel(k=4e7, method="nearest"))


def test_a_packet_moves_with_its_group_velocity_and_not_with_its_phase():
    k = np.linspace(4e7, 6e7, 201)
    weight = np.exp(-(((k - 5e7) / 2e6) ** 2))
    waves = np.exp(-1j * T[:, None] * omega(k)) * weight @ np.exp(1j * k[:, None] * (X - 1e-6))
    packet = traces(waves.real).sel(x=slice(3e-6, 4e-6))
    assert packet_velocity(packet) == pytest.approx(4e-5 * 5e7, rel=5e-3)  # 2000 m/s; the phase has 1628 m/s
    assert packet_velocity(packet.assign_coords(x=-packet.x)) == pytest.approx(-2000, rel=5e-3)


@rows(("k", "back"), [(3e7, 0.02), (-4e7, 0.3), (2e7, 0.0)])
def test_attenuation_and_reflection_of_a_steady_wave_are_found_through_noise(k, back):
    # The antenna is at 2 um; to its left the strong wave falls along -x.
    length, frequency, far = 1.5e-6, 8e9, 5.5e-6
    random = np.random.default_rng(3)
    strong = np.exp((1j * k - 1 / length) * (X - 2e-6))
    at_end = np.exp((1j * k - 1 / length) * (far - 2e-6))
    total = strong + back * at_end * np.exp((-1j * k + 1 / length) * (X - far))
    for mirrored in (False, True):
        steady = total[::-1] if mirrored else total
        noise = 1e-4 * random.normal(size=(T.size, X.size))
        run = traces((0.1 * steady * np.exp(-2j * np.pi * frequency * T[:, None])).real + noise)
        stretch = slice(6e-6 - far, 3.5e-6) if mirrored else slice(2.5e-6, far)
        found = plane_waves(wave_at(run, frequency, begin=1e-9).sel(x=stretch))
        assert found.wavenumber == pytest.approx(k, rel=1e-3)
        assert found.attenuation_length == pytest.approx(length, rel=0.01)
        assert found.reflection == pytest.approx(back, abs=3e-3)
        assert found.misfit < 0.02
        port = port_signal(wave_at(run, frequency).sel(x=stretch), (X[0], X[-1]))
        assert port.amplitude < 0.1


def test_a_lazy_run_gives_the_same_traces_chunk_by_chunk():
    random = np.random.default_rng(1)
    centres = (X[:12], np.array([5e-9, 15e-9]), np.array([5e-9]))
    m = np.zeros((20, 12, 2, 1, 3), dtype=np.float32) + np.array([0, 1, 0], dtype=np.float32)
    m[1:, ..., 2] = 1e-3 * random.normal(size=(19, 12, 2, 1))
    m[:, :, 1, ..., :][:, 3:5] = np.nan  # a hole
    run = complete_run(m, T[:20], centres, {}, kind="waveguide")
    inside = 0

    def count(block):
        nonlocal inside
        inside = max(inside, len(block))
        return block

    lazy = run.assign(
        m=(run.m.dims, dask.array.from_array(m, chunks=(7, -1, -1, -1, -1)).map_blocks(count, dtype=m.dtype))
    )
    found = wave_traces(lazy, "z")
    xr.testing.assert_identical(found, wave_traces(run, "z"))
    np.testing.assert_allclose(found, np.nanmean(m[..., 2], axis=(2, 3)), atol=1e-9)
    assert inside == 7


STEADY = {"between": (1e-6, 5e-6), "begin": 2e-10, "end": 1.2e-9}
ACROSS = np.pi * (np.append(np.arange(12), np.nan) + 0.5)[:, None] / 12
FIRST, THIRD = np.sin(ACROSS) * [0.02, 0.01], np.sin(3 * ACROSS) * [0.02, -0.02j]


def profile(component="z", k=3e7, chunks=None, **changes):
    """Of a guide 12 cells wide and two thick, beside a hole, with two modes along x; the first comes back, too."""
    x, t = X[::2], np.arange(121) * 1e-11
    there, back, other = (np.exp(1j * each * x)[:, None, None] for each in (3e7, -3e7, 2.2e7))
    m = np.full((t.size, x.size, 13, 2, 3), [1.0, 0.0, 0.0])
    waves = FIRST * (there + 0.5 * back) + THIRD * other
    m[1:, ..., 2] = (waves * np.exp(-5e10j * t[1:, None, None, None])).real
    m[0, :, 12] = np.nan
    run = complete_run(m, t, (x, np.arange(13) * 2e-8, np.array([5e-9, 15e-9])), {}, kind="guide").chunk(chunks or {})
    return mode_profile(run, component, 5e10 / (2 * np.pi), k, **STEADY | changes)


def test_each_mode_of_a_steady_wave_has_its_profile_whatever_else_travels():
    for k, expected in ((3e7, FIRST), (-3e7, 0.5 * FIRST), (2.2e7, THIRD)):
        np.testing.assert_allclose(profile(k=k), expected, atol=4e-5)
        xr.testing.assert_allclose(profile(k=k), profile(k=k, chunks={"t": 50}))


def film(up):
    """A film whose moments turn anticlockwise about the field on an ellipse: clockwise from -z. 0: along x."""
    t, m = np.arange(150) * 1e-11, np.zeros((150, 3, 2, 1, 3))
    place = np.arange(3)[:, None, None]
    m[..., 0] = 0.03 * np.cos(6e10 * t[:, None, None, None] - place) if up else 1.0
    m[..., 1] = up * 0.02 * np.sin(6e10 * t[:, None, None, None] - place)
    m[..., 2] = up
    return complete_run(m, t, (np.arange(3.0), np.arange(2.0), np.ones(1)), {}, kind="film")


@rows("up", [1, -1])
def test_the_part_that_precesses_is_found_whichever_way_the_film_points(up):
    found = precession_map(film(up), 6e10 / (2 * np.pi), begin=2e-10, end=1.4e-9)
    np.testing.assert_allclose(found, 0.025 * np.exp(1j * np.arange(3))[:, None] * np.ones(2), rtol=1e-4)
    turned = film(up)
    turned["m"][100:, ..., 2] = 0.0
    with pytest.raises(ValueError, match=r"is 0, and 0\.9 or more is needed"):
        precession_map(turned, 6e10 / (2 * np.pi), begin=2e-10, end=1.4e-9)


@rows(
    ("ask", "message"),
    [
        (lambda: precession_map(film(0), 9e9, begin=0, end=1e-9), "the mean m_z in a frame from 0 to 1e-09 s is 0"),
        (lambda: wave_spectrum(pulse()[:10]), "10 frames and 1200 places, and 16 of each"),
        (lambda: wave_spectrum(pulse().isel(x=[*range(20), *range(30, 50)])), "not evenly spaced"),
        (lambda: wave_spectrum(0 * pulse()), "nothing moves"),
        (lambda: wave_branch(wave_spectrum(pulse())[:5]), "5 wavenumbers"),
        (lambda: wave_at(pulse(), 5e9, begin=2.9e-9), "less than a period"),
        (lambda: wave_at(pulse(), 80e9), "frequency = 8e\\+10 Hz has 2.5 samples"),
        (lambda: plane_waves(wave_at(pulse(), 8e9)[:30]), "hold less than a wavelength"),
        (lambda: plane_waves(wave_at(pulse(), 8e9)[:5]), "5 places"),
        (lambda: port_signal(wave_at(pulse(), 8e9), (7e-6, 8e-6)), "no cell between"),
        (lambda: packet_velocity(0 * pulse()), "which the packet passes"),
        (lambda: profile(between=(1e-6, 1.4e-6)), "between x = 1e-06 and 1.4e-06 m lie less than 2 wavelengths"),
        (lambda: profile("x"), "^mode_profile: component = 'x' lies along"),
    ],
)
def test_what_holds_no_wave_is_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()
