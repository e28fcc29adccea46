"""Networks that have learned, with fitted walls as hidden units: what they read, and what an image costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from solitons.campaigns.arrays.array_energy import (
    NO_CHANNEL,
    NO_READ,
    SOLVED_IMAGES,
    ArrayEnergy,
    ReadPower,
    derived_row,
    read_power,
)
from solitons.campaigns.arrays.learning_on_devices.results import SpikingResults
from solitons.campaigns.arrays.learning_on_devices.settings import SpikingUnits
from solitons.campaigns.arrays.scores_over_seeds import difference, score_of
from solitons.campaigns.arrays.trained_networks import Trained
from solitons.crossbars import Wires
from solitons.crossbars.learning import Learned
from solitons.crossbars.perceptron import Weights, digit_images, forward
from solitons.crossbars.weight_pairs import side_by_side
from solitons.domain_walls import DomainWallNeuron
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.energy.ledger import EnergyRow, Part
from solitons.figures import value_label
from solitons.fits.provenance import Provenance
from solitons.models.loading import load_model_of
from solitons.models.saving import origin_of
from solitons.networks.image_sets import ImageSet
from solitons.spiking.rate_network import RateCurve, spiking_outputs

__all__ = ["SPIKING", "beyond_fit", "neuron_in", "spiking_results", "spiking_rows"]

SPIKING = "inference, spiking"
_QUANTILE = 0.99
"""Quantile of training images' sums above 0 that the strongest current represents."""
_WHERE: tuple[tuple[Part, str], ...] = (
    ("device", ""),
    ("wire", ", segments"),
    ("driver", ", open transistors and ends"),
)


def neuron_in(units: SpikingUnits) -> DomainWallNeuron:
    """The neuron of a saved model, a wall with its places inside its stripe."""
    remedy = "give a neuron or a synapse of a wall, such as neuron.json of a campaign, or wall"
    wanted = DomainWallNeuron | DomainWallSynapse
    model = load_model_of("spiking.fitted_model", units.fitted_model, remedy, wanted)
    given: dict[str, Any] = {"start": units.start, "threshold": units.threshold, "leak_field": units.leak_field}
    given = {name: value for name, value in given.items() if value is not None}
    if isinstance(model, DomainWallNeuron):
        return replace(model.heated(0.0), **given)
    if units.start is None or units.threshold is None:
        raise ValueError(
            f"spiking.fitted_model = {units.fitted_model!r} is a synapse, which has no start and no threshold; give "
            "spiking.start and spiking.threshold, in m"
        )
    left, right = float(model.left), float(model.right)
    if not (left <= min(units.start, units.threshold) and max(units.start, units.threshold) <= right):
        raise ValueError(
            f"spiking: start = {units.start:.4g} m and threshold = {units.threshold:.4g} m must lie within the stripe "
            f"of {units.fitted_model!r}, from {left:.4g} to {right:.4g} m"
        )
    return DomainWallNeuron(wall=model.wall, **given)


@dataclass(frozen=True, eq=False)
class Read:
    """Read-out of one network, the largest sum of its units, and the currents in its neurons."""

    right: float
    largest: float
    current: np.ndarray
    spikes: np.ndarray


def spiking_results(
    units: SpikingUnits,
    curve: RateCurve,
    trained: Trained,
    learned: Sequence[Learned],
) -> SpikingResults:
    """Accuracies with weights in floating point and with those that were learned on the devices, seed by seed."""
    seeds, images = trained.seeds, trained.images
    plain = [_read(weights, curve, seed, images) for weights, seed in zip(trained.weights, seeds, strict=True)]
    taught = [_read(each.weights, curve, seed, images) for each, seed in zip(learned, seeds, strict=True)]
    return SpikingResults(
        floating=score_of([each.right for each in plain]),
        learned=score_of([each.right for each in taught]),
        cost=difference([each.accuracy for each in learned], [each.right for each in taught]),
        floating_cost=difference(trained.scores, [each.right for each in plain]),
        most_spikes=int(curve.count[-1]),
        spikes=float(np.mean([each.spikes.sum(axis=1).mean() for each in taught])),
        threshold=curve.threshold,
        beyond=beyond_fit(units, curve, origin_of(neuron_in(units))),
    )


