"""The sections of the report of a stochastic resonance."""

from __future__ import annotations

from collections.abc import Sequence

from geometries import Material, Pillar
from solitons.campaigns.framework.page import Section, device_table, figure, paragraph, table
from solitons.campaigns.junctions.stochastic_resonance import figures
from solitons.campaigns.junctions.stochastic_resonance.conditions import ModelledJunction
from solitons.campaigns.junctions.stochastic_resonance.counting import Counted
from solitons.campaigns.junctions.stochastic_resonance.locking_maps import FineMap
from solitons.campaigns.junctions.stochastic_resonance.results import MEASURES, ResonanceResults, axis_label
from solitons.campaigns.junctions.stochastic_resonance.settings import GivenRates, LockingSettings, RecordSettings
from solitons.figures import number_label, value_label
from solitons.junctions import PeriodicDrive

__all__ = ["junction_section", "locking_section", "peaks_section", "points_section"]


def junction_section(
    junction: ModelledJunction,
    pillar: Pillar | None,
    material: Material | None,
    given: GivenRates | None,
    results: ResonanceResults,
    drive: PeriodicDrive,
    record: RecordSettings,
) -> Section:
    """What is driven, and by what."""
    more: list[tuple[str, str]] = [
        ("barrier at 300 K", f"{junction.stability(300.0):.3g} k T"),
        ("critical current density", value_label(results.critical_current, "A/m^2", digits=4)),
        (
            "drive",
            f"{drive.shape}, {value_label(results.drive_current, 'A/m^2', digits=3)} "
            f"({results.drive_current / results.critical_current:.3g} of the critical one), "
            f"{value_label(drive.frequency, 'Hz')}",
        ),
        ("records", f"{record.members} of {record.periods} periods at each point, each with random numbers of its own"),
    ]
    if pillar is not None and material is not None:
        described = device_table(pillar, material, *more)
        words = (
            "The free layer is one moment. At each temperature its rates under any current are those of its "
            "Fokker-Planck equation, whose lowest eigenvalue is their sum; thermal macrospins (LLG) check them below. "
            "Magnetisation, anisotropy and damping are taken as the same at all temperatures."
        )
    else:
        assert given is not None
        rows = [
            ("attempt rate", value_label(given.attempt_rate, "Hz", digits=4)),
            ("exponent of the barrier", f"{given.exponent:g}"),
            ("rates from", given.source),
        ]
        described = table(["quantity", "value"], [*rows, *more])
        words = (
            "Rates are those of Neel and Arrhenius. They hold where the barrier is some k T; nothing here checks them "
            "by a macrospin."
        )
    return Section("The junction and its drive", [paragraph(words), described])


def peaks_section(results: ResonanceResults, counted: Sequence[Counted], drive: PeriodicDrive) -> Section:
    """The peaks, and which of them is where."""
    rows = []
    for each in results.peaks:
        interval = "–" if each.ci95 is None else " to ".join(axis_label(end, results.unit) for end in each.ci95)
        rows.append(
            [
                MEASURES[each.measure],
                each.note if each.value is None else axis_label(each.value, results.unit),
                interval,
                "–" if each.exact is None else axis_label(each.exact, results.unit),
                "–" if each.closed_form is None else axis_label(each.closed_form, results.unit),
                number_label(each.barrier, ".2f"),
            ]
        )
    matched = "nowhere in the range" if results.matching is None else f"at {axis_label(results.matching, results.unit)}"
    return Section(
        "Which measure peaks where",
        [
            paragraph(
                f"Twice the mean dwell without a drive is a period {matched}. The signal-to-noise ratio of two states "
                "does not depend on that: in the adiabatic theory (McNamara and Wiesenfeld 1989) it is a² r / 4 with "
                "the rate r and its modulation a, without the drive's frequency, and peaks where the barrier has come "
                "down to (2 n + 1) / n k T. What depends on the matching of times is how far the mean state swings, "
                "and how well flips keep to half periods; a strong drive has them peak where its own rates, and not "
                "the mean dwell without it, fit half a period."
            ),
            figure(
                figures.ratio_figure(results, counted, drive),
                "The line at the drive's frequency over the density of the noise beside it. The exact curve is of the "
                "same rates for this drive, of any size.",
            ),
            figure(
                figures.measures_figure(results, counted),
                "Swing: amplitude of the first harmonic of the mean state. Half periods locked: with one flip alone, "
                "into the favoured state. First residence-time peak: share of the dwells between a quarter and three "
                "quarters of a period. The phase-locking value has no closed form here.",
            ),
            table(
                ["measure", "counted peak", "95 %", "exact peak", "adiabatic theory", "barrier there (k T)"],
                rows,
            ),
        ],
    )


