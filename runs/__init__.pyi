from .engines import EngineFailedError, Limits, resolve
from .ensemble import Ensemble
from .execution import execute
from .protocols.alternating import AlternatingCurrent, AlternatingField, AlternatingStripLine
from .protocols.constant import ConstantCurrent, ConstantField, ConstantStripLine, CurrentLines
from .protocols.domain_walls.held_wall import HeldWall
from .protocols.energy_path import EnergyPath
from .protocols.field_steps import (
    AlternatingDemagnetisation,
    FieldSteps,
    Loop,
    RampTo,
    RotatingDemagnetisation,
    Rotation,
)
from .protocols.in_time import Protocol
from .protocols.magnet_logic.spin_orbit_clock import clearing_densities, spin_orbit_pulses
from .protocols.moving_window import MovingWindow
from .protocols.pulses import CurrentPulses, FieldPulses, StripLinePulses
from .protocols.sinc_pulse import StripLineSinc
from .protocols.spin_ice.local_steps import LocalRampTo
from .protocols.steps import AtOnce, FieldRamp, Relax, Rest, TemperatureRamp
from .protocols.voltages import AlternatingVoltage, ConstantVoltage, VoltagePulses
from .simulation import simulate
from .spec import Numerics, RunSpec
from .store import Store, open_run
from .sweeps import BatchCluster, load_cluster
from .waveforms.waveform import PiecewiseLinear

__all__ = [
    "AlternatingCurrent",
    "AlternatingDemagnetisation",
    "AlternatingField",
    "AlternatingStripLine",
    "AlternatingVoltage",
    "AtOnce",
    "BatchCluster",
    "ConstantCurrent",
    "ConstantField",
    "ConstantStripLine",
    "ConstantVoltage",
    "CurrentLines",
    "CurrentPulses",
    "EnergyPath",
    "EngineFailedError",
    "Ensemble",
    "FieldPulses",
    "FieldRamp",
    "FieldSteps",
    "HeldWall",
    "Limits",
    "LocalRampTo",
    "Loop",
    "MovingWindow",
    "Numerics",
    "PiecewiseLinear",
    "Protocol",
    "RampTo",
    "Relax",
    "Rest",
    "RotatingDemagnetisation",
    "Rotation",
    "RunSpec",
    "Store",
    "StripLinePulses",
    "StripLineSinc",
    "TemperatureRamp",
    "VoltagePulses",
    "clearing_densities",
    "execute",
    "load_cluster",
    "open_run",
    "resolve",
    "simulate",
    "spin_orbit_pulses",
]
