"""The campaign of a vortex oscillator: runs of a disc under direct currents, and the equation of its core."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field
from typing_extensions import override

from geometries import Material, Pillar, ThroughPlane, Vortex
from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, PureNumber, Temperature, format_quantity
from runs import ConstantCurrent, ConstantField, Numerics, Protocol, Relax, RunSpec
from runs.protocols.abstract_step import Duration
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from solitons.campaigns.oscillators.vortex_oscillator.results import Use, VortexOscillatorResults
from solitons.figures import value_label

__all__ = ["BatchSettings", "Kick", "OrbitRole", "VortexOscillatorCampaign"]

_RISE = 0.05e-9
_FAR = 2.0
"""Energy of a vortex over a uniform disc's above which no vortex is expected; discs of permalloy keep one at 1."""
_BELOW = 0.8
"""Share of the estimated threshold below which a current is refused: the estimate is good to 5 % in thin discs."""
_TURNS = 10
_SAMPLES = 8
"""Frames a turn: with fewer the mean radius of a turn is no longer good to 1 %."""


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

    @property
    def roles(self) -> list[OrbitRole]:
        """A run for each current, from the weakest to the strongest."""
        roles = [OrbitRole(each, "fitted") for each in self.fitted]
        roles += [OrbitRole(each, "judged") for each in self.judged]
        return sorted(roles, key=lambda role: abs(role.current))

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[OrbitRole], ...]:
        return tuple(LabelledRun(self._spec(role.current, engine), role) for role in self.roles)

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
        self._check_disc()
        self._check_drive()
        self.labelled_runs("native")

    def _check_disc(self) -> None:
        """Refuse a device that is no disc with a vortex under one polarised current."""
        from solitons.oscillators.vortex_coefficients import vortex_over_uniform

        device = self.device
        if not isinstance(device.start, Vortex):
            raise ValueError(
                f"device.start = {device.start} is uniform; give start: vortex, or {{polarity: 1, circulation: -1}}"
            )
        length, width = device.axes
        size = format_quantity(length, "m")
        if abs(length - width) > 1e-9 * length:
            other = format_quantity(width, "m")
            raise ValueError(f"device has the axes {size} and {other}, and the equation is of a disc; leave width out")
        terminals = device.terminals
        if len(terminals) != 1 or not isinstance(terminals[0], ThroughPlane) or not terminals[0].everywhere:
            raise ValueError(
                f"device.terminals has {', '.join(each.describe() for each in terminals) or 'none'}; give one "
                "through_plane terminal through all of the disc"
            )
        across = terminals[0].layer_in(device).direction[2]
        if abs(across) < 0.1:
            raise ValueError(
                f"device.fixed_layer has the component {across:.2g} across the plane: a polariser in the plane puts no "
                "steady force on a core along its orbit; give fixed_layer: up"
            )
        ratio = vortex_over_uniform(device, self.material)
        if ratio > _FAR:
            raise ValueError(
                f"device: a vortex in this disc of {size} x {format_quantity(device.thickness, 'm')} has {ratio:.2g} "
                "times the energy of the uniform state, so that none is at rest; choose a larger or thicker disc"
            )

    def _check_drive(self) -> None:
        """Refuse currents that drive no orbit, judged ones that no fit surrounds, and times that show too little."""
        from solitons.oscillators.vortex_coefficients import estimated_vortex

        model = estimated_vortex(self.device, self.material)
        threshold, sizes = model.threshold(), [abs(each) for each in self.fitted]
        estimated = f"estimated at {value_label(threshold, 'A/m^2', 3)}"
        for role in self.roles:
            wrong = ""
            if role.current * threshold <= 0:
                wrong = (
                    f"which holds this core in the middle; the threshold is {estimated}: change the sign or polarity"
                )
            elif role.current / threshold < _BELOW:
                wrong = f"below the threshold, {estimated}: the core comes to rest; give stronger currents"
            elif role.use == "judged" and role.current in self.fitted:
                wrong = "which is fitted too; judge by another current"
            elif role.use == "judged" and not min(sizes) < abs(role.current) < max(sizes):
                wrong = "outside the fitted currents, where the equation is not known; choose one between them"
            if wrong:
                raise ValueError(f"{role.use} has {value_label(role.current, 'A/m^2')}, {wrong}")
        frequency = abs(float(model.rates(0.0, self.roles[-1].current)[1])) / (2 * math.pi)
        about = f"at about {value_label(frequency, 'Hz', 3)}"
        turns, frames = self.duration * frequency, 1 / (self.sampling_interval * frequency)
        if turns < _TURNS:
            raise ValueError(
                f"duration = {format_quantity(self.duration, 's')} is {turns:.2g} turns {about}, and {_TURNS} are "
                f"needed; give {value_label(1.05 * _TURNS / frequency, 's', 2)} or more"
            )
        if frames < _SAMPLES:
            raise ValueError(
                f"sampling_interval = {format_quantity(self.sampling_interval, 's')} is {frames:.2g} frames a turn "
                f"{about}, and {_SAMPLES} are needed; give {value_label(0.95 / (_SAMPLES * frequency), 's', 2)} or less"
            )
