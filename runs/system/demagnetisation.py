"""Demagnetising factors of what is simulated: of the cells, not of the outline that they follow."""

from __future__ import annotations

import numpy as np
import scipy

from geometries.device import AbstractDevice

__all__ = ["cell_demagnetising_factors"]


def cell_demagnetising_factors(device: AbstractDevice) -> tuple[float, float, float]:
    r"""Give the demagnetising factors N_xx, N_yy and N_zz of a device's cells when they are magnetised alike.

    .. math:: N_{aa} = \frac{1}{n} \sum_{i, j} N_{aa}(r_i - r_j),

    the mean over pairs of the n magnetic cells of Newell's tensor, as both engines have it. They add up to 1, and the
    relative saturation magnetisation is taken to be 1 in the magnet. A round outline in cells has steps; unless they
    are much smaller than the film is thick, their poles make the factors in the plane larger than for the outline
    itself (`geometries.demagnetising_factors`), and with them shift the energy barrier of what is simulated.
    """
    from runs.native.terms import newell

    mask = device.mask().astype(np.float64)
    doubled = [2 * count for count in mask.shape]
    # How many pairs of cells there are at each offset, negative ones behind the positive ones.
    pairs = scipy.fft.irfftn(np.abs(scipy.fft.rfftn(mask, doubled)) ** 2, doubled)
    x, y, z = mask.shape
    factors = []
    components = ("xx", "yy", "zz")
    for name, tensor in zip(components, newell.tensor((x, y, z), device.cell, components), strict=True):
        factors.append(float(np.sum(newell.both_sides(tensor, name) * pairs) / mask.sum()))
    return factors[0], factors[1], factors[2]
