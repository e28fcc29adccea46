"""Disorder: Gaussian, from a seed, each kind with draws of its own; missing islands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows
from scipy import stats

from geometries.spin_ice.disorder import Disorder, MissingIslands

QUANTITIES = ["x", "y", "angle", "length", "width", "saturation_magnetisation"]
FULL = {"position": "2 nm", "angle": "1 deg", "length": 0.02, "width": 0.03, "saturation_magnetisation": 0.04}
SPREADS = [2e-9, 2e-9, np.pi / 180, 0.02, 0.03, 0.04]


def test_every_deviation_is_gaussian_with_its_spread():
    made = Disorder(**FULL, seed=7)
    for quantity, spread in zip(QUANTITIES, SPREADS, strict=True):
        drawn = made.draw(quantity, 20_000)
        # One seed, six looks at 1 %: fixed, so that it cannot fail by chance again.
        assert stats.kstest(drawn / spread, "norm").pvalue > 0.01


def test_the_kinds_are_independent():
    made = Disorder(**FULL, seed=8)
    drawn = np.array([made.draw(quantity, 20_000) for quantity in QUANTITIES])
    correlation = np.corrcoef(drawn) - np.eye(6)
    assert np.abs(correlation).max() < 4 / np.sqrt(20_000)


@given(st.sampled_from(sorted(FULL)), st.integers(0, 2**40))
def test_a_kind_draws_the_same_alone_and_in_company(kind, seed):
    alone, together = Disorder(**{kind: FULL[kind]}, seed=seed), Disorder(**FULL, seed=seed)
    for quantity in ["x", "y"] if kind == "position" else [kind]:
        np.testing.assert_array_equal(alone.draw(quantity, 10), together.draw(quantity, 10))
    for quantity in QUANTITIES:
        if quantity != kind and not (kind == "position" and quantity in "xy"):
            assert not alone.draw(quantity, 10).any()


def test_the_draws_are_these_for_good():
    """Lattices that were simulated must stay what they were."""
    made = Disorder(position=1e-6, angle=1, length=0.5, width=0.5, saturation_magnetisation=0.5, seed=1)
    drawn = [made.draw(quantity, 2) for quantity in QUANTITIES]
    pinned = [
        [-0.6403185283986665e-6, 0.39277271540066333e-6],
        [2.485680210006816e-6, 1.1059442860947983e-6],
        [1.4423856442015843, -0.8901141637955546],
        [-1.1151007169830816, 0.51507684587833],
        [-0.5502239626619827, 0.12404879784546062],
        [-0.22553482427659527, -0.3003570844633934],
    ]
    np.testing.assert_allclose(drawn, pinned, rtol=1e-12)


def test_islands_that_are_left_out_change_nothing_for_the_others(ice, soft):
    disorder = {"position": "2 nm", "width": 0.05, "seed": 3}
    whole, some = (
        ice(disorder=disorder, missing=missing).islands(soft) for missing in (None, {"fraction": 0.25, "seed": 1})
    )
    assert some.sizes["island"] == 18
    for name in ("position", "width", "volume"):
        np.testing.assert_array_equal(some[name], whole[name].isel(island=some.site.values))


@given(st.integers(2, 60), st.floats(0.001, 0.999), st.integers(0, 1000))
def test_exactly_the_fraction_is_missing(number, fraction, seed):
    chosen = MissingIslands(fraction=fraction, seed=seed).choose(number)
    assert len(np.unique(chosen)) == len(chosen) == round(fraction * number)
    assert ((chosen >= 0) & (chosen < number)).all()


def test_every_island_is_missing_as_often():
    counts = np.zeros(12)
    for seed in range(600):
        counts[MissingIslands(fraction=0.25, seed=seed).choose(12)] += 1
    assert counts.sum() == 1800
    assert stats.chisquare(counts).pvalue > 0.01


@rows(
    ("described", "keys", "message"),
    [
        (Disorder, {"width": 0.05}, "seed\n.*required"),
        (Disorder, {"width": -0.05, "seed": 1}, "greater than or equal to 0"),
        (Disorder, {"width": 5, "seed": 1}, "less than 1"),
        (Disorder, {"position": "2 deg", "seed": 1}, "dimension"),
        (Disorder, {"position": "-2 nm", "seed": 1}, "greater than or equal to 0"),
        (Disorder, {"Ms": 0.05, "seed": 1}, "unknown key 'Ms'"),
        (MissingIslands, {}, "by sites or by a fraction, but neither is given"),
        (MissingIslands, {"sites": [1], "fraction": 0.5, "seed": 1}, "but both are given"),
        (MissingIslands, {"fraction": 0.5}, "there is no seed; give one"),
        (MissingIslands, {"sites": [1], "seed": 1}, "leave it out"),
        (MissingIslands, {"sites": [-1]}, "greater than or equal to 0"),
    ],
)
def test_what_no_disorder_and_what_is_not_missing(described, keys, message):
    with pytest.raises(ValidationError, match=message):
        described(**keys)


def test_a_site_that_is_not_there_cannot_be_missing(ice):
    with pytest.raises(ValidationError, match=r"missing\.sites has 24, but the lattice has 24 sites"):
        ice(missing={"sites": [3, 24]})
    with pytest.raises(ValidationError, match="missing leaves no island"):
        ice(missing={"sites": list(range(24))})
