"""A writer of OVF files in every form that there is, and drives made with it."""

import json
import pathlib
import struct
from dataclasses import dataclass, field

import micromagneticdata
import numpy as np
import pytest

FIRST_LINES = {1: "# OOMMF: {} mesh v1.0", 2: "# OOMMF OVF 2.0"}
MUMAX_DESCRIPTION = "Total simulation time:  {}  s"
OOMMF_DESCRIPTION = (
    "Oxs vector field output\n Iteration: {iteration}, State id: 853\n Stage: {stage}, Stage iteration: 7\n"
    " Stage simulation time: 1e-12 s\n Total simulation time: {time} s"
)


@dataclass
class File:
    """What to write. `values` are (x, y, z, components), or (points, components) with `points` (points, 3)."""

    values: np.ndarray
    points: np.ndarray | None = None
    base: tuple[float, float, float] = (1.0, 2.0, 3.0)
    step: tuple[float, float, float] = (0.5, 0.25, 2.0)
    version: int = 2
    representation: str = "Binary 8"
    order: str = "<"
    newline: str = "\n"
    title: str = "Oxs_TimeDriver::Magnetization"
    description: str = ""
    mesh_unit: str = "nm"
    labels: str | None = "Magnetization_x Magnetization_y Magnetization_z"
    units: str | None = "A/m A/m A/m"
    multiplier: float | None = None
    break_before_end: bool = True
    extra: list[str] = field(default_factory=list)

    def segment(self) -> bytes:
        kind = "rectangular" if self.points is None else "irregular"
        lines = ["Begin: Segment", "Begin: Header", "", f"Title: {self.title}"]
        lines += [f"Desc: {line}" for line in self.description.split("\n") if line]
        lines += ["# a comment: of two hashes", f"meshunit: {self.mesh_unit}  ## a label", f"meshtype: {kind}"]
        if self.points is None:
            numbers = zip("xyz", self.base, self.step, self.values.shape[:3], strict=True)
            for axis, base, step, nodes in numbers:
                lines += [f"{axis}base: {base!r}", f"{axis}stepsize: {step!r}", f"{axis}nodes: {nodes}"]
                box = sorted([base - step / 2, base + (nodes - 0.5) * step])
                lines += [f"{axis}{end}: {edge!r}" for end, edge in zip(("min", "max"), box, strict=True)]
        else:
            lines += [f"pointcount: {len(self.points)}"]
            lines += [f"{axis}{end}: {index}" for axis in "xyz" for index, end in enumerate(("min", "max"))]
        if self.version == 2:
            lines += [f"valuedim: {self.values.shape[-1]}"]
            lines += [f"valuelabels: {self.labels}"] if self.labels is not None else []
            lines += [f"valueunits: {self.units}"] if self.units is not None else []
        else:
            lines += [f"valueunit: {self.units}"] if self.units is not None else []
            lines += [f"valuemultiplier: {self.multiplier!r}"] if self.multiplier is not None else []
            lines += ["ValueRangeMaxMag: 1.", "ValueRangeMinMag: 1e-8"]
        lines += [*self.extra, "End: Header", f"Begin: Data {self.representation}"]
        head = "".join(f"# {line}{self.newline}" for line in lines).encode()
        end = f"# End: Data {self.representation}{self.newline}# End: Segment{self.newline}".encode()
        return head + self.data() + (self.newline.encode() if self.break_before_end else b"") + end

    def data(self) -> bytes:
        if self.points is None:
            records = self.values.transpose(2, 1, 0, 3).reshape(-1, self.values.shape[-1])
        else:
            records = np.concatenate([self.points, self.values], axis=1)
        if self.representation == "Text":
            return self.newline.join(" ".join(repr(float(one)) for one in row) for row in records).encode()
        letter, check = {"4": ("f", 1234567.0), "8": ("d", 123456789012345.0)}[self.representation[-1]]
        return struct.pack(f"{self.order}{1 + records.size}{letter}", check, *records.ravel().tolist())

    def content(self) -> bytes:
        kind = "rectangular" if self.points is None else "irregular"
        return self.prefix(kind, 1) + self.segment()

    def prefix(self, kind: str, segments: int) -> bytes:
        return (
            f"{FIRST_LINES[self.version].format(kind)}{self.newline}# Segment count: {segments}{self.newline}".encode()
        )

    def write(self, path: pathlib.Path) -> pathlib.Path:
        path.write_bytes(self.content())
        return path


