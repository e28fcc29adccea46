import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.spiking.image_scores import classes_of_neurons, named_classes
from solitons.spiking.images_as_spikes import ImageCoding, ImageRecording, record_images

from .conftest import response_of


def test_each_image_sends_as_many_spikes_whatever_it_shows():
    coding = ImageCoding(rate=100.0, shown=0.05, pause=0.1, contrast=(0, 1))
    images = np.random.default_rng(1).random((200, 16))
    recording = record_images(images, coding, seed=2)
    shown = recording.image_at(recording.events.times)
    counts = np.bincount(shown, minlength=200)
    # 5 spikes a pixel, but for a fraction of a spike that each input rounds by chance.
    assert counts.mean() == pytest.approx(16 * 5, rel=0.01)
    assert counts.std() < 3
    bright = recording.events.addresses < 16
    in_image = np.bincount(shown[bright], minlength=200)
    np.testing.assert_allclose(in_image, 5 * images.sum(axis=1), atol=6)


def test_trains_are_regular_and_within_their_image():
    coding = ImageCoding(rate=200.0, shown=0.05, pause=0.2, contrast=(0, 1))
    recording = record_images([[1.0], [0.0]], coding, seed=3)
    events = recording.events
    assert events.addresses.tolist() == [0] * 10 + [1] * 10
    first = events.times[:10]
    np.testing.assert_allclose(np.diff(first), 0.005)
    assert 0 <= first[0] < 0.005
    assert recording.starts.tolist() == [0.0, 0.25]
    assert first[0] != pytest.approx(events.times[10] - 0.25)


def test_contrast_makes_grey_pixels_dark_or_bright():
    assert ImageCoding(contrast=(0.2, 0.6)).bright([0.1, 0.4, 0.9]) == pytest.approx([0.0, 0.5, 1.0])


@rows(
    ("fields", "words"),
    [
        ({"contrast": (0.6, 0.6)}, "the first must be below the second"),
        ({"rate": "1 MHz", "shown": "1 s"}, "spikes a pixel"),
        ({"shown": 0.0}, "shown"),
    ],
)
def test_a_coding_that_cannot_be_is_refused(fields, words):
    with pytest.raises(ValidationError, match=words):
        ImageCoding(**fields)


def test_images_out_of_range_are_refused():
    with pytest.raises(ValueError, match="from 0 to 16"):
        record_images([[0.0, 16.0]], ImageCoding(), seed=0)


def test_neurons_are_named_by_most_of_their_spikes_and_name_other_images():
    recording = ImageRecording(record_images(np.zeros((4, 1)), ImageCoding(), 0).events, np.arange(4.0))
    # Neuron 0 fires for the classes 3, 3, 1; neuron 1 for 1; neuron 2 never.
    naming = response_of((0.1, 0), (1.1, 0), (2.1, 0), (3.1, 1))
    classes = classes_of_neurons(naming, recording, [3, 3, 1, 1], 3)
    assert classes.tolist() == [3, 1, -1]
    answers = response_of((0.1, 1), (1.1, 0), (1.2, 0), (1.3, 1), (2.5, 2))
    assert named_classes(answers, recording, classes).tolist() == [1, 3, -1, -1]