def beyond_fit(units: SpikingUnits, curve: RateCurve, origin: Any) -> list[str]:
    """How the currents of the units exceed the range of their model's fit, in words.

    Currents at which a unit is silent do not count, nor currents of a neuron that was not fitted.
    """
    if not isinstance(origin, Provenance):
        return []
    seen = origin.fitted_range
    found = []
    if not seen.width[0] * (1 - 1e-9) <= units.time <= seen.width[1] * (1 + 1e-9):
        found.append(
            f"they are held for {value_label(units.time, 's', 2)}, and it was fitted on pulses of "
            f"{value_label(seen.width[0], 's', 2)} to {value_label(seen.width[1], 's', 2)}"
        )
    # A range may be compared with itself in round numbers.
    if curve.threshold < seen.amplitude[0] * (1 - 1e-9) or units.strongest > seen.amplitude[1] * (1 + 1e-9):
        found.append(
            f"units fire at {value_label(curve.threshold, 'A/m^2', 2)} to {value_label(units.strongest, 'A/m^2', 2)}, "
            f"and it was fitted at {value_label(seen.amplitude[0], 'A/m^2', 2)} to "
            f"{value_label(seen.amplitude[1], 'A/m^2', 2)}"
        )
    return found


def spiking_rows(
    name: str,
    learned: Learned,
    units: SpikingUnits,
    curve: RateCurve,
    wires: Wires,
    energy: ArrayEnergy,
    seed: int,
    images_read: ImageSet = "digits",
) -> list[EnergyRow]:
    """An image read by the network of the first seed, whose hidden units are neurons.

    The first array holds its inputs for as long as the image is shown; each spike reads one line of the second array.
    The line that is always on counts there as a unit whose sum is 1: it is read as often in an image as such a unit
    would fire, were its curve a straight line.
    """
    images = digit_images(seed, images_read).test[:SOLVED_IMAGES]
    found = _read(learned.weights, curve, seed, images_read)
    current, spikes = found.current[:SOLVED_IMAGES], found.spikes[:SOLVED_IMAGES]
    volts, read = energy.read_voltage, energy.read_time
    first, second = (side_by_side(*pair) for pair in learned.conductances)
    # In the devices, in the wires, in transistors and ends.
    held: tuple[float, ...] | None = None
    events: tuple[float, ...] | None = None
    bias: tuple[float, ...] | None = None
    always_on = float(curve.count[-1]) / found.largest
    if volts is not None and read is not None:
        inputs = read_power(first, volts * images, wires, energy)
        one_line = read_power(second, np.eye(second.shape[0]) * volts, wires, energy)
        held = tuple(float(part.mean()) * units.time for part in _parts(inputs))
        events = tuple(float((spikes @ part[:-1]).mean()) * read for part in _parts(one_line))
        bias = tuple(always_on * float(part[-1]) * read for part in _parts(one_line))
    neurons, why = None, "where the neurons' current flows is not described; give spiking.write_path"
    if units.write_path is not None:
        path = units.write_path.path(0.0, 1)
        heat = path.resistance * (path.current(1.0) * current) ** 2
        neurons, why = float(heat.sum(axis=1).mean()) * units.time, ""
    mean = f"mean of {len(images)} images, network solved"
    total = float(spikes.sum(axis=1).mean())
    row = partial(derived_row, name, SPIKING)
    rows = [row("device", f"neurons: {current.shape[1]} write paths", "R I^2 T", neurons, why, units.time)]
    for what, known in (
        ("first array, inputs held", held),
        (f"second array, {total:.0f} spikes read a line each", events),
        (f"line that is always on, {always_on:.3g} reads of the second array", bias),
    ):
        for number, (part, where) in enumerate(_WHERE):
            joule, missing = (None, NO_READ) if known is None else (known[number], "")
            if part == "driver" and known is not None and energy.transistor_resistance is None:
                joule, missing = None, NO_CHANNEL
            rows.append(row(part, f"{what}{where}", mean, joule, missing))
    # The circuits that hold each input's voltage, and that turn the first array's currents into currents of the
    # neurons, are not described.
    why = "what holds the inputs and amplifies the sums is no part of the model; add the figure of your circuit by hand"
    return [*rows, row("driver", "holding inputs, amplifying sums", "not modelled", None, why)]


def _read(weights: Weights, curve: RateCurve, seed: int, name: ImageSet) -> Read:
    images = digit_images(seed, name)
    sums = forward(weights, images.train)[0][:, :-1]
    largest = float(np.quantile(sums[sums > 0], _QUANTILE))
    outputs, current, spikes = spiking_outputs(weights, images.test, curve, largest)
    return Read(float(np.mean(outputs.argmax(axis=1) == images.test_digits)), largest, current, spikes)


def _parts(power: ReadPower) -> tuple[np.ndarray, ...]:
    """In the order of `_WHERE`."""
    return power.devices, power.segments, power.channels + power.ends
