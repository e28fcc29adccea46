"""Results of a track's campaign."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import FiniteOrNone, Headline, ResultsPart
from solitons.campaigns.skyrmions.results import FittedSkyrmionResults, short_length
from solitons.figures import number_label, value_label

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
    expelled : bool
        Whether an edge has let it go.
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
    expelled: bool
    at_end: bool
    velocity: FiniteOrNone
    hall_angle: FiniteOrNone
    model_velocity: FiniteOrNone
    model_hall_angle: FiniteOrNone
    error: FiniteOrNone
    nearest: float


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


class ExpulsionResult(ResultsPart):
    """The current at which an edge lets the skyrmion go, by the model.

    Parameters
    ----------
    predicted : float or None
        For the runs' drive, in A/m2; None where none up to three times `steady` does.
    steady : float
        For a current that flows for ever.
    distance : float
        From the edge in m at which the balance is lost.
    """

    predicted: float | None
    steady: float
    distance: float


class SkyrmionTrackResults(FittedSkyrmionResults):
    """Everything that a track's campaign found, in numbers.

    Parameters
    ----------
    radius : float or None
        Radius of the relaxed skyrmion in m.
    edge_force, edge_force_distance : float or None
        Largest force of both edges together in N, and how far it is from the nearer one in m, by the model.
    hall_angle : float or None
        Hall angle of the skyrmion in the middle of the track, by the model, in rad.
    expulsion : ExpulsionResult or None
        None where no edge is pushed against, or the fit failed.
    landscape : LandscapeResult or None
        None of an even track.
    driven : list of DrivenRun
        The runs of the sweep, and those that check the expulsion.
    """

    radius: FiniteOrNone
    edge_force: float | None = None
    edge_force_distance: float | None = None
    hall_angle: float | None
    expulsion: ExpulsionResult | None
    landscape: LandscapeResult | None = None
    driven: list[DrivenRun]

    @property
    def fitted_up_to(self) -> float:
        """Largest current in size that the fit has seen, in A/m2."""
        return max(abs(each.current) for each in self.driven if each.role == "fitted")

    @property
    def stays_up_to(self) -> float | None:
        """Largest current in size with which the skyrmion stays in micromagnetics; None if no run keeps it."""
        return max((abs(each.current) for each in self.driven if each.stays), default=None)

    @property
    def leaves_from(self) -> float | None:
        """Smallest current in size with which an edge lets it go in micromagnetics; None if none does."""
        return min((abs(each.current) for each in self.driven if each.expelled), default=None)

    @property
    def checks(self) -> list[DrivenRun]:
        """Runs that check the expulsion."""
        return [each for each in self.driven if each.role == "check"]

    @property
    def as_predicted(self) -> bool:
        """Whether the skyrmion stays below the predicted current and leaves above it, in the runs that check that."""
        predicted = abs((self.expulsion.predicted if self.expulsion else None) or 0.0)
        return all(each.stays == (abs(each.current) < predicted) for each in self.checks)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        yield self._position()
        if "expulsion" in self.withheld:
            yield self.withheld_headline("expulsion current", "expulsion")
        elif self.expulsion is not None:
            current = "–" if self.expulsion.predicted is None else _density(self.expulsion.predicted)
            yield Headline(value=current, name="expulsion current", detail=self._seen)
        if self.hall_angle is not None:
            angle = f"{self.hall_angle * 57.29578:.1f}°".replace("-", "−")
            yield Headline(
                value=angle,
                name="Hall angle",
                detail="of the free skyrmion, from the direction of the current, by the model",
            )
        if self.edge_force is not None and self.edge_force_distance is not None:
            detail = f"with the centre {short_length(self.edge_force_distance)} from one, by the model"
            force = f"{self.edge_force * 1e12:.3g} pN"
            yield Headline(value=force, name="largest force of the edges", detail=detail)

    def _position(self) -> Headline:
        detail = "no run that was held out keeps its skyrmions"
        if self.position_error is not None:
            detail = f"of the track's width, {self.unseen_in_words}"
        if self.rms is not None and self.trivial_rms is not None:
            detail += f"; {short_length(self.rms)} rms, best trivial model {short_length(self.trivial_rms)}"
        return Headline(value=number_label(self.position_error, ".2%"), name="position error", detail=detail)

    @property
    def _seen(self) -> str:
        seen = []
        if self.stays_up_to is not None:
            seen.append(f"stays at {_density(self.stays_up_to)}")
        if self.leaves_from is not None:
            seen.append(f"leaves at {_density(self.leaves_from)}")
        return f"in micromagnetics it {' and '.join(seen)}" if seen else ""


def _density(current: float) -> str:
    return value_label(abs(current), "A/m^2", digits=3)
