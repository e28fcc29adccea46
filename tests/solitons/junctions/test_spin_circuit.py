"""Circuits of spin currents beside the closed forms of spin valves, and an ordinary network of resistors."""

import numpy as np
import pytest

from solitons.crossbars import ResistorCrossbar, Wires
from solitons.junctions.spin_circuit import MagnetContact, SpinChannel, solve_spin_circuit

COPPER = SpinChannel(area=5e-15, resistivity=2e-8, diffusion_length=4e-7)
UP = (0, 0, 1)


def test_a_lateral_spin_valve_is_that_of_takahashi_and_maekawa():
    """Phys. Rev. B 67, 052409 (2003), from tunnel contacts to those that conduct better than the channel."""
    for conductance, polarisation, length in ((1e-3, 0.1, 4e-7), (5.0, 0.4, 3e-7), (50.0, 0.7, 2e-7)):
        contact = MagnetContact(conductance, polarisation, conductance)
        wires = [COPPER.branch("earth", "a", 8e-6), COPPER.branch("a", "b", length), COPPER.branch("b", "end", 8e-6)]
        channel, decay = 1 / COPPER.conductance, np.exp(-length / COPPER.diffusion_length)
        ratio = 1 / (conductance * (1 - polarisation**2)) / channel
        exact = 2 * channel * decay * (polarisation * ratio) ** 2 / ((1 + 2 * ratio) ** 2 - decay**2)
        for sign in (1, -1):
            contacts = [contact.branch("injector", "a", UP), contact.branch("detector", "b", (0, 0, sign))]
            solved = solve_spin_circuit(wires + contacts, {"earth": 0.0}, {"injector": 1e-3})
            resistance = (solved.at("detector")[0] - solved.at("end")[0]) / 1e-3
            assert resistance == pytest.approx(sign * exact, rel=1e-9)


def test_two_magnets_at_an_angle_conduct_as_brataas_nazarov_and_bauer_have_it():
    """Phys. Rev. Lett. 84, 2481 (2000): G / 2 [1 - P^2 t / (|eta|^2 / Re eta + t)], t = tan^2(angle / 2)."""
    for eta, angle in ((1.0, 0.3), (2.5, 1.5), (1.5 + 0.8j, 2.8)):
        contact = MagnetContact(conductance=1.0, polarisation=0.6, mixing=eta / 2)
        ends = [contact.branch("left", "node", UP), contact.branch("right", "node", (np.sin(angle), 0, np.cos(angle)))]
        solved = solve_spin_circuit(ends, {"left": (1.0, 0, 0, 0), "right": 0.0}, {})
        t = np.tan(angle / 2) ** 2
        exact = 0.5 * (1 - 0.36 * t / (abs(eta) ** 2 / np.real(eta) + t))
        assert solved.currents(ends[0])[0][0] == pytest.approx(exact, rel=1e-9)

    # Electrons that a contact reflects: their moments are -sigma, so that the majority's are along z, as m is.
    pauli = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    minority, majority = reflected = np.array([0.8 * np.exp(0.9j), 0.3])
    given, kept = np.array([0.2, 0.5, -0.3, 0.7]), 2 - (abs(reflected) ** 2).sum()
    contact = MagnetContact(kept, (abs(minority) ** 2 - 0.09) / kept, 1 - majority * np.conj(minority))
    branches = [contact.branch("magnet", "node", UP), COPPER.branch("node", "earth", 1e-7)]
    solved = solve_spin_circuit(branches, {"magnet": 0.0, "node": given, "earth": 0.0}, {})
    signs = np.array([1, -1, -1, -1])
    inside = np.tensordot(signs * given, pauli, 1)
    back = np.outer(reflected, np.conj(reflected)) * inside - inside
    exact = signs * np.einsum("kij,ji->k", pauli, back).real
    np.testing.assert_allclose(solved.currents(branches[0])[1], exact, rtol=1e-12)
    assert contact.mixing.imag > 0
    assert exact[1] == pytest.approx(-2 * (contact.mixing.real * 0.5 + contact.mixing.imag * 0.3))  # z x V = (0.3, 0.5)


