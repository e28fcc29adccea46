"""A layer that learns images without a teacher, and is named and scored on images that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.spiking.image_scores import classes_of_neurons, named_classes
from solitons.spiking.images_as_spikes import ImageCoding, record_images
from solitons.spiking.junction_array import JunctionArray
from solitons.spiking.layer import Response, SpikingLayer, respond
from solitons.spiking.level_array import LevelArray

__all__ = ["PULSES", "TaughtImages", "learn_images"]

PULSES = 2**30
"""What is added to a layer's seed for the pulses' luck, which is not to follow from the first states."""


@dataclass(frozen=True)
class TaughtImages:
    """A layer after learning: its response to the learning images, and the classes of neurons and of held-out images.

    `classes` (neurons,) and `named` (images,) are -1 where there is none; `right` (images,) are the true ones.
    """

    response: Response
    classes: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    named: npt.NDArray[np.int64]

    @property
    def score(self) -> float:
        """Share of the held-out images that are named right."""
        return float((self.named == self.right).mean())


def learn_images(
    layer: SpikingLayer,
    coding: ImageCoding,
    synapses: JunctionArray | LevelArray,
    states: npt.NDArray[np.uint8],
    images: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]],
    *,
    epochs: int,
    seed: int,
    learns: bool,
) -> TaughtImages:
    """Show a layer images, name its neurons by the same images, and let it name others.

    `images` are those to learn and those held out, (images, pixels), and their classes. Without `learns` synapses stay
    as they are; thresholds are found all the same, so that what is compared is the learning. `seed` is for the order,
    the trains' phases and the pulses.
    """
    learning, held_out, names, right = images
    generator = np.random.default_rng([seed, 2])
    order = np.concatenate([generator.permutation(len(learning)) for _ in range(epochs)])
    shown = record_images(learning[order], coding, 3 * seed).events
    taught = respond(layer, synapses, states, shown, learns=learns, seed=seed + PULSES)
    answers, recordings = [], []
    for k, each in enumerate((learning, held_out)):
        recordings.append(record_images(each, coding, 3 * seed + 1 + k))
        answers.append(
            respond(
                layer, synapses, taught.states, recordings[k].events, learns=False, tires=False, raises=taught.raises
            )
        )
    classes = classes_of_neurons(answers[0], recordings[0], names, layer.neurons)
    return TaughtImages(taught, classes, right, named_classes(answers[1], recordings[1], classes))
