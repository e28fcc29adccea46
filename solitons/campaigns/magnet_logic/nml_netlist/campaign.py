"""The campaign of a drawn array of nanomagnets: what it computes, and how often heat makes it wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from geometries import MagnetArray
from geometries.magnet_logic.magnets import Name
from runs import RunSpec
from runs.protocols.magnet_logic.clocks import zone_clock
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign, refuse_hours
from solitons.campaigns.magnet_logic.logic_results import LogicResults, LogicRow, Row, RowRun, row_label
from solitons.campaigns.magnet_logic.nml_netlist.expressions import value_of
from solitons.campaigns.magnet_logic.nml_netlist.settings import GridMagnet, Plan, planned_array

__all__ = ["NetlistCampaign"]

_MOST_SIGNALS = 6


@final
class NetlistCampaign(AbstractLogicCampaign[RowRun, LogicResults[LogicRow]]):
    """An array of nanomagnets on a grid: its truth table, how often heat makes each row wrong, and what fails first.

    Parameters
    ----------
    name, title, engine, grid, material, temperature, clock, members, seed
        As in `AbstractLogicCampaign`; the engine runs the rows at 0 K.
    plan : str, optional
        An array that ships: "inverter", "corner", "fan_out", "majority", "and", "or", "nand", "nor", "half_adder" or
        "full_adder".
    magnets : sequence of GridMagnet, optional
        Or a drawn one.
    logic : mapping of str to str, optional
        Expected value of each output, such as "a and not b", of the signals' names with not, and, or, xor and majority.
        It must agree with neighbours and zones (`netlist_values`), which are used if left out.
    micromagnetic_rows : sequence of rows, optional
        Inputs, in the order of `MagnetArray.signals`, that are run at 0 K; all if left out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, there are not either a plan or magnets, the array has no input or output, an output is
        decided by nothing, or computes something else than `logic`.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Gates and wires of nanomagnets: A. Imre, G. Csaba, L. Ji, A. Orlov, G. H. Bernstein and W. Porod, Science "
        "311, 205 (2006).",
        "Stray fields of cells: A. J. Newell, W. Williams and D. J. Dunlop, J. Geophys. Res. 98, 9551 (1993).",
        "Thermal macrospins: W. F. Brown, Phys. Rev. 130, 1677 (1963).",
        "Intervals of rates: C. J. Clopper and E. S. Pearson, Biometrika 26, 404 (1934).",
    )
    results_class: ClassVar[type[LogicResults[LogicRow]]] = LogicResults[LogicRow]

    kind: Literal["nml_netlist"] = "nml_netlist"
    plan: Plan | None = None
    magnets: Annotated[tuple[GridMagnet, ...], Field(max_length=200)] = ()
    logic: dict[Name, str] = Field(default_factory=dict)
    micromagnetic_rows: Annotated[tuple[Row, ...], Field(max_length=2**_MOST_SIGNALS)] | None = None

    @model_validator(mode="after")
    def _computes_what_it_should(self) -> NetlistCampaign:
        if (self.plan is None) != bool(self.magnets):
            raise ValueError(
                f"plan = {self.plan!r} with {len(self.magnets)} magnets; give either the name of a plan or magnets"
            )
        array = self.array()
        outputs = [each.name for each in array.magnets if each.role == "output"]
        if not outputs or not array.signals:
            missing = "output" if array.signals else "input"
            raise ValueError(f"magnets: none has the role {missing!r}; give one")
        if len(array.signals) > _MOST_SIGNALS:
            raise ValueError(
                f"magnets: {len(array.signals)} signals ({', '.join(array.signals)}) have "
                f"{2 ** len(array.signals):,} rows, and up to {_MOST_SIGNALS} signals are taken; hold some as fixed"
            )
        wrong = [name for name in self.logic if name not in outputs]
        if wrong:
            raise ValueError(f"logic: {wrong[0]!r} is no output; there are {', '.join(outputs)}")
        for row in self.micromagnetic_rows or ():
            if len(row) != len(array.signals):
                raise ValueError(
                    f"micromagnetic_rows: {list(row)} has {len(row)} bits; the signals are {', '.join(array.signals)}: "
                    "give one of each"
                )
        for row in self.rows:
            self._check_row(row)
        return self

    @override
    def array(self, row: Row | None = None) -> MagnetArray:
        return planned_array(self.plan, self.magnets, self.grid, row)

    def _check_row(self, row: Row) -> None:
        """Refuse outputs that nothing decides, or that are not what was asked for."""
        signals = self.arrays[row].signals
        for name, value in self.expected[row].items():
            if not value:
                raise ValueError(
                    f"magnets: nothing decides the output {name!r} in row {row_label(row)} "
                    f"({', '.join(signals)}): its neighbours pull alike to both sides; give it an odd number of "
                    "them, or another zone"
                )
            if name in self.logic:
                try:
                    wanted = value_of(self.logic[name], dict(zip(signals, row, strict=True)))
                except ValueError as error:
                    raise ValueError(f"logic.{name}: {error}") from None
                if wanted != value:
                    raise ValueError(
                        f"logic: {name} = {self.logic[name]!r} is {row_label((wanted,))} in row {row_label(row)} "
                        f"({', '.join(signals)}), but by its neighbours and zones the array gives "
                        f"{row_label((value,))}; change magnets, zones or the expression"
                    )

    @property
    def _run_rows(self) -> Sequence[Row]:
        return self.rows if self.micromagnetic_rows is None else list(dict.fromkeys(self.micromagnetic_rows))

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[RowRun], ...]:
        clock = self.clock
        return tuple(
            LabelledRun(
                RunSpec(
                    device=self.arrays[row],
                    material=self.material,
                    protocol=zone_clock(self.arrays[row], clock.field, steps_up=2, steps_down=clock.field_steps),
                    engine=engine,
                ),
                RowRun(row),
            )
            for row in self._run_rows
        )

    @override
    def check(self) -> None:
        from solitons.magnet_logic import array_macrospins
        from solitons.magnet_logic.zone_release import RELEASE_STEP_ANGLE

        array = self.array()
        if array.response(self.material) is None:
            axis = "the film's normal" if array.perpendicular else "their long axes"
            raise ValueError(
                f"material {self.material.name!r}: a magnet of these sizes has no two states along {axis}, where its "
                "bits are; choose another shape, or a material with another anisotropy"
            )
        macrospins = array_macrospins(array, self.material, self.temperature)
        step = macrospins.time_step(self.clock.field + self.grid.field, RELEASE_STEP_ANGLE)
        seconds = self.clock.duration(len(array.zones()))
        steps = macrospins.magnets * len(self.rows) * self.members * seconds / step
        refuse_hours(
            steps,
            f"members = {self.members} in {len(self.rows)} rows of {macrospins.magnets} magnets, with the clock's "
            "times",
            "use fewer members or a faster clock",
        )
