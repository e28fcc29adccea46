"""The book: its Python runs, its commands exist, and Sphinx builds it without a warning."""

import importlib.util
import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from announced import announce

from solitons import shipped_campaigns
from solitons.campaigns.framework.kinds import campaign_kinds
from solitons.commands.cli import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([DOCS / "start.md", *(DOCS / "howto").glob("*.md"), *(DOCS / "explanation").glob("*.md")])
KINDS = sorted((ROOT / "solitons" / "campaigns").rglob("page.md"))
WRITTEN = [path for path in sorted(DOCS.rglob("*.md")) if not {"generated", "_build"} & set(path.parts)] + KINDS

FENCE = re.compile(r"^```(\{code-block\} )?(\w+)\n(?::caption: (\S+)\n\n)?(.*?)^```", re.MULTILINE | re.DOTALL)


def install(folder):
    """What pip would do with a pyproject.toml of the page: its entry points are found from this folder."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    announce(folder, project["name"], project["entry-points"], project["version"])


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_as_they_stand(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = {"__name__": "__main__"}
    for _, language, caption, text in FENCE.findall(page.read_text()):
        if caption:
            file = tmp_path / caption
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
            if file.name == "pyproject.toml":
                install(tmp_path)
        elif language == "python":
            exec(compile(text, page.name, "exec"), names)
    for name in [name for name in sys.modules if name.split(".")[0] == "my_lab"]:
        del sys.modules[name]


def commands(path):
    """Lines of a page that call the command line: in console blocks, and as indented examples."""
    text = path.read_text()
    lines = re.findall(r"^(?:\$ |    )solitons (.*)$", text, re.MULTILINE)
    return [re.split(r"\s+#", line)[0].split() for line in lines]


def name_of(path):
    return path.parent.name if path in KINDS else path.stem


@pytest.mark.parametrize("path", [each for each in WRITTEN if commands(each)], ids=name_of)
def test_every_command_exists(path):
    campaigns = {each.name for each in shipped_campaigns()}
    for words in commands(path):
        assert words[0] in set(app), words
        if words[0] == "run" and not words[1].endswith(".yaml"):
            assert words[1] in campaigns | {"mean"}, words
        if words[0] == "new":
            assert words[1] in campaign_kinds(), words


def built(folder, **environment):
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", str(DOCS), str(folder)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def shows_an_example(named):
    """Whether the docstring of a name, or of one of a class's methods, has an example that runs."""
    texts = [inspect.getdoc(named)]
    if inspect.isclass(named):
        texts += [inspect.getdoc(each) for name, each in vars(named).items() if not name.startswith("_")]
    return any(re.search(r"^ *>>> (?!.*\+SKIP)", text or "", re.MULTILINE) for text in texts)


def test_every_public_name_has_an_example(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS / "building"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    generated = importlib.import_module("generated")
    names = sorted(set(generated.documented_where(generated.public_packages()).values()))
    assert len(names) > 200
    found = {name: getattr(importlib.import_module(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in names}
    without = [name for name, each in found.items() if not shows_an_example(each)]
    assert not without, f"give each an example that runs, or take it out of __all__: {', '.join(without)}"


@pytest.mark.slow
def test_the_book_builds_without_a_warning(tmp_path):
    for name in (
        "sphinx",
        "myst_nb",
        "numpydoc",
        "pydata_sphinx_theme",
        "sphinx_design",
        "sphinx_copybutton",
        "latex2mathml",
    ):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed; 'make docs' installs it")
    result = built(tmp_path / "html", BOOK_NOTEBOOKS="off")
    assert result.returncode == 0, result.stderr
    assert "find_skyrmions" in (tmp_path / "html/generated/reference/analysis.html").read_text()
    assert "Walker" in (tmp_path / "html/generated/models/domain_walls.html").read_text()
    assert (tmp_path / "html/generated/tutorials/domain_wall_synapse.html").exists()
    for page in KINDS:
        assert (tmp_path / f"html/generated/campaigns/{page.parent.name}.html").exists()
