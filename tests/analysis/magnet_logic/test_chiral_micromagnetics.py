"""Chiral inverters and gates in micromagnetics: both engines, and the currents at which they fail as predicted."""

import pytest

from analysis import region_values, truth_table
from geometries import Material
from geometries.domain_walls import chiral_gate, chiral_inverter, gate_regions, inverter_regions
from runs import CurrentPulses, Protocol, Relax, RunSpec, simulate
from solitons.domain_walls import inverter_window

FILM = Material(name="film", Ms=9e5, A=1.6e-11, Ku=7.1e5, D=2e-3, alpha=0.3, spin_hall_angle=0.1)
SIZES = {
    "region_anisotropy": 4.6e5,
    "region_length": 40e-9,
    "length": 256e-9,
    "width": 16e-9,
    "thickness": 1.5e-9,
    "cell": (4e-9, 4e-9, 1.5e-9),
    "wall_position": 56e-9,
}


def driven(value, before, current, engine, material=FILM, width="1.2 ns"):
    """Values of input and output at the end of a pulse of a given current over that in the middle of the window."""
    inverter = chiral_inverter(value, before=before, **SIZES)
    window = inverter_window(inverter, FILM)
    amplitude = {
        "low": 0.7 * window.lowest,
        "middle": window.middle,
        "high": 1.1 * window.highest,
    }
    pulse = CurrentPulses(amplitude=amplitude[current], width=width, rise="50 ps", period="1.5 ns")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval="0.1 ns")
    run = simulate(RunSpec(device=inverter, material=material, protocol=protocol, engine=engine))
    return region_values(run, inverter, inverter_regions(inverter))


def check_inverts(value, engine):
    found = driven(value, -value, "middle", engine)
    assert found.value[0].values.tolist() == [0, value]
    assert found.value[-1].values.tolist() == [value, -value]
    assert truth_table([[float(found.projection[-1, 1])]], [-value]).margin > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("value", [1, -1])
def test_both_inputs_are_inverted_with_the_native_engine(value):
    check_inverts(value, "native")


@pytest.mark.slow
@pytest.mark.oommf
@pytest.mark.parametrize("value", [1, -1])
def test_both_inputs_are_inverted_with_oommf(value):
    check_inverts(value, "oommf")


@pytest.mark.slow
def test_an_inverter_fails_below_its_window_above_it_and_with_a_weak_interaction():
    held = driven(1, -1, "low", "native").value
    # The second wall is held beside the first: the output is what it was.
    assert held[-1].values.tolist() == [1, 1]
    lost = driven(1, None, "high", "native").value
    # No wall came, and the output was -1.
    assert lost[0].values.tolist() == [1, -1]
    assert lost[-1].values.tolist() == [1, 1]
    # The two walls annihilate in the place of the first pushing the second out.
    weak = driven(1, -1, "middle", "native", FILM.model_copy(update={"D": 1e-3})).value
    assert weak[-1].values.tolist() == [1, 1]


@pytest.mark.slow
def test_two_inverters_in_a_stripe_invert_twice_and_with_the_other_sign_of_d_the_current_is_negative():
    """The wall that the first one lets go is what comes to the second."""
    film = FILM.model_copy(update={"D": -2e-3})
    inverter = chiral_inverter(1, before=-1, **SIZES | {"length": 384e-9, "stages": 2})
    window = inverter_window(inverter, film)
    assert window.polarity == "negative"
    pulse = CurrentPulses(amplitude=window.middle, polarity=window.polarity, width="2 ns", rise="50 ps", period="2 ns")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval="0.1 ns")
    run = simulate(RunSpec(device=inverter, material=film, protocol=protocol, engine="native"))
    found = region_values(run, inverter, inverter_regions(inverter))
    assert found.value[0].values.tolist() == [0, 1, -1]
    assert found.value[-1].values.tolist() == [1, -1, 1]


def check_gate(values, reset, engine):
    film = FILM.model_copy(update={"D": 2.25e-3})
    gate = chiral_gate(values, reset=reset, region_anisotropy=4.6e5)
    # One wall in two lanes pushes with 3/4 of what two do.
    amplitude = 1.3 * inverter_window(gate, film).lowest
    pulse = CurrentPulses(amplitude=amplitude, width="1.8 ns", rise="50 ps", period="1.9 ns")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval="0.1 ns")
    run = simulate(RunSpec(device=gate, material=film, protocol=protocol, engine=engine))
    found = region_values(run, gate, gate_regions(gate)).isel(t=-1)
    assert found.value.values.tolist() == [*values, reset if values == (-reset, -reset) else -reset]


@pytest.mark.slow
@pytest.mark.parametrize("values", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_a_gate_that_is_reset_to_minus_one_is_a_nand_with_the_native_engine(values):
    check_gate(values, -1, "native")


@pytest.mark.slow
@pytest.mark.oommf
@pytest.mark.parametrize("values", [(1, 1), (1, -1)])
def test_a_gate_is_a_nand_with_oommf(values):
    check_gate(values, -1, "oommf")
