import math

import numpy as np
import pytest
from pydantic import ValidationError
from solitons.campaigns.loading import load_campaign

from solitons.campaigns.base import open_campaign
from solitons.campaigns.ice_avalanche.campaign import IceAvalancheCampaign

LATTICE = {
    "kind": "spin_ice",
    "lattice": {"kind": "square", "columns": 2, "rows": 2, "lattice_constant": "200 nm"},
    "island": {"length": "120 nm", "width": "40 nm"},
    "thickness": "10 nm",
    "cell": ["5 nm", "5 nm", "10 nm"],
    "margin": "20 nm",
    "disorder": {"saturation_magnetisation": 0.05, "length": 0.02, "seed": 0},
    "initial_spins": {"kind": "saturated", "angle": "45 deg"},
}
TABLE = {
    "kind": "table",
    "islands": [{"x": x, "y": 0.0, "angle": 0.0, "length": 120e-9, "width": 40e-9} for x in (0.0, 200e-9)],
}
STEPS = [
    {"do": "ramp to", "to": "50 kA/m", "angle": "225 deg", "field_steps": 1},
    {"do": "ramp to", "to": "80 kA/m", "angle": "225 deg", "field_steps": 30},
]
FIT = {
    "angles": ["5 deg", "25 deg", "45 deg", "65 deg", "85 deg"],
    "angle_ramp": {"start": "40 kA/m", "end": "140 kA/m", "field_steps": 10},
    "ramp": {"start": "50 kA/m", "end": "80 kA/m", "field_steps": 10},
    "deviations": [-0.1, 0.1],
    "reach": "210 nm",
    "pair_seeds": [1, 2],
}


def campaign(device=None, steps=STEPS, fit=None, static_field=(0, 0, 0), **keys):
    return IceAvalancheCampaign(
        name="small",
        base={
            "material": "permalloy",
            "device": LATTICE | (device or {}),
            "protocol": {"kind": "field_steps", "steps": steps, "static_field": static_field},
        },
        fit=FIT | (fit or {}),
        **({"seeds": [7, 8]} | keys),
    )


def test_the_runs_are_islands_pairs_and_lattices():
    runs = campaign().runs("native")
    roles = [run.role for run in runs]
    # Five angles; the island as drawn and two of each of two quantities; four kinds of pairs, two states and two seeds.
    assert [roles.count(role) for role in ("angle", "size", "pair", "lattice")] == [5, 5, 16, 2]
    assert len({run.spec.run_id for run in runs}) == len(runs) == len(campaign().specs("native"))
    assert {run.spec.device.disorder.seed for run in runs if run.role == "lattice"} == {7, 8}


def test_a_single_island_has_the_field_at_its_angle():
    for run in campaign().runs("native"):
        if run.role in ("angle", "size"):
            field = run.spec.protocol.applied_field[-1]
            axis = run.spec.device.islands(run.spec.material)["axis"].values[0]
            assert math.acos(-float(field[:2] @ axis) / np.linalg.norm(field)) == pytest.approx(run.angle)


def test_sizes_deviate_one_by_one():
    sizes = [
        (run.quantity, run.deviation, *run.spec.device.islands(run.spec.material)[list(FACTS)].to_array().values[:, 0])
        for run in campaign().runs("native")
        if run.role == "size"
    ]
    nominal = np.array([120e-9, 40e-9, 8e5])
    for quantity, deviation, *values in sizes:
        expected = nominal * [1 + deviation * (name == quantity) for name in FACTS]
        np.testing.assert_allclose(values, expected)
    assert {(quantity, deviation) for quantity, deviation, *_ in sizes} == {
        ("", 0.0),
        *((name, deviation) for name in ("length", "saturation_magnetisation") for deviation in (-0.1, 0.1)),
    }


FACTS = ("length", "width", "saturation_magnetisation")


