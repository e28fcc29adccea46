from .film_waves import FilmWaves
from .guided_wave import GuidedWave, fit_guided_wave
from .scattering import ScatteringFilm
from .scattering_fit import fit_antenna, fit_scatterer

__all__ = ["FilmWaves", "GuidedWave", "ScatteringFilm", "fit_antenna", "fit_guided_wave", "fit_scatterer"]
