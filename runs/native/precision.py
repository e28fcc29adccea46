"""Double or single precision, chosen for one call and never set for the whole of JAX."""

from contextlib import AbstractContextManager
from typing import Any, Literal, TypeVar

import jax
import jax.numpy as jnp

Precision = Literal["double", "single"]
Tree = TypeVar("Tree")


def working(precision: Precision) -> AbstractContextManager[Any]:
    """Return the context in which JAX computes with this precision, "double" or "single"."""
    if precision not in ("double", "single"):
        raise ValueError(f"precision={precision!r} is not known; use 'double' or 'single'")
    context: AbstractContextManager[Any] = jax.enable_x64(precision == "double")
    return context


def rounded(tree: Tree, precision: Precision) -> Tree:
    """Return a model or array with every number in it in this precision."""
    if precision == "double":
        return tree
    with jax.enable_x64(True):
        single: Tree = jax.tree.map(_single, tree)
    return single


def _single(leaf: Any) -> Any:
    return leaf.astype(jnp.float32) if leaf.dtype == jnp.float64 else leaf
