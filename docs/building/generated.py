"""Pages that stand with the code: the reference, a page a family of models and a kind of campaign, and the tutorials.

Written into ``docs/generated`` before Sphinx looks for pages, and only where they have changed.
"""

import ast
import importlib
import inspect
import os
import re
import typing
from functools import cache
from pathlib import Path

import numpy as np
from docstrings import repaired
from neighbours import CAMPAIGN_PAGE, REPOSITORY_PAGES, rewritten
from problems import problem_page

from solitons.problems import load_problem, problem_names

ROOT = Path(__file__).parents[2]

INTERNAL = ("runs.engines", "runs.mif", "runs.store", "runs.sweeps", "runs.system")
"""Packages that export names to the others, and none to users."""

MODELS = {
    "domain_walls": ("Domain walls", "solitons.domain_walls"),
    "skyrmions": ("Skyrmions", "solitons.skyrmions"),
    "spin_ice": ("Spin ices", "solitons.spin_ice"),
    "junctions": ("Tunnel junctions", "solitons.junctions"),
    "oscillators": ("Spin-torque oscillators", "solitons.oscillators"),
    "magnet_logic": ("Nanomagnet logic", "solitons.magnet_logic"),
    "spiking": ("Learning by chance", "solitons.spiking"),
    "devices": ("Synapses, neurons and networks", "solitons.devices solitons.networks"),
    "reservoirs": ("Driven systems that compute", "solitons.reservoirs"),
    "observables": (
        "Observables",
        "analysis analysis.domain_walls analysis.skyrmions analysis.spin_ice analysis.junctions analysis.magnet_logic "
        "analysis.oscillators analysis.spin_waves analysis.statistics",
    ),
    "native": ("The native engine", "runs.native"),
    "drives": ("Drives and how they are put into a system", "runs.protocols runs.system"),
}
"""Pages of the explanation and the packages whose modules explain themselves there."""

_LONG = 250
"""A docstring that is shorter says what a module is for, not how its model works."""


def _packages():
    """All packages in the order of the way through: each of the four before its families."""
    for top in ("geometries", "runs", "analysis", "solitons"):
        for path in sorted((ROOT / top).rglob("__init__.py")):
            yield ".".join(path.parent.relative_to(ROOT).parts)


def public_packages():
    """Each package that exports names to users, with these names."""
    found = {}
    for name in _packages():
        names = getattr(importlib.import_module(name), "__all__", ()) if not name.startswith(INTERNAL) else ()
        if names:
            found[name] = sorted(names, key=str.casefold)
    return found


def model_pages():
    """Those of `MODELS`, and a page for each other family of `solitons`."""
    known = {package for _, packages in MODELS.values() for package in packages.split()}
    families = [name for name in _packages() if re.fullmatch(r"solitons\.[a-z]\w*", name)]
    others = [
        name
        for name in families
        if name not in known | {"solitons.campaigns", "solitons.watch"} and not name.endswith("compiled")
    ]
    return MODELS | {name.split(".")[1]: (name.split(".")[1].replace("_", " ").capitalize(), name) for name in others}


def _first_line(obj):
    text = inspect.getdoc(obj) or ""
    return " ".join(text.split("\n\n")[0].split())


def _kind(obj):
    if inspect.isclass(obj):
        return "autoexception" if issubclass(obj, BaseException) else "autoclass"
    if inspect.ismodule(obj):
        return "automodule"
    is_function = callable(obj) and typing.get_origin(obj) is None
    return "autofunction" if is_function else "autodata"


def _heading(text, mark):
    return [text, mark * max(len(text), 4), ""]


def _role(kind):
    return {"autoclass": "class", "autoexception": "exc", "autofunction": "func"}.get(kind, "data")


def documented_where(packages):
    """Under which name each public object is documented: the first package of the reference that exports it."""
    found = {}
    for package, names in packages.items():
        for name in names:
            obj = getattr(importlib.import_module(package), name)
            if _kind(obj) in ("autoclass", "autoexception", "autofunction"):
                found.setdefault(id(obj), f"{package}.{name}")
    return found


