"""From a `RunSpec` to a `micromagneticmodel.System`: the sum of what parts, terminals and protocol contribute."""

from runs.system.build import build_system
from runs.system.drift import drift_velocity

__all__ = ["build_system", "drift_velocity"]
