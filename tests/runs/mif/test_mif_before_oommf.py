"""The check stands before OOMMF, and what it refuses is what OOMMF does lose."""

import subprocess

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import oommfc as oc
import pytest

from runs import Protocol, Rest
from runs.engines import oommf
from runs.mif import ModelLostError


def test_a_run_whose_model_would_be_lost_never_starts_oommf(make_spec, tmp_path, monkeypatch):
    original = oommf.build_system

    def with_two_torques(spec, **how):
        system = original(spec, **how)
        current = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1)
        system.dynamics = system.dynamics + mm.ZhangLi(u=1.0, beta=0) + current
        return system

    monkeypatch.setattr(oommf, "build_system", with_two_torques)
    monkeypatch.setattr(oommf, "version", lambda: "none")
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("OOMMF was started"))
    spec = make_spec(engine="oommf", protocol=Protocol(steps=[Rest(duration=1e-10)], sampling_interval=5e-11))
    with pytest.raises(ModelLostError, match=f"run {spec.run_id}: Slonczewski 'slonczewski': OOMMF would lose"):
        oommf.simulate(spec, tmp_path, lambda _: None)


def test_a_bad_name_is_refused_before_anything_is_written(make_spec, tmp_path, monkeypatch):
    original = oommf.build_system

    def misnamed(spec, **how):
        system = original(spec, **how)
        system.energy = system.energy + mm.Zeeman(H=(0, 0, 1), name="a[exec ls]")
        return system

    monkeypatch.setattr(oommf, "build_system", misnamed)
    monkeypatch.setattr(oommf, "version", lambda: "none")
    spec = make_spec(engine="oommf")
    with pytest.raises(ModelLostError, match=f"run {spec.run_id}: Zeeman"):
        oommf.simulate(spec, tmp_path, lambda _: None)
    assert not list(tmp_path.iterdir())


@pytest.mark.oommf
@pytest.mark.parametrize("precession", [True, False])
def test_oommf_leaves_out_the_torque_without_precession(make_system, tmp_path, precession):
    torque = mm.Slonczewski(J=1e12, mp=(0, 0, 1), P=0.4, Lambda=1) + mm.Damping(alpha=0)
    system = make_system(dynamics=torque + mm.Precession(gamma0=2.2e5) if precession else torque)
    system.energy = mm.Exchange(A=0)
    before = system.m.array.copy()
    oc.TimeDriver().drive(system, t=1e-11, n=1, dirname=str(tmp_path), verbose=0, n_threads=1)
    turned = np.abs(system.m.array - before).max() / 8e5
    assert turned > 0.1 if precession else turned < 1e-12


@pytest.mark.oommf
def test_oommf_reads_the_absolute_value_of_a_scalar_field(make_system, make_mesh, tmp_path):
    mesh = make_mesh()
    energies = []
    for value in (-1e5, 1e5):
        field = df.Field(mesh, nvdim=1, value=value)
        system = make_system(mesh, energy=mm.UniaxialAnisotropy(K=field, u=(0, 0, 1)))
        oc.TimeDriver().drive(system, t=1e-15, n=1, dirname=str(tmp_path), verbose=0, n_threads=1)
        energies.append(system.table.data["E"].iloc[-1])
    assert energies[0] == energies[1] > 0
