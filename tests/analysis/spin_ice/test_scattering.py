import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import structure_factor, vertices

from .ice_states import PITCH, along, islands_of, square_ground_state, state_of

UNIT = 2 * np.pi / PITCH
LATTICES = {kind: islands_of(3, kind=kind) for kind in ("square", "kagome", "brickwork")} | {
    "disordered": islands_of(3, disorder={"seed": 1, "position": "3 nm", "angle": "2 deg"}),
}


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(LATTICES)),
    seed=st.integers(0, 1000),
    q=st.tuples(*[st.integers(-3000, 3000).map(lambda number: number / 1000)] * 2),
)
def test_it_is_the_double_sum_over_pairs(name, seed, q):
    islands = LATTICES[name]
    spin = np.random.default_rng(seed).choice([-1, 1], islands.sizes["island"])
    wave = np.array(q) * UNIT
    size = np.hypot(*wave)
    axis, position = islands["axis"].values, islands["position"].values
    across = axis - np.outer(axis @ wave, wave) / size**2 if size > 0 else axis
    phase = np.cos((position[:, None] - position) @ wave)
    expected = np.sum(np.outer(spin, spin) * (across @ across.T) * phase) / spin.size
    found = structure_factor(state_of(spin), islands, q[0] * UNIT, q[1] * UNIT).item()
    assert found == pytest.approx(expected, abs=1e-9 * spin.size)


def test_the_ground_state_of_square_ice_has_peaks_at_half_orders():
    islands = islands_of(11)
    number = islands.sizes["island"]
    state = square_ground_state(islands)
    types = vertices(state, islands)["type"].values
    assert (types[islands["coordination"].values == 4] == 1).all()
    half = structure_factor(state, islands, np.array([0.5, 1.5]) * UNIT, np.array([-0.5, 0.5, 1.5]) * UNIT)
    # At (pi/a)(1, 1) the sum is N/2 i (1, -1), at (pi/a)(3, 1) it is -N/2 i (1, 1).
    expected = [[number / 2, number / 2, number / 10], [number / 10, number / 10, number / 2]]
    np.testing.assert_allclose(half, expected, rtol=1e-6)
    whole = structure_factor(state, islands, np.array([0.0, 1.0, 2.0]) * UNIT)
    assert whole.max() < 0.02 * number


def test_blocks_of_islands_and_of_states_change_nothing(monkeypatch):
    islands = LATTICES["kagome"]
    spin = np.random.default_rng(2).choice([-1, 1], (2, 3, islands.sizes["island"]))
    spin = state_of(spin, ("seed", "step", "island")).assign_coords(step=[4, 5, 6])
    q = np.linspace(-1, 1, 5) * UNIT
    whole = structure_factor(spin, islands, q)
    monkeypatch.setattr("analysis.spin_ice.scattering._ISLANDS", 7)
    monkeypatch.setattr("analysis.spin_ice.scattering._NUMBERS", 50)
    xr.testing.assert_allclose(
        whole, structure_factor(spin.transpose("island", "step", "seed"), islands, q).transpose(*whole.dims)
    )
    assert whole["step"].values.tolist() == [4, 5, 6]
    assert whole["qx"].attrs["units"] == "rad/m"


def test_bad_input_is_said():
    islands = LATTICES["square"]
    with pytest.raises(ValueError, match="qx has the shape"):
        structure_factor(along(islands, (1, 1)), islands, [0.0, np.inf])
    with pytest.raises(ValueError, match="a spin is"):
        structure_factor(state_of(np.zeros(islands.sizes["island"])), islands, [0.0])
