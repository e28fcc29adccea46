"""What a campaign must be for the fit, the devices and the report to mean something.

It is asked before anything runs: a fault that would show in the last stage must not
cost a night of simulations.
"""

from __future__ import annotations

from collections.abc import Mapping

from runs import CurrentPulses, RunSpec
from solitons.campaigns.dw_synapse.campaign import Campaign
from solitons.campaigns.dw_synapse.stripe_device import stripe_of

__all__ = ["check_campaign"]


def check_campaign(campaign: Campaign, specs: Mapping[tuple[float, ...], RunSpec]) -> None:
    """Refuse a campaign that the wall model cannot answer.

    Parameters
    ----------
    campaign : Campaign
        The campaign.
    specs : mapping of swept values to RunSpec
        Its runs.

    Raises
    ------
    ValueError
        If the runs are not all of one device and material, which is what one model
        stands for; the device is no stripe, has no read-out window, not one
        perpendicular wall, or a material without perpendicular anisotropy; the junction
        cannot tell up from down; no current pulses, or pulses without a rest; or the
        digits are asked for with pulses of one amplitude only.
    """
    runs = list(specs.values())
    first = runs[0]
    device, material = stripe_of(first), first.material
    for run in runs[1:]:
        if run.device != device or run.material != material:
            raise ValueError(
                "sweep changes the device or the material, but one model is fitted to all runs; sweep fields of "
                "'protocol' only, and make a campaign for each device"
            )
    if device.readout_window is None:
        raise ValueError("base.device.readout_window is not given, so there is no junction to read; add one")
    if len(device.walls) != 1 or device.domain_axis != "z":
        raise ValueError(
            f"base.device.walls has {len(device.walls)} wall(s) between domains along {device.domain_axis}; the model "
            "is of one wall between up and down domains, so give one of kind 'bloch' or 'neel'"
        )
    if material.effective_anisotropy <= 0:
        raise ValueError(
            f"base.material {material.name!r} magnetises in the plane of a film (Ku - mu0 Ms^2 / 2 <= 0); the model is "
            "of a perpendicular wall, so raise Ku or lower Ms"
        )
    if not campaign.extract.polariser[2]:
        raise ValueError(
            f"extract.polariser = {campaign.extract.polariser} has no part along z, so that up and down domains "
            "conduct alike; give it one"
        )
    for run in runs:
        trains = [step for step in run.in_time.steps if isinstance(step, CurrentPulses) and step.amplitude > 0]
        if not trains:
            raise ValueError("base.protocol.steps has no current pulses, so that there is nothing to fit; add some")
        for train in trains:
            if train.width >= train.period:
                raise ValueError(
                    f"base.protocol.steps: pulses of width {train.width:g} s come every {train.period:g} s, without a "
                    "rest in which the wall could be read; lengthen the period"
                )
    if campaign.digits is not None and len({run.in_time.current_density.peak for run in runs}) < 2:
        raise ValueError(
            "digits are read with inputs coded in the pulses' amplitude, but all runs have one amplitude; sweep it, or "
            "leave 'digits' out"
        )
