import numpy as np
import pytest
from rows import rows

from solitons.spin_ice import FarField, dipole_couplings, drive_field

from .conftest import SPACING, kagome, square
from .test_field_driven import loop

SQUARE = SPACING * np.eye(2)
KAGOME = SPACING * np.array([[np.sqrt(3), 0], [np.sqrt(3) / 2, 1.5]])


@rows(("islands", "cell"), [(square(7, 4), SQUARE), (square(5), SQUARE[::-1]), (kagome(5, 4), KAGOME)])
def test_it_is_the_sum_over_every_pair(islands, cell):
    islands = islands.isel(island=np.random.default_rng(0).permutation(islands.sizes["island"])[3:])
    islands["volume"] = islands["volume"] * np.random.default_rng(1).uniform(0.5, 1.5, islands.sizes["island"])
    spins = np.random.default_rng(2).choice([-1, 1], islands.sizes["island"])
    every = dipole_couplings(islands, cut_off=np.inf)
    expected = every.fields(spins)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(FarField(islands, cell).fields(spins), expected, rtol=0, atol=1e-11 * scale)
    reach = 1.6 * SPACING
    near = dipole_couplings(islands, cut_off=reach).fields(spins)
    beyond = FarField(islands, cell, beyond=reach).fields(spins)
    np.testing.assert_allclose(np.add(near, beyond), expected, rtol=0, atol=1e-11 * scale)


def test_with_its_far_field_a_cut_off_changes_the_loop_little(make_model):
    """With one flip a step, the far field is renewed after every flip and the loop is that of all pairs."""
    islands = square(6)
    every, near = make_model(islands), make_model(islands, 1.5 * SPACING)
    field = loop(1.2e5, 38, 30_001)
    start = np.ones(every.islands)
    exact = drive_field(every, start, field)
    cut = drive_field(near, start, field)
    mended = drive_field(near, start, field, far_field=FarField(islands, SQUARE, beyond=1.5 * SPACING))

    def difference(run):
        return np.abs(run.moment - exact.moment).mean() / every.moment.sum()

    assert difference(mended) < difference(cut) / 5


def test_bad_input_is_named():
    islands = square(10)
    with pytest.raises(ValueError, match="two vectors that span an area"):
        FarField(islands, [[1e-6, 0], [2e-6, 0]])
    moved = islands["position"] + 1e-8 * np.random.default_rng(0).standard_normal(islands["position"].shape)
    with pytest.raises(ValueError, match=r"stand at 2\d\d places of the cell"):
        FarField(islands.assign(position=moved), SQUARE)
    with pytest.raises(ValueError, match="two islands stand at one place"):
        FarField(islands.isel(island=[0, 1, 1]), SQUARE)
