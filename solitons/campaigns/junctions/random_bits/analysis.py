"""Bits made, tested and disturbed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.random_bits import figures
from solitons.campaigns.junctions.random_bits.campaign import RandomBitsCampaign
from solitons.campaigns.junctions.random_bits.judgement import about_bits
from solitons.campaigns.junctions.random_bits.results import DisturbedPoint, RandomBitsResults, SpreadPoint, StreamPoint
from solitons.campaigns.junctions.random_bits.settings import (
    BitStreams,
    Disturbances,
    EnergySettings,
    ReadJunctions,
)
from solitons.campaigns.junctions.random_bits.streams import Source, limits_of, source_of
from solitons.campaigns.junctions.random_bits.suite import failed_tests, suite_rows
from solitons.fits.verdict import judge
from solitons.junctions.bit_tests import bit_tests
from solitons.numerics.threads import shared

__all__ = ["analyse"]

Bits = npt.NDArray[np.uint8]

_UNDISTURBED = 10**6
"""Seeds up to here belong to the sequences."""
_DEVICES = 4000
"""Devices that are drawn for each spread."""


def analyse(campaign: RandomBitsCampaign, runs: ComputedRuns[None], stages: Stages) -> Findings[RandomBitsResults]:
    """Make bits, test them, and disturb the junctions."""
    del runs  # there are none
    streams, junction = campaign.streams, campaign.junction
    source = source_of(junction, campaign.bits, streams)

    def tested(number: int) -> list[dict[str, float]]:
        return [bit_tests(stream) for stream in source.streams(streams.length, _seed(streams, number))]

    with stages("Test bits", streams.sequences) as advance:
        by_sequence = shared(tested, range(streams.sequences), advance)
    raw, output = (suite_rows(values) for values in zip(*by_sequence, strict=True))
    wanted = _disturbed_sources(source, campaign.disturbances)
    with stages("Disturb", len(wanted)) as advance:
        disturbed = _disturbed(wanted, streams, advance)
    limits = limits_of(streams.length, streams.xored)
    verdict = judge(about_bits(output, streams.sequences, disturbed))
    results = RandomBitsResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=["A pass is the model's, not a device's: the bits are as random as the computer's random numbers, but "
               "for the bias and the memory that the rates give them."],
        rates_from=junction.source or f"fitted model {junction.fitted_model}",
        by=campaign.bits.by,
        interval=source.interval,
        current=source.current,
        xored=streams.xored,
        sequences=streams.sequences,
        length=streams.length,
        expected_flips=source.expected_flips,
        raw=raw,
        output=output,
        raw_biases=list(source.biases),
        output_bias=source.xored_bias(),
        output_correlation=source.xored_correlation(),
        limits=limits,
        disturbed=disturbed,
        spreads=[_spread_point(source, spread, streams, limits["bias"]) for spread in campaign.disturbances.spreads],
        energy=None if campaign.energy is None else _energy(source, campaign.energy) * streams.xored,
    )  # fmt: skip
    # A test that is not defined for a stream with so much bias is missing.
    alone, xored = results.tests(raw), results.tests(output)
    tests = [(name, alone.get(name), xored.get(name)) for name in xored | alone]
    return Findings(
        results,
        values={"source": source, "tests": tests},
        figures={
            "proportions": partial(figures.proportions_figure, results),
            "disturbed": partial(figures.disturbed_figure, results, source),
            "spreads": partial(figures.spread_figure, results),
        },
    )


def _seed(streams: BitStreams, number: int) -> int:
    return int(np.random.SeedSequence([streams.seed, number]).generate_state(1)[0])


def _disturbed_sources(source: Source, wanted: Disturbances) -> list[tuple[str, float, Source]]:
    found = [("current error", each, dataclasses.replace(source, current_error=each)) for each in wanted.current_errors]
    for temperature in wanted.temperatures:
        # The current that was set stays.
        bits = source.bits.model_copy(update={"current": source.current})
        warm = dataclasses.replace(source, rates=source.rates.at_temperature(temperature), bits=bits)
        found.append(("temperature", temperature, warm))
    for factor in wanted.interval_factors:
        bits = source.bits.model_copy(update={"interval": factor * source.interval})
        found.append(("interval", factor, dataclasses.replace(source, bits=bits)))
    return found


def _disturbed(
    wanted: Sequence[tuple[str, float, Source]], streams: BitStreams, advance: Callable[[], None]
) -> list[DisturbedPoint]:
    def made(number: int) -> DisturbedPoint:
        of, value, source = wanted[number]
        raw, xored = source.streams(streams.length, _seed(streams, _UNDISTURBED + number))
        return DisturbedPoint(
            of=of,
            value=value,
            raw=_stream_point(raw, source.biases[0], source.correlations[0]),
            xored=_stream_point(xored, source.xored_bias(), source.xored_correlation()),
        )

    return shared(made, range(len(wanted)), advance)


def _stream_point(bits: Bits, bias: float, correlation: float) -> StreamPoint:
    centred = bits - bits.mean()
    variance = float(centred @ centred)
    counted = float(centred[1:] @ centred[:-1]) / variance if variance else float("nan")
    return StreamPoint(
        bias=bias,
        counted_bias=float(bits.mean()) - 0.5,
        correlation=correlation,
        counted_correlation=counted,
        failed=failed_tests(bit_tests(bits)),
    )


def _spread_point(source: Source, spread: float, streams: BitStreams, most: float) -> SpreadPoint:
    offsets = np.random.default_rng(streams.seed + 1).normal(0.0, spread, (_DEVICES, streams.xored))
    means = -2 * np.array(dataclasses.replace(source, offsets=tuple(offsets.ravel().tolist())).biases)
    each = means.reshape(offsets.shape)
    return SpreadPoint(
        spread=spread,
        raw=float(np.mean(np.abs(each[:, 0]) / 2 <= most)),
        xored=float(np.mean(np.abs(each.prod(axis=1)) / 2 <= most)),
    )


def _energy(source: Source, settings: EnergySettings) -> float:
    """Energy of one junction's bit in J: reading and, if written, pulse and reset; mean of both states."""
    pillar = settings.pillar
    area = pillar.area
    parallel = area / pillar.barrier.resistance_area
    tmr = float(pillar.barrier.tmr_at(settings.read_voltage))
    conductance = parallel * (1 + 1 / (1 + tmr)) / 2
    read = settings.read_voltage**2 * conductance * settings.read_time
    if isinstance(source.bits, ReadJunctions):
        return float(read)
    # A pulse and a reset of the same size: the voltage of the parallel state is a lower bound, the voltage of the
    # antiparallel one without bias an upper bound; half of each.
    current = source.current * area
    resistance = (1 / parallel + (1 + pillar.barrier.tmr) / parallel) / 2
    return float(read + 2 * current**2 * resistance * source.bits.width)
