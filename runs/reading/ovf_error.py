"""Error raised if an OVF file is invalid."""


class OVFError(ValueError):
    """An OVF file that is truncated, malformed or not what was expected.

    Parameters
    ----------
    path : str
        The file.
    offset : int
        Position in it, in bytes.
    expected, found : str
        Expected and actual content.

    Examples
    --------
    >>> print(OVFError("m.ovf", 812, "5,120 numbers", "the end of the file after 3,000"))
    m.ovf: byte 812: expected 5,120 numbers, found the end of the file after 3,000
    """

    def __init__(self, path: str, offset: int, expected: str, found: str):
        super().__init__(path, offset, expected, found)
        self.path, self.offset, self.expected, self.found = path, offset, expected, found

    def __str__(self) -> str:
        return f"{self.path}: byte {self.offset}: expected {self.expected}, found {self.found}"
