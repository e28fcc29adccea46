"""Cache of JAX's compilations on disk, so that the second process starts fast."""

import hashlib
import os
import pathlib
import platform
from typing import Any, cast

import jax

from runs.native.cache_directory import cache_directory

SHORTEST = 0.05
"""s; what compiled faster is not kept, unless JAX's own variable sets another time."""
SHORTEST_OF_JAX = "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"


def use_compilation_cache() -> None:
    """Let JAX keep what it compiles in `cache_directory`, unless the user has set JAX's own cache.

    JAX has one such cache a process, so that this holds for all that is compiled from now on. It is the one thing
    that is set for the whole of JAX, at the first use of the engine or a campaign's analysis and not on import. It
    changes no number. JAX_COMPILATION_CACHE_DIR or SOLITONS_CACHE choose another place, and SOLITONS_CACHE=off
    turns it off. What compiled in less than 0.05 s, or than JAX's own variable
    JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS sets, is not kept.
    """
    directory, settings = cache_directory(), cast(Any, jax.config)
    if directory is None or settings.jax_compilation_cache_dir is not None:
        return
    settings.update("jax_compilation_cache_dir", str(directory / f"compiled-{_processor()}"))
    if SHORTEST_OF_JAX not in os.environ:
        settings.update("jax_persistent_cache_min_compile_time_secs", SHORTEST)


def _processor() -> str:
    """Return what distinguishes processors: on a cluster one home directory serves machines of several kinds."""
    kind = [platform.machine(), platform.processor()]
    description = pathlib.Path("/proc/cpuinfo")
    if description.exists():
        lines = description.read_text(encoding="utf-8").splitlines()
        kind += sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))})
    return hashlib.sha256("\n".join(kind).encode()).hexdigest()[:16]