@pytest.fixture
def values():
    return np.random.default_rng(1).normal(size=(4, 3, 2, 3)).astype(np.float32).astype(np.float64)


ODT_HEAD = (
    "# ODT 1.0\n# Table Start\n# Title: a drive\n# Columns: {Oxs_RungeKuttaEvolve:evolver:Total energy} "
    "Oxs_TimeDriver::Iteration Oxs_TimeDriver::Stage Oxs_TimeDriver::mx {Oxs_TimeDriver::Simulation time}\n"
    "# Units: J {} {} {} s\n"
)


def write_oommf_drive(directory, frames, *, table=True, representation="Binary 8", information=None, **parts):
    """Write a drive as oommfc does: frame i is stage i, iteration 10 i + 10, at (i + 1) 1e-12 s; E = i and mx = -i."""
    directory.mkdir()
    (directory / "info.json").write_text(json.dumps(information or {"driver": "TimeDriver", "n": len(frames)}))
    for index, values in enumerate(frames):
        numbers = {"stage": index, "iteration": 10 * index + 10, "time": repr((index + 1) * 1e-12)}
        file = File(values, representation=representation, description=OOMMF_DESCRIPTION.format(**numbers), **parts)
        # OOMMF gives the stage as many digits as the last one has, so a run that goes on has more.
        name = f"a-Oxs_TimeDriver-Magnetization-{index:02d}-{numbers['iteration']:07d}.omf"
        file.write(directory / name)
    if table:
        rows = [
            f" {index} {10 * index + 10} {index} {-index} {(index + 1) * 1e-12!r}\n" for index in range(len(frames))
        ]
        (directory / "a.odt").write_text(ODT_HEAD + "".join(rows) + "# Table End\n")
    return directory


def write_mumax_drive(directory, times, rows):
    """Write <name>.out of mumax3: frame i holds i, at times[i]; the table has rows of time and mx."""
    directory.mkdir(parents=True)
    for index, time in enumerate(times):
        File(
            np.full((2, 2, 1, 3), float(index)),
            representation="Binary 4",
            title="m",
            labels="m_x m_y m_z",
            units="1 1 1",
            mesh_unit="m",
            base=(0.5, 0.5, 0.5),
            step=(1.0, 1.0, 1.0),
            description=MUMAX_DESCRIPTION.format(time),
            break_before_end=False,
        ).write(directory / f"m{index:06d}.ovf")
    lines = ["# t (s)\tmx ()\tE_total (J)\n", *(f"{time}\t{mx}\t-1e-18\n" for time, mx in rows)]
    (directory / "table.txt").write_text("".join(lines))
    return directory


@pytest.fixture(scope="session")
def ovf_file():
    return File


@pytest.fixture(scope="session")
def oommf_description():
    return OOMMF_DESCRIPTION.format


@pytest.fixture(scope="session")
def mumax_description():
    return MUMAX_DESCRIPTION.format


@pytest.fixture(scope="session")
def odt_head():
    return ODT_HEAD


@pytest.fixture(scope="session")
def oommf_drive():
    return write_oommf_drive


@pytest.fixture(scope="session")
def mumax_drive():
    return write_mumax_drive


@pytest.fixture(scope="session")
def samples():
    """Drives that mumax3 and OOMMF wrote, which come with micromagneticdata."""
    return pathlib.Path(micromagneticdata.__file__).parent / "tests" / "test_sample"


@pytest.fixture(scope="session")
def bytes_read():
    """A function that says how many bytes this process has asked the system to read."""
    counters = pathlib.Path("/proc/self/io")
    if not counters.exists():
        pytest.skip("this system does not count what a process reads")
    return lambda: int(counters.read_text().split()[1])
