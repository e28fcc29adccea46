"""OOMMF's input, checked before OOMMF starts: the model that runs is the model that was asked for.

`check_mif` compares a MIF file that oommfc wrote with the `micromagneticmodel.System` that it was
written from. It goes through the system and takes what it finds out of the file; a part of the system
that is not found and a part of the file that is left over are both errors.
"""

from runs.mif.check import check_mif
from runs.mif.errors import MifSyntaxError, ModelLostError
from runs.mif.names import check_names
from runs.mif.text import Block, Mif, Procedure, parse_mif

__all__ = ["Block", "Mif", "MifSyntaxError", "ModelLostError", "Procedure", "check_mif", "check_names", "parse_mif"]
