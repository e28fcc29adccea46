"""Checks, before anything runs, for words that have no room and pulses that shift nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.domain_walls.fitted_stripes import check_fitted_stripe
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.campaigns.domain_walls.racetrack_register.campaign import RacetrackRegisterCampaign

__all__ = ["check_register"]


def check_register(campaign: RacetrackRegisterCampaign) -> None:
    """Refuse another device than the model's, pulses that shift nothing, and words without room."""
    pulses, words, model = campaign.pulses, campaign.words, campaign.model
    hottest = max(campaign.temperatures)
    check_fitted_stripe(campaign.device, campaign.material, campaign.synapse, model, "device", hottest)
    sizes = np.array(pulses.amplitudes)
    if not (np.all(np.diff(np.abs(sizes)) > 0) and (np.all(sizes > 0) or np.all(sizes < 0))):
        raise ValueError(
            f"pulses.amplitudes = {[f'{each:g}' for each in sizes]} A/m2 must be of one sign and rise in size; sort"
        )
    for width in pulses.widths:
        if not 2 * pulses.rise <= width < pulses.period:
            raise ValueError(
                f"pulses.widths has {value_label(width, 's', 3)}, which is not between twice the rise, "
                f"{value_label(2 * pulses.rise, 's', 3)}, "
                f"and the period, {value_label(pulses.period, 's', 3)}; change one"
            )
    frames = np.array(campaign.times) / campaign.sampling_interval
    if not np.allclose(frames, np.round(frames), rtol=0, atol=1e-6):
        raise ValueError(
            f"sampling_interval = {value_label(campaign.sampling_interval, 's', 3)} does not divide the times at which "
            f"words are read, {value_label(campaign.times[1], 's', 3)} and every {value_label(pulses.period, 's', 3)} "
            "after it; give one that does, such as 0.1 ns"
        )
    wells = model.wells().size
    last = words.first + words.spacing * (words.bits - 1)
    if last >= wells:
        raise ValueError(
            f"words: the last of {words.bits} bits, {words.spacing} wells apart from well {words.first} on, is in well "
            f"{last}, and {campaign.synapse!r} has {wells}; give fewer bits, or a device with more wells"
        )
    if campaign.onwards == 0:
        raise ValueError(
            f"pulses: {value_label(sizes[-1], 'A/m^2', 3)}, the strongest, moves no wall of {campaign.synapse!r} to "
            "another well; give stronger or longer ones"
        )
    end = last + words.shifts if campaign.onwards > 0 else wells - 1 - words.first + words.shifts
    if end > wells - 1:
        raise ValueError(
            f"words: {words.shifts} shifts take the outermost bit {end - wells + 1} wells beyond the end of {wells} "
            f"wells of {campaign.synapse!r}; give fewer shifts or bits, or begin further "
            f"{'left' if campaign.onwards > 0 else 'right'}"
        )
    for run in campaign.runs:
        if len(run.word) != words.bits or set(run.word) - {"0", "1"} or "1" not in run.word:
            raise ValueError(
                f"runs has the word {run.word[:40]!r}; give {words.bits} bits, as words.bits, 0 or 1, not all 0"
            )
        for what, value, of in (
            ("amplitude", run.amplitude, pulses.amplitudes),
            ("width", run.width, pulses.widths),
            ("temperature", run.temperature, campaign.temperatures),
        ):
            if not np.isclose(value, of, rtol=1e-9).any():
                raise ValueError(
                    f"runs has the {what} {value:g}, which the map has not; give one of "
                    f"{', '.join(f'{x:g}' for x in of)}"
                )
