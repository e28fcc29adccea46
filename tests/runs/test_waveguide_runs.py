"""Waveguides in both engines: damping that varies, a film that repeats, and what OOMMF cannot do there."""

import numpy as np
import pytest
from pydantic import ValidationError

from analysis import plane_waves, wave_at, wave_traces
from geometries import Waveguide
from runs import (
    AlternatingStripLine,
    ConstantCurrent,
    FieldRamp,
    Protocol,
    Relax,
    Rest,
    RunSpec,
    StripLineSinc,
    simulate,
)
from runs.system import build_system

FILM = {"name": "film", "Ms": 8e5, "A": 1.3e-11, "D": 1e-3, "alpha": 0.05, "spin_hall_angle": 0.1}
SIZE = {"length": 80e-9, "width": 40e-9, "thickness": 2e-9, "cell": (4e-9, 4e-9, 2e-9), "start": (1, 0.3, 0.1)}
ANTENNA = {"kind": "strip_line", "name": "antenna", "centre": 40e-9, "width": 20e-9, "height": 10e-9}


def spec_of(engine, steps, **changes):
    protocol = Protocol(steps=steps, sampling_interval=1e-11)
    return RunSpec(device=Waveguide(**SIZE | changes), material=FILM, protocol=protocol, engine=engine)


def test_an_engine_gets_the_damping_of_every_cell_and_the_axis_that_repeats():
    spec = spec_of("native", [Rest(duration=1e-11)], absorbing_ends={"length": 20e-9}, repeats="y")
    system = build_system(spec, drive=True)
    assert system.m.mesh.bc == "y"
    alpha = system.dynamics.damping.alpha.array[..., 0]
    np.testing.assert_array_equal(alpha, spec.device.local_damping(spec.material))
    assert alpha.max() > 0.4
    assert alpha[10, 0, 0] == 0.05


@pytest.mark.slow
@pytest.mark.oommf
def test_both_engines_agree_on_a_film_that_repeats_and_differs_along_y():
    edge = {"name": "edge", "y": (0, 12e-9), "Ms": 4e5, "A": 6e-12}
    pulse = StripLineSinc(amplitude=5e-3, cutoff=40e9, duration=1e-10)
    steps = [FieldRamp(to=(0, 0, 1e5), duration=1e-10), pulse]
    runs = []
    for engine in ("native", "oommf"):
        changes = {"parts": [edge], "terminals": [ANTENNA], "absorbing_ends": {"length": 20e-9}}
        runs += [simulate(spec_of(engine, steps, repeats=repeats, **changes)).m.values for repeats in ("", "y")]
    open_native, native, open_oommf, oommf = runs
    assert np.ptp(native, axis=2).max() > 0.1
    assert np.abs(native - open_native).max() > 0.1
    np.testing.assert_allclose(native, oommf, atol=2e-3)
    np.testing.assert_allclose(open_native, open_oommf, atol=2e-3)


def test_a_torque_where_the_film_repeats_is_refused_for_oommf():
    metal = [{"kind": "heavy_metal", "name": "metal"}]
    step = ConstantCurrent(amplitude=1e11, duration=1e-11)
    with pytest.raises(ValidationError, match=r"'metal' \(heavy_metal\) of a device that repeats along y"):
        spec_of("oommf", [step], terminals=metal, repeats="y")
    assert spec_of("native", [step], terminals=metal, repeats="y").run_id


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_crossing_splits_the_power_of_a_wave(engine):
    """Four guides alike: what is reflected and what leaves by three arms is what came, by the squares of amplitudes; by
    symmetry the two arms at the side have the same."""
    line = {"kind": "strip_line", "name": "antenna", "centre": 450e-9, "width": 60e-9, "height": 30e-9}
    device = Waveguide(
        length=1.8e-6, width=1.2e-6, thickness=20e-9, cell=(15e-9, 15e-9, 20e-9), start=(0, 0, 1),
        absorbing_ends={"length": 300e-9}, absorbing_sides={"length": 300e-9}, terminals=[line],
        slots=[{"name": f"corner{i}{j}", "x": x, "y": y} for i, x in enumerate([(0, 0.975e-6), (1.035e-6, 1.8e-6)])
               for j, y in enumerate([(0, 0.57e-6), (0.63e-6, 1.2e-6)])],
    )  # fmt: skip
    yig = {"name": "YIG", "Ms": 1.4e5, "A": 3.7e-12, "alpha": 5e-4}
    drive = AlternatingStripLine(amplitude=1e-3, frequency=7e9, duration=5e-9, ramp=5e-10)
    field = (0.0, 0.0, 0.25 / (4e-7 * np.pi))
    protocol = Protocol(steps=[Relax(), drive], static_field=field, sampling_interval=1e-11)
    run = simulate(RunSpec(device=device, material=yig, protocol=protocol, engine=engine))

    def arm(along, middle, begin, end):
        traces = wave_traces(run, "x", along=along, between=(middle - 30e-9, middle + 30e-9))
        wave = wave_at(traces.sel(t=slice(None, 4.5e-9)), 7e9, begin=3.5e-9)
        return plane_waves(wave.sel({along: slice(begin, end)}))

    came, through = arm("x", 0.6e-6, 0.55e-6, 0.9e-6), arm("x", 0.6e-6, 1.1e-6, 1.45e-6)
    left, right = arm("y", 1.005e-6, 0.7e-6, 0.88e-6), arm("y", 1.005e-6, 0.32e-6, 0.5e-6)
    incident = max(abs(came.forward), abs(came.backward))
    sides = [max(abs(each.forward), abs(each.backward)) / incident for each in (left, right)]
    assert sides[0] == pytest.approx(sides[1], rel=0.01)
    power = min(abs(came.forward), abs(came.backward)) ** 2 / incident**2
    power += (max(abs(through.forward), abs(through.backward)) / incident) ** 2 + sides[0] ** 2 + sides[1] ** 2
    assert power == pytest.approx(1, abs=0.05)
    assert 0.05 < sides[0] < 0.9
