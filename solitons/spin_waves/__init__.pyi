from .coupled_guides import coupled_guides, fit_coupled_guides, transmission
from .film_waves import FilmWaves
from .guided_wave import GuidedWave, fit_guided_wave
from .scattering import ScatteringFilm
from .scattering_fit import fit_antenna, fit_scatterer

__all__ = [
    "FilmWaves",
    "GuidedWave",
    "ScatteringFilm",
    "coupled_guides",
    "fit_antenna",
    "fit_coupled_guides",
    "fit_guided_wave",
    "fit_scatterer",
    "transmission",
]
