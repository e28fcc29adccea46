"""Certificates in files: for the jobs of a batch system, and for schedulers and workers that are started by hand."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

__all__ = ["make_certificate", "write_certificate"]


def make_certificate(folder: str | Path) -> Path:
    """Make a certificate by which a scheduler, its workers, and sweeps that use them know each other.

    The new folder, for this user alone, has ``key.pem``, ``cert.pem``, and ``dask.yaml``. Whoever can read the key can
    run programs on the workers. The certificate is good for a year. Gives ``dask.yaml``, absolute: what DASK_CONFIG
    must name. With it Dask talks to nobody without the certificate, and opens no other ports. A ValueError if the
    folder is there already.
    """
    folder = Path(folder).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise ValueError(
            f"folder = {str(folder)!r} is there already, and what uses its certificate would no longer be understood; "
            "name another one, or remove it"
        ) from None
    certificate, key = write_certificate(folder)
    role = {"cert": str(certificate), "key": str(key)}
    tls = {"ca-file": str(certificate), **{each: role.copy() for each in ("scheduler", "worker", "client")}}
    content = {
        "distributed": {
            "comm": {"require-encryption": True, "tls": tls},
            "scheduler": {"preload": ["runs.sweeps.scheduler"]},
            "worker": {"preload": ["runs.sweeps.worker"]},
        },
    }
    configuration = folder / "dask.yaml"
    _write(configuration, yaml.safe_dump(content, sort_keys=False))
    return configuration


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a new certificate and its key, which only this user can read, and return where they are."""
    from distributed.security import Security

    made = Security.temporary().get_tls_config_for_role("scheduler")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    _write(key, made["key"])
    _write(certificate, made["cert"])
    return certificate, key


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
