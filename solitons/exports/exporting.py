"""Saved models of a campaign, or a single one, written in the format of a target."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from solitons.exports.target import FAILED, ExportSettings, Files, export_target, taking
from solitons.models.loading import load_model
from solitons.models.saving import is_saved_model, model_file, origin_of, saved_devices

__all__ = ["export_model", "export_models"]


def export_models(
    source: str | Path, target: str, out: str | Path, settings: ExportSettings | None = None
) -> list[Path]:
    """Export the saved models that a target can take.

    Parameters
    ----------
    source : str or pathlib.Path
        A campaign's folder with saved models, one such file, or the name of a device that comes with the workbench.
    target : str
        By its name: of a neuron nir, snntorch, norse, brian2, veriloga; of a synapse csv, netcdf, crosssim, aihwkit,
        veriloga; or one that another package announces (`solitons.exports.target`).
    out : str or pathlib.Path
        Folder of what is written; made where it is not there.
    settings : ExportSettings, optional
        Further settings.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    ValueError
        If the target is not known, or nothing there is for it.
    CannotExpressError
        If the target loses something that is not accepted.

    Examples
    --------
    >>> import tempfile
    >>> from solitons.devices import TabulatedSynapse
    >>> from solitons.models.saving import save_model
    >>> synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save_model(synapse, Path(folder, "mine.json"))
    ...     print(sorted(path.name for path in export_models(saved, "crosssim", Path(folder, "out"))))
    ['mine_crosssim.py', 'mine_dG_decreasing.txt', 'mine_dG_increasing.txt']
    """
    takes = export_target(target).takes
    place = Path(source) if Path(source).exists() else model_file(source)
    if not place.exists():
        raise ValueError(
            f"export: {place} is not there; give a campaign's folder in the store, a saved model, or one of "
            f"{', '.join(saved_devices())}"
        )
    files = [place] if place.is_file() else sorted(file for file in place.rglob("*.json") if is_saved_model(file))
    models = {file: load_model(file) for file in files}
    fitting = {file: model for file, model in models.items() if _device(model) in takes}
    if not fitting:
        if place.is_file():
            there = f"{place} holds a {type(models[place]).__name__}"
        else:
            named = ", ".join(f"{file.name} ({type(model).__name__})" for file, model in models.items())
            there = f"{place} has {named or 'no saved model'}"
        raise ValueError(
            f"export: {target} takes a {' or a '.join(takes)}, and {there}; neurons go to "
            f"{', '.join(taking('neuron'))}, and synapses to {', '.join(taking('synapse'))}"
        )
    contents: dict[str, Callable[[Path], object]] = {}
    for file, model in fitting.items():
        names = file.relative_to(place).with_suffix("").parts if place.is_dir() else (file.stem,)
        contents |= _contents(model, target, "_".join(names), settings or ExportSettings())
    return _written(contents, Path(out))


def export_model(
    model: Any, target: str, folder: str | Path, name: str, settings: ExportSettings | None = None
) -> list[Path]:
    """Export one model; as `export_models` else.

    Parameters
    ----------
    model : AbstractNeuron, AbstractSynapse or TabulatedSynapse
        The device.
    target : str
        Folder of the export.
    folder : str or pathlib.Path
        Made where it is not there, once all is known that is written.
    name : str
        Begin of the files' names.
    settings : ExportSettings, optional
        Further settings.

    Examples
    --------
    >>> import tempfile
    >>> from solitons.devices import TabulatedSynapse
    >>> synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(sorted(path.name for path in export_model(synapse, "crosssim", folder, "mine")))
    ['mine_crosssim.py', 'mine_dG_decreasing.txt', 'mine_dG_increasing.txt']
    """
    return _written(_contents(model, target, name, settings or ExportSettings()), Path(folder))


def _device(model: Any) -> str:
    """Role of a model for a target: "neuron", "synapse", or nothing."""
    from solitons.devices.neuron import AbstractNeuron
    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse

    if isinstance(model, AbstractNeuron):
        return "neuron"
    return "synapse" if isinstance(model, (AbstractSynapse, TabulatedSynapse)) else ""


def _contents(model: Any, target: str, name: str, settings: ExportSettings) -> Files:
    """Functions that write each file, by its name; all refusals come before anything is written."""
    from solitons.exports.losses import CannotExpressError

    origin = origin_of(model)
    if getattr(origin, "verdict", None) == "failed" and FAILED not in settings.accept:
        raise CannotExpressError(
            f"{name}: the fit that it comes from failed, so that no number of it means anything. To export it all the "
            f"same, say --accept {FAILED} (in Python accept={(FAILED,)!r})"
        )
    found = export_target(target)
    write = found.of_neuron if _device(model) == "neuron" else found.of_synapse
    if write is None or not _device(model):
        raise ValueError(
            f"export: {target} takes a {' or a '.join(found.takes)}, and {name} is a {type(model).__name__}"
        )
    return write(model, name, settings)


def _written(contents: Files, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for file, write in contents.items():
        write(folder / file)
    return [folder / file for file in contents]
