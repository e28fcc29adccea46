"""Where a fitted model comes from, and where it may be trusted."""

from __future__ import annotations

import warnings

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["FittedRange", "OutsideFittedRange", "Provenance"]


class OutsideFittedRange(UserWarning):
    """A fitted model is used with a drive that it was not fitted on."""


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
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    amplitude: tuple[float, float]
    width: tuple[float, float]
    field: float = 0.0
    position: tuple[float, float]


class Provenance(BaseModel):
    """What a fitted model says about its origin.

    Parameters
    ----------
    trained_on, held_out : tuple of str
        Ids of the runs that were fitted, and of those that were predicted.
    held_out_error : float
        Mean absolute error of the position on the held-out runs in m; NaN is
        never stored: None where nothing was held out.
    held_out_rms_at_rest : float
        Root mean square of the position error in m at the end of every pulse
        period of the held-out runs (see `solitons.fit.WallFit`).
    fitted_range : FittedRange
        The drives it was fitted on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trained_on: tuple[str, ...]
    held_out: tuple[str, ...] = ()
    held_out_error: float | None = Field(default=None, ge=0)
    held_out_rms_at_rest: float | None = Field(default=None, ge=0)
    fitted_range: FittedRange

    def check_range(
        self, amplitude: float | None = None, width: float | None = None, *, stacklevel: int = 2
    ) -> bool:
        """Warn where a drive lies outside what the model was fitted on.

        Parameters
        ----------
        amplitude : float, optional
            Peak current density in A/m2, either sign. No current at all is inside.
        width : float, optional
            Pulse length in s.
        stacklevel : int
            Whose line the warning names, as in `warnings.warn`.

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
            ("amplitude", amplitude and abs(amplitude), self.fitted_range.amplitude, "A/m2"),
            ("width", width, self.fitted_range.width, "s"),
        ):
            if value and not low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                inside = False
                warnings.warn(
                    f"pulse {name} {value:.4g} {unit} lies outside the fitted range {low:.4g} to {high:.4g} "
                    f"{unit}; the model's error is unknown there, so fit it on runs that cover it",
                    OutsideFittedRange,
                    stacklevel=stacklevel + 1,
                )
        return inside
