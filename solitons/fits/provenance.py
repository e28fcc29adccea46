"""Provenance of a fitted model, and the range in which it may be trusted."""

from __future__ import annotations

import warnings

from pydantic import BaseModel, ConfigDict, Field

from solitons.fits.prediction import PredictionError
from solitons.fits.verdict import VerdictName

__all__ = [
    "ISLAND_SIZES",
    "FailedModel",
    "FittedRange",
    "IceProvenance",
    "OscillatorProvenance",
    "OutsideFittedRange",
    "Provenance",
    "PulseProvenance",
    "SwitchingProvenance",
    "WaveProvenance",
]


ISLAND_SIZES = ("length", "width", "thickness")
"""Sizes of an island that `IceProvenance` and the Dataset of a lattice have."""


class OutsideFittedRange(UserWarning):
    """A fitted model is used with a drive that it was not fitted on.

    Examples
    --------
    >>> from solitons import FittedRange, Provenance
    >>> seen = FittedRange(amplitude=(6e11, 1.5e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7))
    >>> model = Provenance(trained_on=("0123456789abcdef",), fitted_range=seen)
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     print(model.check_range(amplitude=1e12, width=3e-10), model.check_range(amplitude=3e12, width=3e-10))
    True False
    >>> caught[0].category.__name__
    'OutsideFittedRange'
    """


class FailedModel(UserWarning):
    """A model is loaded whose fit failed: no number that follows from it means anything."""


class FittedRange(BaseModel):
    """The drives that a model was fitted on.

    Parameters
    ----------
    amplitude : (float, float)
        Smallest and largest peak |J| of the current pulses in A/m2.
    width : (float, float)
        Shortest and longest current pulse in s.
    field : float
        Largest applied field in A/m.
    position : (float, float)
        Leftmost and rightmost wall position in m.

    Examples
    --------
    >>> from solitons import FittedRange
    >>> FittedRange(amplitude=(6e11, 1.5e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7)).width
    (2e-10, 5e-10)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    amplitude: tuple[float, float]
    width: tuple[float, float]
    field: float = 0.0
    position: tuple[float, float]


class Provenance(BaseModel):
    """The origin of a fitted model.

    Parameters
    ----------
    trained_on, held_out : tuple of str
        Ids of the runs that were fitted, and of those that were predicted.
    held_out_error : float or None
        Mean absolute error of the position on the held-out runs in m; None where
        nothing was held out, never NaN.
    held_out_rms_at_rest : float or None
        Root mean square of the position error in m at the end of every rest of the
        held-out runs (see `solitons.domain_walls.trajectory.rest_samples`); None where nothing
        was held out, or no held-out wall was there at a rest.
    prediction : PredictionError or None
        How far predictions are off after some pulses, from runs that no fit saw; None where that is not known.
    fitted_range : FittedRange
        The drives it was fitted on.
    verdict : {"trusted", "limited", "failed"} or None
        Whether it may be used, where a campaign has judged it (`solitons.fits.verdict`).

    Examples
    --------
    >>> import warnings
    >>> from solitons import FittedRange, Provenance
    >>> seen = FittedRange(amplitude=(6e11, 1.5e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7))
    >>> origin = Provenance(trained_on=("run-1", "run-2"), held_out=("run-3",), fitted_range=seen)
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     origin.check_range(amplitude=2e12)
    False
    >>> [each.category.__name__ for each in caught]
    ['OutsideFittedRange']
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: tuple[str, ...]
    held_out: tuple[str, ...] = ()
    held_out_error: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    held_out_rms_at_rest: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    prediction: PredictionError | None = None
    fitted_range: FittedRange
    verdict: VerdictName | None = None

    def check_range(
        self,
        amplitude: float | None = None,
        width: float | None = None,
        field: float | None = None,
        *,
        stacklevel: int = 1,
    ) -> bool:
        """Warn where a drive lies outside what the model was fitted on.

        Parameters
        ----------
        amplitude : float, optional
            Peak current density in A/m2, either sign. No current at all is inside.
        width : float, optional
            Pulse length in s.
        field : float, optional
            Largest applied field in A/m. No field at all is inside.
        stacklevel : int
            Frame whose line the warning names, as in `warnings.warn`: 1 for the caller, 2 for
            the caller's caller.

        Returns
        -------
        bool
            True where the drive is inside the fitted range.

        Warns
        -----
        OutsideFittedRange
            Naming the value, the range, and the remedy.
        """
        inside = True
        for name, value, (low, high), unit in (
            ("pulse amplitude", amplitude and abs(amplitude), self.fitted_range.amplitude, "A/m2"),
            ("pulse width", width, self.fitted_range.width, "s"),
            ("applied field", field and abs(field), (0.0, self.fitted_range.field), "A/m"),
        ):
            if value and not low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                inside = False
                warnings.warn(
                    f"{name} {value:.4g} {unit} lies outside the fitted range {low:.4g} to {high:.4g} "
                    f"{unit}; the model's error is unknown there, so fit it on runs that cover it",
                    OutsideFittedRange,
                    stacklevel=stacklevel + 1,
                )
        return inside


