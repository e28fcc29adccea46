"""Zeeman terms, constant and driven in time: whether a MIF file has them."""

from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

from runs.mif.functions_of_time import check_procedure, samples, tcl_list
from runs.mif.ledger import NATIVE, Entry, Ledger, asked_of, block_of, check_all_asked, settings_of
from runs.mif.parameters import check_vector, check_word

__all__ = ["check_zeeman"]

_WAVE = """
set PI [expr {{4*atan(1.)}}]
set w [expr {{ {frequency}*2*$PI }}]
set tt [expr {{ $total_time - {start} }}]
"""
_SINE = """
set wt [expr { $w*$tt }]
set f [expr {sin($wt)}]
set df [expr {$w*cos($wt)}]
"""
_SINC = """
set wt [expr {$w*$tt}]
set sinwt [expr {sin($wt)}]
set coswt [expr {cos($wt)}]
if {$wt != 0} { set f [expr {$sinwt/$wt}] }
if {$wt == 0} { set f [expr {1}] }
if {$wt != 0} { set df [expr {($wt*$w*$coswt - $w*$sinwt)/($wt*$wt)}] }
if {$wt == 0} { set df [expr {0}] }
"""
_FIELD_OF_WAVE = """
set ft [expr { $f }]
set dft [expr { $df }]
return [list $ft 0 0 0 $ft 0 0 0 $ft $dft 0 0 0 $dft 0 0 0 $dft ]
"""
_VECTOR = """
set Hx [expr {{ {x}*${value} }}]
set Hy [expr {{ {y}*${value} }}]
set Hz [expr {{ {z}*${value} }}]
set dHx [expr {{ {x}*${slope} }}]
set dHy [expr {{ {y}*${slope} }}]
set dHz [expr {{ {z}*${slope} }}]
"""
_SAMPLED = """
set tstep {step}
set index [expr round($total_time/$tstep)]
set H_t_fac {{ {values} }}
set dH_t_fac {{ {slopes} }}
"""


def check_zeeman(ledger: Ledger, term: mm.Zeeman, duration: float | None) -> None:
    """Raise unless a Zeeman term is in the file, with what it does in time.

    Of a ``tcl_strings`` script that gives the field itself (``Oxs_ScriptUZeeman``) H is not a part.

    Raises
    ------
    ModelLostError
        A parameter that OOMMF would run without.
    """
    left = settings_of(term)
    ways = [name for name in ("func", "wave", "tcl_strings") if name in left]
    for name in ways[1:]:
        remedy = f"give one of {', '.join(ways)}"
        raise ledger.lost(asked_of(term, name, left[name], remedy), f"{ways[0]} is given too, and one of them acts")
    way = left.pop(ways[0]) if ways else None
    if isinstance(way, dict):
        entry = _scripted(ledger, term, way)
    elif isinstance(way, str):
        entry = _wave(ledger, term, way, left)
    elif way is not None:
        entry = _sampled(ledger, term, way, left, duration)
    else:
        entry = block_of(ledger, term, "Oxs_FixedZeeman")
    field = left.pop("H", None)
    if entry.block.kind != "Oxs_ScriptUZeeman":
        check_vector(ledger, asked_of(term, "H", field), entry, "field")
    remedy = "give a func that takes it, or leave it out"
    check_all_asked(ledger, term, left, f"{entry.title} does not depend on it", remedy)


def _scripted(ledger: Ledger, term: mm.Zeeman, strings: dict[str, str]) -> Entry:
    asked = asked_of(term, "tcl_strings", strings)
    entry = block_of(ledger, term, strings["energy"])
    check_word(ledger, asked, entry, "script", strings["script_name"])
    for key in ("type", "script_args"):
        if key in strings:
            check_word(ledger, asked, entry, key, strings[key])
    return entry


def _wave(ledger: Ledger, term: mm.Zeeman, shape: str, left: dict[str, Any]) -> Entry:
    frequency, start = left.pop("f", None), left.pop("t0", None)
    wave = _WAVE.format(frequency=frequency, start=start) + (_SINE if shape == "sin" else _SINC)
    if isinstance(term.H, (dict, df.Field)):
        return _driven(ledger, term, wave + _FIELD_OF_WAVE, shape, "general")
    x, y, z = term.H
    body = wave + _VECTOR.format(x=x, y=y, z=z, value="f", slope="df")
    return _driven(ledger, term, body + "return [list $Hx $Hy $Hz $dHx $dHy $dHz ]", shape, None)


def _sampled(ledger: Ledger, term: mm.Zeeman, function: Any, left: dict[str, Any], duration: float | None) -> Entry:
    step = left.pop("dt", None)
    asked = asked_of(term, "func", function, f"give it a dt, or {NATIVE}")
    if step is None or duration is None:
        raise ledger.lost(asked, "there is no dt at whose multiples it is taken" if step is None else "no time passes")
    values = samples(function, step, duration)
    slopes = np.gradient(values, axis=0) / step
    body = _SAMPLED.format(step=step, values=tcl_list(values), slopes=tcl_list(slopes))
    if not isinstance(term.H, (dict, df.Field)):
        if values.ndim > 1:
            one = asked_of(term, "func", function, "give H as a field, or return one number")
            raise ledger.lost(one, "it returns a list, which oommfc can write for an H that is a dict or a field")
        x, y, z = term.H
        body += "set H_fac [lindex $H_t_fac $index]\nset dH_fac [lindex $dH_t_fac $index]\n"
        body += _VECTOR.format(x=x, y=y, z=z, value="H_fac", slope="dH_fac")
        return _driven(ledger, term, body + "return [list $Hx $Hy $Hz $dHx $dHy $dHz]", function, None)
    body += "set H [lindex $H_t_fac $index]\nset dH [lindex $dH_t_fac $index]\n"
    if values.ndim == 1:
        return _driven(ledger, term, body + "return [list $H $H $H $dH $dH $dH]", function, "diagonal")
    entries = [f"[lindex ${name} {index}]" for name in ("H", "dH") for index in range(9)]
    return _driven(ledger, term, body + f"return [list {' '.join(entries)}]", function, "general")


def _driven(ledger: Ledger, term: mm.Zeeman, body: str, function: Any, transform: str | None) -> Entry:
    asked = asked_of(term, "func", function)
    entry = block_of(ledger, term, "Oxs_TransformZeeman" if transform else "Oxs_ScriptUZeeman")
    check_word(ledger, asked, entry, "script", f"TimeFunction:{term.name}")
    check_word(ledger, asked, entry, "script_args", "total_time")
    if transform:
        check_word(ledger, asked, entry, "type", transform)
    check_procedure(ledger, asked, f"TimeFunction:{term.name}", body)
    return entry
