"""Fit an island's switching astroid to switching fields over the angle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.statistics.misfit import birge_ratio
from solitons.spin_ice.astroid import SwitchingAstroid

__all__ = ["AstroidFit", "fit_astroid"]

Floats = npt.NDArray[np.float64]

_FREE = ("anisotropy_field", "b", "beta", "gamma")


@dataclass(frozen=True, eq=False)
class AstroidFit:
    """A fitted astroid, with c = 1.

    `anisotropy_field` is h_k in A/m, which then is the switching field along the hard axis. `standard_errors` are of
    it, `b`, `beta` and `gamma`; residuals are model minus measured switching field in A/m.
    """

    astroid: SwitchingAstroid
    anisotropy_field: float
    standard_errors: Mapping[str, float]
    residuals: Floats


def fit_astroid(
    angle: npt.ArrayLike, switching_field: npt.ArrayLike, *, uncertainty: npt.ArrayLike | None = None
) -> AstroidFit:
    """Fit the astroid to a table of switching fields in A/m over the angle between field and easy axis in rad.

    Only b h_k and c h_k can be measured, so that c is 1 and h_k the switching field along the hard axis. `uncertainty`
    is the standard deviation of the fields in A/m; without it all count alike, and the residuals give its size.
    ValueError if fewer than five angles differ by more than the astroid's symmetry, a number is not finite or positive,
    or the fit finds no standard errors.
    """
    import lmfit

    angles, fields = np.asarray(angle, dtype=np.float64), np.asarray(switching_field, dtype=np.float64)
    sigma = 1.0 if uncertainty is None else np.asarray(uncertainty, dtype=np.float64)
    if angles.ndim != 1 or angles.shape != fields.shape:
        raise ValueError(
            f"fit_astroid: angle has the shape {angles.shape} and switching_field {fields.shape}; give one each"
        )
    for name, values in (("switching_field", fields), ("uncertainty", sigma)):
        if not (np.isfinite(values).all() and np.all(values > 0)):
            raise ValueError(f"fit_astroid: {name} must be positive and finite everywhere")
    if not np.isfinite(angles).all():
        raise ValueError("fit_astroid: angle must be finite everywhere")
    # The astroid is symmetric about both axes.
    distinct = np.unique(np.round(np.arcsin(np.abs(np.sin(angles))), 6))
    if len(distinct) < 5:
        raise ValueError(
            f"fit_astroid: the table has {len(distinct)} different angles to the easy axis; four parameters need at "
            "least 5 between 0 and 90 degrees"
        )

    scale = float(fields.max())
    parameters = lmfit.Parameters()
    parameters.add("anisotropy_field", value=1.0, min=1e-3, max=1e3)
    parameters.add("b", value=float(fields[np.argmin(np.abs(np.sin(angles)))] / scale), min=1e-3, max=1e3)
    parameters.add("beta", value=2.5, min=0.2, max=12)
    parameters.add("gamma", value=2.5, min=0.2, max=12)

    def residual(values: lmfit.Parameters) -> Floats:
        astroid = SwitchingAstroid(b=values["b"].value, beta=values["beta"].value, gamma=values["gamma"].value)
        return np.asarray(
            (astroid.switching_field(angles, values["anisotropy_field"].value) - fields / scale) / (sigma / scale)
        )

    # Switching fields are halved upon, so that steps of a derivative must stand out from their rounding.
    result = lmfit.minimize(
        residual, parameters, scale_covar=uncertainty is None, diff_step=1e-6, method="least_squares"
    )
    # The scatter is the error where none is given, and where the astroid is rejected that is.
    wider = 1.0 if uncertainty is None else birge_ratio(float(result.chisqr), int(result.nfree))
    found = {name: float(result.params[name].value) for name in _FREE}
    errors = {name: result.params[name].stderr for name in _FREE}
    if any(error is None or not np.isfinite(error) for error in errors.values()):
        raise ValueError(
            "fit_astroid: the table does not determine all of h_k, b, beta and gamma; add angles near both axes"
        )
    found["anisotropy_field"] *= scale
    errors["anisotropy_field"] *= scale
    astroid = SwitchingAstroid(b=found["b"], beta=found["beta"], gamma=found["gamma"])
    return AstroidFit(
        astroid=astroid,
        anisotropy_field=found["anisotropy_field"],
        standard_errors={name: wider * float(error) for name, error in errors.items()},
        residuals=astroid.switching_field(angles, found["anisotropy_field"]) - fields,
    )
