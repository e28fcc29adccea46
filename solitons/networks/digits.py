"""Handwritten digits, read by a crossbar of fitted synapses and fitted neurons."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from analysis.statistics.proportions import wilson_interval
from solitons.devices.neuron import AbstractNeuron
from solitons.devices.pair import DevicePair
from solitons.devices.programming import pulse_velocity
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.networks.crossbar import Crossbar, PulseCoding, first_to_fire, program_crossbar
from solitons.networks.digits_result import DigitsResult
from solitons.networks.image_sets import split_images

__all__ = ["read_digits"]

Floats = npt.NDArray[np.float64]
TEST_SHARE = 0.35


def read_digits(
    devices: DevicePair, pulse: ProgrammingPulse, *, seed: int = 0, temperature: float = 0.0, rests: bool = False
) -> DigitsResult:
    """Train, write, and read: a 64-to-10 network of fitted devices on scikit-learn's digits.

    Multinomial logistic regression without intercept is trained in floating point on
    65 % of the images (a stratified split with the seed); its weights are
    written into pairs of synapses by pulses. Every device is then moved by a normal
    error as wide as its model's, drawn with the same seed, in the synapses and in the
    neurons' thresholds. Where the synapse has spreads, every synapse and
    every neuron is a device of its own, and every pulse of the writer misses a little; with a
    temperature heat shakes the neurons while they read, and synapses whose `noise` is some
    while they are written.

    Parameters
    ----------
    devices : DevicePair
        Devices of one family, as `solitons.domain_walls.devices_of` and `solitons.skyrmions.devices_of` give them.
    pulse : ProgrammingPulse
        Pulses that the driver can send.
    seed : int
        Seed of the test split and of the errors.
    temperature : float
        Temperature at which the neurons read, in K.
    rests : bool
        Whether the network reads a second time, when its synapses have come to rest.

    Returns
    -------
    DigitsResult

    Examples
    --------
    Linear synapses and walls as neurons, with a model that is off by 1 nm of 100 nm:

    >>> from solitons.devices import Junction, LinearSynapse
    >>> from solitons.domain_walls import DomainWallNeuron, WallDynamics
    >>> junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    >>> synapse = LinearSynapse(mobility=-1e-10, junction=junction, polarity=-1, left=0.0, right=100e-9)
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> neuron = DomainWallNeuron(wall, start=0.0, threshold=30e-9)
    >>> pulse = ProgrammingPulse(amplitude=1e12, shortest=2e-11, longest=1e-10, rise=0.0, period=1e-10)
    >>> found = read_digits(DevicePair(synapse, neuron, error=1e-9, amplitude=(2e11, 1e12)), pulse)
    >>> found.test_size, found.accuracy > 0.9
    (629, True)
    """
    train, test, train_digits, test_digits = split_images("digits", TEST_SHARE, seed)
    regression = LogisticRegression(fit_intercept=False, C=1.0, max_iter=2000).fit(train, train_digits)
    weights = regression.coef_.T

    synapse, neuron, spreads = devices.synapse, devices.neuron, devices.synapse.spreads
    generator = np.random.default_rng(seed)
    errors = generator.normal(0.0, devices.error, (2, *weights.shape))
    thresholds = neuron.span[1] + generator.normal(0.0, devices.error, 10)
    neurons = neuron.with_thresholds(thresholds)

    differ = spreads.known or temperature > 0
    crossbar = program_crossbar(synapse, weights, pulse, errors, rests=rests and not differ)
    ideal = synapse.ideal(pulse_velocity(synapse, pulse) / pulse.amplitude)
    read = _read(neurons, crossbar, train, test, pulse, devices)
    read_ideal = _read(neurons, program_crossbar(ideal, weights, pulse), train, test, pulse, devices)
    mean_device: float | None = None
    if differ:
        mean_device = float(np.mean(read == test_digits))
        crossbar = program_crossbar(synapse, weights, pulse, errors, seed, rests=rests)
        gains = np.maximum(0.0, 1 + float(spreads.gain) * generator.standard_normal(10))
        places = float(spreads.place) * generator.standard_normal(10)
        neurons = neuron.with_thresholds(thresholds + places, gains).heated(temperature)
        read = _read(neurons, crossbar, train, test, pulse, devices, seed)
    at_rest: float | None = None
    if crossbar.at_rest is not None:
        drawn = seed if differ else None
        at_rest = float(np.mean(_read(neurons, crossbar.at_rest, train, test, pulse, devices, drawn) == test_digits))
    right = int(np.sum(read == test_digits))
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (test_digits, read), 1)
    return DigitsResult(
        accuracy=right / test_digits.size,
        ci95=wilson_interval(right, test_digits.size),
        float_accuracy=float(np.mean(np.argmax(test @ weights, axis=1) == test_digits)),
        ideal_synapse_accuracy=float(np.mean(read_ideal == test_digits)),
        test_size=int(test_digits.size),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        pulses_a_synapse=crossbar.pulses,
        temperature=temperature,
        cycle_spread=float(spreads.cycle),
        gain_spread=float(spreads.gain),
        place_spread=float(spreads.place),
        mean_device_accuracy=mean_device,
        by_current=float(np.mean(np.argmax(crossbar.current(test), axis=1) == test_digits)),
        accuracy_at_rest=at_rest,
    )


def _read(
    neurons: AbstractNeuron,
    crossbar: Crossbar,
    train: Floats,
    test: Floats,
    pulse: ProgrammingPulse,
    devices: DevicePair,
    seed: int | None = None,
) -> npt.NDArray[np.intp]:
    """Digits that the neurons read; the drive's gain is set on the training images."""
    lowest, highest = devices.amplitude
    # The strongest output of most training images uses the upper half of the amplitudes.
    strongest = np.percentile(crossbar.current(train).max(axis=1), [1, 99])
    gain = (highest - lowest) / 2 / (strongest[1] - strongest[0])
    offset = (highest + lowest) / 2 - gain * strongest[0]
    drive = PulseCoding(
        offset=offset,
        gain=gain,
        lowest=0.0,
        highest=highest,
        width=pulse.longest,
        rise=pulse.rise,
        period=pulse.period,
        most=16,
    )
    winner, _ = first_to_fire(neurons, crossbar.current(test), drive, seed)
    return winner
