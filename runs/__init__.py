"""Runs: from a device and a protocol to m(t).

Describe a run with `RunSpec`, compute it with `simulate`, open it lazily with
`open_run`; describe a sweep with `Campaign`, compute it with `execute`, open it
with `open_campaign`.
"""

from runs.campaign import Axis, Campaign, Digits, Extract, Fit, load_campaign, open_campaign
from runs.engines import EngineFailedError, EngineNotFoundError, Limits, WallTimeError, get_engine, resolve
from runs.execution import RunReport, execute, run_one
from runs.protocol import CurrentPulses, FieldPulses, FieldRamp, Protocol, Relax, Rest
from runs.simulation import simulate
from runs.spec import Numerics, RunSpec
from runs.store import CorruptEntryError, Store, StoreNotWritableError, open_run
from runs.waveform import PiecewiseLinear

__all__ = [
    "Axis",
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
    "RunReport",
    "RunSpec",
    "Store",
    "StoreNotWritableError",
    "WallTimeError",
    "execute",
    "get_engine",
    "load_campaign",
    "open_campaign",
    "open_run",
    "resolve",
    "run_one",
    "simulate",
]
