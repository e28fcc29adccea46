"""Trajectories of skyrmions that the native engine has computed, from `tests/solitons/skyrmions/data` (its README)."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from geometries import Material
from runs.waveforms.waveform import PiecewiseLinear
from solitons.skyrmions import fit_thiele
from solitons.skyrmions.bends import Bends
from solitons.skyrmions.judgement import about_errors, about_parameters
from solitons.skyrmions.model_limits import about_motion
from solitons.skyrmions.near_edge import edge_force_from, near_edge_from
from solitons.skyrmions.texture_tensors import TextureTensors
from solitons.skyrmions.thiele import thiele_from_texture
from solitons.skyrmions.trajectory import SkyrmionTrajectory

DATA = Path(__file__).parents[1] / "solitons" / "skyrmions" / "data"
COBALT = Material(name="film", Ms=5.8e5, A=15e-12, Ku=8e5, D=3.2e-3, alpha=0.3, spin_hall_angle=0.1)
OTHER = Material(name="other", Ms=8e5, A=12e-12, Ku=9e5, D=2.7e-3, alpha=0.15, P=0.5, beta=0.05)


def _stored(file, name):
    with np.load(DATA / f"{file}.npz") as data:
        return {
            key.removeprefix(f"{name}_"): data[key].astype(float) for key in data.files if key.startswith(f"{name}_")
        }


def _tensors(of):
    tensors = of["tensors"]
    return TextureTensors(float(tensors[0]), *(part.reshape(2, -1) for part in np.split(tensors[1:], [4, 10, 14])))


def _bends(numbers):
    begin, curvature = np.split(numbers[:-2], 2)
    return Bends(begin, curvature, *numbers[-2:])


def runs_of(name, file="driven_tracks"):
    """The runs of one device; of a run that is shorter than others NaN is left out."""
    of = _stored(file, name)
    own = {
        "tensors": _tensors(of),
        "texture": of["texture"] / 32767 if "texture" in of else None,
        "wall_width": float(of["size"][1]) if "size" in of else None,
    }
    begin = 0.0 if name == "other2" else 0.2e-9
    return [
        SkyrmionTrajectory(
            run_id=f"{current:.3g}",
            time=of["time"],
            position=of["position"][index],
            current_density=PiecewiseLinear((0.0, begin, begin, 9e-9), (0.0, 0.0, current, current)),
            edges=tuple(of["edges"]),
            at_end=bool(of["at_end"][index]),
            bends=_bends(of["bends"]) if "bends" in of else None,
            **own,
            **{each: of[each][index] for each in ("dissipation", "spin_orbit", "radius", "outline")},
        )
        for index, current in enumerate(of["current"])
    ]


def fitted(name, held_out, fitted_below=np.inf, material=COBALT, torque="spin-orbit"):
    """Fit the runs in which the skyrmion stays, with the run of the strongest current among those that are fitted."""
    runs = runs_of(name)
    kept = [run for run in runs if not run.expelled and abs(run.current) < fitted_below]
    trained = [run for run in kept if run.current not in held_out]
    free = thiele_from_texture(trained[0].tensors, material, 1e-9, (torque,), near_edge=near_edge_from(trained))
    start = replace(free, force=edge_force_from(free, trained))
    fit = fit_thiele(kept, start, held_out=[run.run_id for run in kept if run.current in held_out])
    reasons = [*about_errors(fit, kept, 2.5e-9), *about_motion(kept, 2.5e-9), *about_parameters(fit)]
    # What was said of a run is its own: others may have left.
    return runs, fit, {each.code: each.weight for each in reasons}


def rows_of(name):
    """Runs of several skyrmions, "apart" or "train": trajectories of each run, tensors of one, its radius and width."""
    of = _stored("pairs", name)
    texture, width = _tensors(of), float(of["size"][1])
    runs = [
        tuple(
            SkyrmionTrajectory(
                run_id=f"run {index}",
                skyrmion=number,
                time=of["time"],
                position=position,
                current_density=PiecewiseLinear((0.0, 0.2e-9, 0.2e-9, 9e-9), (0.0, 0.0, current, current)),
                edges=tuple(of["edges"]),
                tensors=texture,
                wall_width=width,
                **{each: of[each][index, number] for each in ("dissipation", "spin_orbit", "radius", "outline")},
            )
            for number, position in enumerate(positions)
            if np.isfinite(position[0]).all()
        )
        for index, (current, positions) in enumerate(zip(of["current"], of["position"], strict=True))
    ]
    return runs, texture, tuple(of["size"])
