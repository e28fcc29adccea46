from .attempt import run_one
from .campaign import AbstractCampaign, Axis, open_campaign
from .campaign_kinds import AnyCampaign, load_campaign
from .engines import EngineFailedError, EngineNotFoundError, Limits, WallTimeError, get_engine, resolve
from .execution import RunReport, execute
from .field_steps import (
    AlternatingDemagnetisation,
    FieldSteps,
    LocalRampTo,
    Loop,
    RampTo,
    RotatingDemagnetisation,
    Rotation,
)
from .ice_avalanche_campaign import FieldRange, IceAvalancheCampaign, IceFit, LargeIces
from .ice_recogniser_campaign import IceMemory, IcePatterns, IceRecogniserCampaign, IceSwitching
from .protocol import CurrentPulses, FieldPulses, FieldRamp, Protocol, Relax, Rest, TemperatureRamp
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
from .synapse_campaign import Campaign, Digits, Extract, Fit
from .waveform import PiecewiseLinear

__all__ = [
    "AbstractCampaign",
    "AlternatingDemagnetisation",
    "AnyCampaign",
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
    "FieldRange",
    "FieldSteps",
    "Fit",
    "IceAvalancheCampaign",
    "IceFit",
    "IceMemory",
    "IcePatterns",
    "IceRecogniserCampaign",
    "IceSwitching",
    "LargeIces",
    "Limits",
    "LocalRampTo",
    "Loop",
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
    "TemperatureRamp",
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
