"""The promises of a device, checked: for our families, and for those that a package adds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geometries.device import AbstractDevice
from geometries.devices import device_class
from geometries.materials import Material
from geometries.parts import BODY

__all__ = ["broken_promises"]

_FILM = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1)


def broken_promises(device: AbstractDevice, material: Material = _FILM) -> list[str]:
    """Check what runs, analysis and reports rely on in every device.

    Parameters
    ----------
    device : AbstractDevice
        An example of a registered family, such as what its `example` gives.
    material : Material
        Material of the device.

    Returns
    -------
    list of str
        A sentence for each promise that is broken; empty if all are kept.

    Examples
    --------
    >>> from geometries import Stripe
    >>> broken_promises(Stripe.example())
    []
    """
    return [said for said, kept in [*_cells(device, material), *_data(device), *_parts(device, material)] if not kept]


Promises = Iterator[tuple[str, bool]]


def _cells(device: AbstractDevice, material: Material) -> Promises:
    mask, labels, mesh = device.mask(), device.labels(), device.mesh()
    shape, m = device.shape, device.initial_magnetisation(material)
    yield "shape is that of the mesh", tuple(mesh.n) == shape
    yield "the corner of the mesh is at the origin", not np.any(mesh.region.pmin)
    yield "the far corner of the mesh is extent", np.allclose(mesh.region.pmax, device.extent, rtol=1e-12, atol=0)
    yield "the mesh has cells of the size of cell", np.allclose(mesh.cell, device.cell, rtol=1e-5, atol=0)
    yield (
        "cell_centres are those of the mesh",
        all(
            np.allclose(ours, theirs, rtol=1e-9, atol=0)
            for ours, theirs in zip(device.cell_centres(), mesh.cells, strict=True)
        ),
    )
    yield "mask is bool, of shape (nx, ny, nz)", mask.shape == shape and mask.dtype == np.bool_
    yield "mask has magnet", bool(mask.any())
    yield "labels are whole numbers with dims x, y, z", labels.dims == ("x", "y", "z") and labels.dtype.kind == "i"
    yield "labels are 0 outside the magnet and nowhere in it", np.array_equal(labels.values != 0, mask)
    values = device.saturation_magnetisation(material)
    yield "the saturation magnetisation is above 0 in the magnet, 0 outside", np.array_equal(values > 0, mask)
    yield "the initial magnetisation has shape (nx, ny, nz, 3)", m.shape == (*shape, 3)
    yield "it is NaN outside the magnet", bool(np.isnan(m[~mask]).all())
    yield "it is of unit length inside", np.allclose(np.linalg.norm(m[mask], axis=-1), 1)
    yield "it is the same each time", np.array_equal(m, device.initial_magnetisation(material), equal_nan=True)
    factor, axes = device.relative_anisotropy(), device.easy_axes((0.0, 0.0, 1.0))
    yield (
        "relative_anisotropy is None, or finite and of shape (nx, ny, nz)",
        factor is None or (factor.shape == shape and bool(np.isfinite(factor).all())),
    )
    yield (
        "easy_axes is None, or unit vectors of shape (nx, ny, nz, 3)",
        axes is None or (axes.shape == (*shape, 3) and np.allclose(np.linalg.norm(axes, axis=-1), 1)),
    )
    damping = device.local_damping(material)
    yield (
        "local_damping is None, or above 0 in the magnet and of shape (nx, ny, nz)",
        damping is None or (damping.shape == shape and bool((damping[mask] > 0).all())),
    )
    paths = device.current_paths()
    yield (
        "current_paths is None, or finite and of shape (nx, ny, 2), and nowhere 0 in the magnet",
        paths is None
        or (
            paths.shape == (*shape[:2], 2)
            and bool(np.isfinite(paths).all())
            and bool(np.any(paths[mask.any(axis=2)] != 0, axis=-1).all())
        ),
    )
    bias = device.bias_field()
    yield (
        "bias_field is None, or finite and of shape (nx, ny, nz, 3)",
        bias is None or (bias.shape == (*shape, 3) and bool(np.isfinite(bias).all())),
    )
    try:
        window = device.window_mask()
    except ValueError:
        return
    yield (
        "window_mask is magnet, of shape (nx, ny)",
        window.shape == shape[:2] and not np.any(window & ~mask.any(axis=2)),
    )


def _data(device: AbstractDevice) -> Promises:
    family = type(device)
    yield "its kind is that of its entry point", device_class(device.kind) is family
    yield "JSON in is JSON out", family.model_validate_json(device.model_dump_json()) == device
    rows = device.rows()
    yield "rows are pairs of texts, size and mesh among them", {"size", "mesh"} <= {name for name, _ in rows}
    yield "no row is empty", all(name and text for name, text in rows)
    yield "it says in a line what it is", device.mesh_text in str(device)
    html = device._repr_html_()
    yield "a notebook shows a table and a picture", "<table>" in html and "data:image/png;base64," in html
    ax = device.plot()
    yield "it is drawn in nm", (ax.get_xlabel(), ax.get_ylabel()[:6]) == ("x (nm)", "y (nm)")
    yield "its drawing has a legend", ax.get_legend() is not None


def _parts(device: AbstractDevice, material: Material) -> Promises:
    """The promises of parts and terminals, tried on a half of the device."""
    plain = type(device).model_validate({**device.model_dump(), "parts": (), "terminals": ()})
    (body,) = plain.placed_parts(material)
    yield "without parts all is body", body.name == BODY and np.array_equal(body.cells, plain.mask())
    yield "without parts the material is the run's", body.material == material
    middle = plain.cell_centres()[0][np.flatnonzero(plain.mask().any(axis=(1, 2)))].mean()
    half = {"name": "half", "x": (0.0, float(middle))}
    terminals = [half | {"kind": "in_plane", "name": "gate"}]
    cut = type(device).model_validate(
        {**plain.model_dump(), "parts": [half | {"Ms": material.Ms / 2}], "terminals": terminals}
    )
    body, part = cut.placed_parts(material)
    yield "body and parts share no cell and are the mask", np.array_equal(body.cells ^ part.cells, plain.mask())
    before, after = plain.saturation_magnetisation(material), cut.saturation_magnetisation(material)
    yield (
        "the saturation magnetisation follows the parts",
        np.array_equal(after[body.cells], before[body.cells])
        and np.allclose(after[part.cells], before[part.cells] / 2, rtol=1e-12),
    )
    yield "a terminal has the cells of its region", np.array_equal(cut.terminal("gate").cells(cut), part.cells)
    yield "parts and terminals are in the rows", {"part half", "terminal gate"} <= {name for name, _ in cut.rows()}
    yield "parts and terminals are in JSON", type(device).model_validate_json(cut.model_dump_json()) == cut
