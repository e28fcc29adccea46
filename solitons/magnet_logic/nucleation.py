r"""Perpendicular magnets that reverse from a site, in an alternating field.

A magnet reverses to the side of the applied field H when the field at its site exceeds what nucleates a domain there,

.. math:: |H| + s \sum_j C_{ij} m_j > H_{n, i}, \qquad s = \mathrm{sgn} H,

with the mean z field C_ij over the cells of its site of magnet j when that is up, by Newell's tensor of the cells. It
is below 0 in a plane: neighbours want to be antiparallel. As |H| grows the magnet with the most reverses first, and the
others see it reversed. With the site on one side of a magnet, C of the neighbour there is larger by c than that of the
one beyond, and a chain takes a value from that side alone where \|H - H_n\| < c: each half cycle of the field moves it
on by a magnet or more.

The nucleation field is not derived here. It is measured on one magnet alone. The model has not been compared with
micromagnetics: that a magnet reverses as a whole once its site does is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from geometries import MagnetArray, Material
from geometries.magnet_logic.nucleation_sites import site_name

__all__ = ["NucleatingArray", "nucleating_array"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NucleatingArray:
    """Magnets with two states each that an alternating field reverses from their sites.

    Parameters
    ----------
    couplings : array (magnets, magnets)
        z field in A/m at the site of the first of the second when up; the diagonal is 0.
    nucleation : array (magnets,)
        Field in A/m that reverses each; infinite for one that is held.

    Raises
    ------
    ValueError
        If shapes do not agree, or a nucleation field is not above 0.

    Examples
    --------
    A magnet that listens to the first twice as much as to the third:

    >>> chain = NucleatingArray([[0, -1, 0], [-2, 0, -1], [0, -2, 0]], [np.inf, 100, 100])
    >>> chain.follow([1, 1, 1], [100, -100, 100, -100]).tolist()
    [[1, 1, 1], [1, 1, 1], [1, -1, 1], [1, -1, 1], [1, -1, 1]]
    """

    couplings: Floats
    nucleation: Floats

    def __post_init__(self) -> None:
        couplings, nucleation = (np.asarray(each, dtype=np.float64) for each in (self.couplings, self.nucleation))
        if couplings.shape != (nucleation.size, nucleation.size) or not nucleation.size:
            raise ValueError(
                f"NucleatingArray: couplings have the shape {couplings.shape} and nucleation {nucleation.shape}; give "
                "(magnets, magnets) and (magnets,)"
            )
        if not (np.isfinite(couplings).all() and (nucleation > 0).all()):
            raise ValueError("NucleatingArray: couplings are finite, and nucleation fields above 0")
        object.__setattr__(self, "couplings", couplings)
        object.__setattr__(self, "nucleation", nucleation)

    def follow(self, states: npt.ArrayLike, fields: npt.ArrayLike) -> Ints:
        """Follow the magnets through peaks of a field along z, each of which comes up slowly.

        Parameters
        ----------
        states : int array (magnets,)
            1 up and -1 down, before the first.
        fields : array (peaks,)
            In A/m; up and down by turns as a rule.

        Raises
        ------
        ValueError
            If a state is not 1 or -1, there are not as many as magnets, or a field is not finite.

        Returns
        -------
        numpy.ndarray of int, shape (peaks + 1, magnets)
            States before the first peak and after each.
        """
        given, peaks = np.asarray(states), np.asarray(fields, dtype=np.float64)
        if given.shape != self.nucleation.shape or not np.isin(given, (1, -1)).all():
            raise ValueError(
                f"NucleatingArray: states = {given.tolist()} are not those of {self.nucleation.size} magnets; for "
                "each, give 1 for up or -1 for down"
            )
        if peaks.ndim != 1 or not np.isfinite(peaks).all():
            raise ValueError(
                f"NucleatingArray: fields = {peaks.tolist()} are no peaks; give a list of finite fields in A/m"
            )
        now = given.astype(np.int64)
        seen = [now.copy()]
        for peak in peaks:
            side = int(np.sign(peak))
            while side:
                beyond = abs(peak) + side * (self.couplings @ now) - self.nucleation
                beyond[now == side] = -np.inf
                first = int(np.argmax(beyond))
                if beyond[first] <= 0:
                    break
                now[first] = side
            seen.append(now.copy())
        return np.array(seen)


def nucleating_array(array: MagnetArray, material: Material, nucleation_field: float) -> NucleatingArray:
    """Make an array with sites one of magnets that reverse from them.

    Parameters
    ----------
    array : MagnetArray
        Of `with_nucleation_sites`. A magnet that is neither held nor a block has a site.
    material : Material
        For its Ms.
    nucleation_field : float
        That reverses a magnet alone, in A/m.

    Raises
    ------
    ValueError
        If a magnet that is not held has no site, or the field is not above 0.

    Examples
    --------
    >>> from geometries import Material
    >>> from geometries.magnet_logic import PERPENDICULAR, wire
    >>> from geometries.magnet_logic.nucleation_sites import with_nucleation_sites
    >>> film = Material(name="Co/Pt", Ms=6e5, A=1.2e-11, Ku=3e5, alpha=0.1)
    >>> places = {"m1": (-12e-9, 0.0), "out": (-12e-9, 0.0)}  # to the left of the middle
    >>> chain = with_nucleation_sites(wire(3, grid=PERPENDICULAR), places, size=8e-9, anisotropy=1e5)
    >>> left, _, right = -nucleating_array(chain, film, nucleation_field=1e5).couplings[1]
    >>> round(float(left / right), 1)  # the magnet listens to its left neighbour
    7.7
    """
    from runs.native.terms.newell import both_sides, tensor

    labels, mask = array.cell_labels(), array.mask()
    parts = {part.name: part for part in array.parts}
    missing = [each.name for each in array.magnets if each.clocked and site_name(each.name) not in parts]
    if missing or not array.perpendicular:
        problem = f"magnet {missing[0]!r} has no site" if missing else "its bits lie in the plane"
        raise ValueError(f"nucleating_array: {problem}; give a perpendicular array of with_nucleation_sites")
    doubled = [2 * n for n in labels.shape]
    (kernel,) = tensor(labels.shape, array.cell, ("zz",))
    transformed, inside = fft.rfftn(both_sides(kernel, "zz")), tuple(slice(n) for n in labels.shape)
    sites = [
        parts[site_name(each.name)].magnet_cells(array, mask) if each.clocked else labels == i + 1
        for i, each in enumerate(array.magnets)
    ]
    couplings = np.zeros((len(sites), len(sites)))
    for j in range(len(sites)):
        spectrum = fft.rfftn((labels == j + 1).astype(np.float64), doubled)
        field = -material.Ms * fft.irfftn(transformed * spectrum, doubled)[inside]
        couplings[:, j] = [field[cells].mean() for cells in sites]
    np.fill_diagonal(couplings, 0.0)
    held = np.array([not each.clocked for each in array.magnets])
    return NucleatingArray(couplings, np.where(held, np.inf, nucleation_field))
