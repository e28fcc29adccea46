"""Lazy reading of existing data: OVF files, drive directories and tables of OOMMF, mumax3 and mumax+.

>>> from runs.reading import open_drive
>>> drive = open_drive("stripe/drive-0")  # doctest: +SKIP
>>> drive["M"].isel(t=-1).load()  # doctest: +SKIP

One file is opened with ``xarray.open_dataset("m0.omf", engine="ovf")``.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
