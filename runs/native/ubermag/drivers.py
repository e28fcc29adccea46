"""Common part of ubermag's drivers: where results go."""

import abc
import datetime
import pathlib
import time
from typing import Any

import micromagneticmodel as mm
import numpy as np
import pandas as pd
import ubermagtable as ut

from runs.native.columns import unit
from runs.native.errors import IntegrationError, MinimisationError
from runs.native.threads import at_most_cores
from runs.native.time.evolution import Keep
from runs.native.ubermag import output
from runs.native.ubermag.options import DriveOptions


class Driver(mm.driver.Driver):  # type: ignore[misc]
    """A driver of ubermag over a function that does the work.

    `drive` sets `system.m` and `system.table` as oommfc does and, unless `save` is false, writes
    `dirname/<system name>/drive-<number>` with the magnetisation, the table and `info.json`.
    """

    @abc.abstractmethod
    def _run(
        self, system: mm.System, options: DriveOptions, arguments: Any, keep: Keep
    ) -> tuple[np.ndarray, pd.DataFrame]:
        """Give every state and its row to `keep`; return the last state (1, nx, ny, nz, 3) and the whole table."""

    def _drive(self, system: mm.System, options: DriveOptions, arguments: Any, number: int, **information: Any) -> None:
        """Run, write what comes, and set the last state.

        `arguments` go to `_run`, `information` to `info.json`; `number` is the largest number of states.
        """
        if len(system.energy) == 0:
            raise RuntimeError(f"System's energy is not defined for {system.name!r}; set system.energy")
        name, start, clock = type(self).__name__, datetime.datetime.now(), time.perf_counter()
        directory: pathlib.Path | None = None
        record: output.Record | None = None
        if options.save:
            directory = output.new_directory(system, options.dirname, "drive", options.append)
            system.m.to_file(str(directory / "m0.omf"), representation=options.ovf_format)
            information = options.for_information | information
            output.write_information(directory, name, system.drive_number, start, information)
            record = output.Record(directory, system, name, number, options.ovf_format)
        success = False
        try:
            with at_most_cores(options.n_threads):
                frames, table = self._run(system, options, arguments, record or _forget)
            success = True
        except (IntegrationError, MinimisationError) as error:
            if directory is not None:
                path = output.write_last_state(directory, system, error.magnetisation, options.ovf_format)
                error.args = (f"{error}. The last good state is in {path}",)
            raise
        except (ValueError, RuntimeError):
            if directory is not None and record is not None and not record.written:
                # Refused before the run: nothing is left of it.
                output.remove_directory(directory)
                directory = None
            raise
        finally:
            if directory is not None and record is not None:
                record.finish()
                output.finish_information(directory, start, success)
        system.m.array = np.nan_to_num(frames[-1]) * system.m.norm.array
        system.table = ut.Table(data=table, units={column: unit(column) for column in table.columns}, x=self._x)
        system.drive_number += 1
        if options.verbose:
            print(f"Ran runs.native {name} in {time.perf_counter() - clock:.1f} s")


def _forget(frame: np.ndarray, row: pd.DataFrame) -> None:
    """Keep nothing of a drive that is not saved."""
