"""Observables of runs whose walls, spins and loops are known."""

import sys

import numpy as np
import pytest
import xarray as xr
from announced import announce
from rows import rows

from analysis import artificial
from analysis.mean_observables import loop_in
from analysis.observables import (
    NotInThisRun,
    SeenRun,
    measured,
    observables,
    observables_named,
    observables_over_time,
    why_unfit,
)
from geometries import Stripe
from geometries.magnet_logic import full_adder
from geometries.materials import MU0
from runs import EnergyPath, FieldSteps, Loop, Protocol, RampTo, Relax, Rest, RunSpec
from solitons.campaigns.framework.axes import Axis, swept_specs

LOOP = FieldSteps(steps=[Loop(amplitude=1e5, angle="30 deg", field_steps=8)])
TRACK = {"length": "512 nm", "width": "64 nm", "thickness": "1 nm", "cell": ["4 nm", "4 nm", "1 nm"]}
RESTING = Protocol(steps=[Relax(), Rest(duration=0.3e-9)], sampling_interval=1e-10)


@pytest.fixture
def spec(make_spec):
    def make(**changes):
        return make_spec(device=Stripe(**TRACK, walls=[{"position": "100 nm"}]), protocol=RESTING, **changes)

    return make()


def of(name, spec, run):
    return observables()[name].measure(SeenRun(spec, run))


def test_a_wall_that_moves_is_measured_as_it_was_made(spec):
    # 0.1 ns a frame: 200, then 400 m/s.
    run = artificial.domain_walls([100e-9, 120e-9, 160e-9], angle=[[0.1], [0.2], [0.3]], tilt=0.15, wall_width=9e-9)
    assert of("wall_count", spec, run) == 1
    assert of("wall_position", spec, run) == pytest.approx(160e-9, abs=1e-11)
    assert of("wall_displacement", spec, run) == pytest.approx(60e-9, abs=1e-11)
    assert of("wall_velocity", spec, run) == pytest.approx(300.0, rel=1e-3)
    assert of("wall_largest_velocity", spec, run) == pytest.approx(400.0, rel=1e-3)
    assert of("wall_angle", spec, run) == pytest.approx(0.3, abs=0.02)
    assert of("wall_width", spec, run) == pytest.approx(9e-9, rel=0.02)
    assert of("wall_tilt", spec, run) == pytest.approx(0.15, abs=0.01)
    with pytest.raises(NotInThisRun, match="the first wall stays to the end"):
        of("wall_exit", spec, run)


def test_a_wall_that_left_has_an_exit_and_a_velocity_but_no_position(spec):
    run = artificial.domain_walls([101e-9, 55e-9, -20e-9])
    assert of("wall_exit", spec, run) == pytest.approx(2e-10)
    assert of("wall_velocity", spec, run) == pytest.approx(-460.0, rel=1e-3)
    assert of("wall_largest_velocity", spec, run) == pytest.approx(-460.0, rel=1e-3)
    assert of("wall_count", spec, run) == 0
    for name in ("wall_position", "wall_displacement", "wall_angle", "wall_width", "wall_tilt"):
        with pytest.raises(NotInThisRun, match="the first wall is gone at the end"):
            of(name, spec, run)


def test_a_run_without_walls_counts_none_and_says_why(spec):
    run = artificial.domain_walls([[-100e-9], [-100e-9]])
    assert of("wall_count", spec, run) == 0
    with pytest.raises(NotInThisRun, match=r"there is no wall: .*one domain"):
        of("wall_position", spec, run)


def test_walls_are_counted_and_followed_in_field_steps_too(spec):
    run = artificial.domain_walls([[100e-9, 300e-9], [140e-9, 300e-9]])
    steps = run.drop_vars("current_density").rename(t="step").assign_coords(step=[0, 1])
    assert of("wall_count", spec, steps) == 2
    assert of("wall_displacement", spec, steps) == pytest.approx(40e-9, abs=1e-11)


