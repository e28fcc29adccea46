from .film_waves import FilmWaves

__all__ = ["FilmWaves"]
