"""What moved in a run: observables from magnetisation.

A run's Dataset goes in, a small labelled Dataset of an observable comes out;
`analysis.schema` says what each must look like. Inside, pure NumPy kernels do
the work. matplotlib is imported only by the functions that draw.
"""

from analysis import artificial
from analysis.domain_walls import walls
from analysis.readout import tunnel_junction
from analysis.schema import check_junction, check_pulses, check_run, check_walls
from analysis.wall_kernels import locate, measure
from analysis.wall_linking import link

__all__ = [
    "artificial",
    "check_junction",
    "check_pulses",
    "check_run",
    "check_walls",
    "link",
    "locate",
    "measure",
    "tunnel_junction",
    "walls",
]
