"""The settings of a campaign of vowels: oscillators, their signals, the vowels with their patterns, and training."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, Frequency, PureNumber, Temperature
from solitons.campaigns.oscillators.oscillator_vowels.formants import WORDS, Group
from solitons.oscillators.synchronisation import Record

__all__ = ["OscillatorSettings", "SignalMap", "TrainingSettings", "VowelSettings", "VowelTask"]

Width = Annotated[Frequency, Field(gt=0)]


class OscillatorSettings(Description):
    """Oscillators that direct currents tune, by numbers or by a fitted model.

    Parameters
    ----------
    currents : (float, float)
        Lowest and highest current density in A/m2.
    start : sequence of float
        Current density of each oscillator before training, in A/m2.
    coupling : float
        Half width in Hz of the range in which an oscillator follows another one that nothing moves.
    frequencies, half_width, linewidth : (float, float), float, float, optional
        In Hz: at the two currents, straight between them; of the range in which one signal alone holds an oscillator;
        full width of a free one's line.
    model, field, temperature : str, float, float, optional
        Instead of these three: a saved `AutoOscillator`, such as ``oscillator.json`` of a campaign; size of each
        signal's turning field in A/m; temperature in K, for the line in the middle of the currents.
    source : str
        Source of the numbers; the report names it.
    """

    currents: tuple[CurrentDensity, CurrentDensity]
    start: Annotated[tuple[CurrentDensity, ...], Field(min_length=1, max_length=8)]
    coupling: Width
    frequencies: tuple[Width, Width] | None = None
    half_width: Width | None = None
    linewidth: Annotated[Frequency, Field(ge=0)] | None = None
    model: Annotated[str, Field(min_length=1)] | None = None
    field: Annotated[FieldStrength, Field(gt=0)] | None = None
    temperature: Annotated[Temperature, Field(ge=0)] | None = None
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _given_once(self) -> Self:
        low, high = self.currents
        if not low < high:
            raise ValueError(f"currents = {low:g}, {high:g} A/m2 must rise; give the lowest first")
        outside = [each for each in self.start if not low <= each <= high]
        if outside:
            raise ValueError(f"start has {outside[0]:g} A/m2, outside of currents, {low:g} to {high:g} A/m2")
        numbers = {each is not None for each in (self.frequencies, self.half_width, self.linewidth)}
        fitted = {each is not None for each in (self.model, self.field, self.temperature)}
        if (numbers, fitted) not in (({True}, {False}), ({False}, {True})):
            raise ValueError("give frequencies, half_width and linewidth, or model, field and temperature instead")
        return self


class SignalMap(Description):
    """Frequency of one signal in Hz: offset + per_f1 * F1 + per_f2 * F2, of formants in Hz."""

    offset: Frequency
    per_f1: PureNumber = 0.0
    per_f2: PureNumber = 0.0

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.per_f1 == 0 == self.per_f2:
            raise ValueError(
                "per_f1 and per_f2 are both 0: the signal would tell nothing of the vowel; give one of them"
            )
        return self


class VowelSettings(Description):
    """The vowels, the pattern that each is to have, and who speaks.

    Parameters
    ----------
    patterns : dict of str to str
        For each vowel a letter for each oscillator: A or B for the signal that it follows, - for none.
    group : {"women", "men", "both"}
        Whose formants are drawn.
    training_speakers, test_speakers : int
        Numbers of them in a repeat; each says each vowel once.
    """

    patterns: Annotated[dict[str, str], Field(min_length=2)]
    group: Group = "women"
    training_speakers: Annotated[int, Field(ge=5, le=500)] = 37
    test_speakers: Annotated[int, Field(ge=10, le=2000)] = 100

    @model_validator(mode="after")
    def _known_and_told_apart(self) -> Self:
        first: dict[str, str] = {}
        for vowel, pattern in self.patterns.items():
            if vowel not in WORDS:
                raise ValueError(f"patterns has the vowel {vowel!r}, which the table lacks; it has {', '.join(WORDS)}")
            if not 1 <= len(pattern) <= 8 or set(pattern) - set("-AB"):
                raise ValueError(
                    f"patterns gives {vowel!r} the pattern {pattern!r}; give a letter for each oscillator, 8 at most: "
                    "A, B or -"
                )
            if pattern in first:
                raise ValueError(
                    f"patterns gives {first[pattern]!r} and {vowel!r} the same, {pattern!r}; give each one, of more "
                    "oscillators if they have too few"
                )
            first[pattern] = vowel
        return self


class TrainingSettings(Description):
    """Training of the currents, one vowel after another.

    Parameters
    ----------
    epochs : int
        Rounds through all training speakers.
    step : float
        First step of a frequency over the half width; it falls to 0 through the epochs.
    repeats : int
        Times that all is done anew, with new speakers.
    seed : int
    """

    epochs: Annotated[int, Field(ge=1, le=100)] = 6
    step: Annotated[PureNumber, Field(gt=0, le=1)] = 0.05
    repeats: Annotated[int, Field(ge=3, le=50)] = 4
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class VowelTask(Description):
    """The fields of a campaign of vowels, which has them from here.

    Parameters
    ----------
    oscillators : OscillatorSettings
        The oscillators, their currents and their coupling.
    signal_a, signal_b : SignalMap
        From formants to the frequencies of both signals.
    vowels : VowelSettings
        The vowels, their patterns, and who speaks.
    record : Record
        How long the oscillators are followed for one vowel.
    training : TrainingSettings
        Training of the currents.
    """

    oscillators: OscillatorSettings
    signal_a: SignalMap
    signal_b: SignalMap
    vowels: VowelSettings
    record: Record = Record()
    training: TrainingSettings = TrainingSettings()
