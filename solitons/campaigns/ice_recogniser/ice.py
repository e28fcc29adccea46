"""The ice of a recogniser's campaign: its device as the reduced model has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries import format_quantity
from solitons.campaigns.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.provenance import ISLAND_SIZES
from solitons.saving import load_model
from solitons.spin_ice import MacrospinLattice, SwitchingAstroid, dumbbell_couplings, lattice_model
from solitons.spin_ice.couplings import island_moments

__all__ = ["Ice", "ice_of", "switching_parameters"]

# Of the moments of islands that are the same but for their disorder, averaged over a hundred islands or more.
_SAME_MOMENT = 0.02
# Of lengths that were written in different units.
_SAME_SIZE = 1e-6


@dataclass(frozen=True)
class Ice:
    """The ice of a campaign as the reduced model has it.

    Parameters
    ----------
    lattice : xarray.Dataset
        The device's islands.
    inputs, read_outs : int array
        Written islands, pixel by pixel, and islands that are read, by number.
    model : function of (spread, seed)
        The model with a spread of h_k.
    anisotropy_field : float
        Mean h_k in A/m.
    astroid : SwitchingAstroid
        Its shape.
    parameters_from : str
        Where the parameters come from.
    """

    lattice: xr.Dataset
    inputs: npt.NDArray[np.int64]
    read_outs: npt.NDArray[np.int64]
    model: Callable[[float, int], MacrospinLattice]
    anisotropy_field: float
    astroid: SwitchingAstroid
    parameters_from: str


def ice_of(campaign: IceRecogniserCampaign) -> Ice:
    """Make the campaign's ice: couplings once, h_k for every spread and seed.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        What was asked for.

    Raises
    ------
    ValueError
        If the fitted model cannot be read, is no spin ice, was not fitted, or its islands have
        another size or moment.
    """
    lattice = campaign.device.islands(campaign.material)
    number = {int(site): island for island, site in enumerate(lattice["site"].values)}
    sites = campaign.device.port_sites()
    driven = [site for port in campaign.device.ports if port.role == "driven" for site in sites[port.name]]
    read = [site for port in campaign.device.ports if port.role == "readout" for site in sites[port.name]]
    switching = campaign.switching
    couplings = dumbbell_couplings(lattice, charge_distance=switching.charge_distance, cut_off=np.inf)
    astroid, anisotropy_field, source = switching_parameters(campaign, lattice)

    def model(spread: float, seed: int) -> MacrospinLattice:
        return lattice_model(
            lattice, couplings, anisotropy_field=anisotropy_field, astroid=astroid, spread=spread, seed=seed
        )

    inputs, read_outs = (np.array([number[site] for site in chosen]) for chosen in (driven, read))
    return Ice(lattice, inputs, read_outs, model, anisotropy_field, astroid, source)


def switching_parameters(campaign: IceRecogniserCampaign, lattice: xr.Dataset) -> tuple[SwitchingAstroid, float, str]:
    """The astroid's shape, h_k in A/m, and where they come from; raises as `ice_of`."""
    switching = campaign.switching
    if switching.fitted_model is None:
        astroid = SwitchingAstroid(b=switching.b, c=switching.c, beta=switching.beta, gamma=switching.gamma)
        return astroid, float(switching.anisotropy_field or np.nan), str(switching.source)
    owner = f"switching.fitted_model = {switching.fitted_model!r}"
    try:
        fitted = load_model(switching.fitted_model)
    except OSError as error:
        raise ValueError(f"{owner} cannot be read ({error}); run the campaign that fits one first") from error
    if not isinstance(fitted, MacrospinLattice):
        raise ValueError(f"{owner} is a {type(fitted).__name__}; give a MacrospinLattice")
    if fitted.provenance is None:
        raise ValueError(
            f"{owner} does not say of which islands it is, since it was not fitted; give the lattice.json of a "
            "campaign that fits one, such as ice-avalanche"
        )
    # Disorder changes the islands of a lattice, not those that were fitted.
    drawn = campaign.device.model_copy(update={"disorder": None}).islands(campaign.material)
    for name in ISLAND_SIZES:
        size = getattr(fitted.provenance, name)
        other = drawn[name].values[np.abs(drawn[name].values / size - 1) > _SAME_SIZE]
        if other.size:
            raise ValueError(
                f"{owner} was fitted to islands with a {name} of {format_quantity(size, 'm')}, the device has some of "
                f"{format_quantity(float(other[0]), 'm')}; their astroids differ, so describe "
                "the islands that were fitted"
            )
    theirs, ours = float(np.mean(fitted.moment)), float(np.mean(island_moments(lattice)))
    if abs(theirs / ours - 1) > _SAME_MOMENT:
        raise ValueError(
            f"{owner} is of islands with a moment of {theirs:.4g} A m^2 on average, the device's have {ours:.4g}; "
            "their astroids differ, so describe the islands that were fitted"
        )
    source = (
        f"astroid and mean h_k of the fitted model {switching.fitted_model}; "
        "couplings of dumbbells, which were not fitted"
    )
    return fitted.astroid, float(np.mean(fitted.anisotropy_field)), source
