"""What makes batches fast: noise in one pass, the demagnetising field as a matrix, pieces of work in threads."""

import threading

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet, random_magnet
from scipy import stats

from runs.native.abstract import jit_for_seldom_use
from runs.native.discretisation import discretise
from runs.native.parallel import in_parallel
from runs.native.terms import demag, dense_demag
from runs.native.time.gaussian_noise import normal, random_bits
from runs.native.translate import translate


@pytest.fixture(scope="module")
def key():
    return jax.random.fold_in(jax.random.key(5, impl="threefry2x32"), 3)


def test_bits_are_those_of_jax(key):
    ours = random_bits(jax.random.key_data(key), (3, 2, 50))
    np.testing.assert_array_equal(ours, jax.random.bits(key, (3, 2, 50), jnp.uint32))


def test_numbers_are_normal_to_the_tails(key):
    drawn = np.asarray(normal(key, (200_000,)), dtype=float)
    np.testing.assert_allclose(drawn, jax.random.normal(key, (200_000,), jnp.float32), atol=3e-5)
    # Against the exact inverse, where the tails are farthest out: 23 bits reach 5.2 standard deviations.
    bits = np.asarray(random_bits(jax.random.key_data(key), (200_000,)))
    exact = stats.norm.ppf(((bits >> 9) + 0.5) / 2**23)
    inside = np.abs(exact) < 4
    np.testing.assert_allclose(drawn[inside], exact[inside], atol=2e-3)
    assert stats.kstest(drawn, "norm").pvalue > 1e-3


@jit_for_seldom_use
def field_and_density(term, m, amplitudes):
    return term.field(m, amplitudes), term.density(m, amplitudes)


@pytest.mark.parametrize("n", [(5, 4, 1), (4, 3, 2), (1, 6, 1)])
def test_the_matrix_gives_the_field_of_the_transforms(n):
    system = random_magnet(n, mm.Demag() + mm.Exchange(A=1e-11), seed=1)
    grid = discretise(system)
    model = translate(system, dynamics=False).model
    dense = dense_demag.with_matrices(model, grid)
    ours, theirs = dense.terms[0], model.terms[0]
    assert isinstance(ours, dense_demag.DenseDemag)
    assert isinstance(theirs, demag.Demag)
    with jax.enable_x64(True):
        state, none = jnp.asarray(grid.magnetisation), jnp.zeros(0)
        inside = np.asarray(grid.saturation) > 0
        for one, other in zip(*(field_and_density(each, state, none) for each in (ours, theirs)), strict=True):
            wanted = np.asarray(other)[..., inside]
            np.testing.assert_allclose(np.asarray(one)[..., inside], wanted, atol=1e-11 * np.abs(wanted).max())


def test_large_or_periodic_magnets_keep_their_transforms():
    for n, bc in (((19, 18, 1), ""), ((4, 4, 1), "x")):
        system = magnet(n, (0, 0, 1), mm.Demag(), bc=bc)
        model = translate(system, dynamics=False).model
        assert dense_demag.with_matrices(model, discretise(system)) is model


def test_pieces_are_done_in_order_and_progress_is_that_of_all():
    seen, meeting = [], threading.Barrier(2, timeout=60)

    def work(piece, report):
        meeting.wait()  # both are at work at once, or this fails
        report(0.5)
        report(1.0)
        return 10 * piece

    assert in_parallel(work, [1, 2], 2, seen.append) == [10, 20]
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_a_piece_that_fails_ends_the_others():
    begun = threading.Event()

    def work(piece, report):
        if piece:
            begun.wait(60)
            raise ValueError("the second")
        begun.set()
        while True:
            report(0.0)

    with pytest.raises(ValueError, match="the second"):
        in_parallel(work, [0, 1], 2)
