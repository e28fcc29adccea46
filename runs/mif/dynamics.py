"""Dynamics terms and temperature: whether a MIF file's evolver has them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

from runs.mif.functions_of_time import check_procedure, samples, tcl_list
from runs.mif.ledger import NATIVE, Asked, Entry, Ledger, asked_of, check_all_asked, settings_of
from runs.mif.parameters import check_scalar, check_vector, check_word

__all__ = ["FROM_SYSTEM", "check_dynamics", "check_dynamics_can_be_run"]

FROM_SYSTEM = (
    *("alpha", "gamma_G", "gamma_LL", "do_precess", "temperature", "fixed_spins"),
    *("u", "u_profile", "u_profile_args", "beta"),
    *("J", "J_profile", "J_profile_args", "mp", "P", "Lambda", "eps_prime"),
)
"""What oommfc takes from the system; all else of an evolver is what its user set."""
_NOT_PERIODIC = (
    "Anv_SpinTEvolve",
    "Anv_SpinTEvolve_3d",
    "Oxs_SpinXferEvolve",
    "Xf_ThermHeunEvolve",
    "Xf_ThermSpinXferEvolve",
)
"""Evolvers that OOMMF refuses on a periodic mesh."""
_KINDS = (mm.Precession, mm.Damping, mm.ZhangLi, mm.Slonczewski)


def check_dynamics_can_be_run(ledger: Ledger, dynamics: mm.Dynamics) -> None:
    r"""Raise for dynamics terms that no evolver of OOMMF has, or not together.

    Without precession OOMMF's evolvers of the Slonczewski torque keep the part of it that holds alpha:
    of

    .. math:: (\epsilon + \alpha \epsilon') \, m \times (p \times m)
        + (\alpha \epsilon - \epsilon') \, m \times p

    they take :math:`\alpha \epsilon'` in the first term and :math:`\alpha \epsilon` in the second. A system
    whose dynamics lack a precession about the field does not ask for another torque, so this is a loss.

    Raises
    ------
    ModelLostError
        A term that oommfc does not know, more than one of a kind, Zhang-Li with Slonczewski, or
        Slonczewski without precession.
    """
    counts = Counter(type(term) for term in dynamics)
    for term in dynamics:
        if type(term) not in _KINDS:
            found = f"oommfc passes over all dynamics terms but {', '.join(kind.__name__ for kind in _KINDS)}"
            raise ledger.lost(asked_of(term, "the term", None), found)
        if counts[type(term)] > 1:
            sums = type(term) in (mm.ZhangLi, mm.Slonczewski)
            remedy = NATIVE if sums else "keep one of them"
            found = f"the system has {counts[type(term)]} terms of {type(term).__name__}, and an evolver takes one"
            raise ledger.lost(asked_of(term, "a term", None, remedy), found)
    for term in dynamics.get(type=mm.Slonczewski):
        if counts[mm.ZhangLi]:
            raise ledger.lost(asked_of(term, "the term", None), "no evolver of OOMMF has it beside a Zhang-Li torque")
        if not counts[mm.Precession]:
            asked = asked_of(term, "most of its torque", None, f"add mm.Precession, or {NATIVE}")
            raise ledger.lost(asked, "without precession OOMMF's evolver keeps only what holds alpha")


def check_dynamics(ledger: Ledger, system: mm.System, evolver: Entry, duration: float) -> None:
    """Raise unless a time evolver has the system's dynamics and temperature.

    Parameters
    ----------
    ledger : Ledger
    system : micromagneticmodel.System
    evolver : Entry
    duration : float
        Of the drive in s.

    Raises
    ------
    ModelLostError
        A term or a parameter that OOMMF would run without.
    """
    if evolver.block.kind in _NOT_PERIODIC and set(ledger.mesh.bc) & set("xyz"):
        asked = Asked("the mesh", "bc", ledger.mesh.bc)
        raise ledger.lost(asked, f"{evolver.block.kind} does not run on a periodic mesh")
    # A Slonczewski or Zhang-Li torque first: it is what another evolver would keep.
    order = (mm.ZhangLi, mm.Slonczewski, mm.Damping, mm.Precession)
    checks: tuple[Callable[..., None], ...] = (_zhang_li, _slonczewski, _damping, _precession)
    for kind, check in zip(order, checks, strict=True):
        check(ledger, _only(system, kind), evolver, system, duration)
    asked = Asked(f"system {system.name!r}", "T", system.T, f"use oommfc.Xf_ThermHeunEvolver, or {NATIVE}")
    if system.T or dict(evolver.left).get("temperature") is not None:
        check_scalar(ledger, asked, evolver, "temperature")


def _zhang_li(ledger: Ledger, term: Any, evolver: Entry, system: mm.System, duration: float) -> None:
    if term is None:
        return
    left = settings_of(term)
    u = left.pop("u", None)
    if isinstance(u, df.Field):
        scalar = u.nvdim == 1
    else:
        scalar = not any(map(np.ndim, u.values() if isinstance(u, dict) else [u]))
    kind = "Anv_SpinTEvolve" if scalar else "Anv_SpinTEvolve_3d"
    remedy = NATIVE if system.T else f"use oommfc.SpinTEvolver, or {NATIVE}"
    asked = asked_of(term, "u", u, remedy)
    if evolver.block.kind != kind:
        raise ledger.lost(asked, f"the evolver is {evolver.block.kind}, not {kind}")
    (check_scalar if scalar else check_vector)(ledger, asked, evolver, "u")
    check_scalar(ledger, asked_of(term, "beta", left.pop("beta", None)), evolver, "beta")
    _check_profile(ledger, term, evolver, "u_profile", left, duration)


def _slonczewski(ledger: Ledger, term: Any, evolver: Entry, system: mm.System, duration: float) -> None:
    if term is None:
        return
    left = settings_of(term)
    remedy = f"use oommfc.{'Xf_ThermSpinXferEvolver' if system.T else 'SpinXferEvolver'}, or {NATIVE}"
    if evolver.block.kind not in ("Xf_ThermSpinXferEvolve", "Oxs_SpinXferEvolve"):
        raise ledger.lost(asked_of(term, "J", left.get("J"), remedy), f"the evolver is {evolver.block.kind}")
    # oommfc writes 1 where a dict has no Lambda, because OOMMF refuses 0.
    for name, default in (("J", 0.0), ("P", 0.0), ("Lambda", 1.0)):
        check_scalar(ledger, asked_of(term, name, left.pop(name, None), remedy), evolver, name, default=default)
    check_scalar(ledger, asked_of(term, "eps_prime", left.pop("eps_prime", 0.0), remedy), evolver, "eps_prime")
    check_vector(ledger, asked_of(term, "mp", left.pop("mp", None), remedy), evolver, "mp")
    _check_profile(ledger, term, evolver, "J_profile", left, duration)


def _check_profile(
    ledger: Ledger, term: Any, evolver: Entry, label: str, left: dict[str, Any], duration: float
) -> None:
    function, step, strings = (left.pop(name, None) for name in ("func", "dt", "tcl_strings"))
    if function is not None and strings is not None:
        asked = asked_of(term, "func", function, "give one of func, tcl_strings")
        raise ledger.lost(asked, "tcl_strings is given too, and one of them acts")
    if function is None and step is not None:
        raise ledger.lost(asked_of(term, "dt", step, "give a func, or leave it out"), "there is no func")
    if strings is not None:
        asked = asked_of(term, "tcl_strings", strings)
        check_word(ledger, asked, evolver, label, strings["script_name"])
        check_word(ledger, asked, evolver, f"{label}_args", strings["script_args"])
    elif function is not None:
        asked = asked_of(term, "func", function, f"give it a dt, or {NATIVE}")
        if step is None:
            raise ledger.lost(asked, "there is no dt at whose multiples it is taken, and OOMMF would run with func=1")
        values = tcl_list(samples(function, step, duration))
        body = (
            f"set tstep {step} set index [expr round($total_time/$tstep)] set profile {{ {values} }} "
            "set factor [lindex $profile $index] return $factor"
        )
        check_word(ledger, asked, evolver, label, "TimeFunction")
        check_word(ledger, asked, evolver, f"{label}_args", "total_time")
        check_procedure(ledger, asked, "TimeFunction", body)
    check_all_asked(ledger, term, left, f"{evolver.title} does not have it")


def _damping(ledger: Ledger, term: Any, evolver: Entry, system: mm.System, _duration: float) -> None:
    asked = (
        asked_of(term, "alpha", term.alpha) if term else Asked(f"system {system.name!r} without damping", "alpha", 0)
    )
    if evolver.block.kind == "UHH_ThetaEvolve" and isinstance(asked.value, (dict, df.Field)):
        raise ledger.lost(asked, "UHH_ThetaEvolve takes one number")
    check_scalar(ledger, asked, evolver, "alpha")


def _precession(ledger: Ledger, term: Any, evolver: Entry, system: mm.System, _duration: float) -> None:
    if term is None:
        check_scalar(
            ledger, Asked(f"system {system.name!r} without precession", "do_precess", 0), evolver, "do_precess"
        )
        return
    asked = asked_of(term, "gamma0", term.gamma0)
    if evolver.block.kind == "UHH_ThetaEvolve":
        damping = _only(system, mm.Damping)
        gilbert = 1 + (damping.alpha**2 if damping else 0)
        check_word(ledger, asked, evolver, "gamma_LL", term.gamma0 / gilbert)
    else:
        check_scalar(ledger, asked, evolver, "gamma_G")
    if dict(evolver.left).get("do_precess") is not None:
        check_word(ledger, asked, evolver, "do_precess", 1)


def _only(system: mm.System, kind: Any) -> Any:
    """Return the dynamics term of this kind; None if there is none."""
    terms = list(system.dynamics.get(type=kind))
    return terms[0] if terms else None
