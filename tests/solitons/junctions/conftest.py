"""Junctions of these tests: discs with a perpendicular axis, and an ellipse in the plane."""

import numpy as np
from scipy import constants

from solitons.junctions import Macrospin

ROOM = 300.0


def disc(stability, **changes):
    """A perpendicular free layer with a barrier of so many k T."""
    parts = {"thickness": 1e-9, "saturation": 1e6, "anisotropy": 2e5, "damping": 0.1, "temperature": ROOM}
    parts |= {"volume": stability * constants.k * ROOM / 2e5}
    return Macrospin(**(parts | changes))


def ellipse(stability, *, ratio=10.0, **changes):
    """A free layer in the plane whose shape holds it out of the plane `ratio` times as strongly as along y."""
    in_plane, saturation = 2e4, 1e6
    factors = [0.01, 0.01 + in_plane / saturation, 0.01 + ratio * in_plane / saturation]
    parts = {"thickness": 2e-9, "saturation": saturation, "anisotropy": 0.0, "damping": 0.05, "temperature": ROOM}
    parts |= {"demagnetisation": factors, "polariser": (1.0, 0.0, 0.0)}
    parts |= {"volume": stability * 2 * constants.k * ROOM / (constants.mu_0 * saturation * in_plane)}
    return Macrospin(**(parts | changes))


def in_well(equation):
    """The distribution of an axial equation's lower well, z below 0."""
    return equation.well(-1)


def brown_rate(spin):
    """Slowest rate of an axial macrospin at a high barrier, in 1/s: W. F. Brown, Phys. Rev. 130, 1677 (1963)."""
    h, delta = float(spin.field @ spin.axis) / spin.anisotropy_field, spin.stability
    both = sum((1 + sign * h) * np.exp(-delta * (1 + sign * h) ** 2) for sign in (-1, 1))
    return float(2 * spin.diffusion * delta**1.5 / np.sqrt(np.pi) * (1 - h**2) * both)
