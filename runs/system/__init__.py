"""From a `RunSpec` to a `micromagneticmodel.System`: the sum of what parts, terminals and protocol contribute."""

from runs.system.build import build_system
from runs.system.drift import drift_velocity
from runs.system.parts import MaterialMaps, material_maps

__all__ = ["MaterialMaps", "build_system", "drift_velocity", "material_maps"]
