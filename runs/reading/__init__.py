"""What people already have, read lazily: OVF files, drive directories and tables of OOMMF, mumax3 and mumax+.

>>> from runs.reading import open_drive
>>> drive = open_drive("stripe/drive-0")  # doctest: +SKIP
>>> drive["M"].isel(t=-1).load()  # doctest: +SKIP

One file is opened with ``xarray.open_dataset("m0.omf", engine="ovf")``.
"""

from runs.reading.backend import OVFBackend, open_drive
from runs.reading.direction import magnetisation_direction
from runs.reading.ovf_error import OVFError
from runs.reading.tables import open_table

__all__ = ["OVFBackend", "OVFError", "magnetisation_direction", "open_drive", "open_table"]
