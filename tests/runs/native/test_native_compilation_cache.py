"""JAX's compilation cache: where it is, that a second process uses it, and that it can be turned off."""

import os
import subprocess
import sys
import types

import pytest

from runs.native import compilation_cache
from runs.native.cache_directory import cache_directory

SCRIPT = """
import discretisedfield as df, micromagneticmodel as mm, jax, jax.monitoring
import runs.native as nc
assert jax.config.jax_compilation_cache_dir == {before!r}
hits = []
jax.monitoring.register_event_listener(lambda event, **_: hits.append(event) if event.endswith("cache_hits") else None)
mesh = df.Mesh(p1=(0, 0, 0), p2=(8e-9, 4e-9, 2e-9), n=(4, 2, 1))
m = df.Field(mesh, nvdim=3, value=(1, 0, 0.1), norm=8e5)
energy, dynamics = mm.Exchange(A=1e-11) + mm.Zeeman(H=(0, 0, 1e5)), mm.Precession(gamma0=2e5)
nc.evolve(mm.System(name="small", m=m, energy=energy, dynamics=dynamics), [0, 1e-12])
print(len(hits))
"""


def hits(before=None, **environment):
    chosen = ("JAX_COMPILATION_CACHE_DIR", compilation_cache.SHORTEST_OF_JAX)
    without = {name: value for name, value in os.environ.items() if name not in chosen}
    command = [sys.executable, "-c", SCRIPT.format(before=before)]
    result = subprocess.run(command, env={**without, **environment}, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return int(result.stdout)


@pytest.mark.slow
def test_the_second_process_finds_what_the_first_compiled(tmp_path):
    # Kept whatever it took: a machine may compile faster than what the engine keeps by default.
    kept = {"SOLITONS_CACHE": str(tmp_path), compilation_cache.SHORTEST_OF_JAX: "0"}
    assert hits(**kept) == 0
    (compiled,) = tmp_path.glob("compiled-*")
    names = " ".join(path.name for path in compiled.iterdir())
    assert "jit_advance" in names
    assert hits(**kept) >= 2


@pytest.mark.slow
def test_the_users_own_cache_is_left_alone(tmp_path):
    own, ours = tmp_path / "own", tmp_path / "ours"
    hits(before=str(own), SOLITONS_CACHE=str(ours), JAX_COMPILATION_CACHE_DIR=str(own))
    assert not ours.exists()


def test_the_directory_is_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("SOLITONS_CACHE", raising=False)
    assert cache_directory().name == "soliton-workbench"
    monkeypatch.setenv("SOLITONS_CACHE", str(tmp_path))
    assert cache_directory() == tmp_path
    monkeypatch.setenv("SOLITONS_CACHE", "off")
    assert cache_directory() is None


@pytest.mark.parametrize(("own", "said"), [(None, {compilation_cache.SHORTEST}), ("0.5", set())])
def test_how_long_what_is_kept_took_is_left_to_jaxs_own_variable(monkeypatch, own, said):
    changed = {}
    settings = types.SimpleNamespace(jax_compilation_cache_dir=None, update=changed.__setitem__)
    monkeypatch.setattr(compilation_cache, "jax", types.SimpleNamespace(config=settings))
    monkeypatch.delenv(compilation_cache.SHORTEST_OF_JAX, raising=False)
    if own is not None:
        monkeypatch.setenv(compilation_cache.SHORTEST_OF_JAX, own)
    compilation_cache.use_compilation_cache()
    assert "jax_compilation_cache_dir" in changed
    assert {value for name, value in changed.items() if name.endswith("min_compile_time_secs")} == said
