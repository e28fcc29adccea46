"""Energy terms: whether a MIF file has each of them, with every parameter.

It accepts the terms of `runs.system`, each with the parameters that it sets, and refuses all others.
"""

from collections.abc import Callable
from typing import Any

import micromagneticmodel as mm

from runs.mif.ledger import Ledger, asked_of, block_of, check_all_asked, settings_of
from runs.mif.parameters import check_pairs, check_scalar, check_vector, check_word

__all__ = ["check_energy"]


def check_energy(ledger: Ledger, energy: mm.Energy) -> None:
    """Raise `ModelLostError` unless every energy term is in the MIF file."""
    for term in energy:
        if type(term) not in _CHECKS:
            known = ", ".join(kind.__name__ for kind in _CHECKS)
            raise ledger.lost(asked_of(term, "the term", None), f"the workbench writes {known} only")
        left = settings_of(term)
        _CHECKS[type(term)](ledger, term, left)
        check_all_asked(ledger, term, left, "it is not in what the workbench writes of this term")


def _exchange(ledger: Ledger, term: mm.Exchange, left: dict[str, Any]) -> None:
    asked = asked_of(term, "A", left.pop("A", None))
    if isinstance(asked.value, dict):
        check_pairs(ledger, asked, block_of(ledger, term, "Oxs_Exchange6Ngbr"), "A")
    else:
        check_word(ledger, asked, block_of(ledger, term, "Oxs_UniformExchange"), "A", asked.value)


def _uniaxial_anisotropy(ledger: Ledger, term: mm.UniaxialAnisotropy, left: dict[str, Any]) -> None:
    entry = block_of(ledger, term, "Oxs_UniaxialAnisotropy")
    check_scalar(ledger, asked_of(term, "K", left.pop("K", None)), entry, "K1")
    check_vector(ledger, asked_of(term, "u", left.pop("u", None)), entry, "axis")


def _demag(ledger: Ledger, term: mm.Demag, _left: dict[str, Any]) -> None:
    block_of(ledger, term, "Oxs_Demag")


def _dmi(ledger: Ledger, term: mm.DMI, left: dict[str, Any]) -> None:
    entry = block_of(ledger, term, f"Oxs_DMI_{left.pop('crystalclass', None)}")
    check_pairs(ledger, asked_of(term, "D", left.pop("D", None)), entry, "D")


def _zeeman(ledger: Ledger, term: mm.Zeeman, left: dict[str, Any]) -> None:
    """Check a constant field, or a script's; of one that gives the field itself (Oxs_ScriptUZeeman) H is no part."""
    field, strings = left.pop("H", None), left.pop("tcl_strings", None)
    entry = block_of(ledger, term, strings["energy"] if strings else "Oxs_FixedZeeman")
    if strings:
        asked = asked_of(term, "tcl_strings", strings)
        check_word(ledger, asked, entry, "script", strings["script_name"])
        for key in ("type", "script_args"):
            if key in strings:
                check_word(ledger, asked, entry, key, strings[key])
    if entry.block.kind != "Oxs_ScriptUZeeman":
        check_vector(ledger, asked_of(term, "H", field), entry, "field")


_CHECKS: dict[Any, Callable[[Ledger, Any, dict[str, Any]], None]] = {
    mm.Exchange: _exchange,
    mm.UniaxialAnisotropy: _uniaxial_anisotropy,
    mm.Demag: _demag,
    mm.DMI: _dmi,
    mm.Zeeman: _zeeman,
}
