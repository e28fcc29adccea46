"""Multiple scattering of spin waves: closed forms, conserved power, reciprocity, flips, and fits of made waves."""

import numpy as np
import pytest
import xarray as xr
from scipy import special

from solitons.spin_waves import ScatteringFilm, fit_antenna, fit_scatterer
from solitons.spin_waves.recogniser import answers, port_powers, train_scatterers

K = 3.6e7
SOURCE = [(1.0, 0.0), (0.0, 0.0), (0.0, 0.0)]


def lossless(*angles):
    """Real and imaginary parts of t with 1 + 2 t of modulus 1."""
    t = (np.exp(2j * np.array(angles)) - 1) / 2
    return np.stack([t.real, t.imag], axis=1)


def film(**changes):
    content = {"attenuation": 0.0, "grid": 0.0, "antenna": SOURCE, "scatterer": lossless(0.1, 0.9, 0.1)} | changes
    return ScatteringFilm(5e9, K, **content)


def scattered(count=7):
    return 7e-8 * np.array([(each % 3, each // 3) for each in range(count)]) + [4e-7, -1e-7]


def test_partial_waves_that_come_in_add_up_to_those_that_were_sent():
    many = tuple(range(-14, 15))
    source, place, spot = np.array([[0.0, 0.0]]), np.array([[1.5e-7, 6e-8]]), np.array([1.8e-7, 9e-8])
    incoming = film().waves(source, (0, -2), place, many)[0, :, 0]
    radius, angle = np.hypot(*(spot - place[0])), np.arctan2(*(spot - place[0])[::-1])
    arrived = (special.jv(many, K * radius) * np.exp(1j * np.array(many) * angle)) @ incoming
    direct = np.exp(-2j * np.arctan2(9, 18)) * special.hankel1(-2, K * np.hypot(*spot))
    np.testing.assert_allclose(arrived, [special.hankel1(0, K * np.hypot(*spot)), direct], rtol=1e-6)


def test_two_scatterers_of_order_0_by_hand_and_source_and_port_change_places():
    t, (a, b), port = (np.exp(1.8j) - 1) / 2, np.array([[2e-7, 0.0], [3e-7, 5e-8]]), np.array([6e-7, -1e-7])

    def sent(start, end):
        return special.hankel1(0, K * np.hypot(*(np.asarray(end) - start)))

    at_a = (sent((0, 0), a) + t * sent(a, b) * sent((0, 0), b)) / (1 - (t * sent(a, b)) ** 2)
    at_b = (sent((0, 0), b) + t * sent(a, b) * sent((0, 0), a)) / (1 - (t * sent(a, b)) ** 2)
    array = film(scatterer=lossless(0.0, 0.9, 0.0)).array([(0, 0)], [a, b], [[port]])
    expected = sent((0, 0), port) + t * (at_a * sent(a, port) + at_b * sent(b, port))
    np.testing.assert_allclose(array.transmission([True, True])[0, 0], expected, rtol=1e-12)
    back = film().array([port], scattered(), [[(0, 0)]]).transmission(np.arange(7) % 2)
    np.testing.assert_allclose(film().array([(0, 0)], scattered(), [[port]]).transmission(np.arange(7) % 2), back)


def test_without_losses_as_much_power_leaves_the_scatterers_as_comes_to_them():
    around, step = np.linspace(0, 2 * np.pi, 720, endpoint=False), 1e-11
    rings = [
        [4.7e-7, -3e-8] + radius * np.stack([np.cos(around), np.sin(around)], axis=1)
        for radius in (2.5e-7, 2.5e-7 + step)
    ]

    def flux(scatterer):
        array = film(scatterer=scatterer).array([(0, 0)], scattered(), np.concatenate(rings)[:, None])
        inner, outer = array.transmission(np.ones(7, dtype=bool))[:, 0].reshape(2, -1)
        return (inner.conj() * (outer - inner)).imag.sum() / (np.abs(inner) * np.abs(outer - inner)).sum()

    assert abs(flux(lossless(0.1, 0.9, 0.2))) < 1e-4
    for antenna, place, port, message in (
        ((4e-7, 0), (4e-7, 0), (8e-7, 0), "must be apart"),
        ((0, 0), (4e-7, 0), (4e-7, 0), "must be apart"),
        ((0, 0), (4e-7, 0), (0, 0), "must be apart"),
        ((0, 0), (4e-7, 0, 1), (8e-7, 0), "must be .number, 2."),
    ):
        with pytest.raises(ValueError, match=message):
            film().array([antenna], [place], [[port]])
    with pytest.raises(ValueError, match="must be apart"):
        film().array([(0, 0)], [(4e-7, 0), (4e-7, 0)], [[(8e-7, 0)]])
    with pytest.raises(ValueError, match="attenuation 0 or more"):
        film(attenuation=-1.0)
    # A scatterer that takes power: more comes in than leaves.
    assert flux(0.8 * lossless(0.1, 0.9, 0.2)) < -0.01


def test_flips_one_by_one_are_what_is_solved_anew():
    array = film(attenuation=3e4, grid=0.003).array([(0, 0), (0, 1e-7)], scattered(), [[(8e-7, 0)], [(8e-7, 1e-7)]])
    on = np.array([True, False, True, True, False, False, True])
    state = array.flipped(on)
    for place in (3, 1, 3, 5):
        expected = array.transmission(state.pattern ^ np.eye(7, dtype=bool))
        np.testing.assert_allclose(state.tried(), expected, rtol=1e-10)
        state.flip(place)
        np.testing.assert_allclose(state.transmission, expected[place], rtol=1e-10)


def test_training_finds_the_best_of_all_patterns_of_eight_places():
    array = film().array([(0, 0), (0, 1e-7)], scattered(8), [[(8e-7, 0)], [(8e-7, 2e-7)]])
    # The parity of two phases, which no linear classifier knows.
    images, labels = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]), np.array([0, 0, 1, 1])
    found = train_scatterers(array, images, labels, starts=20, sharpness=1.0, seed=1)
    every = array.transmission((np.arange(256)[:, None] >> np.arange(8)) & 1)
    powers = port_powers(every, images)
    share = powers / powers.mean(axis=1, keepdims=True)
    own = np.take_along_axis(share, np.broadcast_to(labels[:, None], (256, 4, 1)), axis=2)[..., 0]
    assert found.loss == pytest.approx(np.log(share.sum(axis=2) / own).mean(axis=1).min(), rel=1e-9)
    best = array.transmission(found.pattern)
    assert answers(best, port_powers(best, images).mean(axis=0), images).tolist() == labels.tolist()


def test_fits_find_the_numbers_of_made_waves():
    made = film(
        attenuation=5e4,
        grid=0.003,
        antenna=[(2.0, -19.0), (0.3, -1.9), (0.2, 0.7)],
        scatterer=lossless(0.05, 0.6, 0.02),
    )
    x, y = np.arange(3e-7, 1.2e-6, 1.25e-8), np.arange(3e-7, 1.1e-6, 1.25e-8)
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 1, 2)
    antenna, place, drive = (3.6e-7, 7e-7), (6.1e-7, 7.6e-7), 2e-4j
    both = made.array([antenna], [place], points).transmission([[False], [True]])[..., 0] * drive
    empty, full = (
        xr.DataArray(each.reshape(len(x), len(y)), {"x": x, "y": y}, ("x", "y"), attrs={"frequency": 5e9})
        for each in both
    )
    found, misfit = fit_antenna(empty, antenna, drive, 7e-8, lambda k: 5e4 * K / k)
    found, other = fit_scatterer(found, full - empty, antenna, place, drive, 7e-8)
    # Four digits are kept.
    assert misfit < 5e-3
    assert other < 5e-3
    assert float(found.wavenumber) == pytest.approx(K, rel=2e-4)
    assert float(found.attenuation) == pytest.approx(5e4, rel=1e-3)
    np.testing.assert_allclose(np.asarray(found.antenna), np.asarray(made.antenna), atol=0.05)
    np.testing.assert_allclose(found.strengths, made.strengths, atol=3e-3)
