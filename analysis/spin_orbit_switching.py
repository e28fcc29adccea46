r"""A perpendicular moment that a spin-orbit torque turns over with the help of a field in the plane, and films of them.

A current along e sends spins along sigma = z x e into a moment with the anisotropy field H_k along z, and a field h
acts along e. The damping-like field is H_DL m x sigma. In the plane of z and e, with theta the angle from the
moment's own side of z towards the side of e on which h is, all fields act along the direction of theta. If the torque
turns the moment towards h, they balance where

.. math:: -H_k \sin\theta \cos\theta + h \cos\theta + H_{DL} = 0 .

There is such an angle up to the maximum of cos(theta) (H_k sin(theta) - h), so the moment is unstable above

.. math:: H_c = H_k \sqrt{1 - s^2} \, (s - b) , \quad s = \frac{b + \sqrt{b^2 + 8}}{4} , \quad b = \frac{h}{H_k} ,
   \qquad H_c \approx \frac{H_k}{2} - \frac{h}{\sqrt 2} \; (b \ll 1) .

The approximation has theta = 45 degrees. As J_c = (2 e / hbar) (mu0 Ms t / theta_SH) (H_k / 2 - h / sqrt 2) it is
that of K.-S. Lee, S.-W. Lee, B.-C. Min and K.-J. Lee, Appl. Phys. Lett. 102, 112410 (2013), for high damping; of their
paper we had the abstract only, hence the derivation. The current has to change slowly: the precession decays meanwhile.

With the other sign of current, or of h, h holds the moment: its threshold H_k / 2 + h / sqrt 2 is the larger, and above
it both sides are unstable. A current that then falls slowly passes the range in which one side alone is stable, and
the moment ends there. So the sign of h J decides on which side a moment ends, and the size of h from which current on.
Without h neither side is preferred.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.materials import MU0
from geometries.terminals import HeavyMetal
from runs.spec import RunSpec

__all__ = ["independent_moments", "threshold_field", "why_no_threshold"]

Floats = npt.NDArray[np.float64]


def threshold_field(anisotropy_field: npt.ArrayLike, field: npt.ArrayLike) -> Floats:
    """Damping-like field above which a moment is unstable that a field in the plane helps to turn over.

    Parameters
    ----------
    anisotropy_field, field : array_like
        H_k, above 0, and h, at least 0, in A/m; above H_k the moment lies in the plane, and the threshold is 0.

    Returns
    -------
    numpy.ndarray
        H_c of the module in A/m.

    Examples
    --------
    >>> threshold_field(1.0, [0.0, 0.05, 0.1, 1.0]).round(3)  # 1/2 less 0.707 h
    array([0.5  , 0.465, 0.431, 0.   ])
    """
    scale = np.asarray(anisotropy_field, dtype=np.float64)
    b = np.minimum(np.asarray(field, dtype=np.float64) / scale, 1)
    s = (b + np.sqrt(b**2 + 8)) / 4
    return np.asarray(scale * np.sqrt(1 - s**2) * (s - b))


def why_no_threshold(spec: RunSpec) -> str:
    """Why the module's theory is not one of a run; empty if it is."""
    device, protocol, material = spec.device, spec.protocol, spec.material
    driven, fields = protocol.channels(device), protocol.field_waveforms() or ()
    metal, waveform = driven[0] if len(driven) == 1 else (None, None)
    if not isinstance(metal, HeavyMetal) or waveform is None or metal.along_path:
        return "the theory is of one current along a line in a heavy_metal; give the device one such terminal, driven"
    if waveform.lines_and_oscillations[1]:
        return "the theory is of a current that changes slowly; give pulses or a constant current"
    if metal.spin_orbit_fields(material, device.extent[2])[1]:
        return "the theory has no field-like torque; set field_like_ratio to 0"
    if _field(spec)[:, 2].any() or any(each.peak for each in fields) or protocol.temperature_profile.peak:
        return "the theory is of 0 K and constant fields in the plane; use exchange_bias or static_field, without z"
    if device.parts or abs(material.easy_axis[2]) < 1 or _anisotropy_field(spec).min() <= 0:
        return "the theory is of a film of one material that magnetises along z everywhere"
    if np.ptp(np.sign(device.initial_magnetisation(material)[device.mask()][:, 2])):
        return "the theory is of a film that begins as one domain: walls move at smaller currents; leave them out"
    return ""


def _field(spec: RunSpec) -> Floats:
    """Exchange bias and static field of the magnet's cells in A/m, shape (cells, 3)."""
    bias = spec.device.bias_field()
    return (np.zeros((*spec.device.shape, 3)) if bias is None else bias)[
        spec.device.mask()
    ] + spec.protocol.steady_field


def _anisotropy_field(spec: RunSpec) -> Floats:
    """Field H_k of the magnet's cells in A/m, in a wide film if there is a stray field."""
    device, material = spec.device, spec.material
    factor = device.relative_anisotropy()
    relative = (np.ones(device.shape) if factor is None else factor)[device.mask()]
    return np.asarray(2 * material.Ku * relative / (MU0 * material.Ms) - material.Ms * spec.numerics.demagnetisation)


def independent_moments(spec: RunSpec) -> Floats:
    """Expect m_z of each cell at the end of a run, as though it felt of the others a wide film's stray field alone.

    H_k is 2 Ku / (mu0 Ms) of the cell less Ms; h is the exchange bias and the static field along the current. A current
    that reaches the threshold leaves a moment on the side that h prefers under it, and 0, the mean of both, where there
    is no h. At rest it leans by asin of the field in the plane over H_k. It is of the first pulse rather than of later
    ones: walls that the first leaves between grains move at currents below any threshold.

    Parameters
    ----------
    spec : RunSpec
        One of which `why_no_threshold` is empty.

    Returns
    -------
    numpy.ndarray, shape (cells of the magnet,)
    """
    device, material, mask = spec.device, spec.material, spec.device.mask()
    ((metal, waveform),) = spec.protocol.channels(device)
    assert isinstance(metal, HeavyMetal)  # `why_no_threshold` has refused others
    field, anisotropy_field = _field(spec), _anisotropy_field(spec)
    along = field @ metal.direction
    threshold = threshold_field(anisotropy_field, np.abs(along))
    torque, under = metal.spin_orbit_fields(material, device.extent[2])[0], metal.cells(device)[mask]
    side = np.sign(device.initial_magnetisation(material)[mask][:, 2])
    for density in waveform.straight_lines("independent_moments").values:
        # m x sigma of a moment along +-z is -+ the direction of the current. Without h no side is preferred.
        held = np.sign(torque * density * along)
        side = np.where(under & (np.abs(torque * density) >= threshold), held, side)
    lean = np.minimum(np.hypot(field[:, 0], field[:, 1]) / anisotropy_field, 1)
    return np.asarray(side * np.sqrt(1 - lean**2))
