"""Sweeps: many runs at once, on one machine or many, by Dask distributed.

Dask hands out the runs; the store is where they meet. A worker process gets a spec as JSON,
brings the run into the store and sends back what became of it, never m. So every machine
must see the store's folder, and what a worker has stored is there whatever happens next.

A worker computes one run at a time. When it dies, Dask gives its run to another; a run
that fails is tried again after a while. How far runs have come is read from the store,
as `solitons status` reads it.
"""

from runs.sweeps.batch_cluster import BatchCluster, load_cluster
from runs.sweeps.clusters import batch_workers, local_workers, scheduler_at
from runs.sweeps.sweep import sweep

__all__ = ["BatchCluster", "batch_workers", "load_cluster", "local_workers", "scheduler_at", "sweep"]
