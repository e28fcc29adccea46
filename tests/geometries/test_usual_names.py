"""The usual names of magnetism: each proposes what it means where it stands."""

import json
import re

import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Barrier, Material, Pillar, Stripe
from geometries.description import plain_errors
from geometries.materials import library
from geometries.spin_ice.lattices import KagomeLattice
from geometries.terminals import HeavyMetal, ThroughPlane, VoltageGate
from geometries.usual_names import FIELDS, MATERIALS, STEPS, proposal
from runs import CurrentPulses, FieldSteps, Loop, Protocol, RampTo, TemperatureRamp


@rows(
    ("described", "key", "meant"),
    [
        (HeavyMetal, "theta_SH", "spin_hall_angle"),
        (ThroughPlane, "P", "polarisation"),
        (ThroughPlane, "lambda", "asymmetry"),
        (ThroughPlane, "Lambda", "asymmetry"),
        (Protocol, "T", "temperature"),
        (Protocol, "dt", "sampling_interval"),
        (TemperatureRamp, "T", "to"),
        (CurrentPulses, "J", "amplitude"),
        (CurrentPulses, "t", None),
        (Loop, "B", "amplitude"),
        (RampTo, "H", "to"),
        (FieldSteps, "B", "static_field"),
        (Stripe, "t", "thickness"),
        (Stripe, "L", "length"),
        (KagomeLattice, "a", "lattice_constant"),
        (KagomeLattice, "pitch", "lattice_constant"),
        (Material, "\u03b1", "alpha"),
        (Material, "saturation_magnetization", "Ms"),
        (Material, "lambda", None),
        (Material, "xi", "beta"),
        (VoltageGate, "xi", "efficiency"),
        (Barrier, "TMR", "tmr"),
        (Barrier, "RA", "resistance_area"),
        (Pillar, "diameter", "length"),
        (Material, "colour", None),
    ],
)
def test_a_field_is_proposed_by_its_usual_name(described, key, meant):
    with pytest.raises(ValidationError, match=f"unknown key '{key}'") as caught:
        described(**{key: 1})
    assert (f"did you mean {meant!r}?" in str(caught.value)) == (meant is not None)
    assert ("did you mean" in str(caught.value)) == (meant is not None)


@rows(("said", "meant"), [("wait", "rest"), ("pulse", "current pulses"), ("minimize", "relax")])
def test_a_step_is_proposed_by_its_usual_name(said, meant):
    with pytest.raises(ValidationError) as caught:
        Protocol(steps=[{"do": said}])
    assert f"did you mean '{meant}'" in plain_errors(caught.value)


def test_what_is_proposed_is_there():
    schemas = json.dumps([Protocol.model_json_schema(), FieldSteps.model_json_schema()])
    steps = set(re.findall(r'"const": "([^"]*)"', schemas))
    assert {name for names in MATERIALS.values() for name in names} <= set(library)
    assert {name for names in STEPS.values() for name in names} <= steps
    assert proposal("M sat", ["Ms", "A"], FIELDS) == "Ms"
    assert proposal("x" * 1_000_000, ["Ms", "A"], FIELDS) is None