def test_means_and_energy_are_those_of_the_last_frame(spec):
    run = artificial.domain_walls([256e-9, 384e-9]).assign(energy=("t", [1e-18, 2e-18]))
    assert of("mz", spec, run) == pytest.approx(0.5, abs=0.01)
    assert of("energy", spec, run) == 2e-18


def test_the_magnetisation_along_a_field_is_the_projection(make_spec):
    field = {"static_field": (-3e4, 0.0, -4e4)}
    spec = make_spec(protocol=RESTING.model_copy(update=field))
    run = xr.Dataset({name: ("t", [0.0, value]) for name, value in (("mx", 0.3), ("my", 0.9), ("mz", 0.2))})
    assert not why_unfit(observables()["m_along_field"], spec)
    assert of("m_along_field", spec, run) == pytest.approx(0.6 * 0.3 + 0.8 * 0.2)
    assert "along no one line" in why_unfit(observables()["m_along_field"], make_spec(protocol=RESTING))


def test_spins_of_an_ice_are_counted(ice, soft, make_spec):
    device = ice()
    spec = make_spec(device=device, material=soft, protocol=LOOP)
    islands, labels = device.islands(soft), device.labels()
    count = islands.sizes["island"]
    spins = np.ones((2, count), dtype=int)
    # An island in the middle: a monopole at each of its ends.
    vertex = int(np.flatnonzero(islands["coordination"].values == 4)[0])
    inner = int(np.flatnonzero((islands["island_vertex"].values == vertex).any(axis=1))[0])
    spins[1, inner] = -1
    run = artificial.spin_ice(spins, islands, labels)
    assert of("flipped_fraction", spec, run) == pytest.approx(1 / count)
    types = [of(f"vertex_type_{kind}", spec, run) for kind in (1, 2, 3, 4)]
    assert sum(types) == pytest.approx(1)
    assert types[2] > 0
    assert types[0] == types[3] == 0
    before = of("monopoles", spec, artificial.spin_ice(spins[:1], islands, labels))
    assert of("monopoles", spec, run) > before


@rows(
    "steps",
    [
        [Loop(amplitude=1e5, angle="30 deg", field_steps=8)],
        [Loop(amplitude=2e4, field_steps=3), RampTo(to=1e5, field_steps=2), Loop(amplitude=1e5, field_steps=7)],
        [RampTo(to=5e4, angle="90 deg", field_steps=2), Loop(amplitude=1e5, elevation="80 deg", field_steps=5)],
    ],
)
def test_a_loop_has_the_coercive_field_and_the_remanence_that_it_was_made_with(make_spec, steps):
    protocol = FieldSteps(steps=steps)
    spec = make_spec(protocol=protocol)
    loop = loop_in(protocol)
    last = protocol.applied_field[loop.first :] @ loop.axis
    count = steps[-1].field_steps
    assert last.size == 2 * count + 1
    assert last[[0, count, -1]] == pytest.approx([1e5, -1e5, 1e5])
    falling, rising = np.split(np.arange(last.size), [count + 1])
    moment = np.empty(last.size)
    moment[falling], moment[rising] = (last[falling] + 3e4) / 1e5, (last[rising] - 3e4) / 1e5
    # The rising branch begins in the last state of the falling one: away from both crossings.
    vectors = np.zeros((protocol.states, 3))
    vectors[loop.first :] = moment[:, None] * loop.axis
    run = xr.Dataset({f"m{name}": ("step", vectors[:, index]) for index, name in enumerate("xyz")})
    run["applied_field"] = (("step", "vdims"), protocol.applied_field)
    assert of("coercive_field", spec, run) == pytest.approx(3e4)
    assert of("remanence", spec, run) == pytest.approx(0.3)


