import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solitons.spin_ice import coupling_ratios, dipole_couplings, dumbbell_couplings, pair_coupling

from .conftest import SPACING, kagome, lattice, square


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_four_energies_give_the_coupling(offset, first, second, coupling):
    energies = [[offset + first * s + second * t + coupling * s * t for t in (1, -1)] for s in (1, -1)]
    found, odd = pair_coupling(energies)
    assert found == pytest.approx(coupling, abs=1e-12)
    assert odd == pytest.approx(max(abs(first), abs(second)), abs=1e-12)


@pytest.mark.parametrize("islands", [square(5), kagome(4, 4)], ids=["square", "kagome"])
def test_one_pair_of_each_kind_measures_the_whole_table(islands):
    """Dumbbells stand for the measurement of a table of dipoles."""
    reach = 2.2 * SPACING
    closed, truth = (make(islands, cut_off=reach) for make in (dipole_couplings, dumbbell_couplings))
    moment = islands["volume"].values * islands["saturation_magnetisation"].values
    guess, exact = closed.energies(moment), truth.energies(moment)
    coupled = np.abs(guess) > 1e-6 * np.abs(guess).max()
    centre = islands["position"].values
    distance = np.linalg.norm(centre[closed.source] - centre[closed.neighbour], axis=1) / SPACING
    kinds = np.round(np.stack((distance, np.abs(guess) / np.abs(guess).max())), 5)
    _, one = np.unique(kinds[:, coupled], axis=1, return_index=True)
    chosen = np.flatnonzero(coupled)[one]
    assert len(chosen) < coupled.sum() / 5
    pairs = list(zip(closed.source[chosen], closed.neighbour[chosen], strict=True))
    ratio = coupling_ratios(islands, closed, pairs, exact[chosen])
    np.testing.assert_allclose(closed.scaled(ratio).energies(moment)[coupled], exact[coupled], rtol=1e-6)
    assert np.all(ratio[~coupled] == 1)
    assert np.abs(ratio - 1).max() > 0.1


def test_pairs_that_are_alike_are_averaged():
    islands = square(3)
    closed = dipole_couplings(islands, cut_off=SPACING * 1.01)
    moment = islands["volume"].values * islands["saturation_magnetisation"].values
    energy = closed.energies(moment)
    strongest = np.flatnonzero(np.isclose(np.abs(energy), np.abs(energy).max(), rtol=1e-6, atol=0))[:2]
    pairs = list(zip(closed.source[strongest], closed.neighbour[strongest], strict=True))
    ratio = coupling_ratios(islands, closed, pairs, energy[strongest] * [1.2, 1.4])
    np.testing.assert_allclose(ratio[strongest], 1.3)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"give finite ones over \(\.\.\., 2, 2\)"):
        pair_coupling([1.0, 2.0])
    islands = square(3)
    closed = dipole_couplings(islands, cut_off=1.01 * SPACING)
    with pytest.raises(ValueError, match="islands 0 and 23 are no pair of the couplings"):
        coupling_ratios(islands, closed, [(0, 23)], [1e-20])
    with pytest.raises(ValueError, match="a finite J for each of 1 pairs"):
        coupling_ratios(islands, closed, [(0, 1)], [np.nan])
    upright = lattice([(0, 0), (SPACING, 0)], [0.0, np.pi / 2])
    with pytest.raises(ValueError, match="the coupling of islands 0 and 1 is 0; measure other pairs"):
        coupling_ratios(upright, dipole_couplings(upright, cut_off=np.inf), [(0, 1)], [1e-20])
