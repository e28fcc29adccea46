"""Alternating drives: closed forms of phase and envelope, and the same numbers in every form that an engine gets."""

import shutil
import subprocess

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from runs import AlternatingCurrent, AlternatingField, AtOnce, CurrentPulses, FieldRamp, Protocol, Rest
from runs.native.terms.modulation import modulated, modulation_of
from runs.native.time.timetable import stretches
from runs.native.translate import tabulate
from runs.native.waveform import register_in
from runs.system import tcl
from runs.waveforms.oscillation import Oscillation
from runs.waveforms.waveform import Alternating, PiecewiseLinear

NS = 1e-9
CHIRP = {"frequency": 2e9, "final_frequency": 8e9, "duration": 1e-9, "phase": 0.3, "ramp": 0.2e-9}


def wave(**changes):
    """A chirp of a current between two pulses."""
    pulse = CurrentPulses(amplitude=2e12, width=0.3e-9, rise=0.05e-9, period=0.5e-9, polarity="negative")
    return Protocol(steps=[pulse, AlternatingCurrent(amplitude=1e12, **CHIRP | changes), pulse]).current()


def test_a_sine_begins_with_its_phase_and_lasts_for_its_duration():
    one = Protocol(
        steps=[
            Rest(duration=1e-9),
            AlternatingCurrent(amplitude=3.0, frequency="1 GHz", duration="2 ns", phase="90 deg"),
        ]
    ).current()
    np.testing.assert_allclose(
        one(np.array([0.5, 1.0, 1.25, 1.5, 2.0, 2.75, 3.0, 3.5]) * NS), [0, 3, 0, -3, 3, 0, 0, 0], atol=1e-9
    )
    assert one.peak == 3.0


def test_a_direct_and_an_alternating_current_share_one_terminal():
    steps = [
        AlternatingCurrent(amplitude=2.0, direct=-5.0, frequency="1 GHz", duration="2 ns", ramp="0.5 ns"),
        Rest(duration="1 ns"),
    ]
    both = Protocol(steps=steps).current()
    # With the envelope at 0 and at its full height; then nothing.
    np.testing.assert_allclose(both(np.array([0.0, 0.75, 1.25, 1.5, 2.5]) * NS), [-5, -7, -3, -5, 0], atol=1e-9)
    assert both.peak == 7.0
    alone = Protocol(steps=[AlternatingCurrent(amplitude=0.0, direct=-5.0, frequency="1 GHz", duration="2 ns")])
    np.testing.assert_allclose(alone.current()(np.array([0.0, 1.9, 2.0]) * NS), [-5, -5, 0], atol=1e-9)


def test_the_frequency_of_a_chirp_changes_linearly():
    # From 2 to 8 GHz in 1 ns the phase turns (2 + 8) / 2 = 5 times; half way 2 / 2 + 6 / 8 = 1.75 times.
    one = Oscillation(0.0, 1e-9, 1.0, 2e9, 8e9)
    np.testing.assert_allclose(one.phase_at([0, 0.5e-9, 1e-9]), 2 * np.pi * np.array([0, 1.75, 5.0]), rtol=1e-12)
    t = np.linspace(0, 1e-9, 20001)
    np.testing.assert_allclose(
        np.gradient(one.phase_at(t), t)[1:-1] / (2 * np.pi), one.frequency_at(t)[1:-1], rtol=1e-9
    )


def test_the_envelope_rises_and_falls_linearly():
    one = wave()
    t = np.linspace(0.5, 1.5, 4001) * NS
    ceiling = 1e12 * np.minimum(1, np.minimum(t - 0.5 * NS, 1.5 * NS - t) / (0.2 * NS))
    assert np.all(np.abs(one(t)) <= ceiling * (1 + 1e-9) + 1)
    assert np.abs(one(t)).max() > 0.99e12


def test_pulses_and_waves_follow_each_other_in_one_terminal():
    one = wave()
    np.testing.assert_allclose(one(np.array([0.1, 1.7]) * NS), [-2e12, -2e12])
    assert one.peak == 2e12
    with pytest.raises(ValueError, match=r"the current alternates \(2e\+09 Hz to 8e\+09 Hz from 5e-10 s on\)"):
        one.straight_lines("the current")


