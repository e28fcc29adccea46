"""Ground truth: runs whose solitons are known, of each family."""

from analysis.domain_walls.artificial import domain_walls
from analysis.skyrmions.artificial import skyrmions
from analysis.spin_ice.artificial import spin_ice

__all__ = ["domain_walls", "skyrmions", "spin_ice"]
