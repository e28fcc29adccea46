"""Grains over an antiferromagnet: one switches at a moment's threshold, and many alike in both engines.

In the plane of z and the current, at the angle theta from z towards the bias h, the fields of anisotropy, bias and
torque balance where H_k sin(theta) cos(theta) - h cos(theta) = H_DL. That has a solution up to some
H_k / 2 - h / sqrt(2), near 45 degrees: the threshold of K.-S. Lee et al., Appl. Phys. Lett. 102, 112410
(2013), by its abstract.
"""

import numpy as np
import pytest
import yaml

from geometries.materials import MU0
from runs import RunSpec, simulate
from solitons.campaigns.sweep.campaign import SweepCampaign

# A dot of 20 nm without stray field is one moment.
pytestmark = pytest.mark.filterwarnings("ignore:the cell is")
BIAS = 20e-3 / MU0
FILM = {"name": "film", "Ms": 6e5, "A": 1e-11, "Ku": 6e4, "alpha": 0.5, "spin_hall_angle": 0.21}
DOT = {"kind": "stripe", "length": 20e-9, "width": 20e-9, "thickness": 1.5e-9, "cell": (10e-9, 10e-9, 1.5e-9)}
METAL = {"kind": "heavy_metal", "name": "metal"}
# H_DL = hbar theta J / (2 e mu0 Ms t), of H_k = 200 mT and h = 20 mT, in A/m2.
_ANGLE = np.linspace(0, np.pi / 2, 100_001)
LEE = (np.cos(_ANGLE) * (0.2 * np.sin(_ANGLE) - 0.02)).max() * 6e5 * 1.5e-9 / (3.2911e-16 * 0.21)


def pulse(density):
    polarity = "negative" if density < 0 else "positive"
    times = {"width": 6e-9, "rise": 1e-9, "period": 6.5e-9}
    return {"do": "current pulses", "amplitude": abs(density), "polarity": polarity, **times}


def spec(*densities, engine="native", bias=-BIAS, device=DOT, material=FILM, metal=METAL, **protocol):
    grains = {"size": 15e-9, "exchange_bias": (bias, 0, 0), "seed": 1}
    return RunSpec(
        device={"grains": grains, "terminals": [metal]} | device,
        material=material,
        protocol={"steps": [pulse(each) for each in densities], "sampling_interval": 0.5e-9} | protocol,
        numerics={"demagnetisation": False},
        engine=engine,
    )


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_moment_in_an_engine_switches_at_the_closed_form(engine):
    def ends(*densities, **keys):
        return float(simulate(spec(*densities, engine=engine, **keys))["mz"][-1])

    assert pytest.approx((0.1 - 0.02 / np.sqrt(2)) * 6e5 * 1.5e-9 / (3.2911e-16 * 0.21), rel=5e-3) == LEE
    up = np.sqrt(1 - 0.1**2)  # it leans by its bias
    assert ends(0.97 * LEE) == pytest.approx(up, abs=2e-3)
    assert ends(1.03 * LEE) == pytest.approx(-up, abs=2e-3)
    # The other sign of current holds it far above the threshold, and puts back what was switched.
    assert ends(-2 * LEE) == pytest.approx(up, abs=2e-3)
    assert ends(1.03 * LEE, -1.03 * LEE) == pytest.approx(up, abs=2e-3)


@pytest.mark.slow
@pytest.mark.oommf
def test_grains_of_the_memristor_switch_alike_in_both_engines():
    base = yaml.safe_load(SweepCampaign.report_file().with_name("grain-memristor.yaml").read_text())["base"]
    base["device"] |= {"length": "240 nm", "width": "120 nm"}
    base["device"]["grains"]["size"] = "60 nm"
    base["protocol"]["steps"][0]["period"] = "3 ns"
    base["protocol"]["steps"][0]["amplitude"] = "1.2e12 A/m^2"
    native, reference = (simulate(RunSpec(**base, engine=engine)) for engine in ("native", "oommf"))
    assert -0.8 < float(reference["mz"][-1]) < 0.8  # some have switched
    np.testing.assert_allclose(native["mz"], reference["mz"], atol=0.01)
