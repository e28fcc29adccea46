from geometries import SkyrmionTrack

NM = 1e-9


def track(**fields):
    """A straight track of 200 x 80 nm, with what is asked for."""
    plain = {
        "path": {"kind": "straight", "length": "200 nm"},
        "width": "80 nm",
        "thickness": "1 nm",
        "cell": ("2 nm", "2 nm", "1 nm"),
    }
    return SkyrmionTrack.model_validate(plain | fields)