@cache
def _constants(top):
    """Names that modules of a package assign, with the text under them: constants and types of fields."""
    found = {}
    for path in sorted((ROOT / top).rglob("*.py")):
        body = ast.parse(path.read_text()).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            for target in targets:
                if isinstance(target, ast.Name) and isinstance(text, str):
                    found[target.id] = found.get(target.id) or text
    return found


def _constant_text(full):
    return _constants(full.split(".")[0]).get(full.rsplit(".", 1)[-1], "")


def _summary(full, obj, kind):
    if kind == "autodata":
        return repaired([" ".join(_constant_text(full).split())])[0] or "A constant."
    (text,) = repaired([re.sub(r"\s*\[\d+\]_", "", _first_line(obj))])
    return text


def _entry(full, obj, kind):
    package, name = full.rsplit(".", 1)
    lines = _heading(name, "-")
    if kind == "autodata":
        text = [f"   {line}" for line in repaired(inspect.cleandoc(_constant_text(full)).splitlines())]
        if isinstance(obj, np.ndarray):
            text += ["", "   ::", "", *(f"      {line}" for line in repr(obj).splitlines())]
        return [*lines, f".. py:data:: {name}", f"   :module: {package}", "", *text, ""]
    lines.append(f".. {kind}:: {full}")
    if kind == "autoclass":
        lines += ["   :members:", "   :exclude-members: model_config, model_post_init"]
    return [*lines, ""]


def reference_page(package, names, homes):
    """One package: a table of its names, and then those that no package before it has."""
    module = importlib.import_module(package)
    lines = [*_heading(package, "="), f".. module:: {package}", ""]
    text = re.sub(
        r"\n\nNames are imported when they are first used;.*", "", inspect.getdoc(module) or "", flags=re.DOTALL
    )
    lines += [*repaired(text.splitlines(), headings_as_rubrics=True), ""]
    table = [".. list-table::", "   :class: names", "   :widths: 35 65", ""]
    entries = []
    for name in names:
        obj = getattr(module, name)
        kind, full = _kind(obj), f"{package}.{name}"
        home = homes.get(id(obj), full)
        shown = f"``{full}``" if kind == "automodule" else f":{_role(kind)}:`~{home}`"
        if home != full:
            shown = f":{_role(kind)}:`{name} <{home}>`"
        table += [f"   * - {shown}", f"     - {_summary(full, obj, kind)}"]
        if home == full and kind != "automodule":
            entries += _entry(full, obj, kind)
    return "\n".join([*lines, *table, "", *entries]) + "\n"


FIRST = {
    "solitons.domain_walls": ["wall_dynamics", "breathing", "tilting", "wall_pair", "stray_field", "mesh", "heat"],
    "solitons.skyrmions": ["thiele", "texture_tensors", "forces", "pair_force", "bends", "landscape"],
    "solitons.junctions": ["macrospin", "pillar_junction", "rates", "axial_fokker_planck", "sphere_fokker_planck"],
    "solitons.oscillators": ["auto_oscillator", "threshold", "injection", "oscillator_fit", "vortex_thiele"],
    "solitons.spin_ice": ["rotating_lattice", "coherent_rotation", "astroid", "couplings", "moment_fields"],
    "runs.native": ["exchange", "dmi", "uniaxial_anisotropy", "demag", "zeeman", "precession", "damping"],
}
"""With what a page begins: the model itself, before its fits and judgements. The others follow by name."""


def _modules(package):
    folder = ROOT.joinpath(*package.split("."))
    paths = {path.stem: path for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_")}
    first = [name for name in FIRST.get(package, ()) if name in paths]
    return [paths[name] for name in (*first, *(name for name in paths if name not in first))]


def _explained(path):
    """A module's docstring, or that of its one class that has an equation, as a heading and a text."""
    tree = ast.parse(path.read_text())
    text = ast.get_docstring(tree) or ""
    if len(text) < _LONG:
        texts = [ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.ClassDef)]
        equations = [each for each in texts if ".. math::" in each]
        if not equations:
            return None
        text = "\n\n".join([text, *(_without_lists(each) for each in equations)])
    first, _, rest = text.partition("\n\n")
    heading = " ".join(first.split()).rstrip(".")
    return heading, rest


