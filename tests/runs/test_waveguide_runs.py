"""Waveguides in both engines: damping that varies, a film that repeats, and what OOMMF cannot do there."""

import numpy as np
import pytest
from pydantic import ValidationError

from geometries import Waveguide
from runs import ConstantCurrent, FieldRamp, Protocol, Rest, RunSpec, StripLineSinc, simulate
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
