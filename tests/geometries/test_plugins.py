"""What another package adds: a device of its own, found by its kind, and what can be wrong with it."""

import pytest
from announced import announce
from pydantic import TypeAdapter, ValidationError

from geometries import Stripe, device_class, get_material
from geometries.contract import broken_promises
from geometries.devices import DEVICES, Device
from geometries.plugins import PluginError, get_plugin, plugins

RING = '''
"""A ring of magnetic film."""

from typing import Literal

import numpy as np

from geometries import AbstractDevice
from geometries.description import PositiveLength


class Ring(AbstractDevice):
    """A flat ring, magnetised around its middle."""

    kind: Literal["ring"] = "ring"
    radius: PositiveLength
    width: PositiveLength
    thickness: PositiveLength

    def check(self):
        if self.width >= self.radius:
            raise ValueError(f"width = {self.width:g} m closes the hole; make it less than radius")

    @classmethod
    def example(cls):
        return cls(radius=100e-9, width=40e-9, thickness=4e-9, cell=(5e-9, 5e-9, 4e-9))

    @property
    def shape(self):
        across = (round(2 * self.radius / step) for step in self.cell[:2])
        return *across, round(self.thickness / self.cell[2])

    def _from_the_middle(self):
        x, y, _ = self.cell_centres()
        east, north = np.meshgrid(x - self.radius, y - self.radius, indexing="ij")
        return east, north, np.hypot(east, north)

    def mask(self):
        _, _, distance = self._from_the_middle()
        inside = (distance <= self.radius) & (distance >= self.radius - self.width)
        return np.repeat(inside[:, :, None], self.shape[2], axis=2)

    def initial_magnetisation(self, material):
        east, north, distance = self._from_the_middle()
        around = np.stack([-north, east, np.zeros_like(east)], axis=-1) / distance[..., None]
        return np.where(self.mask()[..., None], around[:, :, None, :], np.nan)
'''
BARE = """

class Bare(AbstractDevice):
    kind: Literal["wrong"] = "wrong"

    @property
    def shape(self):
        return 1, 1, 1

    @classmethod
    def example(cls):
        return cls(cell=(5e-9, 5e-9, 4e-9))
"""
DESCRIBED = {"kind": "ring", "radius": "100 nm", "width": "40 nm", "thickness": "4 nm", "cell": ["5 nm"] * 2 + ["4 nm"]}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a package with entry points where Python finds it, as an installer does."""

    def put(package, points, source):
        site = tmp_path / package
        announce(site, package, {DEVICES: points})
        (site / f"{package}.py").write_text(source)
        monkeypatch.syspath_prepend(str(site))

    return put


def test_a_ring_of_another_package_is_a_device(install):
    assert len(RING.strip().splitlines()) < 80
    install("scratch_ring", {"ring": "scratch_ring:Ring"}, RING)
    adapter = TypeAdapter(Device)
    ring = adapter.validate_python(DESCRIBED)
    assert type(ring) is device_class("ring")
    assert adapter.validate_json(adapter.dump_json(ring)) == ring
    assert broken_promises(ring) == []
    assert str(ring) == (
        "ring 200 nm x 200 nm x 4 nm, 40 x 40 x 1 cells of 5 nm x 5 nm x 4 nm, radius: 100 nm, width: 40 nm, "
        "thickness: 4 nm"
    )
    narrow = adapter.validate_python(DESCRIBED | {"width": "30 nm"})
    assert set(narrow.rows()) - set(ring.rows()) == {("width", "30 nm")}
    area = ring.mask().sum() * 25e-18
    assert area == pytest.approx(3.14159 * (100e-9**2 - 60e-9**2), rel=0.02)
    assert ring.saturation_magnetisation(get_material("permalloy")).max() == 8e5
    # No current flows in it that its description does not have.
    assert ring.terminals == ()
    # Its faults are told as those of our own.
    with pytest.raises(ValidationError, match="closes the hole"):
        adapter.validate_python(DESCRIBED | {"width": "100 nm"})
    with pytest.raises(ValidationError, match=r"unknown key 'widht' in Ring; did you mean 'width'\?"):
        adapter.validate_python(DESCRIBED | {"widht": "40 nm"})


def test_a_device_says_its_kind_or_is_a_stripe():
    adapter = TypeAdapter(Device)
    stripe = {"length": "64 nm", "width": "64 nm", "thickness": "1 nm", "cell": ["4 nm", "4 nm", "1 nm"]}
    assert adapter.validate_python(stripe) == Stripe(**stripe)
    with pytest.raises(
        ValidationError, match=r"'strip' is no kind of device; did you mean 'stripe'\? There are .*, stripe"
    ):
        adapter.validate_python(stripe | {"kind": "strip"})
    with pytest.raises(
        ValidationError,
        match=r"'tube' is no kind of device; there are .*, stripe, waveguide; for another",
    ):
        adapter.validate_python(stripe | {"kind": "tube"})
    with pytest.raises(ValidationError, match="3 is no device; give one, or a table with its kind"):
        adapter.validate_python(3)
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(stripe | {"cell": ["4 nm", "4 A", "1 nm"]})
    assert refused.value.errors()[0]["loc"] == ("cell", 1)


def test_a_package_that_cannot_be_imported_is_named_and_stops_no_other(install):
    install("scratch_broken", {"broken": "scratch_broken:Device"}, "import a_module_that_nobody_has")
    assert {"broken", "stripe", "spin_ice"} <= set(plugins(DEVICES))
    assert device_class("stripe") is Stripe
    message = (
        "'broken' in the group 'geometries.devices', scratch_broken:Device of the package scratch_broken 1.0, cannot "
        "be imported: ModuleNotFoundError: No module named 'a_module_that_nobody_has'; mend the package, or uninstall"
    )
    with pytest.raises(PluginError, match=message):
        device_class("broken")


def test_two_packages_that_claim_one_name_are_refused(install):
    install("scratch_one", {"ring": "scratch_one:Ring"}, RING)
    install("scratch_two", {"ring": "scratch_two:Ring"}, RING)
    with pytest.raises(PluginError, match=r"'ring' .* is claimed by scratch_two 1.0 and by scratch_one 1.0; uninstall"):
        device_class("ring")
    assert device_class("stripe") is Stripe
    install("scratch_thief", {"stripe": "scratch_thief:Ring"}, RING)
    with pytest.raises(PluginError, match=r"claimed by scratch_thief 1.0 and by soliton-workbench"):
        device_class("stripe")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "scratch_wrong:np",
            "'wrong' of the package scratch_wrong 1.0 is .*, no subclass of geometries.AbstractDevice",
        ),
        ("scratch_wrong:Ring", "is Ring, whose kind is 'ring'; give the class the name of its entry point as kind"),
        (
            "scratch_wrong:Bare",
            "is Bare, which lacks initial_magnetisation, mask; give the class all that a family has",
        ),
        ("scratch_wrong:Rong", "cannot be imported: AttributeError"),
    ],
)
def test_an_entry_point_that_is_no_device(install, value, message):
    install("scratch_wrong", {"wrong": value}, RING + BARE)
    with pytest.raises(PluginError, match=message):
        device_class("wrong")


def test_a_group_that_is_empty_says_that_metadata_are_missing():
    with pytest.raises(PluginError, match=r"'no.group', not even the workbench itself.*`pip install -e \.`"):
        plugins("no.group")


def test_listing_imports_nothing(install):
    install("scratch_lazy", {"lazy": "scratch_lazy:Device"}, "raise SystemExit('imported')")
    assert get_plugin(DEVICES, "lazy", "kind of device").packages == ("scratch_lazy 1.0",)
