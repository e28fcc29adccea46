"""Standard problems of devices that compute: ubermag scripts, reference solutions of two engines, and a comparison.

Each problem is a folder beside this file: `script.py` computes it with ubermag alone, by whatever calculator has
ubermag's drivers; `problem.yaml` says what is reported and to what tolerance, and why; `oommf.csv` and `native.csv` are
the reference solutions, `meshes.csv` the same in other cells, `model.csv` the answer of the reduced model or the closed form
(`solitons.problems.reduced`), `reference.nc` all of them with units, `SHA256SUMS` their hashes, `page.md` the page of
the book.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
