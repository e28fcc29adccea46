"""What an evaluation of dm/dt costs beside the Fourier transforms in it, and beside OOMMF's.

    python benchmarks/demag_field.py [--cells 262144] [--threads 2]

The film of `native_speed.py`. "Transforms" are those of the demagnetising field alone, of arrays of the
same size, with nothing between them; the rest of the field is padding, phases and the product with
the kernel. OOMMF's time is the difference between a longer and a shorter drive, by that of their evaluations.
"""

import argparse
import os
import tempfile
import time


def seconds(function, *arguments, repeat=5):
    """The shortest time of a call, in s; the first one compiles and does not count."""
    import jax

    jax.block_until_ready(function(*arguments))
    number = 1
    times = []
    while len(times) < repeat:
        begin = time.perf_counter()
        for _ in range(number):
            result = function(*arguments)
        jax.block_until_ready(result)
        took = time.perf_counter() - begin
        if took < 0.2:
            number *= 2
        else:
            times.append(took / number)
    return min(times)


def native(cells):
    """Seconds of the transforms, of the demagnetising field and of dm/dt."""
    import jax
    import jax.numpy as jnp
    from jax import lax
    from native_speed import system

    from runs.native.model import Model
    from runs.native.terms.demag import Demag, _transform
    from runs.native.translate import initial_amplitudes, translate

    translation = translate(system(cells, field=True))
    model = translation.model
    (demag,) = (term for term in model.terms if isinstance(term, Demag))
    _, (_, *lengths), shifts = demag.layout
    with jax.enable_x64(True):
        amplitudes = initial_amplitudes(translation.waveforms)
        m = jnp.asarray(translation.discretisation.magnetisation)
        shape = sorted(model.saturation.shape)
        values = [lax.complex(m[0].reshape(shape), m[1].reshape(shape))] * (3 * len(shifts))

        def transforms(values):
            spectra = _transform("FFT", values, lengths)
            return _transform("IFFT", spectra, lengths)

        return {
            "transforms": seconds(jax.jit(transforms), [value + place for place, value in enumerate(values)]),
            "demagnetising field": seconds(jax.jit(Demag.field), demag, m, amplitudes),
            "dm/dt": seconds(jax.jit(Model.derivative), model, m, amplitudes),
        }


def oommf(cells, threads):
    """Seconds of an evaluation: the difference between two drives, by that of their evaluations."""
    import oommfc as oc
    from native_speed import system

    took = []
    with tempfile.TemporaryDirectory() as directory:
        for duration in (1e-12, 1e-12, 2e-10 if cells < 100_000 else 1e-11):
            driven = system(cells, field=True)
            begin = time.perf_counter()
            oc.TimeDriver().drive(driven, t=duration, n=1, n_threads=threads, dirname=directory, verbose=0)
            took.append((time.perf_counter() - begin, int(driven.table.data["E_calc_count"].iloc[-1])))
    _, (first, few), (second, many) = took
    return (second - first) / (many - few)


def main():
    from native_speed import CELLS

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, choices=CELLS, default=262_144)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-chosen.threads :])
    if chosen.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    found = native(chosen.cells)
    reference = oommf(chosen.cells, chosen.threads)
    print(f"{chosen.cells} cells, {chosen.threads} thread(s)")
    for name, value in {**found, "OOMMF's evaluation": reference}.items():
        print(f"{name:20} {value * 1e3:8.3f} ms  {value / reference:.2f} of OOMMF's")


if __name__ == "__main__":
    main()
