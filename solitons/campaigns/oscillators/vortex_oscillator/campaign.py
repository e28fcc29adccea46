"""The campaign of a vortex oscillator: runs of a disc under direct currents, and the equation of its core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field
from typing_extensions import override

from geometries import Material, Pillar
from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, PureNumber, Temperature
from runs import ConstantCurrent, ConstantField, Numerics, Protocol, Relax, RunSpec
from runs.protocols.abstract_step import Duration
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from solitons.campaigns.oscillators.vortex_oscillator.results import Use, VortexOscillatorResults
from solitons.figures import value_label

__all__ = ["BatchSettings", "Kick", "OrbitRole", "VortexOscillatorCampaign"]

_RISE = 0.05e-9


class Kick(Description):
    """A field along +x before the current, which moves the core out of the middle, where no torque acts on it.

    `field` is in A/m, such as "7 mT/mu0", and `duration` in s: about a quarter of a turn.
    """

    field: Annotated[FieldStrength, Field(gt=0)] = 6e3
    duration: Duration = 0.5e-9


class BatchSettings(Description):
    """Many vortices that the fitted equation follows at once, as discs of one wafer with heat.

    `frequency_spread` is the relative standard deviation of the frequencies of its `members`, `temperature` is in K,
    and `seed` is that of the random numbers.
    """

    members: Annotated[int, Field(ge=100, le=100_000)] = 1000
    frequency_spread: Annotated[PureNumber, Field(ge=0, le=0.1)] = 0.01
    temperature: Annotated[Temperature, Field(ge=0)] = 300.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


@dataclass(frozen=True)
class OrbitRole:
    """What a run is for: its current in A/m2, and whether the equation is fitted to it or judged by it."""

    current: float
    use: Use

    def __str__(self) -> str:
        return f"{value_label(self.current, 'A/m^2')}, {self.use}"


@final
class VortexOscillatorCampaign(AbstractCampaign[OrbitRole, VortexOscillatorResults]):
    """A vortex in a pillar under direct currents: Thiele's equation, fitted at some currents and judged at others.

    Each run relaxes the vortex, moves its core out of the middle by a short field, and lets a direct current drive it.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    device, material, numerics
        As in `RunSpec`: a disc that starts from a vortex, with one terminal through all of it.
    fitted, judged : sequence of float or str
        Current densities in A/m2, all of one sign: three or more that the equation is fitted to, and others between
        them that no fit sees.
    duration, sampling_interval : float or str
        In s: for how long the current flows, and from one frame to the next.
    kick : Kick
        The field before it.
    batch : BatchSettings
        Vortices that the fitted equation follows at once.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The equation: A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973).",
        "Of a vortex: K. Yu. Guslienko et al., J. Appl. Phys. 91, 8037 (2002); its damping: Appl. Phys. Lett. 89, "
        "022510 (2006).",
        "A current through the plane and its Oersted field: A. V. Khvalkovskiy et al., Phys. Rev. B 80, 140401 (2009).",
        "Coefficients from micromagnetics: F. Abreu Araujo, C. Chopin and S. de Wergifosse, arXiv:2206.13596.",
    )
    results_class: ClassVar[type[VortexOscillatorResults]] = VortexOscillatorResults

    kind: Literal["vortex_oscillator"] = "vortex_oscillator"
    device: Pillar
    material: Material
    fitted: Annotated[tuple[CurrentDensity, ...], Field(min_length=3, max_length=50)]
    judged: Annotated[tuple[CurrentDensity, ...], Field(min_length=1, max_length=50)]
    duration: Duration
    sampling_interval: Duration
    kick: Kick = Kick()
    batch: BatchSettings = BatchSettings()
    numerics: Numerics = Numerics()

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[OrbitRole], ...]:
        """A run for each current, from the weakest to the strongest."""
        roles = [OrbitRole(each, "fitted") for each in self.fitted]
        roles += [OrbitRole(each, "judged") for each in self.judged]
        roles.sort(key=lambda role: abs(role.current))
        return tuple(LabelledRun(self._spec(role.current, engine), role) for role in roles)

    def _spec(self, current: float, engine: str) -> RunSpec:
        steps = (
            Relax(),
            ConstantField(amplitude=(self.kick.field, 0.0, 0.0), duration=self.kick.duration, rise=_RISE),
            ConstantCurrent(amplitude=current, duration=self.duration, rise=_RISE),
        )
        return RunSpec(
            device=self.device,
            material=self.material,
            protocol=Protocol(steps=steps, sampling_interval=self.sampling_interval),
            numerics=self.numerics,
            engine=engine,
        )

    @override
    def check(self) -> None:
        from solitons.campaigns.oscillators.vortex_oscillator.checks import check_disc, check_drive

        check_disc(self.device, self.material)
        check_drive(self.device, self.material, self.fitted, self.judged, self.duration, self.sampling_interval)
        self.labelled_runs("native")