def test_charge_is_kept_and_spins_decay_and_are_lost_to_the_shunts_alone():
    contact = MagnetContact(conductance=2.0, polarisation=0.5, mixing=1.4 + 0.3j)
    branches = [
        contact.branch("magnet", "a", (1, 2, 2)), contact.branch("other", "c", (0, -1, 0.3)),
        COPPER.branch("a", "b", 1e-7), COPPER.branch("b", "c", 3e-7), COPPER.branch("c", "a", 2e-7),
        COPPER.branch("b", "earth", 4e-7),
    ]  # fmt: skip
    solved = solve_spin_circuit(branches, {"earth": 0.0}, {"magnet": 1e-3, "b": (0, 2e-4, 0, 0)})
    left = dict.fromkeys(solved.nodes, 0.0)
    for each in branches:
        out, into = solved.currents(each)
        left[each.one], left[each.other] = left[each.one] + out, left[each.other] - into
        assert out[0] == pytest.approx(into[0], abs=1e-15)
        lost = each.lost_at_one @ solved.at(each.one) + each.lost_at_other @ solved.at(each.other)
        np.testing.assert_allclose(out - into, lost, atol=1e-15)
    for name, injected in {"a": 0, "b": [0, 2e-4, 0, 0], "c": 0}.items():
        np.testing.assert_allclose(left[name], np.zeros(4) + injected, atol=1e-15)
    assert [left["magnet"][0], left["earth"][0]] == pytest.approx([1e-3, -1e-3])
    pieces = [COPPER.branch("0", "end", 8e-6)]
    pieces += [COPPER.branch(str(at), str(at + 1), 4e-7) for at in range(5)] + [COPPER.branch("5", "far", 8e-6)]
    solved = solve_spin_circuit(pieces, {"end": 0.0}, {"0": (0, 1e-3, 0, 0)})
    decay = 1e-3 / (2 * COPPER.conductance) * np.exp(-np.arange(6))
    np.testing.assert_allclose([solved.at(str(at))[1] for at in range(6)], decay, rtol=1e-6)


def test_without_polarisation_it_is_an_ordinary_network_of_resistors():
    cells = np.array([[1e-2, 3e-3], [5e-3, 2e-2]])
    segment = COPPER.branch("", "", 4e-5).through[0, 0]
    branches = []
    for word in range(2):
        for bit in range(2):
            branches += [
                MagnetContact(cells[word, bit], 0.0, cells[word, bit]).branch(f"w{word}{bit}", f"b{word}{bit}", UP),
                COPPER.branch(f"w{word}{bit - 1}" if bit else f"in {word}", f"w{word}{bit}", 4e-5),
                COPPER.branch(f"b{word}{bit}", f"b1{bit}" if word == 0 else f"out {bit}", 4e-5),
            ]
    held = {"in 0": 0.1, "in 1": 0.3, "out 0": 0.0, "out 1": 0.0}
    solved = solve_spin_circuit(branches, held, {})
    ends = [each for each in branches if each.other.startswith("out")]
    exact = ResistorCrossbar(cells, Wires(word_segment=1 / segment, bit_segment=1 / segment)).solve([0.1, 0.3])
    np.testing.assert_allclose([solved.currents(each)[1][0] for each in ends], exact.bit_current, rtol=1e-9)
    assert np.abs(solved.voltage[:, 1:]).max() == 0
    for changes, message in (
        ({"held": {}}, "no charge leaves w00"), ({"injected": {"x": 1.0}}, "'x' is in no branch"),
        ({"injected": {"w00": [1.0, 2.0]}}, "the shape"), ({"injected": {"w00": np.nan}}, "all finite"),
        ({"held": held | {"w11": np.zeros((3, 4))}}, "NaN where free"), ({"branches": []}, "no branches"),
        ({"injected": {"in 0": 1.0}}, "into 'in 0' would vanish"),
        ({"injected": {"w00": (1, 0, 0, 1)}}, "into 'w00' would vanish"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            solve_spin_circuit(**{"branches": branches, "held": held, "injected": {}} | changes)
    for wrong in ({"conductance": 0.0}, {"polarisation": 40.0}, {"mixing": 0.4}, {"mixing": None}):
        with pytest.raises(ValueError, match="MagnetContact"):
            MagnetContact(**{"conductance": 1.0, "polarisation": 0.4, "mixing": 0.5} | wrong)
