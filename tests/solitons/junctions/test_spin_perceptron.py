"""A perceptron of spin currents beside closed forms, and its threshold beside a moment that is followed."""

from dataclasses import replace

import numpy as np
import pytest

from solitons.junctions import Macrospin, follow_macrospins
from solitons.junctions.spin_circuit import MagnetContact, SpinChannel
from solitons.junctions.spin_perceptron import SpinPerceptron, critical_spin_current, decision_energies

COPPER = SpinChannel(area=5e-15, resistivity=2e-8, diffusion_length=4e-7)
TUNNEL, METAL = (MagnetContact(each, 0.4, 0.6 * each) for each in (1e-4, 1.5))
ROW = SpinPerceptron(COPPER, TUNNEL, METAL, inputs=8, spacing=1e-7, first=1e-7)


def test_weights_and_fan_in_are_those_of_the_closed_forms():
    np.testing.assert_allclose(ROW.weights(), ROW.closed_weights(), rtol=0.01)
    precessing = replace(ROW, output=MagnetContact(1.0, 0.4, 0.6 + 0.3j))
    np.testing.assert_allclose(precessing.weights()[:3], precessing.closed_weights()[:3], rtol=0.005)
    loaded = replace(ROW, input=METAL, inputs=30)
    weights = loaded.weights()
    np.testing.assert_allclose(np.log(weights[:15] / weights[1:16]), loaded.attenuation, rtol=1e-6)
    # Above 10 uA: of 0.3 mA the eighth has P I 0.74 exp(-8 / 4) = 12 uA; contacts that conduct take spins back.
    assert ROW.attenuation == pytest.approx(0.25, rel=1e-3)
    assert [ROW.closed_fan_in(3e-4, 1e-5), ROW.fan_in(3e-4, 1e-5)] == [8, 8]
    assert [loaded.closed_fan_in(6e-4, 1e-5), loaded.fan_in(6e-4, 1e-5)] == [3, 3]
    assert [ROW.closed_fan_in(1e-6, 1e-5), ROW.fan_in(1e-6, 1e-5)] == [0, 0]
    for current, threshold in ((3e-4, 0), (np.nan, 1e-5), (3e-4, np.inf)):
        with pytest.raises(ValueError, match=f"threshold of {threshold}"):
            ROW.fan_in(current, threshold)
    for wrong in ({"inputs": 0}, {"inputs": 2.0}, {"spacing": 0.0}, {"first": -1e-7}, {"spacing": np.nan}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))} = {next(iter(wrong.values()))}"):
            replace(ROW, **wrong)
    with pytest.raises(ValueError, match="not all 0"):
        ROW.solve([1e-4] * 8, (0, 0, 0))
    with pytest.raises(ValueError, match=r"shape \(3,\) for 8 inputs"):
        ROW.solve([1e-4] * 3)


def test_the_sign_of_the_sum_switches_a_moment_at_its_threshold_for_the_heat_of_its_currents():
    spin = Macrospin(volume=1.26e-24, thickness=1e-9, saturation=8e5, anisotropy=1.3e5, damping=0.03,
                     temperature=0.0, polarisation=1.0)  # fmt: skip
    critical = critical_spin_current(spin)
    area = spin.volume / spin.thickness
    # The torque is that of one spin current at all angles, as the moment has it.
    signs = np.array([1, -1, 1, 1, -1, -1, 1, 1])
    total = float(ROW.weights() @ signs)
    for angle in (0.3, 1.2, 2.6):
        m = np.array([np.sin(angle), 0, np.cos(angle)])
        torque = ROW.solve(signs, m)[1]
        np.testing.assert_allclose(torque, total * (np.array([0, 0, 1]) - m * m[2]), rtol=1e-3, atol=1e-6)
    # From 0.02 rad the angle grows or shrinks at 2 % of alpha gamma H_K: to a radian in 0.1 us.
    for share, switched in ((0.98, False), (1.02, True), (-1.02, False)):
        current = share * critical / total
        density = float(ROW.weights() @ (signs * current)) / area
        run = follow_macrospins(spin, [[0.02, 0, -1]], 4e-7, seed=0, current_density=density, samples=1, threads=1)
        assert (float(run["m"].sel(vdims="z")[0, -1]) > 0) == switched

    # The heat is that of the currents: each through its contact, all that have entered through every stretch.
    ledger = decision_energies(ROW, [1e-4] * 8, 2e-9, pillar=500.0, polarisation=0.6, supply=0.3)
    stretch = COPPER.resistivity / COPPER.area
    heat = 8 * 1e-8 / 1e-4 + 1e-8 * stretch * (sum(k**2 for k in range(1, 8)) * 1e-7 + 64 * 1.2e-6)
    spins, charges = ledger.operations
    assert ledger.joule(*spins) == pytest.approx(2e-9 * heat, rel=1e-3)
    assert ledger.joule(*charges) == pytest.approx(0.3 * 1e-4 * ROW.weights().sum() / 0.6 * 2e-9)
    assert ledger.second(*spins) == ledger.second(*charges) == 2e-9
    with pytest.raises(ValueError, match="a pillar that conducts better"):
        decision_energies(ROW, [1e-4] * 8, 2e-9, pillar=5e4, polarisation=0.6, supply=0.3)
    for currents, polarisation in (([1e-4] * 8, 60), ([1e-4] * 8, 0), ([[1e-4] * 8], 0.6)):
        with pytest.raises(ValueError, match="not 60"):
            decision_energies(ROW, currents, 2e-9, pillar=500.0, polarisation=polarisation, supply=0.3)
