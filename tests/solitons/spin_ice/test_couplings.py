import equinox as eqx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants
from scipy.integrate import quad

from solitons.spin_ice import dipole_couplings, dumbbell_couplings
from solitons.spin_ice.couplings import Couplings

from .conftest import SPACING, kagome, lattice, square

MOMENT = 2e-16


def entry(couplings, source, target):
    place = couplings.first[source] + list(couplings.neighbour[couplings.first[source] :]).index(target)
    return couplings.along[place], couplings.across[place]


def pair(distance, bearing, turn, length=220e-9):
    """Island 0 at the origin along x; island 1 at a distance and bearing, turned."""
    where = distance * np.array([np.cos(bearing), np.sin(bearing)])
    return lattice([(0, 0), where], [0.0, turn], length=length, moment=MOMENT)


positions = st.tuples(st.floats(0.6, 3), st.floats(0, 2 * np.pi), st.floats(0, 2 * np.pi))


@given(positions)
@pytest.mark.parametrize("make", [dipole_couplings, dumbbell_couplings])
def test_the_couplings_are_mutual(make, place):
    distance, bearing, turn = place
    energies = make(pair(distance * SPACING, bearing, turn), cut_off=np.inf).energies([MOMENT, MOMENT])
    assert energies[0] == pytest.approx(energies[1], rel=1e-9, abs=1e-9 * constants.mu_0 * MOMENT**2 / SPACING**3)


@given(positions)
def test_a_dumbbell_pair_has_the_energy_of_its_four_charges(place):
    distance, bearing, turn = place
    length = 220e-9
    pair_lattice = pair(distance * SPACING, bearing, turn)
    ends = [
        [(sign, centre + sign * length / 2 * axis) for sign in (1, -1)]
        for centre, axis in zip(pair_lattice["position"].values, pair_lattice["axis"].values, strict=True)
    ]
    charge = MOMENT / length
    energy = sum(
        constants.mu_0 / (4 * np.pi) * one * other * charge**2 / np.linalg.norm(here - there)
        for one, here in ends[0]
        for other, there in ends[1]
    )
    found = dumbbell_couplings(pair_lattice, cut_off=np.inf).energies([MOMENT, MOMENT])[0]
    assert found == pytest.approx(energy, rel=1e-8, abs=1e-8 * constants.mu_0 * charge**2 / SPACING)


@given(positions)
def test_the_field_across_is_the_average_along_the_neighbour(place):
    distance, bearing, turn = place
    length = 220e-9
    pair_lattice = pair(distance * SPACING, bearing, turn)
    centre, (along, up) = pair_lattice["position"].values[1], pair_lattice["axis"].values[1]

    def field(u):
        point = centre + u * np.array([along, up])
        total = sum(
            sign
            * MOMENT
            / length
            * (point - (sign * length / 2, 0))
            / np.linalg.norm(point - (sign * length / 2, 0)) ** 3
            for sign in (1, -1)
        )
        return (total @ (-up, along)) / (4 * np.pi)

    average = quad(field, -length / 2, length / 2, epsrel=1e-9, limit=500)[0] / length
    found = entry(dumbbell_couplings(pair_lattice, cut_off=np.inf), 0, 1)[1]
    assert found == pytest.approx(average, rel=1e-6, abs=1e-7 * MOMENT / SPACING**3)


def test_a_cut_off_keeps_the_entries_within_it():
    islands = square(5)
    every, near = (dipole_couplings(islands, cut_off=reach) for reach in (np.inf, 1.3 * SPACING))
    centres = islands["position"].values
    apart = np.linalg.norm(centres[every.source] - centres[every.neighbour], axis=1)
    kept = apart <= 1.3 * SPACING
    assert 0 < kept.sum() < kept.size
    np.testing.assert_array_equal(near.neighbour, every.neighbour[kept])
    np.testing.assert_allclose(near.along, every.along[kept], rtol=1e-12)


def test_fields_are_sums_over_neighbours():
    islands = kagome(3, 2)
    couplings = dipole_couplings(islands, cut_off=np.inf)
    spins = np.random.default_rng(5).choice([-1, 1], islands.sizes["island"])
    centre, axis = islands["position"].values, islands["axis"].values
    along, across = couplings.fields(spins)
    for target in range(len(spins)):
        total = np.zeros(2)
        for source in set(range(len(spins))) - {target}:
            offset = centre[target] - centre[source]
            distance, moment = np.linalg.norm(offset), spins[source] * MOMENT * axis[source]
            total += (3 * offset * (moment @ offset) / distance**5 - moment / distance**3) / (4 * np.pi)
        assert along[target] == pytest.approx(total @ axis[target], rel=1e-9, abs=1e-6)
        assert across[target] == pytest.approx(total @ (-axis[target, 1], axis[target, 0]), rel=1e-9, abs=1e-6)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"dipole_couplings: cut_off = 0 m must be positive"):
        dipole_couplings(square(2), cut_off=0)
    with pytest.raises(ValueError, match="islands 0 and 1 have the same centre"):
        dipole_couplings(lattice([(0, 0), (0, 0)], [0.0, 1.0]), cut_off=np.inf)
    with pytest.raises(ValueError, match="charge_distance = -1 must be positive"):
        dumbbell_couplings(square(2), cut_off=np.inf, charge_distance=-1)
    with pytest.raises(ValueError, match="or their ends, coincide"):
        dumbbell_couplings(pair(220e-9, 0, 0), cut_off=np.inf)
    couplings = dipole_couplings(square(2), cut_off=np.inf)
    with pytest.raises(ValueError, match=r"Couplings\.neighbour goes from"):
        eqx.tree_at(lambda each: each.neighbour, couplings, couplings.neighbour + 5).__check_init__()
    with pytest.raises(ValueError, match=r"Couplings\.first must rise"):
        Couplings([0, 3], couplings.neighbour, couplings.along, couplings.across)
