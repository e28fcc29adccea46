"""Checks of the runs that the fit, the devices and the report require.

It is asked before anything runs: a fault that would show in the last stage must not
cost a night of simulations.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from geometries import Stripe
from geometries.domain_walls.walls import usual_width
from geometries.parts import alike
from geometries.quantities import format_quantity
from runs import RunSpec
from solitons.campaigns.domain_walls.dw_synapse.observation import pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.settings import WallFitSettings
from solitons.campaigns.framework.base import LabelledRun, SweptPoint
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.fitted_devices import threshold_in
from solitons.domain_walls.runs import stripe_of, wall_of
from solitons.domain_walls.softening import film_in_heat
from solitons.drives.current_torques import torques_of

__all__ = ["check_runs", "held_out_runs"]


def check_runs(
    specs: Sequence[RunSpec],
    read_out: JunctionReadOut,
    *,
    reads_digits: bool,
    has_landscape: bool = False,
    hottest: float = 0.0,
) -> None:
    """Refuse runs, all of one device and material, that the wall model cannot answer.

    The device must be a stripe with a read-out window and one wall, and the material one that has such domains; the
    junction must distinguish them. Between domains along x the wall is driven by an in-plane
    current, without heat. The current has to be pulses with a rest, on terminals that the model knows, and of several
    amplitudes where the digits are asked for. Parts of another material need `has_landscape`, a measured landscape, and
    a wall up to `hottest` (K) that the film does not turn into its plane.
    """
    device, material = stripe_of(specs[0]), specs[0].material
    if device.readout_window is None:
        raise ValueError("base.device.readout_window is not given, so there is no junction to read; add one")
    if len(device.walls) != 1:
        raise ValueError(
            f"base.device.walls has {len(device.walls)} wall(s); the model is of one wall, so give one: of kind "
            "'bloch' or 'neel', or in a film magnetised in its plane 'transverse' or 'vortex'"
        )
    if device.grains is not None and device.grains.biased:
        raise ValueError(
            "base.device.grains.exchange_bias: the wall model has no field that differs from grain to grain; leave it "
            "out, or compute the runs by kind: sweep"
        )
    window, ends = device.readout_window.x, device.pinned_ends.length if device.pinned_ends is not None else 0.0
    if not min(window[1], device.length - ends) > max(window[0], ends):
        raise ValueError(
            f"base.device.readout_window.x = {window} m is all within a pinned end of {ends:g} m, where the wall does "
            "not go; move it between the two"
        )
    if math.isclose(device.walls[0].position, threshold_in(device.readout_window), rel_tol=1e-9):
        raise ValueError(
            f"base.device.walls[0].position = {device.walls[0].position:g} m is three quarters along the "
            "readout_window, where the neuron would fire before any pulse; move the wall or the window"
        )
    along, perpendicular = device.domain_axis, material.effective_anisotropy > 0
    if perpendicular != (along == "z"):
        sign, plane = (">", "out of the plane") if perpendicular else ("<=", "in the plane")
        remedy = "lower Ku, or give a 'bloch' or 'neel' wall"
        if not perpendicular:
            remedy = "raise Ku or lower Ms, or give a 'transverse' or 'vortex' wall"
        raise ValueError(
            f"base.material {material.name!r} magnetises {plane} of a film (Ku - mu0 Ms^2 / 2 {sign} 0), which has no "
            f"base.device.walls[0].kind = {device.walls[0].kind!r}; {remedy}"
        )
    if not read_out.polariser["xyz".index(along)]:
        raise ValueError(
            f"extract.polariser = {read_out.polariser} has no part along {along}, so that both domains of a "
            f"{device.walls[0].kind} wall conduct alike; give it one"
        )
    if along == "x" and (hottest or any(spec.in_time.temperature for spec in specs)):
        raise ValueError(
            "heat, neuron.reset or base.protocol.temperature is given, and base.device.walls[0].kind is "
            f"{device.walls[0].kind!r}: what spin waves do to a head-to-head wall is not known; leave it out"
        )
    if along == "x":
        for part in device.parts:
            if part.D:
                raise ValueError(
                    f"base.device.parts: {part.name!r} has D = {part.D:g} J/m2, which the model of a wall between "
                    "domains along x leaves out; give 0"
                )
        wall_of(specs[0], -device.first_domain)  # refuses DMI, an oblique easy axis and spin-orbit torque
    if device.parts and not has_landscape:
        raise ValueError(
            f"base.device.parts has {len(device.parts)}, but without a measured landscape the model is of a wall in "
            "one material; leave them out, or let fit.landscape be 'auto'"
        )
    if hottest:
        film_in_heat(device, material, hottest)
    _warn_about_wells(device, math.pi * usual_width(material, device.width, along))
    for spec in specs:
        torques_of(spec)
        trains = [train for train in pulse_trains(spec) if train.amplitude > 0]
        if not trains:
            raise ValueError("base.protocol.steps has no current pulses, so that there is nothing to fit; add some")
        for train in trains:
            if train.width >= train.period:
                raise ValueError(
                    f"base.protocol.steps: pulses of width {train.width:g} s come every {train.period:g} s, without a "
                    "rest in which the wall could be read; lengthen the period"
                )
    peaks = (spec.in_time.current_density.peak for spec in specs)
    first = next(peaks)
    if reads_digits and all(peak == first for peak in peaks):
        raise ValueError(
            "digits are read with inputs coded in the pulses' amplitude, but all runs have one amplitude; sweep it, or "
            "leave 'digits' out"
        )


def _warn_about_wells(stripe: Stripe, wall: float) -> None:
    """Warn of wells that the mesh makes unlike each other, and of such that a wall, so wide in m, cannot tell apart."""
    cell = stripe.spacing[0]
    for parts in alike(stripe.parts).values():
        middles = np.sort([(each.x[0] + each.x[1]) / 2 for each in parts if each.x is not None])
        apart = np.diff(middles)
        apart = apart[apart > cell / 2]  # one beside the other across the stripe
        if not apart.size:
            continue
        if apart.min() < wall:
            warnings.warn(
                f"base.device.parts: {parts[0].name!r} and others like it are "
                f"{format_quantity(float(apart.min()), 'm', 3)} apart, less than the width of a wall, "
                f"pi Delta = {format_quantity(wall, 'm', 3)}, which they hold as one place; put them further "
                "apart",
                UserWarning,
                stacklevel=3,
            )
        cells = float(apart[0]) / cell
        if apart.size > 1 and np.ptp(apart) < 1e-3 * cell and abs(cells - round(cells)) > 1e-3:
            near = [format_quantity(count * cell, "m", 6) for count in (math.floor(cells), math.ceil(cells))]
            warnings.warn(
                f"base.device.parts: {parts[0].name!r} and others like it are "
                f"{format_quantity(float(apart[0]), 'm', 6)} apart, no multiple of the cell, "
                f"{format_quantity(cell, 'm', 6)}, so that they are unlike each other on the mesh; put them "
                f"{near[0]} or {near[1]} apart",
                UserWarning,
                stacklevel=3,
            )


def held_out_runs(swept: Sequence[LabelledRun[Any]], settings: WallFitSettings) -> list[str]:
    """Ids of the runs of a sweep that the fit does not see.

    They are drawn with the seed from those that are not at a corner of the sweep, so that the model is asked to
    interpolate; if there are too few of them, from all.
    """
    inner = [run.spec.run_id for run in swept if not _is_corner(run.role)]
    candidates = inner if len(inner) >= settings.held_out else [run.spec.run_id for run in swept]
    return [str(each) for each in np.random.default_rng(settings.seed).choice(candidates, settings.held_out, False)]


def _is_corner(point: SweptPoint) -> bool:
    return all(
        value in (min(map(float, axis.values)), max(map(float, axis.values)))
        for axis, value in zip(point.axes, point.values, strict=True)
    )
