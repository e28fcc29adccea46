from .film_waves import FilmWaves
from .guided_wave import GuidedWave, fit_guided_wave

__all__ = ["FilmWaves", "GuidedWave", "fit_guided_wave"]
