import warnings

import numpy as np
import pytest
from rows import rows

from analysis import tunnel_junction, walls
from runs import CurrentPulses, Protocol, Relax, simulate
from solitons.devices import LinearSynapse, TabulatedSynapse, apply_pulse, compare_with_run, send_pulses
from solitons.devices.junction import Junction
from solitons.devices.spreads import Spreads
from solitons.devices.synapse import example_synapse
from solitons.domain_walls import DomainWallSynapse, WallDynamics
from solitons.fits.prediction import PredictionError
from solitons.fits.provenance import FittedRange, OutsideFittedRange, Provenance, PulseProvenance

PULSE = {"width": 0.4e-9, "rise": 0.05e-9, "period": 1e-9}
SEEN = FittedRange(amplitude=(2e11, 1e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7))


def wall_synapse(prediction=None, **changes):
    origin = Provenance(
        trained_on=("a",), held_out=("b",), held_out_rms_at_rest=2e-9, fitted_range=SEEN, prediction=prediction
    )
    wall = WallDynamics(
        alpha=0.3, beta=0.3, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5e-11, provenance=origin
    )
    junction = Junction(left=50e-9, right=350e-9, parallel=5e-4, antiparallel=2e-4)
    return DomainWallSynapse(wall=wall, junction=junction, left=40e-9, right=360e-9, **changes)


def test_pulses_are_those_of_apply_pulse_one_after_the_other():
    synapse = example_synapse()
    sent = send_pulses(synapse, [-1e12, -0.5e12, 1e12], **PULSE)
    state = synapse.repeated(synapse.reset(), (1,))
    for index, amplitude in enumerate((-1e12, -0.5e12, 1e12), start=1):
        state = apply_pulse(synapse, state, amplitude, PULSE["width"], PULSE["rise"], PULSE["period"])
        assert float(sent.conductance[0, index]) == pytest.approx(float(synapse.conductance(state)[0]), rel=1e-5)
    assert sent.amplitude.values[1:].tolist() == [-1e12, -0.5e12, 1e12]


@pytest.mark.slow
def test_the_models_error_is_that_of_its_held_out_runs_as_conductance():
    sent = send_pulses(wall_synapse(), [-1e12, -1e12], **PULSE)
    # 300 uS over 300 nm, where the wall is well inside the junction.
    assert float(sent.model_error[0, -1]) == pytest.approx(1.96 * 2e-6, rel=1e-3)
    assert float(sent.model_error[0, 0]) == 0.0
    assert np.isnan(send_pulses(example_synapse(), [1e12], **PULSE).model_error).all()


@pytest.mark.slow
def test_it_grows_with_pulses_where_that_was_seen():
    known = PredictionError(at_rest=0.0, by_pulse=0.0, one_way=1e-9, runs=6, pulses=4)
    sent = send_pulses(wall_synapse(known), [-1e12, -1e12, 1e12], **PULSE, start=3e-4)
    assert sent.model_error[0].values == pytest.approx(2.447e-6 * np.array([0, 1, 2, 1]), rel=1e-2)


@pytest.mark.slow
def test_devices_differ_by_their_spread():
    sent = send_pulses(wall_synapse(spreads=Spreads(gain=0.1, devices=8)), [-1e12] * 3, **PULSE, devices=400, seed=2)
    moved = sent.conductance.isel(pulse=3) - sent.conductance.isel(pulse=2)
    assert float(moved.std() / moved.mean()) == pytest.approx(0.1, rel=0.15)


def test_a_pulse_outside_the_fitted_range_warns():
    with pytest.warns(OutsideFittedRange, match="pulse amplitude 5e"):
        send_pulses(wall_synapse(), [5e12, 3e11], **PULSE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        send_pulses(wall_synapse(), [1e12, 0.0], **PULSE)


def test_a_wall_that_an_end_pushes_away_rests_before_the_first_pulse():
    from solitons.domain_walls.pinning import TabulatedPinning

    places = np.linspace(40e-9, 360e-9, 65)
    push = np.where(places < 90e-9, 5e3, 0.0)  # to the right, near the end
    origin = wall_synapse()
    wall = WallDynamics(
        alpha=0.3,
        width=6e-9,
        hard_axis_field=2e4,
        polarity=-1,
        drift_per_current=-5e-11,
        pinning=TabulatedPinning(40e-9, 360e-9, push),
    )
    synapse = DomainWallSynapse(wall=wall, junction=origin.junction, left=40e-9, right=360e-9)
    sent = send_pulses(synapse, [0.0] * 3, **PULSE)
    assert float(synapse.reset().position) == 40e-9
    assert np.ptp(sent.conductance.values) < 1e-7
    assert float(sent.conductance[0, 0]) > float(synapse.conductance(synapse.reset())) + 2e-5


@pytest.mark.slow
def test_they_begin_at_a_given_conductance():
    """After four pulses another two are what they are after six, and a table goes on from where it is told."""
    synapse = example_synapse()
    whole = send_pulses(synapse, [-0.5e12] * 3 + [0.5e12] * 2, **PULSE).conductance[0]
    rest = send_pulses(synapse, [0.5e12] * 2, **PULSE, start=float(whole[3])).conductance[0]
    np.testing.assert_allclose(rest, whole[3:], rtol=1e-9)
    table = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6] * 2, down=[-1e-6] * 2)
    np.testing.assert_allclose(send_pulses(table, [1, -1], start=3e-6).conductance[0], [3e-6, 4e-6, 3e-6])
    for each in (synapse, table):
        with pytest.raises(ValueError, match="start = 1 S is no conductance of this synapse; give one from"):
            send_pulses(each, [1], **({} if each is table else PULSE), start=1.0)


