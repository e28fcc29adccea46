"""What a track's campaign found, in numbers."""

from __future__ import annotations

from solitons.campaigns.framework.results import FiniteOrNone, Headline, ResultsPart
from solitons.campaigns.skyrmions.fitted_skyrmions.results import FittedSkyrmionResults, short_length
from solitons.figures import value_label

__all__ = ["DrivenRun", "ExpulsionResult", "LandscapeResult", "SkyrmionTrackResults"]


class DrivenRun(ResultsPart):
    """A run, beside the model's prediction.

    Parameters
    ----------
    run_id, role : str
        Which, and what it is for: "fitted", "held out", "expelled" (not fitted) or "check".
    current : float
        In A/m2.
    stays, model_stays : bool
        Whether the skyrmion is there at the end.
    at_end : bool
        Whether it came to an end of the track, where the trajectory stops.
    velocity, hall_angle : float or None
        Mean over the time in which it is there, in m/s, and the angle from +x to it in rad.
    model_velocity, model_hall_angle : float or None
        By the model.
    error : float or None
        Mean distance in m of the model from the positions.
    nearest : float
        Smallest distance in m from an edge.
    """

    run_id: str
    role: str
    current: float
    stays: bool
    model_stays: bool
    at_end: bool = False
    velocity: FiniteOrNone
    hall_angle: FiniteOrNone
    model_velocity: FiniteOrNone
    model_hall_angle: FiniteOrNone
    error: FiniteOrNone
    nearest: float


class ExpulsionResult(ResultsPart):
    """The current at which an edge lets the skyrmion go.

    Parameters
    ----------
    predicted : float or None
        For the runs' drive, by the model, in A/m2; None where none up to three times `steady` does.
    steady : float
        For a current that flows for ever.
    distance : float
        From the edge in m at which the balance is lost.
    fitted_up_to : float
        Strongest current that the fit has seen, in A/m2.
    stays_up_to, leaves_from : float or None
        Largest current in size with which it stays in micromagnetics, smallest with which it leaves; None if no run
        does.
    """

    predicted: float | None
    steady: float
    distance: float
    fitted_up_to: float
    stays_up_to: float | None
    leaves_from: float | None


class LandscapeResult(ResultsPart):
    """The landscape of the track's material, where the skyrmions of the runs went.

    Parameters
    ----------
    lowest, highest : float
        Energy in J, over that in a film of the body's material.
    left_out : float
        Largest energy in J by which a rigid texture would cost more.
    smallest, largest : float
        Radius that the material gives the skyrmion, over that at the start.
    """

    lowest: float
    highest: float
    left_out: float
    smallest: float
    largest: float


class SkyrmionTrackResults(FittedSkyrmionResults):
    """Everything that a track's campaign found, in numbers.

    Parameters
    ----------
    radius : float or None
        Of the relaxed skyrmion in m.
    edge_force, edge_force_distance : float or None
        Largest force of both edges together in N, and how far it is from the nearer one in m, by the model.
    hall_angle : float or None
        Of the skyrmion in the middle of the track, by the model, in rad.
    expulsion : ExpulsionResult or None
        None where no edge is pushed against, or the fit failed.
    landscape : LandscapeResult or None
        None of an even track.
    runs : list of DrivenRun
    """

    radius: FiniteOrNone
    edge_force: float | None = None
    edge_force_distance: float | None = None
    hall_angle: float | None
    expulsion: ExpulsionResult | None
    landscape: LandscapeResult | None = None
    runs: list[DrivenRun]

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        found = [self.position_headline()]
        if "expulsion" in self.withheld:
            detail = f"withheld: {self.withheld['expulsion']}"
            found.append(Headline(value="–", name="expulsion current", detail=detail))
        elif self.expulsion is not None:
            found.append(self._expulsion(self.expulsion))
        if self.hall_angle is not None:
            found.append(
                Headline(
                    value=f"{self.hall_angle * 57.29578:.1f}°".replace("-", "−"),
                    name="Hall angle",
                    detail="of the free skyrmion, from the direction of the current, by the model",
                )
            )
        if self.edge_force is not None and self.edge_force_distance is not None:
            found.append(
                Headline(
                    value=f"{self.edge_force * 1e12:.3g} pN",
                    name="largest force of the edges",
                    detail=f"with the centre {short_length(self.edge_force_distance)} from one, by the model",
                )
            )
        return found

    def _expulsion(self, expulsion: ExpulsionResult) -> Headline:
        seen = []
        if expulsion.stays_up_to is not None:
            seen.append(f"stays at {value_label(expulsion.stays_up_to, 'A/m^2', digits=3)}")
        if expulsion.leaves_from is not None:
            seen.append(f"leaves at {value_label(expulsion.leaves_from, 'A/m^2', digits=3)}")
        micromagnetics = f"; in micromagnetics the skyrmion {' and '.join(seen)}" if seen else ""
        fitted = f"predicted from runs up to {value_label(expulsion.fitted_up_to, 'A/m^2', digits=3)}"
        return Headline(
            value="–" if expulsion.predicted is None else value_label(abs(expulsion.predicted), "A/m^2", digits=3),
            name="expulsion current",
            detail=f"{fitted}{micromagnetics}; {value_label(abs(expulsion.steady), 'A/m^2', digits=3)} of a current "
            "that flows for ever, by the edge's force alone, which no run checks",
        )
