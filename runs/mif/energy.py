"""Energy terms: whether a MIF file has each of them, with every parameter."""

from collections.abc import Callable
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm

from runs.mif.ledger import NATIVE, Ledger, asked_of, block_of, check_all_asked, settings_of
from runs.mif.parameters import check_pairs, check_scalar, check_vector, check_word, same_number
from runs.mif.regions import cells_outside
from runs.mif.text import split_list
from runs.mif.zeeman import check_zeeman

__all__ = ["check_energy", "check_energy_can_be_written"]


def check_energy_can_be_written(ledger: Ledger, energy: mm.Energy) -> None:
    """Raise for energy terms of which oommfc writes a MIF that OOMMF cannot read, or reads as another.

    Raises
    ------
    ModelLostError
        A field as the D of a DMI, more than one RKKY.
    """
    rkky = list(energy.get(type=mm.RKKY))
    for term in energy.get(type=mm.DMI):
        if isinstance(term.D, df.Field):
            asked = asked_of(term, "D", term.D, f"give a dict with one D a subregion, or {NATIVE}")
            raise ledger.lost(asked, "oommfc writes no D for a field, and leaves the block open")
    for term in rkky[1:]:
        asked = asked_of(term, "subregions", term.subregions)
        raise ledger.lost(asked, f"oommfc writes one surface for all {len(rkky)} terms of RKKY")


def check_energy(ledger: Ledger, energy: mm.Energy, duration: float | None) -> None:
    """Raise unless every energy term is in the MIF file.

    Parameters
    ----------
    ledger : Ledger
    energy : micromagneticmodel.Energy
    duration : float or None
        Of the drive in s, if it has one.

    Raises
    ------
    ModelLostError
        A term or a parameter that OOMMF would run without.
    """
    for term in energy:
        if isinstance(term, mm.Zeeman):
            check_zeeman(ledger, term, duration)
            continue
        if type(term) not in _CHECKS:
            known = ", ".join(kind.__name__ for kind in (*_CHECKS, mm.Zeeman))
            raise ledger.lost(asked_of(term, "the term", None), f"oommfc has {known}")
        left = settings_of(term)
        _CHECKS[type(term)](ledger, term, left)
        check_all_asked(ledger, term, left, "it is not in what oommfc writes of this term")


def _exchange(ledger: Ledger, term: mm.Exchange, left: dict[str, Any]) -> None:
    asked = asked_of(term, "A", left.pop("A", None))
    if isinstance(asked.value, dict):
        check_pairs(ledger, asked, block_of(ledger, term, "Oxs_Exchange6Ngbr"), "A")
    elif isinstance(asked.value, df.Field):
        check_scalar(ledger, asked, block_of(ledger, term, "Oxs_ExchangePtwise"), "A")
    else:
        check_scalar(ledger, asked, block_of(ledger, term, "Oxs_UniformExchange"), "A")


def _uniaxial_anisotropy(ledger: Ledger, term: mm.UniaxialAnisotropy, left: dict[str, Any]) -> None:
    if "K2" in left:
        entry = block_of(ledger, term, "Southampton_UniaxialAnisotropy4")
        check_scalar(ledger, asked_of(term, "K1", left.pop("K1", None)), entry, "K1")
        check_scalar(ledger, asked_of(term, "K2", left.pop("K2")), entry, "K2")
    else:
        entry = block_of(ledger, term, "Oxs_UniaxialAnisotropy")
        check_scalar(ledger, asked_of(term, "K", left.pop("K", None)), entry, "K1")
    check_vector(ledger, asked_of(term, "u", left.pop("u", None)), entry, "axis")
    remedy = "give either K, or K1 and K2"
    check_all_asked(ledger, term, left, f"{entry.title} takes the others", remedy)


def _cubic_anisotropy(ledger: Ledger, term: mm.CubicAnisotropy, left: dict[str, Any]) -> None:
    entry = block_of(ledger, term, "Oxs_CubicAnisotropy")
    check_scalar(ledger, asked_of(term, "K", left.pop("K", None)), entry, "K1")
    check_vector(ledger, asked_of(term, "u1", left.pop("u1", None)), entry, "axis1")
    check_vector(ledger, asked_of(term, "u2", left.pop("u2", None)), entry, "axis2")


