"""How a stripe's wall is fitted, and the network that its devices make."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, Length, Temperature, Time
from runs import Numerics
from solitons.fits.material_uncertainty import MaterialUncertainty

__all__ = ["DigitsSettings", "HeatSettings", "NeuronSettings", "ResetSettings", "WallFitSettings"]


def _none_if_auto(value: Any) -> Any:
    return None if value == "auto" else value


class WallFitSettings(Description):
    """How the reduced-order model is fitted.

    Parameters
    ----------
    held_out : int
        How many runs the fit does not see; it predicts them afterwards.
    seed : int
        Seed that chooses them.
    landscape : {"auto", "measured", "none"}
        Whether two more runs hold the wall at place after place along the stripe, from which follows
        what pins it: "auto" where the stripe has notches, a taper, rough edges, grains, an
        anisotropy gradient or parts.
    knots : int or None
        None, written "auto", compares models from the material's constants to a fitted pinning landscape, and takes
        the simplest that predicts runs which its fit has not seen (`solitons.domain_walls.choice`). A number fits
        everything, with as many control values of a landscape along the stripe, which is then not measured.
    material_uncertainty : MaterialUncertainty or float
        How well the material is known, as relative standard uncertainties of its constants: what is held at their
        values moves what is fitted, and widens its intervals. A number counts for each; 0 takes them as exact, as the
        engine does.
    enough : float or str, optional
        Half-width of the 95 % interval of the wall's position, in m, with which no more runs are needed: then the
        runs of the sweep that are not held out are made one after another, each the one that the model learns most
        from, until its interval is no wider twice in a row (root mean square over all frames of the sweep, all
        parameters free, an exact material). If left out all are made. A landscape that is fitted is unknown where no
        wall was, so that `knots` must not ask for one.
    """

    held_out: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    # A hundred control values are more than a wall of any width can feel apart; each is a column of the fit's matrix.
    knots: Annotated[Annotated[int, Field(ge=0, le=100)] | None, BeforeValidator(_none_if_auto)] = None
    landscape: Literal["auto", "measured", "none"] = "auto"
    material_uncertainty: MaterialUncertainty = MaterialUncertainty()
    enough: Annotated[Length, Field(gt=0)] | None = None

    @property
    def fits_landscape(self) -> bool:
        """Whether a landscape is fitted whatever the runs say."""
        return bool(self.knots)

    @model_validator(mode="after")
    def _one_landscape(self) -> WallFitSettings:
        if self.fits_landscape and self.landscape == "measured":
            raise ValueError(
                f"knots = {self.knots} fits a landscape, and landscape = 'measured' measures it; leave one of them out"
            )
        if self.fits_landscape and self.enough is not None:
            raise ValueError(
                f"enough = {self.enough:.3g} m, but knots = {self.knots} fits a landscape, which is unknown where no "
                "wall was; set knots to auto or leave enough out"
            )
        return self


class HeatSettings(Description):
    """Effect of heat on the device: the spread of its steps, computed by the fitted model and checked by runs.

    The base run, with its amplitude and width, is repeated at each temperature with each
    seed, by the native engine (OOMMF has no thermal field beside a spin torque).

    Parameters
    ----------
    temperatures : sequence of float or str
        In K, each above 0.
    seeds : sequence of int
        Seeds of the runs that the model is compared with; empty for no comparison.
    single_pulses : int
        At least how many more runs of one pulse each, at each temperature: from every place that holds the wall to each
        of its neighbours equally many, two or more, as ensembles. 0 for none, which leaves wrong places to the model.
    time_step : float or str, optional
        Longest step of the runs with heat, in s; that of the base's numerics if left out.
    walls : int
        How many walls the model follows at each temperature, and from each place.
    """

    temperatures: Annotated[tuple[Annotated[Temperature, Field(gt=0)], ...], Field(min_length=1, max_length=20)]
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], Field(max_length=1000)] = ()
    single_pulses: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    time_step: Annotated[Time, Field(gt=0)] | None = None
    walls: Annotated[int, Field(ge=50, le=100_000)] = 1000

    def numerics(self, base: Numerics) -> Numerics:
        """Numerical options of the runs with heat."""
        return base if self.time_step is None else base.model_copy(update={"thermal_time_step": self.time_step})


class ResetSettings(Description):
    """The pulse that resets a neuron, against those that excite it.

    Parameters
    ----------
    amplitude : float or str
        Current density in A/m2.
    widths : sequence of float or str
        Widths in s, each tried after the pulses of every amplitude; the shortest that brings the wall back to its start
        in all runs is taken.
    """

    amplitude: Annotated[CurrentDensity, Field(gt=0)]
    widths: Annotated[tuple[Annotated[Time, Field(gt=0)], ...], Field(min_length=1, max_length=20)]


class NeuronSettings(Description):
    """Runs of the neuron's own: a wall that pulses excite, and that a field or a pulse resets; the fit sees none.

    Parameters
    ----------
    amplitudes : sequence of float or str
        Current densities in A/m2 of the pulses, which have the shape and the sign of the base run's first; some
        below and some above what makes it fire.
    bias : float or str
        Strength in A/m of the field along the domains that pulls the wall back; 0 where a taper or a pulse does.
    count : int
        Pulses of each run. With `reset`, those after which it has fired: then comes the reset pulse, and as many again.
    rest : float or str
        How long the wall is left alone then, and after a reset pulse, in s.
    reset : ResetSettings, optional
        The pulse that resets it; left out if None.
    """

    amplitudes: Annotated[tuple[Annotated[CurrentDensity, Field(gt=0)], ...], Field(min_length=2, max_length=100)]
    bias: Annotated[FieldStrength, Field(ge=0)] = 0.0
    count: Annotated[int, Field(ge=1, le=1000)]
    rest: Annotated[Time, Field(gt=0)]
    reset: ResetSettings | None = None


class DigitsSettings(Description):
    """The network that reads handwritten digits with the fitted devices.

    Parameters
    ----------
    pulse_amplitude : float or str
        Current density of the programming pulses in A/m2.
    neuron_bias : float or str
        Field that drives a neuron's wall back (its leak), in A/m.
    seed : int
        Seed of the test split and of the write errors.
    """

    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    pulse_amplitude: Annotated[CurrentDensity, Field(gt=0)] | None = None
    neuron_bias: Annotated[FieldStrength, Field(ge=0)] | None = None
