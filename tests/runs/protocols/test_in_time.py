import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows

from runs import CurrentPulses, FieldPulses, FieldRamp, Protocol, Relax, Rest, TemperatureRamp


def pulses(**changes):
    return CurrentPulses(**({"amplitude": 2e12, "width": 0.4e-9, "rise": 0.1e-9, "period": 1e-9} | changes))


def test_a_pulse_train_is_trapezoids_one_period_apart():
    protocol = Protocol(steps=[Relax(), pulses(count=2)], sampling_interval="50 ps")
    j = protocol.current_density
    ns = 1e-9
    assert j([0, 0.05 * ns, 0.1 * ns, 0.3 * ns, 0.35 * ns, 0.4 * ns, 0.7 * ns]).tolist() == pytest.approx(
        [0, 1e12, 2e12, 2e12, 1e12, 0, 0]
    )
    assert j(1.2e-9) == pytest.approx(2e12)
    np.testing.assert_allclose(protocol.pulse_edges(), [[0, 0.4e-9], [1e-9, 1.4e-9]])
    assert protocol.duration == 2e-9


def test_polarity():
    alternating = Protocol(steps=[pulses(count=3, polarity="alternating")]).current_density
    assert alternating([0.2e-9, 1.2e-9, 2.2e-9]).tolist() == pytest.approx([2e12, -2e12, 2e12])
    negative = Protocol(steps=[pulses(polarity="negative")]).current_density
    assert negative(0.2e-9) == pytest.approx(-2e12)


@given(
    width=st.floats(0.02e-9, 1e-9),
    rise=st.floats(0, 0.5),
    count=st.integers(1, 9),
    amplitude=st.floats(0, 1e13),
)
def test_the_charge_of_a_train_is_count_times_amplitude_times_width_less_rise(width, rise, count, amplitude):
    train = CurrentPulses(
        amplitude=amplitude, width=width, rise=rise * width, period=1e-9, count=count, polarity="positive"
    )
    j = Protocol(steps=[train], sampling_interval=train.duration / 7).current_density
    charge = np.trapezoid(j.values, j.times)
    assert charge == pytest.approx(count * amplitude * (width - rise * width), rel=1e-6, abs=1e-3)


def test_field_steps_add_to_what_was_left():
    protocol = Protocol(
        steps=[
            FieldRamp(to=(0, 0, 1000.0), duration=1e-9),
            Rest(duration=1e-9),
            FieldPulses(amplitude=(500.0, 0, 0), width=0.5e-9, period=1e-9),
        ]
    )
    x, y, z = protocol.applied_field
    assert z([0, 0.5e-9, 1e-9, 2.2e-9, 3e-9]).tolist() == pytest.approx([0, 500, 1000, 1000, 1000])
    assert x([1.9e-9, 2.25e-9, 2.75e-9]).tolist() == pytest.approx([0, 500, 0])
    assert y.peak == 0


def test_pulses_that_touch_make_breakpoints_the_engines_take():
    protocol = Protocol(steps=[pulses(width=1e-9, rise=0.0, count=3, polarity="alternating")])
    times = np.array(protocol.current_density.times)
    assert (np.diff(times) >= 0).all()
    assert max(np.sum(times == t) for t in times) <= 2


@rows(
    ("step", "message"),
    [
        (lambda: pulses(width="1.5 ns"), "longer than period"),
        (lambda: pulses(rise="0.3 ns"), "more than half of width"),
        (lambda: pulses(amplitude=-1e12), "amplitude"),
        (lambda: pulses(amplitude="1e12 A/m"), "dimension"),
        (lambda: pulses(width=0), "width"),
        (lambda: pulses(count=0), "count"),
        (lambda: pulses(amplitud=1), "did you mean 'amplitude'"),
        (lambda: Rest(duration="-1 ns"), "duration"),
        (lambda: Protocol(steps=[Rest(duration=1e-9), Relax()]), "first step only"),
        (lambda: Protocol(steps=[Relax()]), "take no time"),
        (lambda: Protocol(steps=[pulses()], sampling_interval="0.3 ns"), "does not divide"),
        (lambda: Protocol(steps=[pulses()], temperature="-1 K"), "temperature\n.*greater than or equal to 0"),
        (lambda: TemperatureRamp(to=300, duration=0), "duration\n.*greater than 0"),
        (lambda: Protocol(steps=[pulses()], torques=["zhang-li"]), "torques is no key any more"),
        (lambda: pulses(terminal=["a", "a"]), "terminal has 'a' twice"),
        (lambda: pulses(terminal=[]), "terminal names none"),
    ],
)
def test_bad_steps_are_refused_by_name(step, message):
    with pytest.raises(ValidationError, match=message):
        step()