def test_a_loop_that_never_turns_the_magnet_has_no_coercive_field(make_spec):
    spec = make_spec(protocol=LOOP)
    ones = np.ones(LOOP.states)
    run = xr.Dataset({"mx": ("step", ones), "my": ("step", 0 * ones), "mz": ("step", 0 * ones)})
    run["applied_field"] = (("step", "vdims"), LOOP.applied_field)
    with pytest.raises(NotInThisRun, match="m along the loop's axis does not pass 0"):
        of("coercive_field", spec, run)
    assert of("remanence", spec, run) == pytest.approx(0.0)


def way_of_wall(positions, energy):
    way = artificial.domain_walls(positions).rename({"t": "step"})
    way["step"] = np.arange(len(positions))
    way["energy"] = ("step", energy, {"units": "J"})
    way["stop"] = ("step", [0, *[-1] * (len(positions) - 2), 1])
    return way


def test_a_way_over_a_hill_of_a_sine_has_its_height_and_its_steepest_rise(make_spec):
    # E = E0 sin^2(pi (q - q0) / period), from one foot towards a place of 0.2 E0: no symmetric hill.
    height, period = 2e-19, 40e-9
    positions = np.linspace(100e-9, 100e-9 + 0.85 * period, 18)
    energy = height * np.sin(np.pi * (positions - 100e-9) / period) ** 2
    there = Stripe(**TRACK, walls=[{"position": "134 nm"}])
    device = Stripe(**TRACK, walls=[{"position": "100 nm"}])
    spec = make_spec(device=device, protocol=EnergyPath(stops=[there], images=18))
    way = way_of_wall(positions, energy)
    assert of("least_hill", spec, way) == pytest.approx(height - energy[-1], rel=1e-3)  # back from the higher place
    slope = np.pi * height / period
    expected = slope / (2 * MU0 * spec.material.Ms * 64e-9 * 1e-9)
    assert of("steepest_field", spec, way) == pytest.approx(expected, rel=2e-3)
    backwards = way_of_wall(positions[::-1], energy[::-1])
    assert of("steepest_field", spec, backwards) == pytest.approx(expected, rel=2e-3)
    with pytest.raises(NotInThisRun, match="to and fro"):
        of("steepest_field", spec, way_of_wall([*positions[:9], *positions[8:-1]], energy))


@rows(
    ("name", "changes", "said"),
    [
        ("least_hill", {"protocol": LOOP}, "no way between states of rest"),
        ("steepest_field", {"protocol": LOOP}, "no way between states of rest"),
        ("wall_velocity", {"protocol": LOOP}, "no time passes"),
        ("wall_exit", {"protocol": LOOP}, "no time passes"),
        ("flipped_fraction", {}, "device is a stripe, which has no islands"),
        ("monopoles", {}, "which has no islands"),
        ("coercive_field", {}, "has no loop"),
        ("remanence", {"protocol": FieldSteps(steps=[RampTo(to=1e4, field_steps=2)])}, "has no loop"),
    ],
)
def test_what_no_run_can_have_is_said_before_anything_runs(make_spec, name, changes, said):
    assert said in why_unfit(observables()[name], make_spec(**changes))
    assert not why_unfit(observables()["mx"], make_spec(**changes))


def test_an_ice_has_no_walls_along_x_and_a_kagome_no_types(ice, soft, make_spec):
    kagome = {"kind": "kagome", "columns": 2, "rows": 2, "lattice_constant": "400 nm"}
    spec = make_spec(device=ice(lattice=kagome), material=soft, protocol=LOOP)
    assert "spin_ice, which has no walls" in why_unfit(observables()["wall_count"], spec)
    assert "no vertex at which four islands meet" in why_unfit(observables()["vertex_type_1"], spec)
    assert not why_unfit(observables()["monopoles"], spec)


def test_unknown_names_are_answered_with_the_list():
    with pytest.raises(
        ValueError, match=r"'wall_velocty' is not known; did you mean 'wall_velocity'\? Give some of mx"
    ):
        observables_named(["mx", "wall_velocty"])


