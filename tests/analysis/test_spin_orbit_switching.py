"""The threshold of a moment under a spin-orbit torque: by brute force, in the engines, and grain by grain."""

import numpy as np
import pytest
import yaml

from analysis.spin_orbit_switching import independent_moments, threshold_field, why_no_threshold
from geometries import Grains
from geometries.materials import MU0
from runs import RunSpec, simulate
from solitons.campaigns.sweep.campaign import SweepCampaign

# A dot of 20 nm without stray field is one moment.
pytestmark = pytest.mark.filterwarnings("ignore:the cell is")
BIAS = 20e-3 / MU0
FILM = {"name": "film", "Ms": 6e5, "A": 1e-11, "Ku": 6e4, "alpha": 0.5, "spin_hall_angle": 0.21}
DOT = {"kind": "stripe", "length": 20e-9, "width": 20e-9, "thickness": 1.5e-9, "cell": (10e-9, 10e-9, 1.5e-9)}
METAL = {"kind": "heavy_metal", "name": "metal"}
# H_DL = hbar theta J / (2 e mu0 Ms t): (H_k / 2 - h / sqrt 2) of H_k = 200 mT and h = 20 mT, in A/m2.
LEE = (0.1 - 0.02 / np.sqrt(2)) * 6e5 * 1.5e-9 / (3.2911e-16 * 0.21)


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


def test_the_threshold_is_the_largest_torque_that_can_be_balanced():
    angle = np.linspace(0, np.pi / 2, 100_001)
    for b in (0.0, 0.02, 0.1, 0.5, 0.9):
        balanced = np.cos(angle) * (np.sin(angle) - b)
        assert threshold_field(3.0, 3 * b) == pytest.approx(3 * balanced.max(), rel=1e-6, abs=1e-9)
    assert threshold_field(1.0, 0.05) == pytest.approx(0.5 - 0.05 / np.sqrt(2), rel=2e-3)
    assert threshold_field(1.0, 2.0) == 0


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_moment_in_an_engine_switches_at_the_closed_form(engine):
    def ends(*densities, **keys):
        return float(simulate(spec(*densities, engine=engine, **keys))["mz"][-1])

    up = np.sqrt(1 - 0.1**2)  # it leans by its bias
    assert ends(0.97 * LEE) == pytest.approx(up, abs=2e-3)
    assert ends(1.03 * LEE) == pytest.approx(-up, abs=2e-3)
    # The other sign of current holds it far above the threshold, and puts back what was switched.
    assert ends(-2 * LEE) == pytest.approx(up, abs=2e-3)
    assert ends(1.03 * LEE, -1.03 * LEE) == pytest.approx(up, abs=2e-3)


def test_moments_alone_switch_by_their_own_bias():
    def share(*densities, **keys):
        return independent_moments(spec(*densities, **keys))

    up = np.sqrt(1 - 0.1**2)
    np.testing.assert_allclose(share(0.98 * LEE), up)
    np.testing.assert_allclose(share(1.02 * LEE), -up)
    for held in ((-2 * LEE,), (1.02 * LEE, -1.02 * LEE)):
        np.testing.assert_allclose(share(*held), up)
    np.testing.assert_allclose(share(1.02 * LEE, device=DOT | {"first_domain": -1}), -up)
    np.testing.assert_allclose(share(-1.02 * LEE, device=DOT | {"first_domain": -1}), up)
    np.testing.assert_allclose(share(9 * LEE, bias=0.0), 0)  # nothing to choose a side by
    np.testing.assert_allclose(share(1.02 * LEE, bias=0.0, static_field=(-BIAS, 0, 0)), -up)
    # Of many grains the share with a threshold below the current, by their own numbers.
    grains = {"size": "5 nm", "exchange_bias": (-BIAS, 0, 0), "exchange_bias_spread": BIAS, "seed": 1}
    wide = DOT | {"length": 400e-9, "width": 400e-9, "grains": grains}
    h = Grains(**grains).biases(100_000)[:, 0] * MU0
    expected = ((h < 0) & (0.1 - np.abs(h) / np.sqrt(2) < LEE * 3.2911e-16 * 0.21 / (6e5 * 1.5e-9))).mean()
    assert (share(LEE, device=wide) < 0).mean() == pytest.approx(expected, abs=0.03)


def test_runs_that_the_threshold_is_not_of_are_refused_with_the_reason():
    assert not why_no_threshold(spec(LEE))
    cases = [
        ({"metal": METAL | {"kind": "in_plane"}, "material": FILM | {"P": 0.4}}, "in a heavy_metal"),
        ({"metal": METAL | {"field_like_ratio": 0.1}}, "set field_like_ratio to 0"),
        ({"static_field": (0, 0, 1e3)}, "without z"),
        ({"temperature": 300, "seed": 1}, "0 K"),
        ({"material": FILM | {"easy_axis": (1, 0, 0)}}, "magnetises along z"),
        ({"device": DOT | {"walls": [{"position": 10e-9, "width": 2e-9}]}}, "leave them out"),
    ]
    for keys, reason in cases:
        assert reason in why_no_threshold(spec(LEE, **keys)), keys


@pytest.mark.slow
@pytest.mark.oommf
def test_grains_of_the_memristor_switch_alike_in_both_engines():
    base = yaml.safe_load(SweepCampaign.report_file().with_name("grain-memristor.yaml").read_text())["base"]
    base["device"] |= {"length": "240 nm", "width": "120 nm"}
    base["device"]["grains"]["size"] = "60 nm"
    base["protocol"]["steps"][0]["amplitude"] = "1.2e12 A/m^2"
    native, reference = (simulate(RunSpec(**base, engine=engine)) for engine in ("native", "oommf"))
    assert -0.8 < float(reference["mz"][-1]) < 0.8  # some have switched
    np.testing.assert_allclose(native["mz"], reference["mz"], atol=0.01)
