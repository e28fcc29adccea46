"""Moments with one axis of symmetry, whose orbits, locked states and lines are known in closed form."""

from dataclasses import replace

import numpy as np
import xarray as xr
from scipy import constants

from solitons.junctions import Macrospin, follow_macrospins
from solitons.oscillators.oscillator_fit import record_of
from solitons.oscillators.threshold import _rate

MU0 = constants.mu_0


def axial(alpha=0.01, field=1.0, anisotropy=-0.5, ratio=0.0, temperature=0.0, volume=1e-23, **changes):
    """Field and H_k in T along z, and a polariser against z, so that a positive current excites it."""
    saturation = 8e5
    content = {
        "volume": volume,
        "thickness": 3e-9,
        "saturation": saturation,
        "anisotropy": anisotropy * saturation / 2,
        "damping": alpha,
        "temperature": temperature,
        "field": (0, 0, field / MU0),
        "polariser": (0, 0, -1.0),
        "polarisation": 0.5,
        "field_like_ratio": ratio,
    }
    return Macrospin(**content | changes)


def torque_field(spin, current):
    """The field a_J in A/m of a current through a layer with Lambda = 1."""
    return float(spin.torque_field(current) * spin.polarisation) / 2


def current_for(spin, a_j):
    """The current density in A/m2 whose torque's field is `a_j` in A/m."""
    return a_j / torque_field(spin, 1.0)


def means(run):
    """A trajectory as a run with mean moments."""
    parts = {f"m{name}": ("t", run["m"].sel(vdims=name).values[0]) for name in "xyz"}
    return xr.Dataset(parts, {"t": run["t"]})


def moment_record(spin, current, duration, tilt=0.05, axis=(0, 0, 1), interval=1e-11):
    start = [[np.sin(tilt), 0, np.cos(tilt)]]
    samples = round(duration / interval)
    run = follow_macrospins(spin, start, duration, seed=1, current_density=current, samples=samples)
    record = record_of(means(run), current, axis)
    return replace(record, run_id=f"{current:.6g}")


def locked_directly(spin, current, signal, frequency, near):
    """Fixed point of one moment in the frame that turns with a field and a torque of fields in A/m, by Newton.

    None where there is none that lasts.
    """
    field, torque = signal
    turned = replace(spin, field=np.array(spin.field) + np.array([field, 0, 0]))
    gamma = float(spin.gyromagnetic_ratio / (1 + spin.damping**2))

    def rate(m):
        pulled = gamma * torque * (np.array([1.0, 0, 0]) - m[0] * m)
        return _rate(turned, m, current) + pulled - 2 * np.pi * frequency * np.cross([0, 0, 1], m)

    def moved(m, by):
        return (m + by) / np.linalg.norm(m + by)

    m = near / np.linalg.norm(near)
    for _ in range(200):
        u = np.cross(m, [0, 0, 1])
        u /= np.linalg.norm(u)
        v = np.cross(m, u)
        slopes = [(rate(moved(m, 1e-6 * each)) - rate(moved(m, -1e-6 * each))) / 2e-6 for each in (u, v)]
        matrix = np.array([[slope @ u for slope in slopes], [slope @ v for slope in slopes]])
        left = rate(m)
        if np.linalg.norm(left) < 100:
            return m if np.linalg.eigvals(matrix).real.max() < 0 else None
        by = np.linalg.solve(matrix, [-left @ u, -left @ v])
        by *= min(1, 0.05 / np.linalg.norm(by))
        m = moved(m, by[0] * u + by[1] * v)
    return None


def exact_border(spin, current, signal, own, power, sign, scale):
    """How far in Hz from `own` the frequency of a signal may go until no fixed point lasts, followed outwards."""
    angle = 2 * np.arcsin(np.sqrt(power))
    for phase in np.linspace(0, 2 * np.pi, 24, endpoint=False):
        near = np.array([np.sin(angle) * np.cos(phase), np.sin(angle) * np.sin(phase), np.cos(angle)])
        m = locked_directly(spin, current, signal, own, near)
        if m is not None:
            break
    away, step = 0.0, 0.1 * scale
    while step > 1e-4 * scale:
        further = locked_directly(spin, current, signal, own + sign * (away + step), m)
        if further is None:
            step /= 2
        else:
            away, m = away + step, further
    return away
