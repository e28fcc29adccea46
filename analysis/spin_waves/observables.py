"""Observables of waveguides: the steady wave at ports."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from analysis.spin_waves.steady_waves import wave_at
from geometries import Waveguide
from geometries.wires import AbstractWire
from runs import Protocol
from runs.spec import RunSpec
from runs.waveforms.oscillation import Oscillation

__all__ = ["OBSERVABLES", "driven_guide", "first_share", "refused_by"]

Complexes = npt.NDArray[np.complex128]

_PERIODS, _FRAMES, _UNSETTLED = 8, 8, 0.05
"""Periods over which a wave is read, and as many before, in which it is the same within a share; frames in each."""
_LEAST = 1e-6
"""Amplitude at which single precision shows."""


def driven_guide(spec: RunSpec) -> tuple[Waveguide, int, Oscillation]:
    """Guide, axis of m and its antenna's current; a ValueError if waves at ports are not to be read."""
    guide, protocol = spec.device, spec.protocol
    found: list[Oscillation] = []
    if not isinstance(guide, Waveguide) or not guide.ports or not isinstance(protocol, Protocol):
        raise ValueError("it is read at ports; give a waveguide with ports, and a protocol in time")
    for each in protocol.channels(guide):
        if isinstance(each.terminal, AbstractWire):
            found += each.waveform.lines_and_oscillations[1]
    if len(found) != 1 or found[0].chirp_rate:
        raise ValueError("it is of one antenna at one frequency; give one step 'alternating strip line'")
    sine = found[0]
    periods = (sine.duration - 2 * sine.ramp) * sine.frequency
    frames = 1 / (protocol.sampling_interval * sine.frequency)
    if periods < 2 * _PERIODS * (1 - 1e-9) or frames < _FRAMES:
        raise ValueError(
            f"there are {periods:.3g} periods between the ramps, {frames:.3g} frames in each; drive it for "
            f"{2 * _PERIODS} or more, sampled in {_FRAMES} or more frames each"
        )
    return guide, int(np.argmax(np.abs(guide.start))), sine


def _with_equal_ports(spec: RunSpec) -> None:
    guide, _, _ = driven_guide(spec)
    sizes = {tuple(after - first for first, after in port.box(guide)) for port in guide.ports}
    if len(guide.ports) < 2 or len(sizes) > 1:
        raise ValueError(
            f"it is of two or more ports of one size; there are {len(guide.ports)} of {len(sizes)} sizes in cells"
        )


def _waves(seen: SeenRun) -> Complexes:
    """Complex amplitude at each port."""
    guide, axis, sine = driven_guide(seen.spec)
    m = seen.run["m"].isel(vdims=0 if axis else 1).astype(np.float64)
    boxes = [[slice(*bounds) for bounds in port.box(guide)] for port in guide.ports]
    traces = xr.concat([m[:, *box].mean(("x", "y", "z")) for box in boxes], "port").load()
    traces = traces.assign_coords(port=range(len(boxes)))
    end, length = sine.end - sine.ramp, _PERIODS / sine.frequency
    before, found = (
        wave_at(traces.sel(t=slice(None, last * (1 + 1e-9))), sine.frequency, begin=last - length).values
        for last in (end - length, end)
    )
    largest, change = np.abs(found).max(), np.abs(found - before).max()
    if largest < _LEAST or change > _UNSETTLED * largest:
        none = largest < _LEAST
        what = f"no wave arrives (it is below {_LEAST:g})" if none else "the wave is not steady"
        remedy = "drive it harder, or at another frequency" if none else "drive it for longer, or with a longer ramp"
        raise NotInThisRun(
            f"{what}: its amplitude at ports is {largest:.2g} and changes by {change:.2g} in {2 * _PERIODS} periods; "
            + remedy
        )
    return found


def first_share(amplitudes: Complexes) -> float:
    """Squared amplitude of the first over the sum."""
    powers = np.abs(amplitudes) ** 2
    return float(powers[0] / powers.sum())


def refused_by(find: Callable[[RunSpec], object]) -> tuple[Callable[[RunSpec], str]]:
    """What a function says of a spec by a ValueError, as a need of an observable."""

    def why(spec: RunSpec) -> str:
        try:
            find(spec)
        except ValueError as error:
            return str(error)
        return ""

    return (why,)


_AT = "at the first port, of m in the plane and across the magnetisation"
OBSERVABLES = Observables(
    (
        Observable(
            "port_amplitude", "amplitude at the port", "", f"Amplitude of the steady wave {_AT}",
            lambda seen: float(np.abs(seen.once(_waves)[0])), refused_by(driven_guide),
        ),
        Observable(
            "port_phase", "phase at the port", "rad", f"Phase of the steady wave {_AT}, as cos(ωt - phase)",
            lambda seen: float(np.angle(seen.once(_waves)[0])), refused_by(driven_guide),
        ),
        Observable(
            "port_share", "share of the first port", "",
            "Squared amplitude of the steady wave at the first port over their sum at all ports of one size, its share "
            "of the power where the guides are alike there",
            lambda seen: first_share(seen.once(_waves)), refused_by(_with_equal_ports),
        ),
    )
)  # fmt: skip
