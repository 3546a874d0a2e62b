"""What is installed, from what, and under which version: the files at the root agree."""

import ast
import json
import os
from pathlib import Path
import re
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml

import set_repository

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gan_helpers"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
GROUPS = SETTINGS["dependency-groups"]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
DISTRIBUTIONS = {"PIL": "pillow", "sklearn": "scikit-learn"}
OPTIONAL = {"tensorflow", "tensorboard", "matplotlib_inline", "ipywidgets"}
NOTEBOOKS = sorted(
    [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/[sr]*/*/*.ipynb")], key=str
)
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def version():
    """The package's version, read without importing it."""
    return re.search(r'(?m)^__version__ = "(.+)"$', text("gan_helpers/__init__.py"))[1]


def names(requirements):
    return {re.match(r"[\w.-]+", requirement)[0] for requirement in requirements}


# One version


def test_the_version_is_that_of_the_citation_and_of_the_newest_change():
    assert SETTINGS["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "gan_helpers.__version__"
    assert yaml.safe_load(text("CITATION.cff"))["version"] == version()
    releases = re.findall(r"(?m)^## \[?([\d.]+)", text("CHANGELOG.md"))
    assert releases[0] == version()
    ordered = sorted(releases, key=lambda release: [int(n) for n in release.split(".")])
    assert releases == ordered[::-1]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_a_notebook_fetches_the_package_of_this_version(path):
    code = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    assert re.search(r'(?m)^RELEASE = "(.*?)"', code[0])[1] == f"v{version()}"
    assert "git+{REPOSITORY}@{RELEASE}" in code[0]


def test_authors_and_licence_are_the_citation_s():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert PROJECT["authors"] == citation["authors"]
    assert PROJECT["license"] == citation["license"]


# The repository's address


def test_the_address_is_the_same_in_metadata_and_citation():
    address = SETTINGS["tool"]["gan_notebooks"]["repository"]
    public = address if address.startswith("https://") else None
    assert PROJECT["urls"].get("Repository") == public
    assert yaml.safe_load(text("CITATION.cff")).get("repository-code") == public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        ("file:///srv/git/name", None),  # a folder is no address for others
        ("", None),
    ],
)
def test_setting_the_address_keeps_metadata_and_citation_valid(tmp_path, address, public):
    for name in ("pyproject.toml", "CITATION.cff", "README.md"):
        (tmp_path / name).write_text(text(name), encoding="utf-8")
    set_repository.set_repository(tmp_path, "https://elsewhere.org/other/one")
    set_repository.set_repository(tmp_path, address)
    settings = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["gan_notebooks"]["repository"] == address
    assert settings["project"]["urls"].get("Repository") == public
    citation = yaml.safe_load((tmp_path / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation.get("repository-code") == public


# Dependencies


def test_every_dependency_has_a_lower_bound():
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values(), *GROUPS.values()]
    without = [one for requirements in lists for one in requirements if ">=" not in one]
    assert not without


def test_what_the_package_imports_is_what_it_depends_on():
    imported = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.split(".")[0])
    imported -= sys.stdlib_module_names | {"gan_helpers"} | OPTIONAL
    distributions = {DISTRIBUTIONS.get(name, name) for name in imported}
    assert distributions == names(PROJECT["dependencies"])


def locked_closure(requirements):
    """The names of all packages that some requirements bring, by uv.lock."""
    edges = {}
    for package in LOCK["package"]:
        needed = {dependency["name"] for dependency in package.get("dependencies", [])}
        edges.setdefault(package["name"], set()).update(needed)
    found, waiting = set(), list(requirements)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += edges[name]
    return found


@pytest.mark.parametrize("group", ["the package", *GROUPS])
def test_only_the_extra_brings_a_tensorflow(group):
    """'tensorflow' and 'tensorflow-cpu' overwrite each other, and pip does not see it."""
    requirements = names(GROUPS.get(group, PROJECT["dependencies"]))
    brought = locked_closure(requirements)
    assert requirements <= brought
    assert not [name for name in brought if re.match(r"(tensorflow|tf)\b", name)]


def dry_run(folder, file):
    """What pip would install from a requirements file beside somebody's TensorFlow 2.19.

    Its stand-in is a folder with all packages of this environment but the TensorFlow, and without
    an index to take one from.
    """
    for place in map(Path, sys.path):
        for package in [*place.glob("*.dist-info"), *place.glob("pip")]:
            link = folder / package.name
            if not package.name.startswith("tensorflow") and not link.exists():
                link.symlink_to(package, target_is_directory=True)
    stand_in = folder / "tensorflow-2.19.0.dist-info"
    stand_in.mkdir()
    (stand_in / "METADATA").write_text("Metadata-Version: 2.1\nName: tensorflow\nVersion: 2.19.0\n")
    options = ["--dry-run", "--no-index", "--quiet", "--report", "-", "-r"]
    command = [sys.executable, "-S", "-m", "pip", "install", *options, ROOT / file]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_a_tensorflow_that_is_there_already_is_not_replaced(tmp_path):
    pytest.importorskip("pip", reason="an environment of uv's own has no pip")
    done = dry_run(tmp_path, "requirements-without-tensorflow.txt")
    assert not done.returncode, done.stderr
    assert json.loads(done.stdout)["install"] == []


def test_pip_would_replace_it_with_the_pinned_file(tmp_path):
    """So the test above can see what it is there for."""
    pytest.importorskip("pip", reason="an environment of uv's own has no pip")
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = tmp_path / "pinned.txt"
    pinned.write_text("\n".join(line for line in lines if line.startswith("tensorflow")))
    refused = dry_run(tmp_path, pinned).stderr
    assert "No matching distribution found for tensorflow" in refused


def test_the_extra_brings_the_build_for_the_cpu_where_there_is_one():
    builds = PROJECT["optional-dependencies"]["cpu"]
    assert names(builds) == {"tensorflow", "tensorflow-cpu"}
    linux = "sys_platform == 'linux' and platform_machine == 'x86_64'"
    assert [build for build in builds if build.startswith("tensorflow-cpu")][0].endswith(linux)


def test_the_file_for_machines_with_a_tensorflow_pins_nothing():
    lines = [line for line in text("requirements-without-tensorflow.txt").splitlines() if line]
    requirements = [line for line in lines if not line.startswith("#")]
    assert names(requirements) == names(PROJECT["dependencies"] + GROUPS["notebooks"])
    assert all(re.fullmatch(r"[\w-]+>=[\d.]+", line) for line in requirements)
    assert "requirements-without-tensorflow.txt" in text("requirements.txt")


def test_the_requirement_files_are_what_the_lock_file_says():
    pytest.importorskip("uv")
    import lock

    made = lock.requirement_files()
    assert {path.name for path in ROOT.glob("requirements*.txt")} == set(made)
    for name, expected in made.items():
        assert text(name) == expected, f"{name}: run make lock"


def test_students_install_no_test_tools():
    pinned = names(line for line in text("requirements.txt").splitlines() if line[:1] != "#")
    assert not pinned & {"hypothesis", "nbval", "prdc", "pytest", "ruff", "uv", "nbgrader", "wandb"}
    assert pinned > {"jupyterlab", "papermill", "tensorflow", "tensorflow-cpu"}


def test_no_file_names_where_packages_are_fetched_from():
    for path in [*ROOT.glob("requirements*.txt"), ROOT / "binder" / "requirements.txt"]:
        assert not re.search(r"://|--(extra-)?index|--find-links", path.read_text(encoding="utf-8"))
    sources = {package["source"].get("registry") for package in LOCK["package"]} - {None}
    assert len(sources) == 1 and sources.pop().startswith("https://")


# The Pythons and the tools


def test_the_pythons_are_the_same_everywhere():
    low, high = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    minors = range(int(low), int(high))
    pythons = [f"3.{minor}" for minor in minors]
    prefix = "Programming Language :: Python :: "
    listed = [c.removeprefix(prefix) for c in PROJECT["classifiers"] if c.startswith(prefix)]
    assert listed == ["3", *pythons]
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    assert workflow["jobs"]["pinned"]["strategy"]["matrix"]["python"] == pythons
    assert f"(3, {minors[0]}) <= v <= (3, {minors[-1]})" in text("Makefile")
    assert f"Python {pythons[0]}-{pythons[-1]}" in text("requirements.txt")
    assert SETTINGS["tool"]["ruff"]["target-version"] == f"py3{minors[0]}"
    assert text("binder/runtime.txt").strip().removeprefix("python-") in pythons
    container = json.loads(text(".devcontainer/devcontainer.json"))
    assert container["image"].rpartition(":")[2] in pythons


def test_pre_commit_uses_the_pinned_versions():
    pinned = set((text("requirements.txt") + text("requirements-test.txt")).splitlines())
    hooks = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    used = {one for hook in hooks for one in hook["additional_dependencies"]}
    assert {"ruff", "nbformat"} <= names(used & pinned)
    assert names(used - pinned) == {"pre-commit-hooks"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_does_not_pile_up(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())


def test_the_quick_job_comes_first():
    jobs = yaml.safe_load(text(".github/workflows/ci.yml"))["jobs"]
    assert {name for name, job in jobs.items() if job.get("needs") != "lint"} == {"lint"}


# The wheel


def test_all_files_of_the_package_are_in_the_wheel():
    setup = SETTINGS["tool"]["setuptools"]
    assert setup["packages"] == ["gan_helpers", "gan_helpers.recorded"]
    recorded = ROOT / setup["package-dir"]["gan_helpers.recorded"]
    assert setup["package-data"]["gan_helpers.recorded"] == ["*.csv"]
    assert all(path.suffix == ".csv" for path in recorded.iterdir()) and any(recorded.iterdir())
    patterns = setup["package-data"]["gan_helpers"]
    packed = {path for pattern in patterns for path in PACKAGE.glob(pattern) if path.is_file()}
    there = {path for path in PACKAGE.rglob("*") if path.is_file()}
    code = {path for path in there if "__pycache__" in path.parts or path.parent == PACKAGE}
    assert {path.suffix for path in code} <= {".py", ".pyc"}
    assert packed == there - code
    assert all(path.suffix != ".py" for path in packed)