def adder_run(pattern, outputs):
    """A made run of the adder, whose sum and carry end at given angles from their axes (deg)."""
    spec = RunSpec(
        device=full_adder((1, 1, 1)).model_dump() | {"input_pattern": pattern},
        material={"name": "permalloy", "Ms": 8e5, "A": 1.3e-11, "alpha": 0.1},
        protocol=FieldSteps(steps=[RampTo(to=1e4, field_steps=1)]),
    )
    array = spec.device
    table = np.zeros((len(array.magnets) + 1, 3))
    table[0], table[1:, 1] = np.nan, 1
    for name, angle in zip(("sum", "carry"), outputs, strict=True):
        table[array.index(name) + 1] = np.sin(np.radians(angle)), np.cos(np.radians(angle)), 0
    m = np.stack([array.initial_magnetisation(spec.material), table[array.cell_labels()]])
    coords = {**array.coordinates(), "step": xr.Variable("step", [0, 1], {"units": "1"}), "vdims": list("xyz")}
    return spec, xr.Dataset({"m": (("step", "x", "y", "z", "vdims"), m, {"units": "1"})}, coords=coords)


def test_outputs_are_a_binary_number_as_the_swept_inputs_are():
    spec, run = adder_run(5, (170, 10))
    assert spec.device.magnets == full_adder((1, -1, 1)).magnets
    assert of("output_pattern", spec, run) == 1  # sum 0, carry 1
    assert of("output_margin", spec, run) == pytest.approx(np.cos(np.radians(10)))
    with pytest.raises(NotInThisRun, match="output 'carry' is undecided at the end"):
        of("output_pattern", *adder_run(0, (0, 85)))


def test_rows_of_a_truth_table_are_an_axis():
    base = adder_run(0, (0, 0))[0].model_dump(mode="json")
    axis = Axis(name="row", fields=("device.input_pattern",), values=tuple(range(8)))
    specs = swept_specs(base, [axis], "native")
    assert len({spec.run_id for spec in specs.values()}) == 8
    assert specs[6.0,].device.magnets == full_adder((1, 1, -1)).magnets
    with pytest.raises(ValueError, match="row = 9"):
        swept_specs(base, [axis.model_copy(update={"values": (9,)})], "native")


def test_what_has_no_outputs_has_no_output_pattern():
    spec, _ = adder_run(0, (0, 0))
    assert why_unfit(observables()["output_pattern"], spec) == ""
    lone = {"magnets": [{"name": "m", "x": 0, "y": 0, "length": 6e-8, "width": 4e-8}]}
    device = {"kind": "magnet_array", "thickness": 1e-8, "cell": [4e-9, 4e-9, 1e-8]} | lone
    other = RunSpec(device=device, material=spec.material, protocol=spec.protocol)
    assert "no output" in why_unfit(observables()["output_pattern"], other)


def announced(folder, source):
    """A package of somebody's that announces observables."""
    (folder / "my_areas.py").write_text(source)
    announce(folder, "my_areas", {"analysis.observables": {"areas": "my_areas:OBSERVABLES"}})


OWN = """
from analysis.observables import Observable, Observables

OBSERVABLES = Observables(
    (Observable("NAME", "magnet's area", "m2", "Area of the magnet", lambda seen: 4e-15),),
    {"my_film": lambda spec, run: [run["m"]]},
)
"""


def test_a_package_adds_observables(tmp_path, monkeypatch, spec):
    announced(tmp_path, OWN.replace("NAME", "area"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_areas", raising=False)
    (area,) = observables_named(["area"])
    assert measured(area, SeenRun(spec, None)) == 4e-15
    assert observables_over_time("my_film") is not None
    assert observables_over_time("stripe") is not None
    assert observables_over_time("another") is None


@pytest.mark.parametrize(
    ("source", "message"),
    [(OWN.replace("NAME", "mx"), "'mx' is there already"), ("OBSERVABLES = 3", "is no Observables")],
)
def test_what_cannot_be_added_is_refused(tmp_path, monkeypatch, source, message):
    announced(tmp_path, source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_areas", raising=False)
    with pytest.raises(ValueError, match=message):
        observables_named(["mx"])
