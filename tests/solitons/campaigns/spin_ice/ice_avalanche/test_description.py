import math

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.opening import campaign_table, open_campaign
from solitons.campaigns.spin_ice.ice_avalanche.campaign import IceAvalancheCampaign
from solitons.campaigns.spin_ice.ice_avalanche.runs import (
    CoarseRamp,
    IslandAtAngle,
    IslandOfLattice,
    IslandOfSize,
    Pair,
    fit_runs,
    lattice_runs,
)

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


PART = {"name": "soft", "x": ["0 nm", "100 nm"], "alpha": 0.2}
MS = {"name": "ms", "unit": "A/m", "fields": ["material.Ms"], "values": [7e5]}


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


def runs_of(made, *roles):
    """Runs of the fit, before their ramps are known."""
    return [(run.spec, run.role) for run in fit_runs(made.lattice, made.fit) if isinstance(run.role, roles)]


def test_the_runs_are_islands_pairs_and_lattices():
    made = campaign()
    # Five angles; the island as drawn and two of each of two quantities; islands with other cells than those of the
    # ideal lattice; four kinds of pairs, two states and two seeds.
    assert [len(runs_of(made, role)) for role in (IslandAtAngle, IslandOfSize, Pair)] == [5, 5, 16]
    outlines = [role.outline for _, role in runs_of(made, IslandOfLattice)]
    assert len(set(outlines)) == len(outlines) > 1
    for seed in (7, 8):
        assert set(made.lattice.islands_of(seed)["outline"].values) <= set(outlines)
    lattices = list(lattice_runs(made.lattice))
    seeds = [run.spec.device.disorder.seed for run in lattices]
    assert seeds == [run.role.seed for run in lattices] == [7, 8]


def test_the_first_runs_are_coarse_and_jumps_of_one_field():
    made = campaign()
    runs = made.labelled_runs("oommf")
    assert {run.spec.engine for run in runs} == {"oommf"}
    assert len({run.spec.run_id for run in runs}) == len(runs)
    jumps = {type(run.role.of) for run in runs if len(run.role.fields) == 1}
    assert jumps == {IslandAtAngle, IslandOfSize, Pair}
    assert {type(run.role.of) for run in runs if len(run.role.fields) > 1} == {IslandOfLattice}
    assert all(isinstance(run.role, CoarseRamp) for run in runs)


def test_an_island_alone_has_the_cells_that_it_has_in_the_lattice():
    made = campaign({"disorder": {"width": 0.1, "seed": 0}})
    for spec, role in runs_of(made, IslandOfLattice):
        inside = made.lattice.labels_of(role.seed) == role.island + 1
        place = np.argwhere(inside)
        inside = inside[tuple(slice(low, high + 1) for low, high in zip(place.min(0), place.max(0), strict=True))]
        alone = spec.device.cell_labels()[:, :, 0] > 0
        np.testing.assert_array_equal(alone[2 : 2 + inside.shape[0], 2 : 2 + inside.shape[1]], inside)
        assert alone.sum() == inside.sum()


def test_a_run_says_in_plain_words_what_it_is_for():
    made = campaign()
    said = [str(run.role) for run in fit_runs(made.lattice, made.fit)]
    assert said[0] == "an island, field at 5°"
    assert said[5:7] == [
        "an island as drawn, field as in the lattice",
        "an island with length −10%, field as in the lattice",
    ]
    assert said[9] == "an island with saturation magnetisation +10%, field as in the lattice"
    assert said[10] == "island 0 of the lattice without disorder, alone"
    assert said[-16:-13] == [
        "islands 0 and 3, as the field finds them",
        "islands 0 and 3, the second reversed",
        "islands 0 and 3, as the field finds them, disorder of seed 1",
    ]
    assert [str(run.role) for run in lattice_runs(made.lattice)][-1] == "the lattice, disorder of seed 8"
    assert str(made.labelled_runs("native")[-1].role).startswith("the first field of the ramp: ")


def test_a_single_island_has_the_field_at_its_angle():
    for spec, role in runs_of(campaign(), IslandAtAngle, IslandOfSize):
        field = spec.protocol.applied_field[-1]
        axis = spec.device.islands(spec.material)["axis"].values[0]
        assert math.acos(-float(field[:2] @ axis) / np.linalg.norm(field)) == pytest.approx(role.angle)


def test_sizes_deviate_one_by_one():
    sizes = [
        (role.quantity, role.deviation, *spec.device.islands(spec.material)[list(FACTS)].to_array().values[:, 0])
        for spec, role in runs_of(campaign(), IslandOfSize)
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
    ideal = made.lattice.ideal_islands["position"].values
    for spec, role in runs_of(made, Pair):
        islands = spec.device.islands(spec.material)
        offset = islands["position"].values[1] - islands["position"].values[0]
        np.testing.assert_allclose(offset, ideal[role.kind.source] - ideal[role.kind.target], atol=1e-15)
        spins = spec.device.initial_spins.spins(islands["angle"].values)
        assert spins.tolist() == [1, -1 if role.reversed_source else 1]
        direction = spec.protocol.applied_field[-1] / np.linalg.norm(spec.protocol.applied_field[-1])
        np.testing.assert_allclose(direction, [-(0.5**0.5), -(0.5**0.5), 0], atol=1e-9)


@rows(
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
        ({"device": {"parts": [PART]}}, "parts changes the material"),
        ({"sweep": [MS | {"unit": "", "fields": ["device.disorder.seed"]}]}, "list 'seeds' instead"),
        (
            {"sweep": [MS | {"fields": ["protocol.steps.1.to"], "values": [4e4, 8e4]}]},
            "with ms = 40 kA/m: .*higher field",
        ),
    ],
)
def test_a_campaign_that_cannot_be_answered_is_refused(changes, message):
    with pytest.raises((ValidationError, ValueError), match=message):
        campaign(**changes)


def test_the_shipped_campaign_is_one():
    shipped = load_campaign("ice-avalanche")
    assert isinstance(shipped, IceAvalancheCampaign)
    assert shipped.lattice.ideal_islands.sizes["island"] == 97


def test_its_runs_are_a_table_and_opened_one_by_one(tmp_path):
    runs = campaign_table(campaign(), tmp_path, "native")
    # Those that are known before any is there.
    assert len(runs) == len(campaign().labelled_runs("native"))
    with pytest.raises(ValueError, match=r"outer product of axes, such as .*; list them"):
        open_campaign(campaign(), tmp_path, "native")


def test_an_axis_makes_campaigns_of_one_value_each():
    made = campaign(sweep=[MS | {"values": ["700 kA/m", 8e5]}])
    assert [at for at, _ in made.variants()] == [{"ms": 7e5}, {"ms": 8e5}]
    for at, variant in made.variants():
        assert variant.sweep == ()
        assert variant.lattice.spec.material.Ms == at["ms"]
        materials = {spec.material.Ms for spec, _ in runs_of(variant, IslandAtAngle, IslandOfLattice, Pair)}
        assert materials == {at["ms"]}


def test_an_axis_over_the_device_changes_single_islands_and_pairs_too():
    made = campaign(sweep=[MS | {"name": "width", "unit": "m", "fields": ["device.island.width"], "values": ["45 nm"]}])
    ((_, variant),) = made.variants()
    for spec, _ in runs_of(variant, IslandAtAngle, IslandOfLattice, Pair):
        assert spec.device.islands(spec.material)["width"].values == pytest.approx(45e-9)
