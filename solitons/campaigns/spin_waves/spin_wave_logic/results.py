"""Results of a majority gate of spin waves."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.campaigns.spin_waves.spin_wave_logic.settings import Bits, phases_of
from solitons.figures import number_label, power_label, value_label

__all__ = ["DisplacedGates", "GateNoise", "SentWave", "SpinWaveLogicResults", "WaveFit", "WaveRow"]


class WaveFit(ResultsPart):
    """The wave that is fitted to the first antenna's, and how the rows are driven with it.

    Parameters
    ----------
    hot : bool
        Whether it is the one with heat.
    wavenumber : float
        In rad/m, below 0 for backward waves.
    attenuation_length : float or None
        In m; None where it does not fall.
    reflection, misfit : float
        Amplitude that comes back from the absorbing end, and the part of the wave that is no plane wave; with heat it
        holds what noise is left.
    phase : float
        Phase of the output of this antenna alone, driven with phase 0, in rad.
    currents, phases : tuple of three floats
        Of the antennas in the rows, in A and rad.
    """

    hot: bool
    wavenumber: float
    attenuation_length: FiniteOrNone
    reflection: float
    misfit: float
    phase: float
    currents: tuple[float, ...]
    phases: tuple[float, ...]


class SentWave(ResultsPart):
    """The wave of one antenna alone at the output at 0 K, over the prediction for it.

    Parameters
    ----------
    run_id, antenna : str
        Which.
    fitted : bool
        Whether the wave is the fitted one.
    distance : float
        In m.
    amplitude : float
        Of m.
    ratio, lag : float
        Amplitude over the predicted one, and the phase less it in rad.
    drift : float
        Change of the complex amplitude from the first to the second half of the decision, over it.
    """

    run_id: str
    antenna: str
    fitted: bool
    distance: float
    amplitude: float
    ratio: float
    lag: float
    drift: float


class WaveRow(ResultsPart):
    """A row of the truth table; outputs over the amplitude that one antenna alone has.

    Parameters
    ----------
    run_id : str
        The run at 0 K.
    bits : (int, int, int)
        The inputs.
    output, predicted : (float, float)
        Real and imaginary part at 0 K in micromagnetics and by the fitted wave; the real part has the output's sign.
    hot_output, hot_predicted : (float, float) or None
        With heat: the mean over decisions in micromagnetics, and by the wave that is fitted with heat.
    decisions, wrong : int
        In micromagnetics with heat.
    hot_run_id : str or None
        The run with heat.
    error_probability, error_interval : float, (float, float) or None
        In a decision, by the wave and the noise that are fitted with heat; the interval is the noise's of 95 %.
    """

    run_id: str
    bits: Bits
    output: tuple[float, float]
    predicted: tuple[float, float]
    hot_output: tuple[float, float] | None = None
    hot_predicted: tuple[float, float] | None = None
    decisions: int = 0
    wrong: int = 0
    hot_run_id: str | None = None
    error_probability: float | None = None
    error_interval: tuple[float, float] | None = None

    @property
    def phases(self) -> str:
        """The inputs as a report writes them."""
        return phases_of(self.bits)

    @property
    def expected(self) -> int:
        """Majority of the inputs."""
        return 1 if sum(self.bits) > 0 else -1

    @property
    def right(self) -> bool:
        """Whether the output at 0 K is the majority."""
        return self.output[0] * self.expected > 0

    @property
    def error(self) -> float:
        """Distance of the prediction from the output at 0 K in the complex plane, over the prediction."""
        return abs(complex(*self.output) / complex(*self.predicted) - 1)


class GateNoise(ResultsPart):
    """Noise of the output by heat.

    Parameters
    ----------
    run_id : str
        The run without current.
    density : float
        S of m in 1/Hz, one-sided, without current.
    interval : (float, float)
        95 % of it.
    in_rows : float
        The same density about the mean of each row.
    ratio_interval : (float, float)
        95 % of the noise in rows over the one without current.
    settled_p : float
        Probability that noise without current, and the output of the antenna that is fitted with heat, change by chance
        as much as they do from the first to the second half of their runs: the smaller of two, twice.
    row_error, chance_error : float
        Root mean square over the rows of the mean output less the predicted one, over one antenna's amplitude, and as
        much of it as the noise makes.
    margin_loss, loss_error : float
        Mean over the rows of the predicted part in phase less the one found, over one antenna's amplitude, and its
        standard error.
    """

    run_id: str
    density: float
    interval: tuple[float, float]
    in_rows: float
    ratio_interval: tuple[float, float]
    settled_p: float
    row_error: float
    chance_error: float
    margin_loss: float
    loss_error: float


class DisplacedGates(ResultsPart):
    """Gates whose antennas are displaced, as the fitted wave has them.

    Parameters
    ----------
    deviation : float
        Standard deviation of the displacement of each antenna, in m.
    lost : float
        Share of the gates that are lost: a row is wrong, or wrong by heat more often than tolerated.
    """

    deviation: float
    lost: float


class SpinWaveLogicResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    fit, hot_fit : WaveFit or None
        None where no wave can be fitted, or without heat.
    problem, hot_problem : str
        Why none can be fitted.
    sent : tuple of SentWave
        Antennas alone.
    rows : tuple of WaveRow
        The truth table; empty without a fit.
    noise : GateNoise or None
        None without heat or a fit.
    displaced : tuple of DisplacedGates
        Empty if not asked for, or the verdict is failed.
    speed : float or None
        Time of the engine for a row at 0 K over that of the fitted wave for one of a displaced gate, in a batch.
    """

    fit: WaveFit | None
    hot_fit: WaveFit | None = None
    problem: str = ""
    hot_problem: str = ""
    sent: tuple[SentWave, ...] = ()
    rows: tuple[WaveRow, ...] = ()
    noise: GateNoise | None = None
    displaced: tuple[DisplacedGates, ...] = ()
    speed: float | None = None

    @property
    def row_error(self) -> float | None:
        """Largest relative error of a predicted row at 0 K."""
        return max((each.error for each in self.rows), default=None)

    @property
    def worst(self) -> tuple[float, float, float] | None:
        """Largest error probability of a row by heat, and the ends of its interval."""
        found = [
            (each.error_probability, *each.error_interval)
            for each in self.rows
            if each.error_probability is not None and each.error_interval is not None
        ]
        return max(found, default=None)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        right = f"{sum(each.right for each in self.rows)} of {len(self.rows)}" if self.rows else "–"
        yield Headline(value=right, name="rows right at 0 K", detail="majority of three phases, in micromagnetics")
        if self.verdict == "failed" or self.fit is None:
            yield Headline(value="–", name="error of the predicted rows", detail="withheld: the verdict is failed")
            return
        detail = "largest, at 0 K; the fit has seen one antenna alone"
        yield Headline(value=number_label(self.row_error), name="error of the predicted rows", detail=detail)
        length = "–" if self.fit.attenuation_length is None else value_label(self.fit.attenuation_length, "m", 3)
        wavelength = value_label(6.283185307 / abs(self.fit.wavenumber), "m", 3)
        yield Headline(value=length, name="attenuation length", detail=f"wavelength {wavelength}")
        if self.worst is not None:
            decided, wrong = sum(each.decisions for each in self.rows), sum(each.wrong for each in self.rows)
            value, low, high = (power_label(each) for each in self.worst)
            detail = f"95 %: {low} to {high}, worst row; micromagnetics: {wrong} of {decided} decisions wrong"
            yield Headline(value=value, name="error probability by heat", detail=detail)
        if self.speed is not None:
            detail = "a row of a displaced gate in a batch, beside one at 0 K"
            yield Headline(value=power_label(self.speed), name="times faster than the engine", detail=detail)
