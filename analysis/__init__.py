"""What moved in a run: observables from magnetisation.

A run's Dataset goes in, a small labelled Dataset of an observable comes out;
`analysis.schema` and `ice_schema` say what each must look like. Inside, pure NumPy kernels do
the work. matplotlib is imported only by the functions that draw.
"""

from analysis import artificial
from analysis.avalanche_plots import plot_branching, plot_distribution
from analysis.domain_walls import walls
from analysis.films import film
from analysis.ice_avalanches import avalanches, first_avalanches
from analysis.ice_correlations import charge_correlation, spin_correlations
from analysis.ice_films import film_spins
from analysis.ice_plots import plot_avalanches, plot_spins
from analysis.ice_scattering import structure_factor
from analysis.ice_schema import (
    check_flips,
    check_islands,
    check_macrospins,
    check_monopoles,
    check_spins,
    check_vertices,
)
from analysis.ice_vertices import vertex_fractions, vertices
from analysis.island_chains import dirac_strings
from analysis.island_spins import flips, macrospins
from analysis.monopole_linking import monopoles
from analysis.order_plots import plot_correlations, plot_structure_factor
from analysis.plots import plot_conductance, plot_magnetisation, plot_positions
from analysis.power_laws import avalanche_distributions, fit_power_law
from analysis.pulse_trains import pulses
from analysis.readout import tunnel_junction
from analysis.schema import check_junction, check_pulses, check_run, check_walls
from analysis.wall_kernels import locate, measure
from analysis.wall_linking import link

__all__ = [
    "artificial",
    "avalanche_distributions",
    "avalanches",
    "charge_correlation",
    "check_flips",
    "check_islands",
    "check_junction",
    "check_macrospins",
    "check_monopoles",
    "check_pulses",
    "check_run",
    "check_spins",
    "check_vertices",
    "check_walls",
    "dirac_strings",
    "film",
    "film_spins",
    "first_avalanches",
    "fit_power_law",
    "flips",
    "link",
    "locate",
    "macrospins",
    "measure",
    "monopoles",
    "plot_avalanches",
    "plot_branching",
    "plot_conductance",
    "plot_correlations",
    "plot_distribution",
    "plot_magnetisation",
    "plot_positions",
    "plot_spins",
    "plot_structure_factor",
    "pulses",
    "spin_correlations",
    "structure_factor",
    "tunnel_junction",
    "vertex_fractions",
    "vertices",
    "walls",
]
