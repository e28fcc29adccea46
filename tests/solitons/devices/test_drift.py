"""What heat makes of programmed conductances at rest, by family: against closed forms."""

import numpy as np
import pytest

from solitons.devices import Junction, LinearSynapse, TabulatedSynapse
from solitons.devices.drift import DriftUnknownError
from solitons.junctions import StochasticBinarySynapse, SwitchingRates, fit_switching


def group(count=16):
    rates = SwitchingRates(attempt_rate=4e9, stability=20.0, critical_current=2e11, temperature=300.0)
    return StochasticBinarySynapse(
        Junction(left=0, right=1, parallel=3e-4, antiparallel=1e-4), rates=rates, count=count
    )


def test_junctions_forget_by_their_rates_at_rest():
    up, _ = group().rates.rates(0.0)
    generator, start = np.random.default_rng(0), np.full(40_000, 1.0)
    for time in (1e-3, 0.1 / up, 3 / up):
        found = group().drift(time, 300.0)(start, generator)
        expected = (1 + np.exp(-2 * up * time)) / 2
        assert found.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 16 / 40_000) + 1e-9)
        np.testing.assert_allclose(found * 16, np.rint(found * 16))


def test_junctions_keep_their_barrier_at_another_temperature():
    generator, start = np.random.default_rng(0), np.zeros(20_000)
    time = 0.05 / (4e9 * np.exp(-20.0 * 300 / 350))
    assert group().drift(time, 350.0)(start, generator).mean() == pytest.approx(0.5 * -np.expm1(-0.1), rel=0.05)
    assert group().drift(time, 100.0)(start, generator).max() == 0


@pytest.mark.slow
def test_a_fits_rate_at_rest_is_off_by_as_much_as_its_interval_has_it():
    truth = SwitchingRates(attempt_rate=1e10, stability=18.0, critical_current=2.6e11, temperature=300.0)
    current = np.repeat([1.1e11, 1.25e11, 1.4e11, 1.55e11], 4)
    time = np.tile([1e-9, 2e-9, 4e-9, 8e-9], 4)
    keys = {"critical_current": 2.6e11, "exponent": 2.0, "held_out": np.zeros(16, dtype=bool)}
    off = []
    for seed in range(8):
        switched = np.random.default_rng(seed).binomial(2000, truth.probability(current, time))
        fit = fit_switching(current, time, switched, np.full(16, 2000), **keys)
        low, high = np.log(fit.rates.provenance.rest_rate_ci95)
        off.append(((low + high) / 2 - np.log(sum(truth.rates(0.0)))) / ((high - low) / 2 / 1.96))
    # The root mean square of 8 normal numbers is between these 99 times in 100.
    assert 0.41 < np.sqrt(np.mean(np.square(off))) < 1.66
    junction = Junction(left=0, right=1, parallel=3e-4, antiparallel=1e-4)
    synapse = StochasticBinarySynapse(junction, rates=fit.rates)
    slow, fast = synapse.drift_speed_ci95(300.0)
    assert 1e-3 < slow < 1 < fast < 1e3
    assert slow * fast == pytest.approx(1)
    assert synapse.drift_speed_ci95(350.0) is None
    assert group().drift_speed_ci95(300.0) is None


def test_what_has_no_drift_says_so():
    table = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6])
    with pytest.raises(DriftUnknownError, match=r"conductances after pulses .* give a model"):
        table.drift(1.0, 300.0)
    junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    ideal = LinearSynapse(mobility=-2e-10, junction=junction, polarity=-1, left=0.0, right=100e-9)
    assert ideal.drift(1.0, 300.0)(np.array([2e-8]), np.random.default_rng(0)).tolist() == [2e-8]
    for time, temperature in ((0.0, 300.0), (1.0, 0.0), (np.inf, 300.0)):
        with pytest.raises(ValueError, match="must be finite and above 0"):
            ideal.drift(time, temperature)
