"""Digit of each neuron of a layer that learned without a teacher, and the digits it names in other images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.spiking.images_as_spikes import ImageRecording
from solitons.spiking.layer import Response

__all__ = ["classes_of_neurons", "named_classes"]

Classes = npt.NDArray[np.int64]


def classes_of_neurons(response: Response, recording: ImageRecording, labels: npt.ArrayLike, neurons: int) -> Classes:
    """Class that each neuron stands for, (neurons,): the class of most of its spikes; -1 for one that never fires.

    The response is to images that are not those that are scored, with `labels` (images,) from 0. This is the only step
    that knows the labels: it names what was learned, and teaches nothing.
    """
    of_images = np.asarray(labels, dtype=np.int64)
    counts = np.zeros((neurons, int(of_images.max()) + 1), dtype=np.int64)
    np.add.at(counts, (response.neurons, of_images[recording.image_at(response.times)]), 1)
    return np.where(counts.any(axis=1), counts.argmax(axis=1), -1)


def named_classes(response: Response, recording: ImageRecording, classes: Classes) -> Classes:
    """Class that the layer names for each image, (images,): the one with most spikes, -1 where none has any.

    The response is without learning; `classes` are from `classes_of_neurons`.
    """
    votes = np.zeros((recording.starts.size, max(int(classes.max()), 0) + 1), dtype=np.int64)
    named = classes[response.neurons]
    np.add.at(votes, (recording.image_at(response.times)[named >= 0], named[named >= 0]), 1)
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