class IceProvenance(BaseModel):
    """The origin of a fitted spin ice.

    Parameters
    ----------
    trained_on : tuple of str
        Ids of the runs that it was fitted on.
    engine, engine_version : str
        Engine that computed them.
    errors : dict of str to float
        Residuals of the fits, dimensionless root mean squares: of the astroid over h_k
        (`astroid`), of coherent rotation over h_k (`rotation`), of each law of the sizes over
        the switching field (by its quantity), of the shifts of the pairs' switching fields
        by rotating moments over h_k (`couplings`), and of the scatter of those shifts over the
        disorder (`pairs`).
    field_angle : float
        Direction of the field in rad from x, up to its sign, for which the response of the
        neighbours was fitted; along others it is a guess.
    length, width, thickness : float
        Size of the islands as drawn, in m: others have other astroids.
    verdict : {"trusted", "limited", "failed"} or None
        Whether it may be used, where a campaign has judged it (`solitons.fits.verdict`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: tuple[str, ...]
    engine: str
    engine_version: str
    errors: dict[str, float] = {}
    field_angle: float
    length: float
    width: float
    thickness: float
    verdict: VerdictName | None = None


class SwitchingProvenance(BaseModel):
    """The origin of fitted rates of a junction that flips by chance.

    Parameters
    ----------
    trained_on, held_out : tuple of str
        Ids of the runs that were fitted, and of those that were predicted; empty for data that no run made.
    held_out_error : float or None
        Root mean square of predicted less counted probabilities where nothing was fitted, chance included.
    current_density : (float, float)
        Smallest and largest of the fitted currents in A/m2, with their sign; their sizes where `both_ways`.
    both_ways : bool
        Whether currents of these sizes and of both signs were fitted, out of both states.
    time : (float, float)
        Shortest and longest of the fitted pulses or records in s.
    rest_rate_ci95 : (float, float) or None
        95 % interval in 1/s of the sum of both rates without current, at the temperature of the fit; None where the
        data leave it open by more than a factor of 1e10 either way.
    verdict : {"trusted", "limited", "failed"} or None
        Whether they may be used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    held_out_error: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    current_density: tuple[float, float]
    both_ways: bool = False
    time: tuple[float, float]
    rest_rate_ci95: tuple[float, float] | None = None
    verdict: VerdictName | None = None


class OscillatorProvenance(BaseModel):
    """The origin of a fitted oscillator.

    Parameters
    ----------
    trained_on, held_out : tuple of str
        Ids of the runs that were fitted, and of those that were predicted.
    held_out_error : float or None
        Root mean square of predicted over found frequencies less 1, where nothing was fitted.
    current_density : (float, float)
        Smallest and largest of the fitted currents in A/m2, with their sign.
    verdict : {"trusted", "limited", "failed"} or None
        Whether it may be used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    held_out_error: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    current_density: tuple[float, float]
    verdict: VerdictName | None = None


class WaveProvenance(BaseModel):
    """The origin of a fitted spin wave.

    Parameters
    ----------
    trained_on, held_out : tuple of str
        Ids of the runs that were fitted, and of those that were predicted.
    held_out_error : float or None
        Root mean square of the complex error of predicted rows over the amplitude of one antenna's wave; with heat it
        has the noise of the rows' means in it. Of a scattering film: the error of a transmission matrix,
        with its phases, over its norm.
    amplitude : float
        Of m, at the port, of the wave that was fitted: of larger ones the wavenumber may be another.
    verdict : {"trusted", "limited", "failed"} or None
        Whether it may be used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    held_out_error: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    amplitude: float
    verdict: VerdictName | None = None


class PulseProvenance(BaseModel):
    """The origin of a synapse that was fitted to conductances after pulses.

    Parameters
    ----------
    source : str
        The file, or the model whose pulses they are.
    sha256 : str or None
        Hash of the file's bytes.
    pulse : str
        Description of a pulse, in words, such as "1 V, 100 ns"; empty where the data do not have it.
    width : float or None
        Its width in s, where that is known.
    model : str
        Chosen shape of a step: "constant", "exponential" or "table".
    devices, cycles, pulses : int
        How many there were.
    held_out_rms : float or None
        Root mean square in S of the conductance less what the mean device has after as many pulses, in held-out
        trains, without looking at any reading but the first.
    trivial_rms : float or None
        The same of the best model that knows nothing of pulses.
    verdict : {"trusted", "limited", "failed"} or None
        Whether it may be used.
    device_spread_known : bool
        Whether the pulses tell how devices differ.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    sha256: str | None = None
    pulse: str = ""
    width: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    model: str
    devices: int
    cycles: int
    pulses: int
    held_out_rms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    trivial_rms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    verdict: VerdictName | None = None
    device_spread_known: bool = True
