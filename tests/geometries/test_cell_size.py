"""Cells against a material's lengths."""

import warnings

import pytest

from geometries import Material
from geometries.cell_size import warn_if_coarse

SOFT = Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1)
# sqrt(A / (Ku - mu0 Ms^2 / 2)) = sqrt(1.2e-11 / 1.774e6) m.
HARD = Material(name="hard", Ms=6e5, A=1.2e-11, Ku=2e6, alpha=0.1)


@pytest.mark.parametrize(
    ("material", "name"),
    [(SOFT, "exchange length of soft, 5.686 nm"), (HARD, "wall width parameter of hard, 2.601 nm")],
)
def test_the_shorter_length_counts_and_a_single_cell_does_not(material, name):
    limit = min(material.exchange_length, material.wall_width) if material is HARD else material.exchange_length
    with pytest.warns(UserWarning, match=f"along y, more than the {name}"):
        warn_if_coarse((0.99 * limit, 1.01 * limit, 2 * limit), (4, 4, 1), material)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_coarse((0.99 * limit, 0.99 * limit, 2 * limit), (4, 4, 1), material)


def test_the_warning_points_at_whoever_asked_the_device(ice):
    with pytest.warns(UserWarning) as warned:  # noqa: PT030
        ice(cell=("10 nm", "5 nm", "10 nm")).warn_if_coarse(SOFT)
    assert [warning.filename for warning in warned] == [__file__]
