"""Clock of perpendicular nanomagnets by the current in a heavy metal under them, without a field.

The current's damping-like torque leaves the magnets no state along the normal and holds them along its spins, in the
plane. As it falls each magnet falls to the side to which the stray fields of its neighbours push it.

References
----------
D. Bhowmik, L. You and S. Salahuddin, Nature Nanotech. 9, 59 (2014), by its abstract: a chain of three CoFeB magnets on
tantalum that a current clocks and an input magnet decides.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from geometries import MagnetArray, Material
from geometries.device import AbstractDevice
from geometries.directions import direction_text
from geometries.magnet_logic.heavy_metals import heavy_metal_zones
from geometries.quantities import format_quantity
from geometries.terminals import HeavyMetal
from runs.protocols.abstract import AbstractProtocol
from runs.protocols.in_time import Protocol
from runs.protocols.magnet_logic.clearing import (
    check_one_torque,
    clearing_field,
    lone_clearing_densities,
    metal_shares,
    stiffness_in_plane,
)
from runs.protocols.magnet_logic.clocks import at_once
from runs.protocols.magnet_logic.magnet_tensors import magnet_tensors
from runs.protocols.pulses import CurrentPulses
from runs.protocols.steps import TimedStep
from runs.waveforms.times import tidy

__all__ = ["clearing_densities", "spin_orbit_pulses", "warn_if_too_weak"]

LARGEST_DENSITY = 1e13
"""A/m2. Published nanosecond pulses in heavy metals are of some 1e11 to 1e12; lines melt or migrate far below this."""

_RESERVE = 1.2
_LEAST_HOLD = 0.005
"""Share of H_K: below it the steps of an outline in cells may be meant."""
_LEAST_ANISOTROPY = 1e-3
"""Share of Ms: below it a magnet has no state along an axis, as in `MagnetArray.response`."""
_ALONG_BITS = 0.7
"""Cosine: slanted edges turn an easy axis away from the bits by less."""


def clearing_densities(array: MagnetArray, material: Material) -> dict[str, float]:
    """Give the current density from which on the heavy metal leaves each magnet neither of its states.

    A magnet counts in the field of neighbours that all hold its state: what clears it so clears it from any state of
    the array. A held one counts in its bias and the field of neighbours that are all against its state.

    Parameters
    ----------
    array : MagnetArray
        With a heavy metal (`geometries.magnet_logic.with_heavy_metal`).
    material : Material
        Material of the magnets.

    Returns
    -------
    dict of str to float
        In A/m2, for each magnet over a metal; of a held one where it would be lost. Infinite where the spin-Hall angle
        is 0.

    Raises
    ------
    ValueError
        If the array has no heavy metal, spins lie along the bits, magnets have no easy axis along the bits, or parts
        have another Ms, damping or torque.

    Examples
    --------
    >>> from geometries.magnet_logic import SPIN_ORBIT, with_hard_inputs, with_heavy_metal, wire
    >>> film = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
    >>> chain = with_hard_inputs(with_heavy_metal(wire(3, grid=SPIN_ORBIT)), 4.5e5)
    >>> {name: f"{density:.3g}" for name, density in clearing_densities(chain, film).items()}
    {'in': '6.35e+12', 'm1': '1.49e+12', 'out': '1.35e+12'}
    """
    return {each.name: each.density for each in _needs(array, material)}


class _Need(NamedTuple):
    """Current density in A/m2 that clears a magnet, and the share of H_K that holds it along the spins in the plane."""

    name: str
    clocked: bool
    density: float
    hold: float


def _needs(array: MagnetArray, material: Material) -> list[_Need]:
    metals = [terminal for terminal in array.terminals if isinstance(terminal, HeavyMetal)]
    if not metals:
        raise ValueError(
            "clearing_densities: the array has no heavy metal; give it one by geometries.magnet_logic.with_heavy_metal"
        )
    labels, axes = array.cell_labels(), array.axes
    tensors = magnet_tensors(array, labels, material)
    pulls = np.abs(np.einsum("ia,ijab,jb->ij", axes, tensors, axes))
    np.fill_diagonal(pulls, 0.0)
    held = np.array([magnet.field or 0.0 for magnet in array.magnets])
    found = []
    for metal in metals:
        check_one_torque(array, material, metal)
        shares = metal_shares(metal.cells(array), labels)
        per_density, _ = metal.spin_orbit_fields(material, array.thickness)
        ratio = material.field_like_ratio if metal.field_like_ratio is None else metal.field_like_ratio
        for i, magnet in enumerate(array.magnets):
            share = float(shares[i])
            if not share:
                continue
            values, own_axes = np.linalg.eigh(tensors[i, i])
            if values[1] - values[0] < _LEAST_ANISOTROPY * material.Ms or abs(own_axes[:, 0] @ axes[i]) < _ALONG_BITS:
                x, y, z = axes[i].tolist()
                raise ValueError(
                    f"clearing_densities: magnet {magnet.name!r} has its bits along {direction_text((x, y, z))}, and "
                    f"with Ku = {material.Ku:g} J/m3 its shape and anisotropy do not hold m there; give a material, or "
                    "magnets, whose easy axis is that of the bits"
                )
            needed = clearing_field(
                tensors[i, i],
                metal.spin_direction,
                damping=material.alpha,
                field_like_ratio=ratio,
                bias=float(pulls[i].sum() if magnet.clocked else held[i] - pulls[i].sum()),
                held_across=magnet.clocked,
            )
            found.append(
                _Need(
                    magnet.name,
                    magnet.clocked,
                    needed / (abs(per_density) * share) if per_density else np.inf,
                    stiffness_in_plane(tensors[i, i], metal.spin_direction) / float(values[1] - values[0]),
                )
            )
    return found


def spin_orbit_pulses(
    array: MagnetArray,
    material: Material,
    density: float | None = None,
    *,
    ramp: float,
    hold: float,
    settle: float,
    temperature: float = 0.0,
    relax: bool = True,
    sampling_interval: float = 50e-12,
) -> Protocol:
    """Clear all magnets of an array by the current in its heavy metal, and release one zone after the other.

    All currents begin to rise at once. That of zone 0 begins to fall after `hold`, the next `settle` later, and so on;
    each rises and falls in `ramp`. A step is a ramp far shorter than the magnets' response, such as 1 ps.

    Parameters
    ----------
    array : MagnetArray
        With a heavy metal (`geometries.magnet_logic.with_heavy_metal`).
    material : Material
        Material of the magnets.
    density : float, optional
        In A/m2, of a current along the metal's direction; 1.2 times what `clearing_densities` asks for if left out.
    ramp, hold, settle : float
        In s; neither `hold` nor `settle` is shorter than `ramp`.
    temperature : float
        In K.
    relax : bool
        Whether the magnets come to rest before.
    sampling_interval : float
        As in `Protocol`.

    Raises
    ------
    ValueError
        If the current clears not all of the magnets, or a held one, or is more than 1e13 A/m2, spins lie along the
        shorter axis in the plane of a magnet, the array has no heavy metal, or a time is out of range.

    Examples
    --------
    >>> from geometries.magnet_logic import SPIN_ORBIT, with_hard_inputs, with_heavy_metal, wire
    >>> film = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
    >>> chain = with_hard_inputs(with_heavy_metal(wire(3, grid=SPIN_ORBIT)), 4.5e5)
    >>> clock = spin_orbit_pulses(chain, film, ramp=1e-9, hold=2e-9, settle=5e-9)
    >>> clock.duration, f"{clock.steps[1].amplitude:.3g}"  # s, A/m2
    (7e-09, '1.78e+12')
    """
    owner, zones = "spin_orbit_pulses", heavy_metal_zones(array)
    if not 0 <= ramp <= min(hold, settle) < np.inf or not hold:
        raise ValueError(
            f"{owner}: ramp = {ramp:g} s, hold = {hold:g} s, settle = {settle:g} s; a current rises within hold and "
            "falls within settle: give longer times, or a shorter ramp"
        )
    needs = _needs(array, material)
    clocked = [each for each in needs if each.clocked]
    if not clocked:
        raise ValueError(f"{owner}: the metal is under no magnet that a clock acts on; give the array one")
    hardest = max(clocked, key=lambda each: each.density)
    needed = hardest.density
    chosen = _RESERVE * needed if density is None else density
    if not 0 < chosen < np.inf or not needed < np.inf:
        raise ValueError(
            f"{owner}: density = {chosen:g} A/m2 with {needed:g} A/m2 needed; give a density above 0, and the material "
            "or the heavy metal a spin_hall_angle"
        )
    if max(chosen, needed) > LARGEST_DENSITY:
        raise ValueError(
            f"{owner}: to clear magnet {hardest.name!r} takes {needed:.2g} A/m2, and density = {chosen:.2g} A/m2, more "
            f"than the {LARGEST_DENSITY:g} A/m2 beyond which no metal line lasts; take a thinner film, bits along the "
            "normal, a smaller anisotropy or a larger spin-Hall angle, or clock by a field (zone_clock)"
        )
    if chosen < needed:
        raise ValueError(
            f"{owner}: density = {chosen:.3g} A/m2 does not clear magnet {hardest.name!r}, which loses both of its "
            f"states from {needed:.3g} A/m2 on (H_DL = H_K / 2, and more where neighbours hold it); give "
            f"{_RESERVE * needed:.2g} A/m2 or more"
        )
    leaning = min(clocked, key=lambda each: each.hold)
    if leaning.hold < -_LEAST_HOLD:
        raise ValueError(
            f"{owner}: the spins lie along the shorter axis in the plane of magnet {leaning.name!r}, which holds m "
            f"there by {leaning.hold:.1%} of H_K: it leans against its neighbours and falls to a side that depends on "
            "the ramp; send the current along the shorter axis, so that the spins lie along the longer one, or take "
            "round magnets"
        )
    weakest = min((each for each in needs if not each.clocked), key=lambda each: each.density, default=None)
    if weakest is not None and weakest.density < chosen:
        raise ValueError(
            f"{owner}: density = {chosen:.3g} A/m2 clears the held magnet {weakest.name!r} too, which keeps its state "
            f"up to {weakest.density:.3g} A/m2; give it a larger anisotropy (geometries.magnet_logic.with_hard_inputs) "
            "or a stronger bias, or let no metal pass under it"
        )
    branches: list[tuple[TimedStep, ...]] = []
    for name, zone in zones.items():
        width = tidy(hold + zone * settle + ramp)
        branches.append((CurrentPulses(amplitude=chosen, width=width, period=width, rise=ramp, terminal=name),))
    return at_once(
        branches,
        rest=tidy(settle - ramp),
        relax=relax,
        sampling_interval=sampling_interval,
        temperature=temperature,
    )


def warn_if_too_weak(device: AbstractDevice, material: Material, protocol: AbstractProtocol) -> None:
    """Warn if a current in a heavy metal leaves a magnet that a clock acts on its states, even if it were alone.

    The warning has both densities. A device without a `response`, or with parts of another Ms, damping or torque, is
    not judged.
    """
    driven = [
        (terminal, abs(wave.peak)) for terminal, wave in protocol.channels(device) if terminal.kind == "heavy_metal"
    ]
    response = device.response(material) if any(peak for _, peak in driven) else None
    if response is None or response.cells is None:
        return
    for terminal, peak in driven:
        try:
            alone = lone_clearing_densities(device, material, response.cells, terminal)
        except ValueError:
            continue  # parts with another Ms, damping or torque: no single moment, left to micromagnetics
        needed = float(np.nanmax(alone, initial=0.0))
        if 0 < peak < needed:
            why = (
                f"alone and without heat they lose both of their states from {needed:.3g} A/m2 on; raise the current "
                "(runs.spin_orbit_pulses chooses one)"
                if needed < np.inf
                else "its spins lie along the bits, where they may set a state and leave none undecided; send the "
                "current along another direction"
            )
            warnings.warn(
                f"protocol.steps: {format_quantity(peak, 'A/m^2')} in {terminal.name!r} does not clear the magnets: "
                f"{why}",
                UserWarning,
                stacklevel=3,
            )
