"""Predictions of a fitted lattice: the reversal of lattices that the fit has not seen, and avalanches of large ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import avalanches, fit_power_law
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.fitted_models import rigid_model, rotating_model, two_state_model
from solitons.campaigns.spin_ice.ice_avalanche.observation import SeenLattice
from solitons.campaigns.spin_ice.ice_avalanche.results import AvalancheResults
from solitons.campaigns.spin_ice.ice_avalanche.settings import LargeLattices
from solitons.fits.provenance import IceProvenance
from solitons.spin_ice.comparison import LatticeComparison, compare_lattices
from solitons.spin_ice.field_driven import drive_field
from solitons.spin_ice.first_rotation import first_fall_field
from solitons.spin_ice.fitted_rotation import fitted_rotation
from solitons.spin_ice.flips import flip_record, spins_at
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.macrospins import MacrospinLattice
from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.rotation_driven import rotate_in_field

__all__ = ["Avalanches", "Prediction", "count_avalanches", "predict"]

Spins = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Prediction:
    """A lattice and what the model predicts of its run."""

    seen: SeenLattice
    model: RotatingLattice
    two_state_model: MacrospinLattice
    comparison: LatticeComparison  # of the run with the model
    two_state: LatticeComparison  # of the run with islands that are +1 or -1
    dipoles: LatticeComparison  # of the run with point dipoles along the axes
    states: Spins  # of the model (steps, islands)
    first_field: float  # smallest that turns an island of the model, A/m


@dataclass(frozen=True, eq=False)
class Avalanches:
    """Avalanches of large lattices, of all of them together."""

    results: AvalancheResults
    sizes: xr.DataArray  # flips of each (avalanche)
    law: xr.Dataset  # `analysis.fit_power_law` of the sizes
    first_field: float  # smallest that turns an island of one in which the ramp turns none, A/m; else infinite


def predict(lattice: DrivenLattice, fit: LatticeFit, seen: SeenLattice, provenance: IceProvenance) -> Prediction:
    """Predict a lattice's run, and compare the two."""
    measured = seen.spins["spin"].values
    field = seen.field[:, np.newaxis] * lattice.direction
    model = rotating_model(lattice, fit, seen.seed, provenance)
    two_state = two_state_model(lattice, fit, seen.seed, provenance)
    along = model.moment * (model.axis @ lattice.direction)

    def states(run: xr.Dataset) -> Spins:
        found: Spins = spins_at(run, range(len(field))).values
        return found

    def compared(predicted: Spins) -> LatticeComparison:
        return compare_lattices(measured, predicted, seen.field, along)

    predicted = states(rotate_in_field(model, measured[0], field))
    return Prediction(
        seen=seen,
        model=model,
        two_state_model=two_state,
        comparison=compared(predicted),
        two_state=compared(states(drive_field(two_state, measured[0], field))),
        dipoles=compared(states(drive_field(rigid_model(lattice, fit, seen.seed), measured[0], field))),
        states=predicted,
        first_field=first_fall_field(model, measured[0], lattice.field_angle),
    )


def count_avalanches(
    lattice: DrivenLattice, large: LargeLattices, fit: LatticeFit, advance: Callable[[], None] = lambda: None
) -> Avalanches:
    """Drive large lattices through the lattice's fields and count their avalanches."""
    first, last = lattice.field_range
    field = np.linspace(first, last, large.field_steps + 1)[:, np.newaxis] * lattice.direction
    sizes, flips, lowest, count = [], 0, float("inf"), 0
    for seed in large.seeds:
        device = lattice.enlarged(large.columns, large.rows, seed)
        islands = device.islands(lattice.spec.material)
        ideal = device.model_copy(update={"disorder": None}).islands(lattice.spec.material)
        spins = device.initial_spins.spins(ideal["angle"].values)
        labels = device.cell_labels()[:, :, 0]
        model = fitted_rotation(islands, labels, device.cell[:2], fit, cut_off=large.cut_off)
        run = rotate_in_field(model, spins, field)
        sizes.append(avalanches(flip_record(run), islands, sequential=True)["size"].values)
        flips += run.sizes["flip"]
        if not run.sizes["flip"]:
            lowest = min(lowest, first_fall_field(model, spins, lattice.field_angle))
        count = islands.sizes["island"]
        advance()
    together = xr.DataArray(np.concatenate(sizes), dims="avalanche", name="size", attrs={"units": "1"})
    law = fit_power_law(together, resamples=50)
    verdict, exponent, error = str(law["verdict"].item()), float("nan"), float("nan")
    if verdict == "power law":
        exponent, error = float(law["exponent"]), float(law["exponent_error"])
    elif verdict == "power law with a cut-off":
        bent = law.sel(alternative="power_law_with_cut_off")
        exponent, error = float(bent["alternative_exponent"]), float(bent["alternative_exponent_error"])
    results = AvalancheResults(
        islands=count,
        lattices=len(large.seeds),
        flips=flips,
        avalanches=together.size,
        largest=int(together.values.max(initial=0)),
        mean_size=float(together.mean()) if together.size else None,
        verdict=verdict,
        reason=str(law["reason"].item()),
        exponent=exponent,
        exponent_error=error,
        minimum=float(law["minimum"]),
    )
    return Avalanches(results, together, law, lowest)
