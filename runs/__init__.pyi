from .attempt import run_one
from .engines import EngineFailedError, EngineNotFoundError, Limits, WallTimeError, engine_names, get_engine, resolve
from .execution import RunReport, execute
from .protocols.alternating import AlternatingCurrent, AlternatingField, AlternatingStripLine
from .protocols.constant import ConstantCurrent, ConstantField, ConstantStripLine
from .protocols.field_steps import (
    AlternatingDemagnetisation,
    FieldSteps,
    Loop,
    RampTo,
    RotatingDemagnetisation,
    Rotation,
)
from .protocols.held_wall import HeldWall
from .protocols.in_time import Protocol
from .protocols.local_steps import LocalRampTo
from .protocols.moving_window import MovingWindow
from .protocols.pulses import CurrentPulses, FieldPulses, StripLinePulses
from .protocols.steps import AtOnce, FieldRamp, Relax, Rest, TemperatureRamp
from .protocols.waveform import PiecewiseLinear
from .simulation import simulate
from .spec import Numerics, RunSpec
from .store import (
    CorruptEntryError,
    RunClaimedError,
    Store,
    StoreFormatError,
    StoreFullError,
    StoreNotWritableError,
    open_run,
)
from .sweeps import BatchCluster, load_cluster

__all__ = [
    "AlternatingCurrent",
    "AlternatingDemagnetisation",
    "AlternatingField",
    "AlternatingStripLine",
    "AtOnce",
    "BatchCluster",
    "ConstantCurrent",
    "ConstantField",
    "ConstantStripLine",
    "CorruptEntryError",
    "CurrentPulses",
    "EngineFailedError",
    "EngineNotFoundError",
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
    "RunClaimedError",
    "RunReport",
    "RunSpec",
    "Store",
    "StoreFormatError",
    "StoreFullError",
    "StoreNotWritableError",
    "StripLinePulses",
    "TemperatureRamp",
    "WallTimeError",
    "engine_names",
    "execute",
    "get_engine",
    "load_cluster",
    "open_run",
    "resolve",
    "run_one",
    "simulate",
]
