from .coupled_guides import coupling_matrix, fit_coupling_matrix, transmission
from .film_waves import FilmWaves
from .guided_wave import GuidedWave, fit_guided_wave
from .scattering import ScatteringFilm
from .scattering_fit import fit_antenna, fit_scatterer

__all__ = [
    "FilmWaves",
    "GuidedWave",
    "ScatteringFilm",
    "coupling_matrix",
    "fit_antenna",
    "fit_coupling_matrix",
    "fit_guided_wave",
    "fit_scatterer",
    "transmission",
]
