"""How well the constants of a material are known, and what that makes of a model of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import Field, model_validator

from geometries import Material
from geometries.description import Description
from geometries.materials import MU0
from geometries.quantities import PureNumber
from solitons.fits.consider_parameters import Considered

__all__ = ["MaterialUncertainty", "consider"]

Model = TypeVar("Model")
Share = Annotated[PureNumber, Field(ge=0, lt=1)]

_HALVINGS = 8  # of a step, where there is no such model a whole uncertainty away


class MaterialUncertainty(Description):
    """How well the constants of a material are known: relative standard uncertainties.

    The defaults are from published measurements of such films. Constants are taken as independent; one that is 0 is
    taken as exactly 0. A single number counts for each; 0 takes the material as exact.

    Parameters
    ----------
    Ms : float
        Saturation magnetisation, at a fixed anisotropy field: 4 %, 1.01(4) MA/m by magnetometry of Co-based
        films [1]_. In a comparison of ten laboratories thin samples differed by 2 % [2]_, to which a film adds its
        thickness.
    A : float
        Exchange stiffness: 13 %, 16 +- 2 pJ/m from spin waves in CoFeB [3]_. Different methods differ by up to
        five times [4]_.
    anisotropy_field : float
        Anisotropy field 2 K_eff / (mu0 Ms), which loops and resonance measure, not Ku: 5 %, a round number.
    D : float
        DMI constant: 7 %, -1.7 +- 0.11 pJ/m by Brillouin light scattering in Pt/Co/AlOx [5]_. Methods that look
        at domain walls often find less [6]_.
    alpha : float
        Damping: 10 %, a round number; inhomogeneous broadening and damping share a linewidth.
    gamma0 : float
        Gyromagnetic ratio: 1 %, a round number.
    P, beta : float
        Polarisation and non-adiabaticity: 5 and 13 %, 0.40 +- 0.02 and 0.040 +- 0.005 in permalloy [7]_.
    spin_hall_angle : float
        Spin-Hall angle: 10 %, what the neglect of anisotropies does to it [8]_.
    field_like_ratio : float
        Field-like over damping-like field: 10 %, a round number.

    References
    ----------
    Only the abstracts of these were read.

    .. [1] arXiv:2505.22077 (2025), RF-sputtered CoNbZr films.
    .. [2] F. Fiorillo et al., International comparison of measurements of hard magnets with the vibrating sample
       magnetometer (2007): magnetic tapes.
    .. [3] arXiv:2211.02497 (2022), CoFeB/Ru/CoFeB.
    .. [4] T. Boettcher et al., arXiv:2109.03909 (2021).
    .. [5] Spin waves in Pt/Co/AlOx/Pt films of 0.6 to 1.2 nm, M. Belmeguenai et al., Phys. Rev. B 91, 180405 (2015).
    .. [6] A. Magni et al., arXiv:2201.04925 (2022).
    .. [7] S. Lepadatu et al., Phys. Rev. B 79, 094402 (2009).
    .. [8] R. Ben-Shalom et al., arXiv:2105.09023 (2021).

    Examples
    --------
    >>> MaterialUncertainty(D=0.03).D, MaterialUncertainty.model_validate(0).D
    (0.03, 0.0)
    """

    Ms: Share = 0.04
    A: Share = 0.13
    anisotropy_field: Share = 0.05
    D: Share = 0.07
    alpha: Share = 0.1
    gamma0: Share = 0.01
    P: Share = 0.05
    beta: Share = 0.13
    spin_hall_angle: Share = 0.1
    field_like_ratio: Share = 0.1

    @model_validator(mode="before")
    @classmethod
    def _of_each(cls, value: Any) -> Any:
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            return dict.fromkeys(cls.model_fields, value)
        return value

    def moved(self, material: Material, constant: str, uncertainties: float) -> Material:
        """A material with one constant moved by some of its standard uncertainties.

        Parameters
        ----------
        material : geometries.Material
            As it is stated. Where it magnetises along z, the anisotropy field 2 K_eff / (mu0 Ms) stays what it was
            measured to be if Ms is moved, and Ku goes with it.
        constant : str
            One of the fields.
        uncertainties : float
            How many of them; negative makes the constant smaller.

        Examples
        --------
        >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1)
        >>> more = MaterialUncertainty().moved(film, "Ms", 1.0)
        >>> round(more.Ms / film.Ms, 4), round(more.effective_anisotropy / film.effective_anisotropy, 4)
        (1.04, 1.04)
        """
        factor = 1 + uncertainties * float(getattr(self, constant))
        if constant not in ("Ms", "anisotropy_field"):
            return material.model_copy(update={constant: factor * getattr(material, constant)})
        if material.effective_anisotropy <= 0:
            name = "Ku" if constant == "anisotropy_field" else constant
            return material.model_copy(update={name: factor * getattr(material, name)})
        # K_eff goes with both.
        film, moment = MU0 * material.Ms**2 / 2, factor * material.Ms if constant == "Ms" else material.Ms
        stiffness = factor * (material.Ku - film) + MU0 * moment**2 / 2
        return material.model_copy(update={"Ms": moment, "Ku": stiffness})


def consider(
    build: Callable[[Material], Model], material: Material, uncertainty: MaterialUncertainty
) -> dict[str, Considered[Model]]:
    """Models of a material with each of its constants smaller and larger by its standard uncertainty.

    Parameters
    ----------
    build : callable
        Makes the model of a material. If it raises ValueError for one that is a whole uncertainty away, such
        as a film that is not perpendicular, a part of this step is taken.
    material : geometries.Material
        As it is stated.
    uncertainty : MaterialUncertainty

    Returns
    -------
    dict of str to Considered
        By the constant; those that are 0, or known exactly, are left out.

    Raises
    ------
    ValueError
        If a small part of an uncertainty makes no model.

    Examples
    --------
    Walls for ``fit_wall(runs, build(film), considered=walls)``; there is no DMI that could be another:

    >>> from functools import partial
    >>> from solitons.domain_walls import wall_from_material
    >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1)
    >>> build = partial(wall_from_material, polarity=-1, thickness=1e-9, stripe_width=32e-9)
    >>> walls = consider(build, film, MaterialUncertainty(alpha=0.05))
    >>> round(float(walls["A"].upper.width / build(film).width), 3), "D" in walls
    (1.063, False)
    """
    found = {}
    for constant in type(uncertainty).model_fields:
        stated = material.Ku if constant == "anisotropy_field" else getattr(material, constant)
        if not stated or not getattr(uncertainty, constant):
            continue
        found[constant] = _on_both_sides(build, material, uncertainty, constant)
    return found


def _on_both_sides(
    build: Callable[[Material], Model], material: Material, uncertainty: MaterialUncertainty, constant: str
) -> Considered[Model]:
    step = 1.0
    for _ in range(_HALVINGS):
        try:
            lower, upper = (build(uncertainty.moved(material, constant, sign * step)) for sign in (-1, 1))
        except ValueError:
            step /= 2
        else:
            return Considered(lower, upper, 2 * step)
    raise ValueError(
        f"material {material.name!r}: there is no such model with its {constant} off by {step:.1g} standard "
        "uncertainties, so that the uncertainty cannot be counted; state that it is known exactly (0)"
    )