def _without_lists(text):
    """A class's docstring without what belongs to the reference: parameters, examples, errors."""
    parts = re.split(r"\n(?=\w[\w ]*\n-{3,}\n)", text)
    return "\n".join(part for part in parts if not re.match(r"(Parameters|Attributes|Raises|Examples|Methods)\n", part))


def _numbered_notes(text, label):
    """Give notes a name of their own, since each module counts from 1."""
    text = re.sub(r"\[(\d+)\]_", rf"[#{label}-\1]_", text)
    return re.sub(r"^(\s*)\.\. \[(\d+)\]", rf"\1.. [#{label}-\2]", text, flags=re.MULTILINE)


def models_page(name, title, packages):
    """The docstrings of modules that explain a model, one section each."""
    lines = [f".. _models-{name}:", "", *_heading(title, "=")]
    sections = []
    for package in packages.split():
        for path in _modules(package):
            explained = _explained(path)
            if explained is None:
                continue
            heading, text = explained
            module = f"{package}.{path.stem}"
            text = _numbered_notes(text, module.replace(".", "-").replace("_", "-"))
            (title_line,) = repaired([heading])
            sections += [*_heading(title_line, "-"), f"In ``{module}``.", ""]
            sections += [*repaired(text.splitlines(), headings_as_rubrics=True), ""]
    return "\n".join([*lines, *sections]) + "\n"


def tutorial(path):
    """A notebook of examples/notebooks as Jupyter keeps it; its cells named by their place."""
    import jupytext
    import nbformat

    notebook = jupytext.read(path)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return nbformat.writes(notebook)


def _to_add_one_of_a_kind():
    """The chapter of DESIGN that the page on contributing shows too."""
    design = (ROOT / "DESIGN.md").read_text()
    return "\n" + re.search(r"^## To add one of a kind\n.*?(?=^## )", design, re.MULTILINE | re.DOTALL).group()


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def generate(source):
    """Write all pages that follow from the code into the folder `generated` of `source`."""
    folder = Path(source) / "generated"
    wanted = set()

    def write(name, text):
        wanted.add(folder / name)
        _write(folder / name, text)

    packages = public_packages()
    homes = documented_where(packages)
    for name, names in packages.items():
        if any(home.startswith(f"{name}.") and home.count(".") == name.count(".") + 1 for home in homes.values()):
            write(f"reference/{name}.rst", reference_page(name, names, homes))
    for name, (title, modules) in model_pages().items():
        write(f"models/{name}.rst", models_page(name, title, modules))
    for name, page in REPOSITORY_PAGES.items():
        if page.startswith("generated/"):
            text = (ROOT / name).read_text()
            if name == "CONTRIBUTING.md":
                text += _to_add_one_of_a_kind()
            write(page.removeprefix("generated/"), rewritten(text, ROOT, folder))
    for path in sorted((ROOT / "solitons" / "campaigns").rglob(CAMPAIGN_PAGE)):
        page = f"campaigns/{path.parent.name}.md"
        write(page, rewritten(path.read_text(), path.parent, (folder / page).parent))
    (folder / "problems").mkdir(exist_ok=True)
    for name in problem_names():
        write(f"problems/{name}.md", problem_page(load_problem(name), folder / "problems"))
        wanted.add(folder / "problems" / f"{name}.png")
    for path in sorted((ROOT / "examples" / "notebooks").glob("*.py")):
        write(f"tutorials/{path.stem}.ipynb", tutorial(path))
    for path in folder.rglob("*"):
        if path.is_file() and path not in wanted and ".ipynb_checkpoints" not in path.parts:
            path.unlink()


def _generate(app):
    if os.environ.get("BOOK_NOTEBOOKS") == "off":
        app.config.nb_execution_mode = "off"
    generate(app.srcdir)


def _list_models(app, docname, content):
    if docname == "explanation/index":
        pages = "".join(f"../generated/models/{name}\n" for name in model_pages())
        content[0] = content[0].replace("MODELS\n", pages)


def setup(app):
    """Before Sphinx looks for pages."""
    app.connect("source-read", _list_models)
    # Before myst-nb reads its configuration.
    app.connect("builder-inited", _generate, priority=10)
    return {"parallel_read_safe": True}
