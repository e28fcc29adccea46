"""How much faster Thiele's equation follows skyrmions than the native engine follows their magnetisation.

    python benchmarks/skyrmion_tracks.py [--threads 1] [--tracks 1000] [--micromagnetic 0.4] [--reduced 10]

One process, on as many cores as threads. The native engine drives the skyrmion of the shipped campaign `skyrmion_track`
(280 x 60 x 1 nm in cells of 2.5 x 2.5 x 1 nm) by 0.4e12 A/m2 for `micromagnetic` ns, a state each 50 ps; the second
of two runs counts, since the first compiles. Thiele's equation with the forces of edges follows the same skyrmion: one
track at 0 K, and `tracks` in one batch at 300 K, for `reduced` ns in steps of 10 ps; and rows of four skyrmions that
push each other. Seconds are those of whole calls, with cutting the drive into steps, for a nanosecond of one skyrmion.
"""

import argparse
import os
import pathlib
import time


def fastest(function, repeat=3):
    """Seconds of the fastest of several calls, after one that compiles."""
    function()
    seconds = []
    for _ in range(repeat):
        begin = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def micromagnetic(duration):
    """Seconds that the native engine takes for the shipped track, without reading and writing files."""
    import numpy as np

    from runs.engines.native import simulate
    from solitons import load_campaign

    campaign = load_campaign("skyrmion-track")
    spec = next(each.spec for each in campaign.labelled_runs("native") if each.spec.protocol.steps[1].amplitude == 4e11)
    rest, driven = spec.protocol.steps
    steps = (rest.model_copy(update={"duration": 1e-12}), driven.model_copy(update={"duration": duration}))
    spec = spec.model_copy(update={"protocol": spec.protocol.model_copy(update={"steps": steps})})
    found = {}

    def drive():
        found["run"] = simulate(spec, pathlib.Path(), lambda _: None)

    seconds = fastest(drive, repeat=1)
    assert np.isfinite(found["run"].m.values[-1]).any()
    return seconds


def tracks(count, duration, skyrmions, temperature):
    """Seconds that Thiele's equation takes for as many tracks."""
    import numpy as np

    from runs import PiecewiseLinear
    from solitons.skyrmions import EdgeForce, ForceSum, PairForce, ThieleDynamics, follow_tracks

    edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    force = ForceSum((edges, PairForce(strength=2.93e-9, decay=5.04e-9))) if skyrmions > 1 else edges
    skyrmion = ThieleDynamics(
        -4 * np.pi,
        17 * np.eye(2),
        alpha=0.3,
        moment_per_area=5.8e-4,
        damping_like_per_current=4.5e-8,
        spin_orbit=np.array([[0.0, 8e-8, 0.0], [-8e-8, 0.0, 0.0]]),
        force=force,
    )
    places = np.stack([60e-9 * np.arange(skyrmions), np.full(skyrmions, 30e-9)], axis=-1)
    current = PiecewiseLinear((0.0,), (1e11,))
    heat = {"temperature": temperature, "seed": 1}
    return fastest(lambda: follow_tracks(skyrmion, [0.0, duration], [current] * count, positions=places, **heat))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tracks", type=int, default=1000)
    parser.add_argument("--micromagnetic", type=float, default=0.4, help="ns of the native engine")
    parser.add_argument("--reduced", type=float, default=10.0, help="ns of Thiele's equation")
    chosen = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-chosen.threads :])
    if chosen.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    whole = micromagnetic(chosen.micromagnetic * 1e-9) / chosen.micromagnetic
    print(f"{'native engine':42s} {whole:10.3g} s for a skyrmion-nanosecond")
    for count, skyrmions, temperature in ((1, 1, 0.0), (chosen.tracks, 1, 300.0), (chosen.tracks, 4, 300.0)):
        seconds = tracks(count, chosen.reduced * 1e-9, skyrmions, temperature)
        each = seconds / (chosen.reduced * count * skyrmions)
        name = f"Thiele, {count} tracks of {skyrmions}, {temperature:g} K"
        print(f"{name:42s} {each:10.3g} s, {whole / each:,.0f} times faster; {seconds:.3g} s in all")


if __name__ == "__main__":
    main()
