"""Results of a film that is trained to recognise."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import number_label

__all__ = ["FilmFit", "Recognised", "SpinWaveRecogniserResults", "Transmission"]


class FilmFit(ResultsPart):
    """The film as fitted to one antenna and one scatterer.

    Parameters
    ----------
    wavenumber : float
        In rad/m.
    attenuation_length : float or None
        In m; None where waves do not fall.
    grid : float
        How much the cells change the wavenumber with the direction.
    ellipticity : float
        Amplitude of the antenna's order -2 over order 0.
    strengths : tuple of (float, float)
        Real and imaginary part of t of the orders -1, 0 and 1.
    misfit, scatterer_misfit : float
        Part of the wave in the empty film, and of what the scatterer changes, that the fit does not explain.
    run_ids : (str, str)
        Both runs.
    """

    wavenumber: float
    attenuation_length: FiniteOrNone
    grid: float
    ellipticity: float
    strengths: tuple[tuple[float, float], ...]
    misfit: float
    scatterer_misfit: float
    run_ids: tuple[str, str]

    @property
    def gain(self) -> float:
        """Largest |1 + 2 t|: above 1 a scatterer would make power."""
        return max(abs(1 + 2 * complex(*each)) for each in self.strengths)


class Transmission(ResultsPart):
    """Transmissions of the trained film from antennas to ports.

    Parameters
    ----------
    run_ids : tuple of str
        A run for each antenna.
    error : float
        Norm of the predicted less the measured transmissions, over the measured ones, but for a phase of each port,
        which powers do not show.
    phase_error : float
        The error with these phases.
    drift : float
        Change from the first to the second half of the decision, over the measured ones.
    sum_error : float
        What the ports receive of an image in all antennas at once less the sum of the waves one by one, over it.
    """

    run_ids: tuple[str, ...]
    error: float
    phase_error: float
    drift: float
    sum_error: float


class Recognised(ResultsPart):
    """Test images that one recogniser knows.

    Parameters
    ----------
    name : str
        Which.
    right, total : int
        Images.
    interval : (float, float)
        95 % of the accuracy, by Wilson.
    """

    name: str
    right: int
    total: int
    interval: tuple[float, float]

    @property
    def accuracy(self) -> float:
        """Share of images that are right."""
        return self.right / self.total


class SpinWaveRecogniserResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    fit : FilmFit or None
        None where no wave can be fitted.
    problem : str
        Why none can be fitted.
    scatterers, on, flips : int
        Places, those that are on after training, and flips in training.
    transmission : Transmission or None
        None without a fit.
    film, model, linear, quadratic, matched : Recognised or None
        Test images by the film's own transmissions in micromagnetics, by the model's, by a linear and a quadratic
        classifier of the pixels that learned the same images, and by matched filters; None if the verdict is failed.
    random : tuple of float
        Accuracies of random patterns, by the model.
    untrained : float or None
        That of the random pattern with the least loss in training.
    """

    fit: FilmFit | None
    problem: str = ""
    scatterers: int = 0
    on: int = 0
    flips: int = 0
    transmission: Transmission | None = None
    film: Recognised | None = None
    model: Recognised | None = None
    linear: Recognised | None = None
    quadratic: Recognised | None = None
    matched: Recognised | None = None
    random: tuple[float, ...] = ()
    untrained: FiniteOrNone = None

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        if self.verdict == "failed" or self.film is None or self.model is None or self.transmission is None:
            yield Headline(value="–", name="test images right", detail="withheld: the verdict is failed")
            return
        low, high = (number_label(each) for each in self.film.interval)
        detail = (
            f"95 %: {low} to {high}; micromagnetics of the trained film; the model predicts {self.model.accuracy:.1%}"
        )
        yield Headline(value=number_label(self.film.accuracy), name="test images right", detail=detail)
        assert self.linear is not None
        assert self.quadratic is not None
        assert self.matched is not None
        linear, matched = (number_label(each.accuracy) for each in (self.linear, self.matched))
        detail = f"of the same pixels, with free weights; a linear one {linear}; matched filters {matched}"
        share = number_label(self.quadratic.accuracy)
        yield Headline(value=share, name="right by a quadratic classifier", detail=detail)
        detail = f"{self.on} scatterers; the fit has seen one"
        yield Headline(value=number_label(self.transmission.error), name="error of transmissions", detail=detail)
