r"""How heat softens a wall and what holds it, in the cells of a run.

Spin waves make a run's magnet softer than its constants are at 0 K, and a wall leaves its place earlier. A wall of a
few coordinates has no spin waves: its constants must be those at the temperature. To first order in T, with harmonic
spin waves on the lattice of cells:

**The film.** A transverse component of m has the variance

.. math:: \delta = \frac{1}{N} \sum_k \frac{k_B T}{2 V_c (K + A \hat k^2)}, \qquad
          \hat k^2 = \sum_i \frac{2 - 2 \cos k_i h_i}{h_i^2}, \quad K = K_u - \mu_0 M_s^2 / 2

with V_c the volume of a cell and h_i its edges. So Ms falls by m = exp(-delta), Ku by m^3 (the mean of m_z^2 - m_x^2),
A and D by m^(2 - c) (the mean of m_z m_z' + m_x m_x' of two neighbours, whose transverse components are correlated by
c). Damping and torques of a current turn the mean of m as they turn a cell, so that both keep their values.

**The wall.** About a Walker wall a wave k along the line has (kappa - 1) / (kappa + 1) times a domain's determinant,
with kappa^2 = 1 + k^2 Delta^2, for each of two components. So the wall's free energy is

.. math:: F = \sigma S + k_B T \sum_k \ln\frac{\kappa - 1}{\kappa + 1}, \qquad
          \sigma = 4 \sqrt{A K} - \pi |D|

with the standing waves across the stripe's rows and layers. What holds the wall is a difference of F. Where a part of
other anisotropy makes it, it falls by exp(-x), and where the stripe's width does, by exp(-y),

.. math:: x = \frac{k_B T}{2 K \Delta S} \sum_k \frac{1}{\kappa}, \qquad
          y = -\frac{k_B T}{\sigma h_y t} \sum_{k_z} \left\langle \ln\frac{\kappa - 1}{\kappa + 1} \right\rangle_{k_y}

since one row more has one wave more. As a push, an energy over 2 mu0 Ms S, it is larger by 1 / m. The waves also bend
the line, by the variance sum of k_B T / (sigma S k^2), and the wall sees the mean of the landscape over so much.

The mean push in a trap in micromagnetics at 300 K agrees (numbers: docs/notes/domain_wall_places.md). Cells are part of
it: the same film is softer in smaller ones. Left out are the effect of DMI and of the hard axis on the waves, their
stray field, and second order in T.

Sources: H. B. Callen and E. Callen, J. Phys. Chem. Solids 27, 1271 (1966), for m^3; U. Atxitia et al., Phys. Rev. B 82,
134440 (2010), for an exponent of A below 2. Neither was read: the formulas are derived here.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries import Material, Stripe
from runs import RunSpec
from solitons.domain_walls.pinning import NoPinning, TabulatedPinning
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.current_torques import material_under_current

__all__ = ["film_in_heat", "landscape_in_heat", "softened"]

Floats = npt.NDArray[np.float64]

_WAVES = 256
"""Waves along the stripe, which has no end for them, and for a mean over k_y: the mean of 1 / k^2 has them to 1e-3."""
_A_WIDTH = 8.0  # places a width of a softened landscape
_GAUSS = ((-math.sqrt(3), 1 / 6), (0.0, 2 / 3), (math.sqrt(3), 1 / 6))  # Gauss and Hermite's three nodes


def softened(wall: WallDynamics, spec: RunSpec, temperature: float) -> WallDynamics:
    """A run's wall at 0 K with the constants and the landscape that it has at a temperature in K.

    Of a perpendicular film, to be followed with heat (`solitons.domain_walls.heat`). The landscape is tabulated
    from end to end of the stripe. It is taken as one of the outline if any cell is empty (notches, a taper, rough
    edges), else as one of the material. ValueError if the temperature is negative, the film at it magnetises in its
    plane, or the domains are along x.
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise ValueError(f"softened: temperature = {temperature} K must be 0 or above")
    if temperature == 0:
        return wall
    stripe, material = stripe_of(spec), material_under_current(spec)
    if stripe.domain_axis == "x":
        raise ValueError(
            f"softened: run {spec.run_id} has domains along x, and what spin waves do to a head-to-head wall is not "
            "known; leave heat out"
        )
    moment, stiffness, hardness = film_in_heat(stripe, material, temperature)
    wider = math.sqrt(stiffness / hardness)
    share, bent = landscape_in_heat(stripe, material, float(wall.width), temperature)
    pinning = wall.pinning
    if not isinstance(pinning, NoPinning):
        places = np.linspace(0.0, stripe.length, math.ceil(stripe.length / float(wall.width) * _A_WIDTH) + 1)
        with jax.enable_x64(True):
            pushes = sum(weight * pinning.push(jnp.asarray(places + node * bent)) for node, weight in _GAUSS)
        pinning = TabulatedPinning(0.0, stripe.length, np.asarray(pushes) * share)
    tilting, breathing = wall.tilting, wall.breathing
    if tilting is not None:
        tension, edge = tilting.tension_field * hardness / moment, tilting.edge_field * moment / wider
        tilting = replace(tilting, tension_field=tension, edge_field=edge)
    return replace(
        wall,
        width=wall.width * wider,
        hard_axis_field=wall.hard_axis_field * moment / wider,
        dmi_field=wall.dmi_field * stiffness / (moment * wider),
        moment_per_length=wall.moment_per_length * moment,
        pinning=pinning,
        tilting=tilting,
        breathing=replace(
            breathing,
            softness=breathing.softness * moment / hardness,
            shape_field=breathing.shape_field * moment,
        ),
    )