@pytest.mark.parametrize("end", ["lowest", "highest"])
def test_a_conductance_that_rounding_puts_beyond_an_end_is_that_end(end):
    """Within a millionth of the range of 400 uS; a refusal has the digits by which the two differ."""
    synapse = example_synapse()
    side, at = {"lowest": (-1, 1e-4), "highest": (1, 5e-4)}[end]
    table = TabulatedSynapse(lowest=1e-4, highest=5e-4, up=[1e-6] * 2, down=[-1e-6] * 2)
    for each, pulse in ((synapse, PULSE), (table, {})):
        near = send_pulses(each, [1], **pulse, start=at + side * 3e-10).conductance
        assert float(near[0, 0]) == pytest.approx(at, rel=1e-12)
        with pytest.raises(ValueError, match=f"start = {at + side * 5e-10:.12g} S .* from 0.0001 to 0.0005 S"):
            send_pulses(each, [1], **pulse, start=at + side * 5e-10)


def test_a_synapse_is_compared_with_a_run(stripe, make_spec):
    """The wall of the mock engine goes at the drift velocity, as a linear synapse with that mobility does."""
    steps = [Relax(), CurrentPulses(amplitude=1e12, width=0.2e-9, rise=0, period=0.3e-9, count=2, polarity="negative")]
    run = simulate(make_spec(protocol=Protocol(steps=steps, sampling_interval=50e-12)))
    junction = tunnel_junction(run, stripe.window_mask(), tmr=1.0, resistance_area=1e-12)
    position = walls(run)["position"][:, 0].values
    # Left of the wall m_z is above 0, parallel to the fixed layer.
    synapse = LinearSynapse(
        mobility=(position[-1] - position[0]) / (2 * -1e12 * 0.2e-9),
        junction=Junction(
            left=20e-9, right=140e-9, parallel=120e-9 * 16e-9 / 1e-12, antiparallel=60e-9 * 16e-9 / 1e-12
        ),
        polarity=-1,
        left=20e-9,
        right=140e-9,
    )
    beside = compare_with_run(synapse, run, junction)
    assert np.ptp(beside.measured.values) > 1e-5
    np.testing.assert_allclose(beside.conductance[0], beside.measured, atol=0.02 * np.ptp(beside.measured.values))
    # What a model is off by at an end refuses no comparison; the synapse begins at that end.
    low, high = (float(each) for each in synapse.conductances)
    begins = float(beside.measured[0])
    for off, allowed in ((0.009, True), (0.011, False)):
        moved = junction.assign(conductance=junction["conductance"] - begins + low - off * (high - low))
        if allowed:
            again = compare_with_run(synapse, run, moved)
            assert float(again.measured[0]) == pytest.approx(low - off * (high - low))
            assert float(again.conductance[0, 0]) == pytest.approx(low)
        else:
            with pytest.raises(
                ValueError, match=r"compare_with_run: the run's first conductance = .* S is no conductance"
            ):
                compare_with_run(synapse, run, moved)
    two = [*steps, steps[1].model_copy(update={"width": 0.1e-9})]
    other = simulate(make_spec(protocol=Protocol(steps=two, sampling_interval=50e-12)))
    with pytest.raises(ValueError, match="current pulses of 2 shapes"):
        compare_with_run(synapse, other, junction)


def test_a_table_of_pulses_has_the_error_of_its_held_out_trains():
    origin = PulseProvenance(source="x.csv", model="constant", devices=1, cycles=1, pulses=8, held_out_rms=3e-8)
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6] * 2, down=[-1e-6] * 2, provenance=origin)
    sent = send_pulses(synapse, [1, 1, -1])
    np.testing.assert_allclose(sent.conductance[0], [1e-6, 2e-6, 3e-6, 2e-6])
    np.testing.assert_allclose(sent.model_error[:, 1:], 1.96 * 3e-8, rtol=1e-4)  # 95 % of a normal distribution
    with pytest.raises(ValueError, match="leave width, rise and period out"):
        send_pulses(synapse, [1, 1, -1], **PULSE)


@rows(
    ("changes", "message"),
    [
        ({"width": None}, "width = None"),
        ({"rise": 0.3e-9}, "0 <= 2 rise <= width <= period"),
        ({"period": 0.1e-9}, "period = 1e-10"),
        ({"devices": 0}, "1 device or more"),
    ],
)
def test_what_is_no_train_of_pulses_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        send_pulses(wall_synapse(), [1e12], **PULSE | changes)
    with pytest.raises(ValueError, match="finite current densities"):
        send_pulses(wall_synapse(), [np.nan], **PULSE)
