from .attempt import run_one
from .campaign import Axis, Campaign, Digits, Extract, Fit, load_campaign, open_campaign
from .engines import EngineFailedError, EngineNotFoundError, Limits, WallTimeError, get_engine, resolve
from .execution import RunReport, execute
from .protocol import CurrentPulses, FieldPulses, FieldRamp, Protocol, Relax, Rest
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
from .waveform import PiecewiseLinear

__all__ = [
    "Axis",
    "BatchCluster",
    "Campaign",
    "CorruptEntryError",
    "CurrentPulses",
    "Digits",
    "EngineFailedError",
    "EngineNotFoundError",
    "Extract",
    "FieldPulses",
    "FieldRamp",
    "Fit",
    "Limits",
    "Numerics",
    "PiecewiseLinear",
    "Protocol",
    "Relax",
    "Rest",
    "RunClaimedError",
    "RunReport",
    "RunSpec",
    "Store",
    "StoreFormatError",
    "StoreFullError",
    "StoreNotWritableError",
    "WallTimeError",
    "execute",
    "get_engine",
    "load_campaign",
    "load_cluster",
    "open_campaign",
    "open_run",
    "resolve",
    "run_one",
    "simulate",
]
