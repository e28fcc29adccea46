from . import artificial
from .damping_heat import damping_heat
from .domain_walls.held_walls import held_wall, wall_energy_path
from .domain_walls.pulse_trains import pulses
from .domain_walls.thiele_width import thiele_width
from .domain_walls.walls import walls
from .energy_paths import energy_path
from .films import film
from .junctions.conductance import pillar_conductance
from .junctions.dwells import dwell_times
from .junctions.locking import phase_locking
from .junctions.plots import plot_dwell_times
from .junctions.rates import dwell_rates, exponential_dwells
from .junctions.resonance import signal_to_noise
from .junctions.spectra import spectrum
from .junctions.switching import switching
from .loop_plots import plot_loop
from .magnet_logic.fronts import delay
from .magnet_logic.truth_tables import truth_table
from .magnet_logic.values import logic_values
from .oscillators.injection import injection_locking, order_parameter
from .oscillators.lines import spectral_line
from .oscillators.resonances import mode_map, resonances
from .oscillators.signals import oscillation, precession
from .oscillators.vortex_core import gyration, vortex_core
from .plots import plot_conductance, plot_magnetisation, plot_positions
from .readout import tunnel_junction
from .skyrmions.finding import find_skyrmions
from .skyrmions.motion import diffusion, drift
from .skyrmions.plots import plot_skyrmions
from .skyrmions.topological_charge import topological_charge
from .spin_ice.avalanche_plots import plot_distribution
from .spin_ice.avalanches import avalanches
from .spin_ice.correlations import charge_correlation, spin_correlations
from .spin_ice.films import film_spins
from .spin_ice.island_chains import dirac_strings
from .spin_ice.island_spins import flips, macrospins
from .spin_ice.monopole_linking import monopoles
from .spin_ice.order_plots import plot_correlations, plot_structure_factor
from .spin_ice.plots import plot_avalanches, plot_spins
from .spin_ice.scattering import structure_factor
from .spin_ice.vertices import vertex_fractions, vertices
from .spin_waves.mode_profiles import mode_profile
from .spin_waves.precession import precession_map
from .spin_waves.spectra import wave_branch, wave_spectrum
from .spin_waves.steady_waves import plane_waves, port_signal, wave_at
from .spin_waves.wave_traces import packet_velocity, wave_traces
from .statistics.power_laws import fit_power_law

__all__ = [
    "artificial",
    "avalanches",
    "charge_correlation",
    "damping_heat",
    "delay",
    "diffusion",
    "dirac_strings",
    "drift",
    "dwell_rates",
    "dwell_times",
    "energy_path",
    "exponential_dwells",
    "film",
    "film_spins",
    "find_skyrmions",
    "fit_power_law",
    "flips",
    "gyration",
    "held_wall",
    "injection_locking",
    "logic_values",
    "macrospins",
    "mode_map",
    "mode_profile",
    "monopoles",
    "order_parameter",
    "oscillation",
    "packet_velocity",
    "phase_locking",
    "pillar_conductance",
    "plane_waves",
    "plot_avalanches",
    "plot_conductance",
    "plot_correlations",
    "plot_distribution",
    "plot_dwell_times",
    "plot_loop",
    "plot_magnetisation",
    "plot_positions",
    "plot_skyrmions",
    "plot_spins",
    "plot_structure_factor",
    "port_signal",
    "precession",
    "precession_map",
    "pulses",
    "resonances",
    "signal_to_noise",
    "spectral_line",
    "spectrum",
    "spin_correlations",
    "structure_factor",
    "switching",
    "thiele_width",
    "topological_charge",
    "truth_table",
    "tunnel_junction",
    "vertex_fractions",
    "vertices",
    "vortex_core",
    "wall_energy_path",
    "walls",
    "wave_at",
    "wave_branch",
    "wave_spectrum",
    "wave_traces",
]
