"""Clocks of magnet arrays: what steps they are, what is refused, and when they are too fast."""

import itertools

import numpy as np
import pytest
from rows import rows

from geometries import Material, Stripe
from geometries.magnet_logic import and_gate, majority_gate, wire
from geometries.magnet_logic.builders import inverter
from geometries.magnet_logic.clock_lines import with_clock_lines
from geometries.magnet_logic.shift_registers import shift_register
from runs import FieldPulses, FieldRamp, FieldSteps, LocalRampTo, Protocol, RampTo, Rest, RunSpec
from runs.protocols.local_fields import cell_values, local_fields
from runs.protocols.magnet_logic.clocks import phase_clock, phase_pulses, zone_clock, zone_pulses
from solitons.magnet_logic import array_macrospins

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
FIELD = 1.2e5


def spec(protocol, device):
    return RunSpec(device=device, material=PERMALLOY, protocol=protocol)


def fields_on(array, protocol):
    """The local field along x on each magnet at every state."""
    return sum(local.share[:, None] * local.on_islands[:, 0] for local in local_fields(array, protocol.local_changes()))


def test_zones_are_cleared_together_and_released_in_turn():
    array = and_gate((1, -1))
    found = fields_on(array, zone_clock(array, FIELD, steps_up=1, steps_down=2)) / FIELD
    assert not found[:, :3].any()  # held
    np.testing.assert_allclose(found[:, 3], [0, 1, 0.5, 0, 0, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(found[:, 4], [0, 1, 1, 1, 0.5, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(found[:, 5], [0, 1, 1, 1, 1, 1, 0.5, 0], atol=1e-12)


def test_a_phase_is_released_between_one_at_rest_and_one_that_is_cleared():
    array = shift_register((1, -1))
    found = fields_on(array, phase_clock(array, FIELD, cycles=2, steps_up=1, steps_down=1)) / FIELD
    zones = found[:, 1::2]
    np.testing.assert_allclose(found[:, 2::2], zones, atol=1e-12)
    np.testing.assert_allclose(zones[:, :3], zones[:, 3:], atol=1e-12)
    for before, after in itertools.pairwise(zones):
        for phase in np.flatnonzero((before[:3] > 0.5) & (after[:3] < 0.5))[:1]:
            assert before[(phase + 1) % 3] > 0.5 or (after == 0).all()
            assert before[(phase - 1) % 3] < 0.5


def test_lines_carry_what_makes_the_field():
    array = with_clock_lines(wire(5, zone_length=2))
    protocol = zone_pulses(array, FIELD, ramp=2e-9, hold=1e-9)
    field = sum(
        channel.waveform(np.array([2.5e-9, 5e-9, 7e-9]))[:, None] * channel.terminal.field_in(array)[:, 0, 0, 0]
        for channel in protocol.channels(array)
    )
    labels = array.cell_labels()[:, :, 0].max(axis=1)
    for magnet, values in ((2, [1, 0, 0]), (4, [1, 1, 0])):
        np.testing.assert_allclose(
            field[:, labels == magnet], np.outer(values, np.ones((labels == magnet).sum())) * FIELD
        )


def test_a_local_field_along_the_axis_writes_state_1():
    array = inverter()
    step = LocalRampTo(magnets=("out",), to=1e4, field_steps=1)
    (local,) = local_fields(array, FieldSteps(steps=[step]).local_changes())
    cells = cell_values(array, local.on_islands)
    labels = array.cell_labels()
    np.testing.assert_allclose(cells[labels == 2], np.tile([0, 1e4, 0], ((labels == 2).sum(), 1)), atol=1e-9)
    assert not cells[labels != 2].any()


@rows(
    ("step", "device", "words"),
    [
        ({"magnets": ("x",)}, inverter(), "no magnet is named 'x'; there are in, out"),
        ({"sites": (1,)}, inverter(), "acts on sites, and device is a magnet_array; name its magnets"),
        ({"port": "in"}, inverter(), "acts on port, and device is a magnet_array; name its magnets"),
        (
            {"magnets": ("in",)},
            Stripe(length=4e-8, width=2e-8, thickness=1e-9, cell=(2e-9, 2e-9, 1e-9)),
            "device is a stripe, which has no islands and no magnets",
        ),
    ],
)
def test_local_fields_that_do_not_fit_are_refused(step, device, words):
    with pytest.raises(ValueError, match=words):
        spec(FieldSteps(steps=[RampTo(to=1e4, field_steps=1), LocalRampTo(**step, to=1e3, field_steps=1)]), device)


@rows(
    ("build", "words"),
    [
        (lambda: zone_pulses(inverter(), FIELD, ramp=1e-9, hold=1e-9), "has no terminal 'clock_0'"),
        (
            lambda: phase_clock(and_gate((1, 1)).model_copy(update={"magnets": inverter().magnets}), FIELD),
            "has 1 zones",
        ),
        (lambda: phase_clock(shift_register((1, -1)), FIELD, cycles=0), "phase_clock: cycles = 0 must be 1 or more"),
        (lambda: phase_pulses(with_clock_lines(majority_gate((1, 1, 1))), FIELD, ramp=1e-9), "has 1 zones"),
    ],
)
def test_clocks_that_do_not_fit_an_array_are_refused(build, words):
    with pytest.raises(ValueError, match=words):
        build()


def test_the_response_is_that_of_the_macrospin():
    found = inverter().response(PERMALLOY)
    model = array_macrospins(inverter(), PERMALLOY)
    # The closed form is of the ellipse, the model of its cells.
    assert found.anisotropy_field == pytest.approx(model.anisotropy_field(1), rel=0.05)
    assert found.time == pytest.approx(model.relaxation_time(1), rel=0.05)
    assert Stripe(length=4e-8, width=2e-8, thickness=1e-9, cell=(2e-9, 2e-9, 1e-9)).response(PERMALLOY) is None


def ramps(fall):
    up = FieldRamp(to=(FIELD, 0, 0), duration="1 ns")
    return Protocol(steps=[up, FieldRamp(to=(0, 0, 0), duration=fall), Rest(duration="1 ns")])


def test_a_clock_that_falls_faster_than_the_magnets_respond_is_warned_about():
    with pytest.warns(
        UserWarning, match=r"field along x falls through .* 83\.05 kA/m in 34\.\d+ ps, and they respond in 198"
    ):
        spec(ramps("50 ps"), inverter())
    # A static field that a ramp takes away falls too.
    away = Protocol(steps=[FieldRamp(to=(-FIELD, 0, 0), duration="50 ps")], static_field=(FIELD, 0, 0))
    with pytest.warns(UserWarning, match=r"field along x falls through .* in 34\.\d+ ps"):
        spec(away, inverter())
    array = with_clock_lines(inverter())
    with pytest.warns(UserWarning, match="the field of 'clock_0' falls"):
        spec(zone_pulses(array, FIELD, ramp=1e-10, hold=1e-9), array)


@pytest.mark.parametrize(
    "protocol",
    [
        ramps("1 ns"),
        # Less than half of H_K is no clock, and neither is a rise.
        Protocol(steps=[FieldPulses(amplitude=(3e4, 0, 0), width="100 ps", period="1 ns", rise="5 ps")]),
        Protocol(steps=[FieldRamp(to=(FIELD, 0, 0), duration="50 ps")]),
        Protocol(
            steps=[FieldRamp(to=(-FIELD, 0, 0), duration="1 ns"), FieldRamp(to=(0, 0, 0), duration="50 ps")],
            static_field=(FIELD, 0, 0),
        ),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_the_magnets_can_follow_is_not_warned_about(protocol):
    spec(protocol, inverter())