def test_an_alternating_field_is_on_top_of_what_was_left():
    protocol = Protocol(
        steps=[
            FieldRamp(to=(0, 0, 1000.0), duration=1e-9),
            AlternatingField(amplitude=(100.0, 0, 50.0), frequency="1 GHz", duration=1e-9),
            Rest(duration=1e-9),
        ]
    )
    x, y, z = protocol.field_waveforms()
    t = np.array([0.5, 1.25, 1.75, 2.5]) * NS
    np.testing.assert_allclose(x(t), [0, 100, -100, 0], atol=1e-9)
    np.testing.assert_allclose(z(t), [500, 1050, 950, 1000], atol=1e-9)
    assert (y.peak, z.peak) == (0, 1050)
    with pytest.raises(ValueError, match="the applied field along x alternates"):
        _ = protocol.applied_field


def test_the_native_engine_has_the_sine_itself_at_every_time():
    # Rows that are straight lines between two stops hold it exactly, wherever between them it is asked for.
    one, registered = wave(), []
    term = mm.Zeeman(H=(1, 0, 0), func=one)
    modulation = modulation_of(term, None, register_in(registered))
    pairs = list(stretches(np.array([0.0, 0.7e-9, 2e-9]), registered))
    assert max(stop - start for start, stop in pairs[10:-10]) <= 1 / 8e9 / 4 * (1 + 1e-9)
    with jax.enable_x64(True):
        for start, stop in pairs:
            lines = tabulate(registered, start, stop, 1)
            for share in (0.01, 0.3, 0.5, 0.99):
                rows = jnp.asarray(lines[:, 0] + share * (lines[:, 1] - lines[:, 0]))
                value = float(modulated(jnp.ones(()), modulation, rows))
                assert value == pytest.approx(float(one(start + share * (stop - start))), abs=1e3)


@pytest.mark.skipif(shutil.which("tclsh") is None, reason="there is no tclsh on the path, which evaluates the Tcl")
@pytest.mark.parametrize("waveform", [wave(), wave(ramp=0.0), PiecewiseLinear((0.0, 1e-9), (0.0, 2.0))])
def test_oommf_has_the_same_value_and_its_derivative(waveform):
    times = np.linspace(0.013e-9, 1.987e-9, 96)
    asked = "".join(f"puts [Profile {float(t)!r}]\n" for t in times)
    script = tcl.procedure("Profile", waveform, with_slope=True) + asked
    answer = subprocess.run(["tclsh"], input=script, capture_output=True, text=True, check=True).stdout
    value, slope = np.array(answer.split(), dtype=float).reshape(-1, 2).T
    np.testing.assert_allclose(value, waveform(times), atol=1e-9 * waveform.peak)
    step = 1e-16
    numeric = (waveform(times + step) - waveform(times - step)) / (2 * step)
    np.testing.assert_allclose(slope, numeric, rtol=1e-3, atol=1e-4 * waveform.peak * 8e9)


def test_waves_of_several_terminals_begin_at_once():
    protocol = Protocol(
        steps=[
            Rest(duration=0.5e-9),
            AtOnce(
                branches=[
                    [AlternatingCurrent(amplitude=1e11, frequency=4e9, duration=1e-9, terminal="a")],
                    [
                        Rest(duration=0.2e-9),
                        AlternatingCurrent(amplitude=2e11, frequency=4e9, duration=1e-9, terminal="b"),
                    ],
                ]
            ),
        ],
        sampling_interval=0.1e-9,
    )
    assert protocol.duration == pytest.approx(1.7e-9)
    first, second = (protocol.current(name) for name in "ab")
    t = np.linspace(0.5, 1.4, 50) * NS
    np.testing.assert_allclose(second(t + 0.2 * NS), 2 * first(t), atol=1e3)


@rows(
    ("step", "message"),
    [
        (lambda: wave(frequency="0 Hz"), "frequency\n.*greater than 0"),
        (lambda: wave(frequency="1 s"), "dimension"),
        (lambda: wave(ramp="0.6 ns"), "more than half of duration"),
        (lambda: wave(terminal=["a", "a"]), "terminal has 'a' twice"),
        (lambda: Alternating(PiecewiseLinear((0.0,), (0.0,)), ()), "has no oscillation"),
        (
            lambda: Protocol(
                steps=[
                    AtOnce(
                        branches=[
                            [AlternatingField(amplitude=(1, 0, 0), frequency=1e9, duration=1e-9)],
                            [FieldRamp(to=(0, 0, 1), duration=1e-9)],
                        ]
                    )
                ]
            ),
            "'field ramp' begins at 0 s, while 'alternating field' changes the applied field until 1e-09 s",
        ),
    ],
)
def test_bad_waves_are_refused_by_name(step, message):
    with pytest.raises((ValidationError, ValueError), match=message):
        step()
