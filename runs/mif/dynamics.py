"""Dynamics terms: whether a MIF file's evolver has them."""

from collections import Counter
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

from runs.mif.ledger import Asked, Entry, Ledger, asked_of, check_all_asked, settings_of
from runs.mif.parameters import check_scalar, check_vector, check_word

__all__ = ["FROM_SYSTEM", "check_dynamics", "check_dynamics_can_be_run"]

FROM_SYSTEM = (
    *("alpha", "gamma_G", "do_precess"),
    *("u", "u_profile", "u_profile_args", "beta"),
    *("J", "J_profile", "J_profile_args", "mp", "P", "Lambda", "eps_prime"),
)
"""What oommfc takes from the system; all else of an evolver is what its user set."""
_KINDS = (mm.Precession, mm.Damping, mm.ZhangLi, mm.Slonczewski)


def check_dynamics_can_be_run(ledger: Ledger, dynamics: mm.Dynamics) -> None:
    r"""Raise `ModelLostError` for dynamics terms that no evolver of OOMMF has, or not together.

    It has precession and damping, once each, and one Zhang-Li or Slonczewski torque. Without precession OOMMF's
    evolvers keep the part of the Slonczewski torque that holds alpha: of

    .. math:: (\epsilon + \alpha \epsilon') \, m \times (p \times m)
        + (\alpha \epsilon - \epsilon') \, m \times p

    they take :math:`\alpha \epsilon'` in the first term and :math:`\alpha \epsilon` in the second.
    """
    counts = Counter(type(term) for term in dynamics)
    for term in dynamics:
        if type(term) not in _KINDS:
            found = f"oommfc passes over all dynamics terms but {', '.join(kind.__name__ for kind in _KINDS)}"
            raise ledger.lost(asked_of(term, "the term", None), found)
        if counts[type(term)] > 1:
            found = f"the system has {counts[type(term)]} terms of {type(term).__name__}, and an evolver takes one"
            raise ledger.lost(asked_of(term, "a term", None), found)
    for kind in (mm.Precession, mm.Damping):
        if not counts[kind]:
            asked = Asked("the dynamics", f"the lack of {kind.__name__}", None, f"add mm.{kind.__name__}")
            raise ledger.lost(asked, "the workbench runs OOMMF with precession and damping")
    for term in dynamics.get(type=mm.Slonczewski):
        if counts[mm.ZhangLi]:
            raise ledger.lost(asked_of(term, "the term", None), "no evolver of OOMMF has it beside a Zhang-Li torque")


def check_dynamics(ledger: Ledger, system: mm.System, evolver: Entry) -> None:
    """Raise `ModelLostError` unless a time evolver has the system's dynamics."""
    # A Slonczewski or Zhang-Li torque first: it is what another evolver would keep.
    for term in system.dynamics.get(type=mm.ZhangLi):
        _zhang_li(ledger, term, evolver)
    for term in system.dynamics.get(type=mm.Slonczewski):
        _slonczewski(ledger, term, evolver)
    for term in system.dynamics.get(type=mm.Damping):
        check_scalar(ledger, asked_of(term, "alpha", term.alpha), evolver, "alpha")
    for term in system.dynamics.get(type=mm.Precession):
        asked = asked_of(term, "gamma0", term.gamma0)
        check_scalar(ledger, asked, evolver, "gamma_G")
        if dict(evolver.left).get("do_precess") is not None:
            check_word(ledger, asked, evolver, "do_precess", 1)


def _zhang_li(ledger: Ledger, term: mm.ZhangLi, evolver: Entry) -> None:
    left = settings_of(term)
    u = left.pop("u", None)
    scalar = not isinstance(u, df.Field) and np.ndim(u) == 0
    kind = "Anv_SpinTEvolve" if scalar else "Anv_SpinTEvolve_3d"
    asked = asked_of(term, "u", u)
    if evolver.block.kind != kind:
        raise ledger.lost(asked, f"the evolver is {evolver.block.kind}, not {kind}")
    (check_scalar if scalar else check_vector)(ledger, asked, evolver, "u")
    check_scalar(ledger, asked_of(term, "beta", left.pop("beta", None)), evolver, "beta")
    _check_profile(ledger, term, evolver, "u_profile", left)


def _slonczewski(ledger: Ledger, term: mm.Slonczewski, evolver: Entry) -> None:
    left = settings_of(term)
    if evolver.block.kind != "Oxs_SpinXferEvolve":
        raise ledger.lost(asked_of(term, "J", left.get("J")), f"the evolver is {evolver.block.kind}")
    for name in ("J", "P", "Lambda"):
        check_scalar(ledger, asked_of(term, name, left.pop(name, None)), evolver, name)
    check_scalar(ledger, asked_of(term, "eps_prime", left.pop("eps_prime", 0.0)), evolver, "eps_prime")
    check_vector(ledger, asked_of(term, "mp", left.pop("mp", None)), evolver, "mp")
    _check_profile(ledger, term, evolver, "J_profile", left)


def _check_profile(ledger: Ledger, term: Any, evolver: Entry, label: str, left: dict[str, Any]) -> None:
    strings = left.pop("tcl_strings", None)
    if strings is not None:
        asked = asked_of(term, "tcl_strings", strings)
        check_word(ledger, asked, evolver, label, strings["script_name"])
        check_word(ledger, asked, evolver, f"{label}_args", strings["script_args"])
    check_all_asked(ledger, term, left, f"{evolver.title} does not have it")