def test_pairs_are_two_islands_of_the_lattice_in_its_own_field():
    made = campaign()
    for run in made.runs("native"):
        if run.role == "pair":
            islands = run.spec.device.islands(run.spec.material)
            offset = islands["position"].values[1] - islands["position"].values[0]
            ideal = made.ideal_islands["position"].values
            np.testing.assert_allclose(offset, ideal[run.kind.source] - ideal[run.kind.target], atol=1e-15)
            spins = run.spec.device.initial_spins.spins(islands["angle"].values)
            assert spins.tolist() == [1, -1 if run.reversed_source else 1]
            np.testing.assert_allclose(
                run.spec.protocol.applied_field[-1], 80e3 * np.array([-(0.5**0.5), -(0.5**0.5), 0]), atol=1e-6
            )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": [1, 9]}, r"seeds and fit.pair_seeds share \[1\]"),
        ({"fit": {"angles": ["0 deg", "25 deg", "45 deg", "65 deg", "85 deg"]}}, "stuck by symmetry"),
        ({"fit": {"angles": ["5 deg", "25 deg"]}}, "angles"),
        ({"fit": {"ramp": {"start": "80 kA/m", "end": "50 kA/m", "field_steps": 3}}}, "must be above start"),
        ({"fit": {"deviations": [0.0, 0.1]}}, "the island without is always there"),
        ({"fit": {"reach": "20 nm"}}, "shorter than the distance of any two islands"),
        ({"steps": [STEPS[0], STEPS[1] | {"angle": "200 deg"}]}, "several directions"),
        ({"steps": [STEPS[0], STEPS[1] | {"to": "-76 kA/m"}]}, "against its own angle; turn the angle by 180"),
        ({"steps": [STEPS[0] | {"to": "-76 kA/m"}]}, "against its own angle"),
        ({"steps": [STEPS[1], STEPS[0]]}, "ramp to 50000 A/m from 80000 A/m; each must go to a higher field"),
        ({"steps": [STEPS[0], STEPS[0]]}, "ramp to 50000 A/m from 50000 A/m"),
        ({"steps": [STEPS[0]]}, "is one jump"),
        ({"static_field": ["0 A/m", "0 A/m", "1 kA/m"]}, r"static_field = \(0.0, 0.0, 1000.0\) A/m.* leave it out"),
        ({"device": {"initial_spins": {"kind": "saturated", "angle": "225 deg"}}}, r"island 0 along .* at 45 degrees"),
        (
            {"device": {"initial_spins": {"kind": "given", "values": [1] * 5 + [-1] + [1] * 6}}},
            "island 5 along the field",
        ),
        ({"steps": [step | {"angle": "180 deg"} for step in STEPS]}, r"at (0|90) degrees to the axis of island 0"),
        ({"device": {"lattice": TABLE, "island": None}}, "no vertices.* give the table a vertex_distance"),
        ({"fit": {"deviations": [0.1]}}, "changes length; give two at least"),
        ({"steps": [{"do": "loop", "amplitude": "1 kA/m", "field_steps": 4}]}, "'ramp to' only"),
        ({"device": {"disorder": {"position": "2 nm", "seed": 0}}}, "changes positions or angles"),
        ({"device": {"other_islands": [{"of": "vertical", "length": "120 nm", "width": "50 nm"}]}}, "several sizes"),
        ({"device": {"bridge": {"width": "20 nm"}}}, "bridges or held islands"),
        ({"sweep": [{"name": "a", "fields": ["b"], "values": [1]}]}, "list 'seeds'"),
    ],
)
def test_a_campaign_that_cannot_be_answered_is_refused(changes, message):
    with pytest.raises((ValidationError, ValueError), match=message):
        campaign(**changes)


def test_the_shipped_campaign_is_one():
    shipped = load_campaign("ice-avalanche")
    assert isinstance(shipped, IceAvalancheCampaign)
    assert shipped.ideal_islands.sizes["island"] == 97


def test_its_runs_are_opened_one_by_one(tmp_path):
    with pytest.raises(ValueError, match=r"runs of several devices.*open_run"):
        open_campaign(campaign(), tmp_path, "native")
