"""Links and events of `find_skyrmions` beside trackpy's, on films of skyrmions whose way and fate are known.

    pip install trackpy looseversion; python benchmarks/skyrmions_against_trackpy.py [--seeds 6 7]

trackpy (D. Allan et al., BSD) is no dependency. It gets (1 - m_z) / 2 as pictures, and of several diameters, search
ranges and memories those that are best for it on each film, which a user could not know; `find_skyrmions` gets no
parameter. The films are those of `tests/analysis/skyrmions/crowds.py`: 50 skyrmions that drift, diffuse, pass within
2.2 radii, appear, vanish, leave and come in. An event here is an end or a beginning of a trajectory, at the right time
and place: trackpy has no kinds of events. False ones are those that the film does not have.

On hot films (`hot_film`) both are asked for the switches of identity, the trajectories (there are 16), and whether a
trajectory begins or ends where nothing did. There trackpy's pictures are blurred first (Gauss, sigma of a third of the
radius), and its diameter, range and memory follow from the radius, which it is told.
"""

import argparse
import itertools
import sys
import time
from pathlib import Path

import numpy as np
import xarray as xr

sys.path.append(str(Path(__file__).parents[1] / "tests" / "analysis" / "skyrmions"))

from crowds import CELL, RADIUS, crowd, hot_film, right_events, right_links, switches

FILMS = {
    "drift": {},
    "diffusion": {"step": 0.0, "noise": 6e-9},
    "passing within 2.05 radii": {"closest": 2.05},
    "14 nm a frame": {"step": 14e-9},
}
DIAMETERS, RANGES, MEMORIES = (5, 7, 9, 11), (4, 6, 8, 10, 12), (0, 1, 2, 3, 5)
BEGINS = ("creation", "entering", "splitting", "closing")


def kinds_removed(found, happened):
    """Both with beginnings and ends only."""
    simple = found.assign(
        event_kind=(found.event_kind.dims, np.where(np.isin(found.event_kind.values, BEGINS), "begin", "end"))
    )
    return simple, [("begin" if event[0] in BEGINS else "end", *event[1:]) for event in happened]


def tables(links, frames):
    """A table of trackpy as places over (t, skyrmion), and the beginnings and ends of its trajectories."""
    names = {name: index for index, name in enumerate(sorted(links.particle.unique()))}
    x, y = np.full((2, frames, len(names)), np.nan)
    rows, columns = links.frame.to_numpy(), [names[name] for name in links.particle]
    x[rows, columns], y[rows, columns] = ((links[axis].to_numpy() + 0.5) * CELL for axis in ("x", "y"))
    events = []
    for index in range(len(names)):
        seen = np.flatnonzero(np.isfinite(x[:, index]))
        first, last = int(seen[0]), int(seen[-1])
        if first > 0:
            events.append(("begin", first, x[first, index], y[first, index]))
        if last < frames - 1:
            events.append(("end", last + 1, x[last, index], y[last, index]))
    columns = list(zip(*events, strict=True)) if events else [[], [], [], []]
    return xr.Dataset(
        {"x": (("t", "skyrmion"), x), "y": (("t", "skyrmion"), y)}
        | {
            f"event_{name}": ("event", np.array(each))
            for name, each in zip(("kind", "frame", "x", "y"), columns, strict=True)
        }
    )


def score(found, truth, happened):
    """Shares of right links and right events, and false events over those that there were."""
    right, links = right_links(found, truth)
    events, there, extra = right_events(found, happened)
    return right / links, events / there, len(extra) / there


def by_trackpy(run, truth, happened):
    """The best scores over all parameters."""
    import trackpy

    trackpy.quiet()
    # Pictures as trackpy has them: rows are y.
    pictures = np.moveaxis((1 - run.m.values[:, :, :, 0, 2]) / 2, 1, 2)
    scores = []
    for diameter in DIAMETERS:
        places = trackpy.batch(list(pictures), diameter, minmass=2.0, preprocess=False, processes=1)
        for reach, memory in itertools.product(RANGES, MEMORIES):
            try:
                links = trackpy.link(places, reach, memory=memory)
            except trackpy.SubnetOversizeException:
                continue
            scores.append((*score(tables(links, len(pictures)), truth, happened), (diameter, reach, memory)))
    return max(scores, key=lambda each: each[0] + each[1] - each[2])


def blurred_trackpy(run, radius):
    """Trajectories of trackpy after a blur, of skyrmions with a radius in cells."""
    import trackpy
    from scipy import ndimage

    trackpy.quiet()
    pictures = np.moveaxis((1 - run.m.values[:, :, :, 0, 2]) / 2, 1, 2)
    pictures = ndimage.gaussian_filter(pictures, (0, radius / 3, radius / 3))
    # Half the mass of a disc: less is what heat leaves after the blur.
    size = 2 * round(radius) + 1
    mass = 0.5 * np.pi * radius**2
    places = trackpy.batch(list(pictures), size, minmass=mass, separation=1.5 * radius, preprocess=False, processes=1)
    return tables(trackpy.link(places, radius, memory=1), len(pictures))


def hot(radius, noise, closest, seed):
    """Switches, trajectories, and beginnings and ends too many or too few, of both."""
    from analysis import find_skyrmions

    run, truth, happened = hot_film(seed, radius, noise=noise, closest=closest)
    plain = sorted("begin" if kind in BEGINS else "end" for kind in happened)
    answers = []
    for found in (kinds_removed(find_skyrmions(run), [])[0], blurred_trackpy(run, radius)):
        there = sorted(str(kind) for kind in found.event_kind.values)
        wrong = sum(abs(there.count(kind) - plain.count(kind)) for kind in ("begin", "end"))
        missed = switches(found, truth, within=radius * CELL / 2)
        answers.append(f"{missed} {found.sizes['skyrmion']} {wrong}")
    print(f"R {radius} cells, noise {noise}, closest {closest} R, {seed}: {' | '.join(answers)}", flush=True)


def main():
    from analysis import find_skyrmions

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[6])
    chosen = parser.parse_args()
    print(
        "film, seed: right links, right events, false events; find_skyrmions | trackpy (diameter, range, memory in px)"
    )
    for (name, how), seed in itertools.product(FILMS.items(), chosen.seeds):
        run, truth, happened = crowd(seed, **how)
        begin = time.perf_counter()
        found = find_skyrmions(run)
        seconds = time.perf_counter() - begin
        simple, plain = kinds_removed(found, happened)
        *ours, (right, there, _) = *score(simple, truth, plain), right_events(found, happened)
        *theirs, parameters = by_trackpy(run, truth, plain)
        numbers = " | ".join(" ".join(f"{each:7.2%}" for each in shares) for shares in (ours, theirs))
        print(f"{name}, {seed}: {numbers} {parameters}; with kinds {right} of {there}, {seconds:.1f} s", flush=True)
    print(f"radius {RADIUS / CELL:g} px")
    print("hot film, seed: switches, trajectories of 16, wrong ends; find_skyrmions | trackpy after a blur")
    for radius, noise, closest, seed in itertools.product((5, 9, 15), (0.12, 0.3), (2.2, 2.5), chosen.seeds):
        hot(radius, noise, closest, seed)


if __name__ == "__main__":
    main()