def _magnetoelastic(ledger: Ledger, term: mm.MagnetoElastic, left: dict[str, Any]) -> None:
    entry = block_of(ledger, term, "YY_FixedMEL")
    for name in ("B1", "B2"):
        check_scalar(ledger, asked_of(term, name, left.pop(name, None)), entry, name)
    for name in ("e_diag", "e_offdiag"):
        check_vector(ledger, asked_of(term, name, left.pop(name, None)), entry, f"{name}_field")


def _demag(ledger: Ledger, term: mm.Demag, left: dict[str, Any]) -> None:
    entry = block_of(ledger, term, "Oxs_Demag")
    if "asymptotic_radius" in left:
        asked = asked_of(term, "asymptotic_radius", left.pop("asymptotic_radius"))
        check_scalar(ledger, asked, entry, "asymptotic_radius")


def _dmi(ledger: Ledger, term: mm.DMI, left: dict[str, Any]) -> None:
    name = left.pop("crystalclass", None)
    # "Cnv" and "D2d" are micromagneticmodel's old names of the classes with axis z, and O has the form of T.
    kind = {"Cnv": "Cnv_z", "D2d": "D2d_z", "O": "T"}.get(name, name)
    check_pairs(ledger, asked_of(term, "D", left.pop("D", None)), block_of(ledger, term, f"Oxs_DMI_{kind}"), "D")


def _rkky(ledger: Ledger, term: mm.RKKY, left: dict[str, Any]) -> None:
    mesh = ledger.mesh
    names = list(left.pop("subregions"))
    asked = asked_of(term, "subregions", names)
    for name in names:
        hidden = cells_outside(mesh, name, [name])
        if hidden:
            raise ledger.lost(asked, f"{hidden} cells of {name!r} lie in a subregion that the mesh names before it")
    direction, first, _ = mesh.subregions[names[0]].facing_surface(mesh.subregions[names[1]])
    lower, upper = names if first == mesh.subregions[names[0]] else names[::-1]
    axis = mesh.region.dims.index(direction)
    field = ledger.refer(asked, "Oxs_LinearScalarField", "rkkyfield")
    check_word(ledger, asked, field, "vector", [float(index == axis) for index in range(3)])
    check_word(ledger, asked, field, "norm", 1.0)
    entry = block_of(ledger, term, "Oxs_TwoSurfaceExchange")
    for name in ("sigma", "sigma2"):
        if name in left:
            check_scalar(ledger, asked_of(term, name, left.pop(name)), entry, name)
    sides = (
        ("surface1", lower, mesh.subregions[lower].pmax[axis], "-"),
        ("surface2", upper, mesh.subregions[upper].pmin[axis], "+"),
    )
    for label, region, value, side in sides:
        words = split_list(entry.take(label) or "")
        surface = dict(zip(words[::2], words[1::2], strict=False))
        expected: dict[str, Any] = {"atlas": ":main_atlas", "region": region, "scalarfield": ":rkkyfield"}
        expected |= {"scalarvalue": value, "scalarside": side}
        for key, wanted in expected.items():
            found = surface.get(key)
            same = found == wanted if isinstance(wanted, str) else same_number(found or "", wanted)
            if len(words) != 2 * len(expected) or not same:
                raise ledger.lost(asked, f"{entry.title} has {label} {' '.join(words)!r}")


_CHECKS: dict[Any, Callable[[Ledger, Any, dict[str, Any]], None]] = {
    mm.Exchange: _exchange,
    mm.UniaxialAnisotropy: _uniaxial_anisotropy,
    mm.CubicAnisotropy: _cubic_anisotropy,
    mm.MagnetoElastic: _magnetoelastic,
    mm.Demag: _demag,
    mm.DMI: _dmi,
    mm.RKKY: _rkky,
}
