"""Pictures of a frame as PNG: a component of m, its direction on a colour wheel, or the charges of a spin ice."""

from __future__ import annotations

import io
from functools import cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from analysis.magnetisation_images import COLOURS, component_colours, direction_colours
from solitons.watch.open_runs import Frame, OpenRun, one_frame

__all__ = ["Component", "component_named", "frame_picture", "wheel_picture"]

Component = Literal["x", "y", "z", "direction", "vertex charge", "monopole charge"]

# Pixels along the longer side: more cells than that are thinned out, and charges are drawn on that many.
_LONGEST, _DRAWN = 1600, 1000
_CHARGES = {"vertex charge": "charge", "monopole charge": "monopole_charge"}
_PALE = 0.45
_WHEEL = 160  # px, of a disc


def component_named(name: str) -> Component:
    """Check the name of what is drawn."""
    if name not in get_args(Component):
        raise ValueError(f"component is {name!r}; it must be one of {', '.join(get_args(Component))}")
    return name  # type: ignore[return-value]


def frame_picture(run: OpenRun, m: Frame, component: Component, layer: int) -> bytes:
    """Draw a layer of a frame (x, y, z, 3), a pixel a cell, +y up; transparent outside the magnet.

    `component` gives the colour; layers of cells count from the bottom, -1 is the topmost.
    """
    top = m.shape[2] - 1
    cells = m[:, :, top if layer < 0 else min(layer, top)]
    every = -(-max(cells.shape[:2]) // _LONGEST)
    cells = cells[::every, ::every]
    if component in _CHARGES:
        return _png(_with_charges(run, m, _upright(direction_colours(cells)), _CHARGES[component]))
    if component == "direction":
        return _png(_upright(direction_colours(cells)))
    return _png(_upright(component_colours(cells[..., "xyz".index(component)])))


@cache
def wheel_picture() -> bytes:
    """Draw the colour wheel, for moments that point up (left disc) and down (right disc).

    Around a disc is the direction in the plane; from its rim to its middle moments turn out of the plane, from 0 to 90
    degrees.
    """
    place = np.linspace(-1.0, 1.0, _WHEEL)
    x, y = np.meshgrid(place, place, indexing="ij")
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    across, out = np.sin(np.pi / 2 * radius), np.cos(np.pi / 2 * radius)
    discs = []
    for sign in (1.0, -1.0):
        m = np.stack([across * np.cos(angle), across * np.sin(angle), sign * out], axis=-1)
        m[radius > 1] = np.nan
        discs.append(direction_colours(m))
    gap = np.zeros((_WHEEL // 8, _WHEEL, 4), dtype=np.uint8)
    return _png(_upright(np.concatenate([discs[0], gap, discs[1]])))


def _upright(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """From (x, y) to rows from the top."""
    return np.ascontiguousarray(colours.transpose(1, 0, 2)[::-1])


def _with_charges(run: OpenRun, m: Frame, image: npt.NDArray[np.uint8], charge: str) -> npt.NDArray[np.uint8]:
    """Draw the vertices' charges as discs over a pale image, their area in proportion."""
    import xarray as xr
    from PIL import Image, ImageDraw

    from analysis import macrospins, vertices
    from geometries import SpinIce

    assert run.spec is not None
    device = run.spec.device
    if not isinstance(device, SpinIce):
        raise ValueError(f"charges of vertices are those of a spin ice, and the device is a {device.kind}")
    islands = device.islands(run.spec.material)
    spin: xr.DataArray = macrospins(one_frame(run, m), islands, device.labels())["spin"][0]
    found = vertices(spin, islands)
    larger = max(1, _DRAWN // max(image.shape[:2]))
    pale = image.copy()
    pale[..., 3] = (_PALE * pale[..., 3]).astype(np.uint8)
    drawn = Image.fromarray(pale).resize((image.shape[1] * larger, image.shape[0] * larger), Image.Resampling.NEAREST)
    places = islands["vertex_position"].values / device.extent[:2] * drawn.size
    unit = 0.16 * np.sqrt(drawn.size[0] * drawn.size[1] / max(1, len(places)))
    pen = ImageDraw.Draw(drawn)
    for (x, y), amount in zip(places, found[charge].values.astype(float), strict=True):
        if amount:
            radius, height = unit * np.sqrt(abs(amount) / 2), drawn.size[1]
            box = [x - radius, height - y - radius, x + radius, height - y + radius]
            pen.ellipse(box, fill=COLOURS[1] if amount > 0 else COLOURS[0])
    return np.asarray(drawn)


def _png(image: npt.NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG", compress_level=3)
    return buffer.getvalue()
