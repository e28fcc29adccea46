"""Ground truth: runs whose solitons are known, of each family, and traces of known rates."""

from analysis.domain_walls.artificial import domain_walls
from analysis.junctions.artificial import telegraph_noise
from analysis.oscillators.artificial import noisy_oscillation
from analysis.skyrmions.artificial import skyrmions
from analysis.spin_ice.artificial import spin_ice

__all__ = ["domain_walls", "noisy_oscillation", "skyrmions", "spin_ice", "telegraph_noise"]
