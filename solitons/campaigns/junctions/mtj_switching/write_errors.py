"""How often pulses above the critical current fail, by one moment: exactly, by steered ensembles, in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from solitons.campaigns.junctions.mtj_switching.results import WriteErrorCurve
from solitons.campaigns.junctions.mtj_switching.settings import WriteErrorSettings
from solitons.junctions import Macrospin, axial_fokker_planck
from solitons.junctions.closed_forms import linear_write_error
from solitons.junctions.write_errors import write_error_rate

__all__ = ["write_error_curves"]

Floats = npt.NDArray[np.float64]

_WIDTHS = 60
_GROUPS = 16
_SIZES = (2000, 500)
"""Macrospins in a group: below twice the critical current few of them carry the weight, and 500 are too few."""
_DECADES = (1e-2, 1e-4)
"""Errors near which steered ensembles stand beside the equation, with the smallest one."""
_BEYOND = 1.6
"""Factor of the width at which the closed form reaches the smallest error: the exact one reaches it earlier."""


def write_error_curves(
    macrospin: Macrospin, state: int, settings: WriteErrorSettings, advance: Callable[[], None]
) -> list[WriteErrorCurve]:
    """Work out write errors at each overdrive, from `state` (1 or -1 along `macrospin.axis`).

    `advance` is called after each overdrive.
    """
    found = []
    for overdrive in settings.overdrives:
        found.append(_curve(macrospin, state, overdrive, settings))
        advance()
    return found


def _curve(macrospin: Macrospin, state: int, overdrive: float, settings: WriteErrorSettings) -> WriteErrorCurve:
    current = overdrive * macrospin.critical_current(state)
    growth = macrospin.relaxation_rate * (overdrive - 1)

    def width_of(error: float) -> float:
        """By the linear problem near the pole."""
        return float(np.log1p(np.pi**2 * macrospin.stability * (overdrive - 1) / 4 / error) / (2 * growth))

    closed: list[float] = []
    exact: list[float] = []
    last = width_of(settings.lowest)
    if macrospin.axial:
        widths = np.linspace(0, last * _BEYOND, _WIDTHS + 1)[1:]
        equation = axial_fokker_planck(macrospin, current)
        probabilities = equation.evolve(axial_fokker_planck(macrospin).well(state), widths)
        errors = probabilities @ (equation.z * state > 0)
        kept = errors > settings.lowest / 10
        exact, widths = errors[kept].tolist(), widths[kept]
        if macrospin.asymmetry == 1 and not np.any(macrospin.field):
            closed = linear_write_error(macrospin, current, widths).tolist()
        wanted = [_crossing(widths, np.array(exact), each) for each in (*_DECADES, settings.lowest)]
    else:
        widths = np.array([])
        wanted = [width_of(each) for each in (*_DECADES, 1e-3 * settings.lowest**0.5, settings.lowest)]
    sampled, size = [], _SIZES[0] if overdrive < 2 else _SIZES[1]
    for index, width in enumerate(sorted(each for each in set(wanted) if each is not None)):
        seed = settings.seed + index
        try:
            error = write_error_rate(macrospin, current, width, seed=seed, state=state, groups=_GROUPS, size=size)
        except ValueError:
            # None of the steered macrospins failed: there is no estimate, and the report's caption states it.
            continue
        sampled.append((width, error.rate, error.low, error.high))
    reached = wanted[-1] if exact else _sampled_crossing(sampled, settings.lowest)
    ratio = None
    if closed and reached is not None:
        ratio = float(linear_write_error(macrospin, current, reached)) / settings.lowest
    return WriteErrorCurve(
        overdrive=overdrive,
        current=current,
        widths=widths.tolist(),
        exact=exact,
        closed_form=closed,
        sampled=sampled,
        width_for_lowest=reached,
        closed_form_ratio=ratio,
    )


def _crossing(widths: Floats, errors: Floats, level: float) -> float | None:
    """Value where falling errors reach a level, on a straight line in their logarithm; None if they do not."""
    below = np.flatnonzero(errors <= level)
    if not below.size or below[0] == 0:
        return None
    place = slice(below[0] - 1, below[0] + 1)
    share = np.interp(-np.log(level), -np.log(errors[place]), [0.0, 1.0])
    return float(widths[place][0] + share * np.diff(widths[place])[0])


def _sampled_crossing(sampled: list[tuple[float, float, float, float]], level: float) -> float | None:
    widths, errors = np.array([each[0] for each in sampled]), np.array([each[1] for each in sampled])
    return _crossing(widths[errors > 0], errors[errors > 0], level)