def film_in_heat(stripe: Stripe, material: Material, temperature: float) -> tuple[float, float, float]:
    """Ms, A (and D), and K_u - mu0 Ms^2 / 2 of a film in a stripe's cells at a temperature in K, over those at 0 K."""
    along = 2 * np.pi * (np.arange(_WAVES) + 0.5) / _WAVES
    waves = (2 - 2 * np.cos(along)) / stripe.spacing[0] ** 2
    stiff = material.effective_anisotropy + material.A * (waves + _across(stripe)[:, np.newaxis])
    variances = constants.k * temperature / (2 * math.prod(stripe.spacing) * stiff)
    delta = float(variances.mean())
    moment, correlation = math.exp(-delta), float((variances * np.cos(along)).mean()) / delta
    shape = constants.mu_0 * material.Ms**2 / 2
    hardness = (material.Ku * moment**3 - shape * moment**2) / material.effective_anisotropy
    if not hardness > 0:
        raise ValueError(
            f"softened: at {temperature:g} K the film {material.name!r} in cells of {stripe.spacing} m magnetises in "
            "its plane, and there is no wall; lower the temperature"
        )
    return moment, moment ** (2 - correlation), hardness


def landscape_in_heat(stripe: Stripe, material: Material, width: float, temperature: float) -> tuple[float, float]:
    """How strong the push of a stripe on its wall is at a temperature in K, over 0 K, and the bending of its line in m.

    `width` is Delta in m at 0 K.
    """
    thermal, cross = constants.k * temperature, stripe.width * stripe.thickness
    tension = 4 * math.sqrt(material.A * material.effective_anisotropy) - math.pi * abs(material.D)
    across = _across(stripe)
    if stripe.mask().all():
        lost = thermal / (2 * material.effective_anisotropy * width * cross) * float(np.sum(1 / _kappa(across, width)))
    else:
        rows = (2 - 2 * np.cos(np.pi * (np.arange(_WAVES) + 0.5) / _WAVES)) / stripe.spacing[1] ** 2
        kappa = _kappa(rows + _standing(stripe, 2)[:, np.newaxis], width)
        modes = float(np.log((kappa - 1) / (kappa + 1)).mean(axis=1).sum())
        lost = -thermal * modes / (tension * stripe.spacing[1] * stripe.thickness)
    bent = thermal / (tension * cross) * float(np.sum(1 / across[1:]))
    return math.exp(-lost) / film_in_heat(stripe, material, temperature)[0], math.sqrt(bent)


def _kappa(squares: Floats, width: float) -> Floats:
    found: Floats = np.sqrt(1 + squares * width**2)
    return found


def _standing(stripe: Stripe, axis: int) -> Floats:
    """k^2 in 1/m^2 of the standing waves along an axis, in the cells' differences; the first is 0."""
    count = stripe.shape[axis]
    found: Floats = (2 - 2 * np.cos(np.pi * np.arange(count) / count)) / stripe.spacing[axis] ** 2
    return found


def _across(stripe: Stripe) -> Floats:
    """k^2 of the standing waves across a stripe, rows and layers; the uniform one first."""
    return np.array([y + z for z, y in itertools.product(_standing(stripe, 2), _standing(stripe, 1))])
