"""Cache between processes for results that are slow to compute and always the same."""

import os
import pathlib

import platformdirs

VARIABLE = "SOLITONS_CACHE"
"""Environment variable with another directory, or "off"."""


def cache_directory() -> pathlib.Path | None:
    """Return the directory for cached files, which need not exist; None if there shall be none.

    It is the user's cache directory (`~/.cache/soliton-workbench` on Linux) unless the environment
    variable SOLITONS_CACHE names another; "off" turns caching off. It may be deleted at any time.
    """
    chosen = os.environ.get(VARIABLE, "")
    if chosen == "off":
        return None
    return pathlib.Path(chosen) if chosen else platformdirs.user_cache_path("soliton-workbench", appauthor=False)
