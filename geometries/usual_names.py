"""Find the known name that was meant: by the usual names of magnetism first, then by likeness."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

__all__ = ["FIELDS", "MATERIALS", "STEPS", "proposal"]

# A field is called differently in papers and in other programs, and not alike in all descriptions: the first that is
# there is meant. The case counts first, since T is a temperature and t a thickness or a time.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "A_ex": ("A",),
    "Aex": ("A",),
    "B": ("amplitude", "to", "static_field", "field"),
    "B_ext": ("static_field", "amplitude", "to", "field"),
    "D_bulk": ("D",),
    "D_ind": ("D",),
    "H": ("amplitude", "to", "static_field", "field"),
    "H_ext": ("static_field", "amplitude", "to", "field"),
    "I": ("amplitude",),
    "J": ("amplitude",),
    "J_c": ("amplitude",),
    "K": ("Ku",),
    "K_1": ("Ku",),
    "K_u1": ("Ku",),
    "L": ("length",),
    "Lambda": ("asymmetry",),
    "M_s": ("Ms",),
    "M_sat": ("Ms",),
    "N": ("count",),
    "P": ("polarisation",),
    "RA": ("resistance_area",),
    "T": ("temperature", "to"),
    "V": ("amplitude",),
    "V_h": ("half_bias",),
    "a": ("lattice_constant",),
    "alpha_H": ("spin_hall_angle",),
    "anisotropy": ("Ku",),
    "anisotropy_axis": ("easy_axis",),
    "anisotropy_constant": ("Ku",),
    "anis_u": ("easy_axis",),
    "applied_field": ("static_field", "amplitude", "to"),
    "axis": ("easy_axis",),
    "cell_size": ("cell",),
    "current": ("amplitude",),
    "current_density": ("amplitude",),
    "d": ("thickness",),
    "diameter": ("length",),
    "damping": ("alpha",),
    "density": ("amplitude",),
    "dmi": ("D",),
    "dt": ("sampling_interval",),
    "epsilon_prime": ("field_like_ratio",),
    "eps_prime": ("field_like_ratio",),
    "exchange": ("A",),
    "exchange_constant": ("A",),
    "exchange_stiffness": ("A",),
    "external_field": ("static_field", "amplitude", "to"),
    "f": ("frequency",),
    "field": ("amplitude", "to", "static_field"),
    "field_like": ("field_like_ratio",),
    "fixed_layer": ("polariser",),
    "freq": ("frequency",),
    "gamma": ("gamma0",),
    "gamma_LL": ("gamma0",),
    "gilbert_damping": ("alpha",),
    "gyromagnetic_ratio": ("gamma0",),
    "h": ("thickness", "height"),
    "j": ("amplitude",),
    "l": ("length",),
    "lambda": ("asymmetry",),
    "lattice_spacing": ("lattice_constant",),
    "mp": ("polariser",),
    "n": ("count",),
    "non_adiabaticity": ("beta",),
    "p": ("polariser",),
    "period": ("lattice_constant",),
    "pitch": ("lattice_constant", "period"),
    "pol": ("P", "polarisation"),
    "polarisation": ("P",),
    "polarization": ("P", "polarisation"),
    "pulse_duration": ("width",),
    "pulse_length": ("width",),
    "pulse_width": ("width",),
    "pulses": ("count",),
    "random_seed": ("seed",),
    "rise_time": ("rise",),
    "saturation": ("Ms",),
    "saturation_magnetisation": ("Ms",),
    "saturation_magnetization": ("Ms", "saturation_magnetisation"),
    "spacing": ("lattice_constant", "period"),
    "spin_hall": ("spin_hall_angle",),
    "spin_polarisation": ("P", "polarisation"),
    "spin_polarization": ("P", "polarisation"),
    "t": ("thickness", "duration"),
    "temp": ("temperature", "to"),
    "theta": ("spin_hall_angle", "angle"),
    "theta_SH": ("spin_hall_angle",),
    "theta_SHE": ("spin_hall_angle",),
    "time": ("duration",),
    "time_step": ("sampling_interval",),
    "t_MgO": ("barrier_thickness",),
    "vcma": ("efficiency",),
    "w": ("width",),
    "xi": ("beta", "efficiency"),
    "\u03b1": ("alpha",),
    "\u03b2": ("beta",),
    "\u03b3": ("gamma0",),
    "\u03b8_SH": ("spin_hall_angle",),
    "\u03bb": ("asymmetry",),
}
"""Fields of descriptions, by what others call them."""

MATERIALS: Mapping[str, tuple[str, ...]] = {
    "Co/Pt": ("Pt/Co",),
    "CoPt": ("Pt/Co",),
    "Fe20Ni80": ("permalloy",),
    "FeNi": ("permalloy",),
    "Ni80Fe20": ("permalloy",),
    "Ni81Fe19": ("permalloy",),
    "NiFe": ("permalloy",),
    "Pt/Co/AlOx": ("Pt/Co",),
    "PtCo": ("Pt/Co",),
    "Py": ("permalloy",),
}
"""Materials of the library, by what others call them."""

STEPS: Mapping[str, tuple[str, ...]] = {
    "ac current": ("alternating current",),
    "ac field": ("alternating field",),
    "constant": ("constant current",),
    "current": ("constant current",),
    "dc": ("constant current",),
    "dc current": ("constant current",),
    "field": ("constant field", "ramp to"),
    "minimise": ("relax",),
    "minimize": ("relax",),
    "pulse": ("current pulses",),
    "pulses": ("current pulses",),
    "relaxation": ("relax",),
    "wait": ("rest",),
}
"""Steps of a protocol, by what others call them."""


def proposal(said: str, known: Iterable[str], usual: Mapping[str, tuple[str, ...]] | None = None) -> str | None:
    """Find the known name that was meant; None where none is like it.

    `usual` is what else the known names are called, such as `FIELDS`.
    """
    known, usual = list(known), usual or {}
    alike = {_plain(name): name for name in reversed(known)}
    meant = usual.get(said) or next((names for name, names in usual.items() if _plain(name) == _plain(said)), ())
    # "Msat" is Ms rather than what is spelled like it, but "ALPHA" is alpha.
    for name in (alike.get(_plain(said)), *meant):
        if name in known:
            return name
    near = difflib.get_close_matches(said, known, n=1)
    return near[0] if near else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name[:80]).casefold()
