"""Magnetic materials: what a micromagnetic simulation has to know of a film."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from geometries.description import Description
from geometries.directions import unit_vector
from geometries.quantities import (
    AnisotropyConstant,
    Damping,
    DMIConstant,
    ExchangeConstant,
    GyromagneticRatio,
    Magnetisation,
    PureNumber,
    format_quantity,
)
from geometries.usual_names import MATERIALS, proposal

__all__ = ["GAMMA0", "MU0", "Material", "MaterialField", "get_material", "library"]

MU0 = 4e-7 * math.pi
"""Vacuum permeability in T m/A, the value that OOMMF and micromagneticmodel use."""

GAMMA0 = 221276.14872118403
"""Gyromagnetic ratio gamma0 = g mu0 mu_B / hbar in m/(A s), ``micromagneticmodel.consts.gamma0``."""


class Material(Description):
    """A ferromagnet, and the heavy metal under it as far as its torque goes.

    Parameters
    ----------
    name : str
        Name of the material in tables and plots.
    Ms : float
        Saturation magnetisation in A/m, above 0.
    A : float
        Exchange stiffness in J/m, above 0.
    Ku : float
        Uniaxial anisotropy in J/m3, of the energy density ``-Ku (m . easy_axis)^2``;
        negative for an easy plane.
    easy_axis : tuple of three floats
        Direction of the uniaxial axis; any length, normalised here.
    D : float
        Dzyaloshinskii-Moriya constant in J/m2. Interfacial:
        ``D (m . grad m_z - m_z div m)``, where D > 0 favours a Neel wall with m
        along +x between up on the left and down on the right. Bulk: ``D m . curl m``.
    dmi : {"interfacial", "bulk"}
        Symmetry of the Dzyaloshinskii-Moriya interaction.
    alpha : float
        Gilbert damping, above 0.
    gamma0 : float
        Gyromagnetic ratio in m/(A s), above 0.
    P : float
        Spin polarisation of the current in the magnet, 0 to 1.
    beta : float
        Non-adiabaticity of the Zhang-Li torque.
    spin_hall_angle : float
        Effective spin-Hall angle of the heavy metal, with its sign.
    field_like_ratio : float
        Field-like over damping-like spin-orbit field.
    source : str
        Source of the numbers.

    Raises
    ------
    pydantic.ValidationError
        If a value is out of its range, not finite or of another dimension, the
        easy axis is the zero vector, or a key is unknown.

    Examples
    --------
    >>> film = Material(name="film", Ms="600 kA/m", A="12 pJ/m", Ku="0.5 MJ/m^3", alpha=0.1)
    >>> round(film.wall_width * 1e9, 2)
    6.62
    """

    name: str = Field(min_length=1)
    Ms: Magnetisation
    A: ExchangeConstant
    Ku: AnisotropyConstant = 0.0
    easy_axis: tuple[PureNumber, PureNumber, PureNumber] = (0.0, 0.0, 1.0)
    D: DMIConstant = 0.0
    dmi: Literal["interfacial", "bulk"] = "interfacial"
    alpha: Damping
    gamma0: GyromagneticRatio = GAMMA0
    P: PureNumber = 0.0
    beta: PureNumber = 0.0
    spin_hall_angle: PureNumber = 0.0
    field_like_ratio: PureNumber = 0.0
    source: str = ""

    @field_validator("Ms", "A", "alpha", "gamma0", mode="after")
    @classmethod
    def _above_zero(cls, value: float) -> float:
        if value <= 0:
            raise ValueError(f"{value:g} is out of range: it has to be above 0; check its sign and unit")
        return value

    @field_validator("P", mode="after")
    @classmethod
    def _fraction(cls, value: float) -> float:
        if not 0 <= value <= 1:
            raise ValueError(
                f"{value:g} is out of range: a spin polarisation is between 0 and 1; the direction of motion "
                "is set by the sign of the current"
            )
        return value

    @field_validator("easy_axis", mode="after")
    @classmethod
    def _direction(cls, axis: tuple[float, float, float]) -> tuple[float, float, float]:
        if not any(axis):
            raise ValueError(f"{axis} has no direction; give one, such as (0, 0, 1), and Ku = 0 for no anisotropy")
        return unit_vector(axis)

    @model_validator(mode="after")
    def _has_lengths_and_fields(self) -> Material:
        polarisation = MU0 * self.Ms
        if polarisation == 0 or not math.isfinite((1.0 + 2 * abs(self.Ku)) / polarisation):
            raise ValueError(
                f"Ms = {self.Ms:g} A/m is so small that the anisotropy field 2 Ku / (mu0 Ms) is no number; check its "
                "unit"
            )
        # A product: a power of a large number raises.
        area = self.exchange_length * self.exchange_length
        if area == 0 or not math.isfinite(1.0 / area):
            raise ValueError(
                f"A = {self.A:g} J/m is so small that the exchange length sqrt(2 A / (mu0 Ms^2)) is no number; check "
                "its unit"
            )
        return self

    @property
    def exchange_length(self) -> float:
        """Magnetostatic exchange length sqrt(2 A / (mu0 Ms^2)), in m."""
        # Not of Ms^2, which is 0 for the smallest numbers.
        return math.sqrt(2 * self.A / MU0) / self.Ms

    @property
    def effective_anisotropy(self) -> float:
        """Perpendicular anisotropy of a thin film, in J/m3.

        K_eff = Ku n_z^2 - mu0 Ms^2 / 2 with n the easy axis: the anisotropy less
        the shape anisotropy of an infinite film. Above 0 the film magnetises out
        of its plane, below 0 in its plane.
        """
        return self.Ku * self.easy_axis[2] ** 2 - MU0 * self.Ms**2 / 2

    @property
    def wall_width(self) -> float:
        """Bloch wall width parameter Delta = sqrt(A / K_eff) of a thin film, in m.

        A wall in the film is m_z = tanh((x - q) / Delta), about pi Delta wide.

        Raises
        ------
        ValueError
            If the film magnetises in its plane (K_eff <= 0).
        """
        if self.effective_anisotropy <= 0:
            raise ValueError(
                f"material {self.name!r} magnetises in the plane of a film: Ku = "
                f"{format_quantity(self.Ku, 'J/m3')} along the normal does not exceed mu0 Ms^2 / 2 = "
                f"{format_quantity(MU0 * self.Ms**2 / 2, 'J/m3')}, so that it has no perpendicular wall "
                "width; raise Ku, or give the wall its width"
            )
        return math.sqrt(self.A / self.effective_anisotropy)


def _named(*materials: Material) -> Mapping[str, Material]:
    return MappingProxyType({material.name: material for material in materials})


library: Mapping[str, Material] = _named(
    Material(
        name="permalloy",
        Ms=8e5,
        A=1.3e-11,
        alpha=0.02,
        source="muMAG standard problem 4, https://www.ctcms.nist.gov/~rdm/std4/spec4.html",
    ),
    Material(
        name="Pt/Co",
        Ms=5.8e5,
        A=1.5e-11,
        Ku=8e5,
        D=3e-3,
        alpha=0.3,
        P=0.4,
        source="J. Sampaio et al., Nature Nanotechnology 8, 839 (2013), doi:10.1038/nnano.2013.210",
    ),
    Material(
        name="domain-wall neuron",
        Ms=1e6,
        A=1e-11,
        Ku=8e5,
        D=6e-4,
        alpha=0.02,
        P=1.0,
        beta=0.2,
        spin_hall_angle=0.15,
        field_like_ratio=-2.0,
        source="mumax3 scripts of a domain-wall leaky integrate-and-fire neuron, doi:10.5281/zenodo.10308175",
    ),
    Material(
        name="perpendicular film",
        Ms=6e5,
        A=1.2e-11,
        Ku=5e5,
        alpha=0.1,
        beta=0.05,
        source="film of the workbench's reference OOMMF drive dw; round numbers, no one sample's",
    ),
)
"""Materials with a source for their numbers, by name.

A source gives the strength of D; its sign here follows `Material`'s convention
with the heavy metal under the magnet left open, and turns every chirality over.
What a source does not give is 0: a film without P feels no Zhang-Li torque.
"""


def get_material(name: str) -> Material:
    """Look a material up in the library.

    Parameters
    ----------
    name : str
        A key of `library`; case does not matter.

    Returns
    -------
    Material

    Raises
    ------
    ValueError
        If the library has no such material.

    Examples
    --------
    >>> get_material("permalloy").Ms
    800000.0
    """
    names = {known.casefold(): known for known in library}
    if name.casefold() not in names:
        meant = proposal(name, library, MATERIALS) or proposal(name.casefold(), names)
        hint = f"did you mean {names[meant.casefold()]!r}? " if meant else ""
        raise ValueError(
            f"no material {name!r} in the library; {hint}It has {', '.join(map(repr, library))}; any "
            "other is given as a table with name, Ms, A, alpha, ..."
        )
    return library[names[name.casefold()]]


def _from_library(value: Any) -> Any:
    return get_material(value) if isinstance(value, str) else value


MaterialField = Annotated[Material, BeforeValidator(_from_library)]
"""A material in a specification: a name from the library, or a full table."""
