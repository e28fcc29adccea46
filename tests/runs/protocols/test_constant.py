"""Constant currents and fields: on while the step lasts, with their sign, on top of what was left."""

import numpy as np
import pytest
from pydantic import ValidationError

from runs import (
    AtOnce,
    ConstantCurrent,
    ConstantField,
    ConstantStripLine,
    CurrentLines,
    CurrentPulses,
    FieldRamp,
    Protocol,
    Relax,
    Rest,
)

NS = 1e-9


def test_a_constant_current_has_its_sign_and_ends_with_the_step():
    protocol = Protocol(
        steps=[
            Relax(),
            {"do": "constant current", "amplitude": "-2e11 A/m2", "duration": "1 ns", "rise": "0.2 ns"},
            Rest(duration="0.5 ns"),
            ConstantCurrent(amplitude=1e11, duration="0.5 ns"),
        ]
    )
    assert protocol.duration == 2e-9
    np.testing.assert_allclose(
        protocol.current()(np.array([0, 0.1, 0.5, 0.9, 1.2, 1.49, 1.51, 1.99]) * NS),
        np.array([0, -1, -2, -1, 0, 0, 1, 1]) * 1e11,
        rtol=1e-9,
    )
    assert protocol.pulse_edges().size == 0
    assert Protocol.model_validate_json(protocol.model_dump_json()) == protocol


def test_it_is_the_waveform_of_one_pulse_of_that_length():
    pulse = CurrentPulses(amplitude=1e11, width="1 ns", period="1 ns", rise="0.1 ns")
    held = ConstantCurrent(amplitude=1e11, duration="1 ns", rise="0.1 ns")
    assert Protocol(steps=[held]).current() == Protocol(steps=[pulse]).current()


def test_a_constant_field_is_on_top_of_what_was_left():
    x, y, z = Protocol(
        steps=[
            FieldRamp(to=(0, 0, 1000.0), duration=1e-9),
            ConstantField(amplitude=(0, "100 Oe", -400.0), duration=1e-9),
            Rest(duration=1e-9),
        ]
    ).applied_field
    t = np.array([0.5, 1.5, 2.5]) * NS
    np.testing.assert_allclose(z(t), [500, 600, 1000])
    np.testing.assert_allclose(y(t), [0, 100 * 1000 / (4 * np.pi), 0])
    assert x.peak == 0


def test_a_bias_and_pulses_act_at_once_on_different_terminals():
    pulse = CurrentPulses(amplitude=1e11, width=0.5e-9, period=1e-9, terminal="write")
    bias = ConstantStripLine(amplitude="1 mA", duration="1 ns", terminal="line")
    protocol = Protocol(steps=[AtOnce(branches=[[pulse], [bias]])])
    assert float(protocol.current("line")(0.7e-9)) == 1e-3
    assert float(protocol.current("write")(0.7e-9)) == 0.0
    with pytest.raises(ValidationError, match="changes terminal 'write' until"):
        Protocol(steps=[AtOnce(branches=[[pulse], [ConstantCurrent(amplitude=1e10, duration=1e-9, terminal="write")]])])


def test_a_rise_that_never_reaches_the_amplitude_is_refused():
    with pytest.raises(ValidationError, match="rise = 6e-10 s is more than half of duration = 1e-09 s"):
        ConstantField(amplitude=(1, 0, 0), duration="1 ns", rise="0.6 ns")


def test_a_current_goes_along_straight_lines_and_returns_to_zero():
    lines = CurrentLines(points=[(0, 0), ("0.1 ns", "8e11 A/m2"), ("0.1 ns", "-4e11 A/m2"), ("0.5 ns", 0)])
    protocol = Protocol(steps=[Rest(duration="0.5 ns"), lines, Rest(duration="0.5 ns")], sampling_interval="0.1 ns")
    assert lines.duration == 0.5e-9
    current = protocol.current()([0.25e-9, 0.55e-9, 0.8e-9, 1.2e-9])
    assert current.tolist() == pytest.approx([0.0, 4e11, -2e11, 0.0])
    # A line that ends elsewhere is no current of the rest after it.
    cut = Protocol(steps=[CurrentLines(points=[(0, 1e11), ("1 ns", 2e11)]), Rest(duration="1 ns")])
    assert cut.current()([0.5e-9, 1.5e-9]).tolist() == pytest.approx([1.5e11, 0.0])


def test_lines_that_do_not_rise_in_time_are_refused():
    with pytest.raises(ValueError, match="their times must rise from 0, so sort them"):
        CurrentLines(points=[(0, 0), ("0.2 ns", 1e11), ("0.1 ns", 0)])
    with pytest.raises(ValueError, match="points begin at 1e-10 s"):
        CurrentLines(points=[("0.1 ns", 0), ("0.2 ns", 1e11)])
