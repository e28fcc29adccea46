r"""How fast a magnet follows a field across its easy axis.

Small oscillations about the easy axis of a uniformly magnetised magnet die away in

.. math:: \tau = \frac{2 (1 + \alpha^2)}{\alpha \gamma_0 (H_K + H_h)},

with the fields H_K and H_h that hold m on its easy axis towards the middle and the hard axis, from the demagnetising
factors of an elliptical cylinder and the material's anisotropy.
"""

from __future__ import annotations

import math

import numpy as np

from geometries.demagnetisation import demagnetising_factors
from geometries.magnet_logic.magnets import Magnet
from geometries.materials import MU0, Material
from geometries.responses import Response

__all__ = ["response"]


def response(magnet: Magnet, thickness: float, material: Material) -> Response:
    """Give H_K in A/m and tau in s of one magnet alone; every shape counts as an ellipse of its length and width."""
    along = np.array([*magnet.axis, 0.0])
    across = np.array([-along[1], along[0], 0.0])
    axes = np.stack([along, across, [0.0, 0.0, 1.0]], axis=1)
    factors = demagnetising_factors(magnet.length, magnet.width, thickness)
    easy = np.asarray(material.easy_axis) / math.hypot(*material.easy_axis)
    fields = material.Ms * axes @ np.diag(factors) @ axes.T
    fields -= 2 * material.Ku / (MU0 * material.Ms) * np.outer(easy, easy)
    low, middle, high = np.linalg.eigvalsh(fields)
    stiffness = material.alpha * material.gamma0 * (middle + high - 2 * low)
    return Response(float(middle - low), float(2 * (1 + material.alpha**2) / stiffness))
