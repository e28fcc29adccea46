"""Small systems, and the MIF files that oommfc writes of them; OOMMF itself is not needed."""

import discretisedfield as df
import micromagneticmodel as mm
import oommfc as oc
import pytest

from runs.mif import check_mif

FAR = (20e-9, 10e-9, 4e-9)


@pytest.fixture
def make_mesh():
    """A box of 4 x 2 x 2 cells with the subregions left, right and, over both, bottom."""

    def make(**changes):
        subregions = {
            "left": df.Region(p1=(0, 0, 0), p2=(10e-9, 10e-9, 4e-9)),
            "right": df.Region(p1=(10e-9, 0, 0), p2=FAR),
            "bottom": df.Region(p1=(0, 0, 0), p2=(20e-9, 10e-9, 2e-9)),
        }
        return df.Mesh(**({"p1": (0, 0, 0), "p2": FAR, "cell": (5e-9, 5e-9, 2e-9), "subregions": subregions} | changes))

    return make


@pytest.fixture
def make_system(make_mesh):
    """A system on such a mesh; keyword arguments replace its parts."""

    def make(mesh=None, **changes):
        m = df.Field(mesh or make_mesh(), nvdim=3, value=lambda p: (1, p[0] * 1e8, 0.3), norm=8e5)
        parts = {
            "name": "device",
            "energy": mm.Exchange(A=1e-11),
            "dynamics": mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1),
            "m": m,
        }
        return mm.System(**(parts | changes))

    return make


@pytest.fixture
def write(tmp_path):
    """Let oommfc write a MIF file; returns its text and a check of this or another text."""
    count = iter(range(1_000_000))

    def write(system, driver=None, **arguments):
        driver = driver or oc.TimeDriver()
        if isinstance(driver, oc.TimeDriver):
            arguments = {"t": 4e-12, "n": 2} | arguments
        where = tmp_path / str(next(count))
        where.mkdir()
        prepared = dict(arguments)
        driver.drive_kwargs_setup(prepared)
        driver.write_mif(system, dirname=str(where), **prepared)
        text = (where / f"{system.name}.mif").read_text()

        def check(changed=text):
            check_mif(system, changed, driver, directory=where, run_id="r1", **arguments)

        check.directory = where
        return text, check

    return write
