"""Standard problems of devices that compute: ubermag scripts, reference solutions of two engines, and a comparison.

Each problem is a folder beside this file: `script.py` computes it with ubermag alone, by whatever calculator has
ubermag's drivers; `problem.yaml` says what is reported and to what tolerance, and why; `oommf.csv` and `native.csv` are
the reference solutions, `reference.nc` both of them with units, `meshes.csv` solutions in other cells, `model.csv` the
answer of a reduced model or a closed form (`solitons.problems.reduced`), `SHA256SUMS` the hashes of these files, and
`page.md` the page of the book.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
