"""The ice of a recogniser's campaign as the reduced model has it: macrospins, some written and some read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries import Material, SpinIce
from solitons.campaigns.spin_ice.ice_recogniser.settings import IceSwitching
from solitons.models.loading import load_model_of
from solitons.spin_ice import MacrospinLattice, SwitchingAstroid, dumbbell_couplings, lattice_model
from solitons.spin_ice.couplings import Couplings
from solitons.spin_ice.fitted_islands import check_fitted_islands

__all__ = ["IslandSwitching", "ReducedIce", "island_switching", "reduced_ice", "sites_by_role"]


@dataclass(frozen=True)
class IslandSwitching:
    """When a field reverses an island: mean h_k in A/m, the astroid's shape, and where they come from."""

    anisotropy_field: float
    astroid: SwitchingAstroid
    source: str


@dataclass(frozen=True)
class ReducedIce:
    """The islands of a device, with couplings that every model of them shares.

    Couplings are of dumbbells, each pair. `inputs` are the written islands, pixel by pixel, and `read_outs` those that
    are read, by number.
    """

    lattice: xr.Dataset
    couplings: Couplings
    switching: IslandSwitching
    inputs: npt.NDArray[np.int64]
    read_outs: npt.NDArray[np.int64]

    def model(self, spread: float, seed: int) -> MacrospinLattice:
        """The model with a spread of h_k."""
        return lattice_model(
            self.lattice,
            self.couplings,
            anisotropy_field=self.switching.anisotropy_field,
            astroid=self.switching.astroid,
            spread=spread,
            seed=seed,
        )


def sites_by_role(device: SpinIce, role: str) -> list[tuple[int, ...]]:
    """The sites of each port with a role."""
    sites = device.port_sites()
    return [sites[port.name] for port in device.ports if port.role == role]


def reduced_ice(device: SpinIce, material: Material, settings: IceSwitching) -> ReducedIce:
    """Make the ice of a device; raises as `island_switching`."""
    lattice = device.islands(material)
    number = {int(site): island for island, site in enumerate(lattice["site"].values)}

    def islands_of(role: str) -> npt.NDArray[np.int64]:
        return np.array([number[site] for sites in sites_by_role(device, role) for site in sites])

    couplings = dumbbell_couplings(lattice, charge_distance=settings.charge_distance, cut_off=np.inf)
    switching = island_switching(device, material, settings)
    return ReducedIce(lattice, couplings, switching, islands_of("driven"), islands_of("readout"))


def island_switching(device: SpinIce, material: Material, settings: IceSwitching) -> IslandSwitching:
    """Take what the settings give, or the fitted model that they name.

    A model must be a fitted spin ice whose islands have the same size and moment.
    """
    if settings.fitted_model is None:
        astroid = SwitchingAstroid(b=settings.b, c=settings.c, beta=settings.beta, gamma=settings.gamma)
        return IslandSwitching(float(settings.anisotropy_field or np.nan), astroid, str(settings.source))
    owner = f"switching.fitted_model = {settings.fitted_model!r}"
    loaded = load_model_of("switching.fitted_model", settings.fitted_model, "run the campaign that fits one first")
    drawn = device.model_copy(update={"disorder": None}).islands(material)
    fitted = check_fitted_islands(owner, loaded, drawn, device.islands(material))
    source = (
        f"astroid and mean h_k of the fitted model {settings.fitted_model}; "
        "couplings of dumbbells, which were not fitted"
    )
    return IslandSwitching(float(np.mean(fitted.anisotropy_field)), fitted.astroid, source)
