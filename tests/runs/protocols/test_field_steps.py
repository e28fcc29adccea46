"""Field protocols: their fields by closed form, what is refused, and what a run of one looks like."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from rows import rows

from analysis.schema import check_run
from geometries import SpinIce, Stripe
from runs import (
    AlternatingDemagnetisation,
    FieldSteps,
    LocalRampTo,
    Loop,
    Protocol,
    RampTo,
    Rest,
    RotatingDemagnetisation,
    Rotation,
    RunSpec,
)
from runs.dataset import run_dataset
from runs.protocols.field_steps import FieldStep
from runs.protocols.local_fields import cell_values, local_fields

SOFT = {"name": "soft", "Ms": 8e5, "A": 1.3e-11, "alpha": 0.1}
ICE = SpinIce(
    lattice={"kind": "square", "columns": 2, "rows": 1, "lattice_constant": "180 nm"},
    island={"length": "120 nm", "width": "40 nm"},
    thickness="10 nm",
    cell=("5 nm", "5 nm", "10 nm"),
    missing={"sites": [3]},
    ports=[
        {"name": "in", "role": "driven", "sites": [0, 5]},
        {"name": "out", "role": "readout", "sites": [1]},
    ],
)
STRENGTHS = st.floats(1.0, 1e6)
ANGLES = st.floats(-7.0, 7.0)
COUNTS = st.integers(1, 12)
STEPS = st.one_of(
    st.builds(RampTo, to=STRENGTHS, angle=ANGLES, elevation=ANGLES, field_steps=COUNTS),
    st.builds(Loop, amplitude=STRENGTHS, angle=ANGLES, elevation=ANGLES, field_steps=COUNTS),
    st.builds(Rotation, amplitude=STRENGTHS, angle=ANGLES, turn=st.floats(0.1, 7.0), field_steps=COUNTS),
    st.builds(AlternatingDemagnetisation, amplitude=STRENGTHS, angle=ANGLES, reversals=COUNTS, field_steps=COUNTS),
    st.builds(RotatingDemagnetisation, amplitude=STRENGTHS, turns=COUNTS, field_steps=st.integers(3, 12)),
    st.builds(LocalRampTo, sites=st.just((1, 2)), to=STRENGTHS, field_steps=COUNTS),
)


def fields(*steps, **keys):
    return FieldSteps(steps=steps, **keys).applied_field


def ice_spec(*steps, engine="native", device=ICE, **keys):
    return RunSpec(device=device, material=SOFT, protocol=FieldSteps(steps=steps, **keys), engine=engine)


def test_a_ramp_is_a_straight_line_from_the_field_before_at_an_angle():
    applied = fields(
        RampTo(to="10 mT/mu0", angle="30 deg", field_steps=2), RampTo(to=-1e3, elevation="90 deg", field_steps=4)
    )
    tesla = 1e-2 / (4e-7 * np.pi)
    end = tesla * np.array([np.sqrt(3) / 2, 1 / 2, 0])
    expected = [
        0 * end,
        end / 2,
        end,
        *(end + share * (np.array([0, 0, -1e3]) - end) for share in (0.25, 0.5, 0.75, 1)),
    ]
    np.testing.assert_allclose(applied, expected, rtol=1e-6, atol=1e-9)


def test_a_loop_jumps_to_its_amplitude_where_the_field_is_not_there():
    loop = Loop(amplitude=100.0, field_steps=2)
    np.testing.assert_allclose(fields(loop)[:, 0], [0, 100, 0, -100, 0, 100])
    gently = fields(RampTo(to=100.0, field_steps=2), loop)
    np.testing.assert_allclose(gently[:, 0], [0, 50, 100, 0, -100, 0, 100])


@given(
    amplitude=STRENGTHS, angle=ANGLES, turn=st.floats(-13.0, 13.0).filter(lambda turn: abs(turn) > 0.1), count=COUNTS
)
def test_a_rotation_keeps_its_strength_and_turns_evenly(amplitude, angle, turn, count):
    applied = fields(Rotation(amplitude=amplitude, angle=angle, turn=turn, field_steps=count))[1:]
    assert len(applied) == count + 1
    np.testing.assert_allclose(np.linalg.norm(applied, axis=1), amplitude)
    direction = (applied[:, 0] + 1j * applied[:, 1]) / amplitude
    np.testing.assert_allclose(direction[1:] / direction[:-1], np.exp(1j * turn / count), atol=1e-9)
    assert direction[0] == pytest.approx(np.exp(1j * angle))


@given(amplitude=STRENGTHS, part=st.floats(0.0, 0.9), angle=ANGLES, reversals=COUNTS, count=COUNTS)
def test_an_alternating_field_is_reversed_to_less_each_time(amplitude, part, angle, reversals, count):
    step = AlternatingDemagnetisation(
        amplitude=amplitude, final_amplitude=part * amplitude, angle=angle, reversals=reversals, field_steps=count
    )
    along = fields(step)[1:] @ [np.cos(angle), np.sin(angle), 0]
    peaks = along[::count]
    assert peaks.size == reversals + 1
    expected = amplitude - (1 - part) * amplitude * np.arange(reversals + 1) / reversals
    np.testing.assert_allclose(peaks, expected * (-1.0) ** np.arange(reversals + 1), atol=1e-9 * amplitude)
    np.testing.assert_allclose(
        np.diff(along),
        np.repeat(np.diff(peaks) / count, count),
        atol=1e-9 * amplitude,
    )


@given(amplitude=STRENGTHS, turns=COUNTS, count=st.integers(3, 12))
def test_a_rotating_field_decays_with_every_field(amplitude, turns, count):
    applied = fields(RotatingDemagnetisation(amplitude=amplitude, turns=turns, field_steps=count))[1:]
    strength = np.linalg.norm(applied, axis=1)
    np.testing.assert_allclose(strength, amplitude * (1 - np.arange(turns * count + 1) / (turns * count)), atol=1e-9)
    direction = (applied[:-1, 0] + 1j * applied[:-1, 1]) / strength[:-1]
    np.testing.assert_allclose(direction, np.exp(2j * np.pi * np.arange(turns * count) / count), atol=1e-9)


@given(st.lists(STEPS, min_size=1, max_size=4))
def test_each_step_begins_where_the_last_ended_and_json_brings_it_back(steps):
    whole = FieldSteps(steps=steps)
    assert whole.states == len(whole.applied_field)
    np.testing.assert_array_equal(whole.applied_field[0], 0)
    end = 0
    for step in steps:
        present = whole.applied_field[end]
        part = step.fields(present)
        np.testing.assert_array_equal(whole.applied_field[end + 1 : end + 1 + len(part)], part)
        end += len(part)
    assert end == whole.states - 1
    assert FieldSteps.model_validate_json(whole.model_dump_json()) == whole
    for change in whole.local_changes():
        assert change.share[0] == 0
        assert change.share[-1] == 1
        assert np.all(np.diff(change.share) >= 0)
        assert np.sum(np.diff(change.share) > 0) == change.step.field_steps


def test_the_static_field_is_on_throughout():
    ramp = RampTo(to=100.0, field_steps=1)
    np.testing.assert_allclose(fields(ramp, static_field=(1, 2, 3)), [[1, 2, 3], [101, 2, 3]])


@rows(
    ("step", "said"),
    [
        ({"do": "ramp to", "to": 1.0, "field_steps": 0}, "field_steps\n.*greater than or equal to 1"),
        ({"do": "loop", "amplitude": 1.0, "field_steps": -3}, "field_steps\n.*greater than or equal to 1"),
        ({"do": "loop", "amplitude": 0.0, "field_steps": 3}, "amplitude\n.*greater than 0"),
        ({"do": "loop", "amplitude": "1 m", "field_steps": 3}, "has the dimension"),
        ({"do": "rotation", "amplitude": 1.0, "turn": 0, "field_steps": 3}, "turns nothing"),
        (
            {"do": "rotating demagnetisation", "amplitude": 1.0, "final_amplitude": 1.0, "turns": 2, "field_steps": 9},
            "never decays; give a smaller one",
        ),
        (
            {
                "do": "alternating demagnetisation",
                "amplitude": 1,
                "final_amplitude": 2,
                "reversals": 2,
                "field_steps": 1,
            },
            "never decays; give a smaller one",
        ),
        ({"do": "local ramp to", "to": 1.0, "field_steps": 3}, "give one of them"),
        ({"do": "local ramp to", "to": 1.0, "field_steps": 3, "port": "in", "sites": [1]}, "give one of them"),
        ({"do": "local ramp to", "to": 1.0, "field_steps": 3, "magnets": ["in"], "sites": [1]}, "give one of them"),
        ({"do": "local ramp to", "to": 1.0, "field_steps": 3, "magnets": ["in", "in"]}, "has 'in' twice"),
        ({"do": "local ramp to", "to": 1.0, "field_steps": 3, "sites": [1, 4, 1]}, "sites has 1 twice"),
        (
            {"do": "local ramp to", "to": 1.0, "field_steps": 3, "sites": [1], "elevation": 1},
            "elevation.*give the angle",
        ),
        ({"do": "field ramp", "to": [1, 0, 0], "duration": "1 ns"}, "'ramp to'"),
    ],
)
def test_a_step_that_makes_no_sense_is_named(step, said):
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(FieldStep).validate_python(step)


@pytest.mark.parametrize("step", [RampTo(to=0.0, field_steps=5), LocalRampTo(sites=[1], to=0.0, field_steps=5)])
def test_a_field_that_never_changes_is_refused(step):
    with pytest.raises(ValidationError, match="the field never changes"):
        FieldSteps(steps=[step], static_field=(1e3, 0, 0))


def test_a_local_field_is_on_its_islands_only_and_is_taken_back():
    spec = ice_spec(
        LocalRampTo(port="in", to=3e4, field_steps=2),
        LocalRampTo(sites=[5], to=-1e4, angle="90 deg", field_steps=1),
        LocalRampTo(port="in", to=0.0, field_steps=1),
    )
    islands = ICE.islands(spec.material)
    parts = local_fields(ICE, spec.protocol.local_changes())
    total = sum(part.share[:, None, None] * part.on_islands for part in parts)
    axis = np.pad(islands.axis.values, ((0, 0), (0, 1)))
    first, second = (islands.site.values.tolist().index(site) for site in (0, 5))
    expected = np.zeros((5, islands.sizes["island"], 3))
    expected[1:4, first] = 3e4 * np.array([0.5, 1, 1])[:, None] * axis[first]
    expected[1:3, second] = 3e4 * np.array([0.5, 1])[:, None] * axis[second]
    expected[3, second] = [0, -1e4, 0]
    np.testing.assert_allclose(total, expected, atol=1e-9)
    cells, labels = cell_values(ICE, expected[2]), ICE.labels().values
    for island in range(islands.sizes["island"]):
        np.testing.assert_array_equal(
            cells[labels == island + 1], np.broadcast_to(expected[2, island], (np.sum(labels == island + 1), 3))
        )
    assert not cells[labels == 0].any()


@rows(
    ("step", "said"),
    [
        ({"sites": [3]}, "site 3, at which there is no island"),
        ({"sites": [0, 70]}, "site 70, at which there is no island; the device has 6 islands"),
        ({"port": "input"}, "port 'input' is no port of the device.*'in'"),
        ({"port": "out"}, "port 'out' is 'readout'.*driven"),
    ],
)
def test_a_local_field_where_there_is_no_island_is_refused(step, said):
    with pytest.raises(ValidationError, match=said):
        ice_spec(LocalRampTo(to=1e3, field_steps=1, **step))


def test_a_stripe_has_no_local_field():
    stripe = Stripe(length="64 nm", width="32 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"))
    with pytest.raises(ValidationError, match="stripe, which has no islands"):
        ice_spec(LocalRampTo(to=1e3, sites=[0], field_steps=1), device=stripe)
    assert ice_spec(Loop(amplitude=1e5, elevation="90 deg", field_steps=4), device=stripe).protocol.states == 10


def test_the_id_is_pinned_and_tells_protocols_apart():
    # If this fails, stored runs are lost to their owners: raise SCHEMA_VERSION and say so in the changelog.
    steps = [
        RampTo(to=1e4, field_steps=2),
        LocalRampTo(port="in", to="5 mT/mu0", field_steps=1),
        Loop(amplitude=1e5, angle="40 deg", field_steps=4),
        Rotation(amplitude=1e5, turn="90 deg", field_steps=3),
        AlternatingDemagnetisation(amplitude=1e5, reversals=3, field_steps=2),
        RotatingDemagnetisation(amplitude=1e5, turns=2, field_steps=8),
    ]
    assert ice_spec(*steps, engine="oommf").run_id == "4de2b39aa8171ff7"
    ids = {ice_spec(*order, engine="oommf").run_id for order in itertools.permutations(steps[:3])}
    assert len(ids) == 6


def test_a_protocol_is_read_by_its_kind():
    spec = ice_spec(Loop(amplitude=1e5, field_steps=4))
    assert RunSpec.model_validate_json(spec.model_dump_json()) == spec
    content = spec.model_dump(mode="json")
    with pytest.raises(ValidationError, match="'field_steps'"):
        RunSpec.model_validate(content | {"protocol": content["protocol"] | {"kind": "steps"}})
    in_time = RunSpec(device=ICE, material=SOFT, protocol=Protocol(steps=[Rest(duration="1 ns")]), engine="native")
    assert in_time.in_time is in_time.protocol
    with pytest.raises(ValueError, match=f"run {spec.run_id}.*no time passes"):
        _ = spec.in_time


def test_a_run_has_its_frames_along_step():
    spec = ice_spec(Loop(amplitude=1e5, field_steps=2), static_field=(0, 0, 5.0))
    states = spec.protocol.states
    m = np.repeat(ICE.initial_magnetisation(spec.material)[None], states, axis=0)
    run = run_dataset(spec, m, np.zeros(states), {"engine": "native", "engine_version": "1"})
    check_run(run, complete=True)
    assert run.m.dims == ("step", "x", "y", "z", "vdims")
    assert "t" not in run.variables
    assert run.step.values.tolist() == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(run.applied_field, spec.protocol.applied_field)
    with pytest.raises(ValueError, match="field steps, at rest each"):
        check_run(run, in_time=True)
    with pytest.raises(ValueError, match="from step = 2 on"):
        run_dataset(spec, np.where(np.arange(states)[:, None, None, None, None] < 2, m, np.nan), np.zeros(states), {})