def points_section(results: ResonanceResults) -> Section:
    """All points in numbers."""
    names = ("signal_to_noise", "amplitude", "fraction_locked", "phase_locking_value")
    heads = ("ratio (kHz)", "swing", "half periods locked", "phase-locking value")
    rows = []
    for each in results.points:
        cells = []
        for name in names:
            one, scale = each.measured.get(name), 1e-3 if name == "signal_to_noise" else 1.0
            exact = "" if one is None or one.exact is None else f" ({_short(scale * one.exact, 3)})"
            cells.append(
                "–"
                if one is None
                else f"{_short(scale * one.value, 3)} ± {_short(scale * (one.high - one.low) / 2, 2)}{exact}"
            )
        dwell = "–" if each.mean_dwell is None else value_label(each.mean_dwell, "s", digits=3)
        rows.append([axis_label(each.value, results.unit), f"{each.barrier:.2f}", dwell, f"{each.flips}", *cells])
    parts = [
        paragraph("In brackets the exact number of the same rates."),
        table([results.axis, "barrier (k T)", "mean dwell", "flips", *heads], rows),
    ]
    if results.ensemble:
        compared = [
            [
                axis_label(each.value, results.unit),
                f"{each.amplitude:.4f} ± {each.error:.4f}",
                f"{each.exact:.4f}",
                f"{each.p_value:.2g}",
            ]
            for each in results.ensemble
        ]
        parts += [
            paragraph(
                "Thermal macrospins under the same drive (LLG with heat, the sign of m along the easy axis) beside the "
                "rates; p is the probability of a larger difference by chance, in phase and across it."
            ),
            table([results.axis, "swing of macrospins", "of the rates", "p"], compared),
        ]
    return Section("The points", parts)


def locking_section(
    results: ResonanceResults, fine: Sequence[FineMap], settings: LockingSettings, at: float, drive: PeriodicDrive
) -> Section:
    """The maps of locking, their borders, and how they agree with the closed form."""
    judged = [
        f"over {each.axis}: p = {each.p_value:.2g}, largest difference {each.worst:.3f}"
        for each in results.maps
        if each.p_value is not None and each.worst is not None
    ]
    return Section(
        "Where it locks to a square wave",
        [
            paragraph(
                f"A half period is locked with one flip alone, into the favoured state. With the rates φ₊ towards it "
                f"and φ₋ away from it there are two borders: a flip comes with a probability of {settings.surely:g} "
                f"within half a period, 1 − exp(−φ₊ T / 2) (full line), and none comes back with as much, "
                f"exp(−φ₋ T / 2) (dashed). Locked is what lies between them. Counts beside the closed form: "
                f"{'; '.join(judged) or 'nothing was counted'}."
            ),
            figure(
                figures.locking_figure(results.maps, fine, settings.surely),
                f"Left: over the frequency, at {axis_label(at, results.unit)}. Right: over the {results.axis}, at "
                f"{value_label(drive.frequency, 'Hz')}. Colour: closed form; circles: counted, "
                f"{settings.members} records of {settings.periods} periods each; none where too many flips would have "
                "to be followed.",
            ),
        ],
    )


def _short(value: float, digits: int) -> str:
    """A number with so many digits, and no power of ten."""
    return f"{float(f'{value:.{digits}g}'):g}".replace("-", "−")
