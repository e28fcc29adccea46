r"""Recognition by interfering spin waves: what ports receive of an image, and scatterers that are trained by flips.

Antennas send the pixels x of an image as amplitudes, and the port o receives the power

.. math:: P_o = \left| \sum_i S_{oi} x_i \right|^2,

which does not depend on a phase that all antennas share. Each port belongs to a class; the class with the largest
power, over the port's mean power in training, is the answer. Training lowers the mean of

.. math:: -\ln \frac{q_c^\beta}{\sum_o q_o^\beta}, \qquad q_o = P_o / \overline{P_o},

c the image's class and beta the sharpness. Scatterers are on or off: from random patterns, the flip that lowers it
most is done until none lowers it, and the best of all starts is taken.

No recogniser is better in the mean than matched filters, which give the most probable class. Of templates t of one
norm with a sign by chance and normal noise of one variance :math:`\sigma^2` the likelihood is proportional to
:math:`\cosh (t \cdot x / \sigma^2)`, so that it is the class of the largest :math:`|t \cdot x|`; without the sign, of
the largest :math:`t \cdot x`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.spin_waves.scattering import ScattererArray

__all__ = ["TrainedPattern", "answers", "losses", "port_powers", "train_scatterers"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]


def port_powers(transmission: npt.ArrayLike, images: npt.ArrayLike) -> Floats:
    """Give the power at each port, shape (..., images, ports), of images (images, antennas).

    Examples
    --------
    >>> port_powers([[1.0, 1.0], [1.0, -1.0]], [[1, 1], [1, -1], [-1, 1]]).tolist()  # the parity of two phases
    [[4.0, 0.0], [0.0, 4.0], [0.0, 4.0]]
    """
    received = np.asarray(images) @ np.swapaxes(np.asarray(transmission), -1, -2)
    return np.asarray(received.real**2 + received.imag**2)


def answers(transmission: npt.ArrayLike, means: npt.ArrayLike, images: npt.ArrayLike) -> Indices:
    """Give the class of each image: the port whose power is largest, over its mean in training (ports,)."""
    return np.asarray(np.argmax(port_powers(transmission, images) / np.asarray(means), axis=-1))


def losses(transmission: Complexes, images: Floats, labels: Indices, sharpness: float) -> Floats:
    """Give the mean loss of training, shape (...), of transmissions (..., ports, antennas)."""
    powers = port_powers(transmission, images)
    scores = sharpness * np.log(powers / powers.mean(axis=-2, keepdims=True))
    own = np.take_along_axis(scores, np.broadcast_to(labels[:, None], (*scores.shape[:-1], 1)), axis=-1)[..., 0]
    top = scores.max(axis=-1)
    return np.asarray((top + np.log(np.exp(scores - top[..., None]).sum(axis=-1)) - own).mean(axis=-1))


@dataclass(frozen=True, eq=False)
class TrainedPattern:
    """A trained pattern (N,) with its loss, and the flips done from all starts."""

    pattern: Bools
    loss: float
    flips: int


def train_scatterers(
    array: ScattererArray, images: Floats, labels: Indices, *, starts: int, sharpness: float, seed: int
) -> TrainedPattern:
    """Flip scatterers until no flip of one lowers the loss, from several random patterns.

    Parameters
    ----------
    array : ScattererArray
        With a port for each class.
    images, labels : numpy.ndarray
        Training images (images, antennas), and the index of the class of each.
    starts, sharpness, seed
        How many random patterns to start from, beta, and the seed that draws them.
    """
    generator, best, flips = np.random.default_rng(seed), None, 0
    for _ in range(starts):
        state = array.flipped(generator.random(array.count) < 0.5)
        loss = float(losses(state.transmission, images, labels, sharpness))
        while True:
            tried = losses(state.tried(), images, labels, sharpness)
            place = int(tried.argmin())
            if not tried[place] < loss - 1e-9:
                break
            state.flip(place)
            loss, flips = float(tried[place]), flips + 1
        if best is None or loss < best[0]:
            best = loss, state.pattern.copy()
    assert best is not None
    return TrainedPattern(best[1], best[0], flips)
