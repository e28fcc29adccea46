"""The claims of a publication computed by shipped campaigns, and put beside what was published.

A plan is a YAML file beside this one: claims, published numbers, and which headline of which campaign stands beside
each.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
