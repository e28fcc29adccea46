"""Waveforms as Tcl procedures of the time, which OOMMF evaluates exactly.

Straight lines are bisected by their breakpoints. For alternating waveforms the sine and its
derivative are computed from the same formulas as `runs.waveforms.oscillation` has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from runs.waveforms.oscillation import Oscillation
from runs.waveforms.waveform import PiecewiseLinear, Waveform

__all__ = ["along_axis", "procedure", "shares", "times_identity"]


def procedure(name: str, waveform: Waveform, *, with_slope: bool = False) -> str:
    """Give a procedure of the time in s that returns the value, or a list of value and slope in 1/s."""
    lines, oscillations = waveform.lines_and_oscillations
    result = "[list $value $slope]" if with_slope else "$value"
    return (
        f"{_breakpoints(name, lines)}"
        f"{_oscillations(name, oscillations)}"
        f"proc {name} {{ total_time }} {{\n"
        f"  global {name}Times {name}Values {name}Slopes{f' {name}Sines' if oscillations else ''}\n"
        f"  set index [lsearch -sorted -real -bisect ${name}Times $total_time]\n"
        "  if {$index < 0} { set index 0 }\n"
        f"  set slope [lindex ${name}Slopes $index]\n"
        f"  set start [lindex ${name}Times $index]\n"
        f"  set value [expr {{[lindex ${name}Values $index] + $slope * ($total_time - $start)}}]\n"
        f"{_ADD_SINES.replace('NAME', name) if oscillations else ''}"
        f"  return {result}\n"
        "}\n"
    )


def along_axis(name: str, waveform: Waveform, axis: int) -> str:
    """Give a procedure that returns a field along an axis and its slope, as Oxs_ScriptUZeeman takes them."""
    vector = ["0"] * 6
    vector[axis], vector[axis + 3] = "$value", "$slope"
    return _of_scalar(name, waveform, vector)


def times_identity(name: str, waveform: Waveform) -> str:
    """Give a procedure that returns a multiple of the unit matrix and its slope, as Oxs_TransformZeeman takes them."""
    return _of_scalar(name, waveform, ["$value"] * 3 + ["$slope"] * 3)


def shares(name: str, values: Sequence[float]) -> str:
    """Give a procedure of the stage that returns a multiple of the unit matrix."""
    return (
        f"set {name}s [list {_list(values)}]\n"
        f"proc {name} {{ stage }} {{\n"
        f"  global {name}s\n"
        f"  set share [lindex ${name}s $stage]\n"
        "  return [list $share $share $share 0 0 0]\n"
        "}\n"
    )


def _of_scalar(name: str, waveform: Waveform, entries: Sequence[str]) -> str:
    return procedure(f"{name}Scalar", waveform, with_slope=True) + (
        f"proc {name} {{ total_time }} {{\n"
        f"  lassign [{name}Scalar $total_time] value slope\n"
        f"  return [list {' '.join(entries)}]\n"
        "}\n"
    )


_ADD_SINES = """\
  foreach sine $NAMESines {
    lassign $sine begin end amplitude ramp phase frequency rate
    if {$total_time >= $begin && $total_time < $end} {
      set since [expr {$total_time - $begin}]
      set left [expr {$end - $total_time}]
      set envelope $amplitude
      set growth 0.0
      if {$since < $ramp} {
        set envelope [expr {$amplitude * $since / $ramp}]
        set growth [expr {$amplitude / $ramp}]
      } elseif {$left < $ramp} {
        set envelope [expr {$amplitude * $left / $ramp}]
        set growth [expr {-$amplitude / $ramp}]
      }
      set turn [expr {8 * atan(1.0)}]
      set angle [expr {$phase + $turn * ($frequency + 0.5 * $rate * $since) * $since}]
      set value [expr {$value + $envelope * sin($angle)}]
      set slope [expr {$slope + $growth * sin($angle)}]
      set slope [expr {$slope + $envelope * cos($angle) * $turn * ($frequency + $rate * $since)}]
    }
  }
"""


def _breakpoints(name: str, lines: PiecewiseLinear) -> str:
    times = [*lines.times, lines.times[-1] + 1.0]
    values = [*lines.values, lines.values[-1]]
    gaps = np.diff(times)
    slopes = np.divide(np.diff(values), gaps, out=np.zeros(len(gaps)), where=gaps > 0)
    return (
        f"set {name}Times [list {_list(lines.times)}]\n"
        f"set {name}Values [list {_list(lines.values)}]\n"
        f"set {name}Slopes [list {_list(slopes)}]\n"
    )


def _oscillations(name: str, oscillations: Sequence[Oscillation]) -> str:
    if not oscillations:
        return ""
    rows = (
        (one.start, one.end, one.amplitude, one.ramp, one.phase, one.frequency, one.chirp_rate) for one in oscillations
    )
    return f"set {name}Sines [list {' '.join(f'[list {_list(row)}]' for row in rows)}]\n"


def _list(numbers: Iterable[float]) -> str:
    return " ".join(repr(float(number)) for number in numbers)
