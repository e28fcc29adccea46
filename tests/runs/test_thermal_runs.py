"""Runs above 0 K: the temperature in time, who refuses it, and a spin ice that heat demagnetises."""

import numpy as np
import pytest
from pydantic import ValidationError

from analysis.schema import check_run
from geometries import SpinIce
from runs import EngineFailedError, FieldRamp, Protocol, Relax, Rest, RunSpec, TemperatureRamp, simulate

SOFT = {"name": "soft", "Ms": 5e5, "A": 1.3e-11, "alpha": 0.5}
PICO = 1e-12


def small_ice(**keys):
    """Twelve islands so small that their barriers are some 1e-20 J."""
    return SpinIce(
        lattice={"kind": "square", "columns": 2, "rows": 2, "lattice_constant": "40 nm"},
        island={"length": "20 nm", "width": "10 nm"},
        thickness="5 nm",
        cell=("5 nm", "5 nm", "5 nm"),
        **keys,
    )


def heated(to, *, seed=1, engine="native", step=2e-13, **keys):
    steps = [
        Relax(),
        TemperatureRamp(to=to, duration=100 * PICO),
        Rest(duration=300 * PICO),
        TemperatureRamp(to=0, duration=400 * PICO),
        Rest(duration=400 * PICO),
    ]
    return RunSpec(
        device=small_ice(**keys),
        material=SOFT,
        protocol=Protocol(steps=steps, sampling_interval=400 * PICO, seed=seed),
        numerics={"thermal_time_step": step},
        engine=engine,
    )


def spins(run, spec):
    labels, axis = spec.device.labels().values, spec.device.islands(spec.material)["axis"].values
    moments = [run["m"].values[:, labels == island + 1, :2].mean(axis=1) @ axis[island] for island in range(len(axis))]
    return np.stack(moments, axis=1)


def test_temperature_goes_along_straight_lines():
    protocol = Protocol(
        steps=[
            Relax(),
            Rest(duration=1e-9),
            TemperatureRamp(to="600 K", duration=2e-9),
            FieldRamp(to=(1, 0, 0), duration=1e-9),
            TemperatureRamp(to=0, duration=4e-9),
        ],
        temperature="300 K",
    )
    profile = protocol.temperature_profile
    np.testing.assert_allclose(profile(np.arange(10) * 1e-9), [300, 300, 450, 600, 600, 450, 300, 150, 0, 0])
    assert protocol.duration == 8e-9
    assert protocol.applied_field[0](3.5e-9) == pytest.approx(0.5)
    assert Protocol(steps=[Rest(duration=1e-9)]).temperature_profile.peak == 0


def test_oommf_is_refused_before_anything_runs():
    with pytest.raises(
        ValidationError, match=r"temperature of up to 900 K, and engine is 'oommf'.*use engine 'native'"
    ):
        heated(900, engine="oommf")
    assert heated(0, engine="oommf").engine == "oommf"


@pytest.mark.slow
def test_heat_demagnetises_a_spin_ice_that_is_saturated_at_rest():
    spec = heated(1500)
    run = simulate(spec)
    check_run(run, complete=True)
    np.testing.assert_allclose(run["temperature"], spec.protocol.temperature_profile(run["t"]))
    relaxed, hot, *_, end = spins(run, spec)
    assert (relaxed > 0.95).all()
    # Heat shakes the moments out of the axes; cooled, they are along them again, and not where they began.
    assert np.abs(hot).mean() < 0.9
    assert (np.abs(end) > 0.95).all()
    # Two of twelve or less on either side would be rarer than 1 in 25 where each is up or down by chance.
    assert 3 <= (end < 0).sum() <= 9
    assert float(run["energy"][-1]) < float(run["energy"][0])


def test_the_native_engine_gets_the_protocols_thermal_field(monkeypatch):
    given = {}

    def simulated(system, times, *, progress, thermal, moving_window, keep):
        given.update(thermal=thermal, moving_window=moving_window)
        raise RuntimeError("seen")

    monkeypatch.setattr("runs.native.evolve", simulated)
    spec = heated(900, seed=7)
    with pytest.raises(EngineFailedError, match="seen"):
        simulate(spec)
    thermal = given["thermal"]
    assert given["moving_window"] is None
    assert (thermal.seed, thermal.time_step, thermal.check) == (7, 2e-13, "frames")
    times = spec.protocol.sample_times
    np.testing.assert_allclose(thermal.temperature * thermal.func(times), spec.protocol.temperature_profile(times))
    assert thermal.temperature * thermal.func(250 * PICO) == pytest.approx(900)
