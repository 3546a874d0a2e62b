"""The commands around the series, on copies of what they change."""

import base64
import contextlib
import io
from pathlib import Path
import re
import shutil
import sys
import tomllib

import nbformat
import numpy as np
import papermill
from PIL import Image
import pytest

import notebooks
import set_repository

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "https://github.com/owner/name"


@pytest.fixture
def copy(tmp_path):
    for name in ("pyproject.toml", "CITATION.cff", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("notebooks", "exercises"):
        shutil.copytree(ROOT / name, tmp_path / name)
    set_repository.set_repository(tmp_path, "")
    return tmp_path


def everything(root):
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_the_address_is_set_everywhere_and_unset_again(copy):
    before = everything(copy)
    set_repository.set_repository(copy, ADDRESS + "/")
    assert tomllib.loads((copy / "pyproject.toml").read_text())["tool"]["gan_notebooks"] == {
        "repository": ADDRESS
    }
    assert f'repository-code: "{ADDRESS}"' in (copy / "CITATION.cff").read_text()
    readme = (copy / "README.md").read_text(encoding="utf-8")
    for path in (copy / "notebooks").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert f'REPOSITORY = "{ADDRESS}"' in first.source
        link = f"colab.research.google.com/github/owner/name/blob/main/notebooks/{path.name}"
        assert link in cells[1].source and link in readme
        assert f"mybinder.org/v2/gh/owner/name/main?labpath=notebooks%2F{path.name}" in readme
    for path in (copy / "exercises").rglob("*.ipynb"):
        assert f'REPOSITORY = \\"{ADDRESS}\\"' in path.read_text(encoding="utf-8")
    once = everything(copy)
    set_repository.set_repository(copy, ADDRESS)
    assert everything(copy) == once != before
    set_repository.set_repository(copy, "")
    assert everything(copy) == before


def test_a_bad_address_changes_nothing(copy):
    before = everything(copy)
    bad = "github.com/owner/name", "https://github.com/owner", "x y", 'file:///a"b'
    for address in (*bad, "https://a/b/c/d"):
        with pytest.raises(ValueError, match="expected an address like"):
            set_repository.set_repository(copy, address)
    assert everything(copy) == before


def test_a_clone_address_loses_its_ending():
    assert set_repository.check_url(ADDRESS + ".git") == ADDRESS
    assert set_repository.check_url("file:///a/b.git") == "file:///a/b.git"


def test_an_address_elsewhere_is_a_plain_link():
    assert set_repository.badges("https://host.org/a/b", "01") == (
        "[https://host.org/a/b](https://host.org/a/b)"
    )


def write_notebook(path, source, **budgets):
    parameters = 'save_dir = "here"\ndataset = "garments"\nsteps = 9'
    cells = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(source),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    budgets = {"minutes": 1, "make_run": True, "short": {}} | budgets
    metadata = {"kernelspec": kernel, "gan_notebooks": budgets}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)


@pytest.fixture
def two_notebooks(tmp_path, monkeypatch):
    """A place with a notebook ``a`` that fails and a notebook ``b`` that prints 2."""
    (tmp_path / "notebooks").mkdir()
    write_notebook(tmp_path / "notebooks" / "a.ipynb", "1 / 0")
    write_notebook(tmp_path / "notebooks" / "b.ipynb", "print(2)")
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(notebooks, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(notebooks, "BUILD", tmp_path / "build")
    monkeypatch.setattr(notebooks, "PICTURES", tmp_path / "build" / "images")
    return tmp_path


@pytest.fixture
def without_kernels(monkeypatch):
    """This process runs the cells, since each kernel takes two seconds to start."""
    prepare = papermill.execute_notebook

    def execute(notebook, output, parameters, cwd):
        prepare(notebook, output, parameters, prepare_only=True)
        made, names = nbformat.read(output, as_version=4), {}
        with contextlib.chdir(cwd):
            for cell in made.cells:
                with contextlib.redirect_stdout(io.StringIO()) as text:
                    exec(cell.source, names)
                cell.outputs = [nbformat.v4.new_output("stream", text=text.getvalue())]
        nbformat.write(made, output)

    monkeypatch.setattr(papermill, "execute_notebook", execute)


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["notebooks.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        notebooks.main()
    return int(stopped.value.code)


def printed(output):
    return nbformat.read(output, as_version=4).cells[-1].outputs[0].text.splitlines()


def test_an_unknown_parameter_is_refused_before_anything_runs(two_notebooks, monkeypatch, capsys):
    write_notebook(two_notebooks / "notebooks" / "b.ipynb", "", short={"epoch": 1})
    assert run(monkeypatch) == 2
    assert "b.ipynb has no parameter epoch" in capsys.readouterr().err
    assert not (two_notebooks / "build").exists()


def test_a_failing_notebook_is_named_and_the_others_run(two_notebooks, monkeypatch, capsys):
    before = everything(two_notebooks / "notebooks")
    assert run(monkeypatch) == 1
    printed = capsys.readouterr().out
    assert "a: FAILED in cell" in printed and "ZeroDivisionError" in printed
    assert re.search(r"b: \d+ s, build.b\.ipynb", printed)
    assert everything(two_notebooks / "notebooks") == before


def test_a_full_run_replaces_only_what_succeeded(two_notebooks, monkeypatch):
    before = everything(two_notebooks / "notebooks")
    assert run(monkeypatch, "--full") == 1
    failed, done = sorted(before)
    assert failed.read_bytes() == before[failed]
    notebook = nbformat.read(done, as_version=4)
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    assert notebook.cells[1].outputs[0].text == "2\n"
    assert "papermill" not in done.read_text(encoding="utf-8")
    assert "injected-parameters" not in done.read_text(encoding="utf-8")


def test_the_short_run_takes_what_the_metadata_says(two_notebooks, monkeypatch, capsys):
    write_notebook(two_notebooks / "notebooks" / "a.ipynb", "1 / 0", make_run=False)
    write_notebook(two_notebooks / "notebooks" / "b.ipynb", "print(steps)", short={"steps": 2})
    assert run(monkeypatch) == 0
    assert "a:" not in capsys.readouterr().out
    assert printed(two_notebooks / "build" / "b.ipynb") == ["2"]
    assert run(monkeypatch, "a") == 1


def test_a_dataset_is_handed_on(two_notebooks, without_kernels, monkeypatch):
    write_notebook(two_notebooks / "notebooks" / "b.ipynb", "print(dataset)")
    (two_notebooks / "my images").mkdir()
    monkeypatch.chdir(two_notebooks)
    output = two_notebooks / "build" / "b.ipynb"
    # The kernel runs in notebooks/, so that a relative path would be another place there.
    for given, seen in (("my images", two_notebooks / "my images"), ("mnist", "mnist")):
        assert run(monkeypatch, "--dataset", given, "b") == 0
        assert printed(output) == [str(seen)]


def test_a_translation_is_run_in_its_own_folder_with_pictures_of_its_own(
    two_notebooks, without_kernels, monkeypatch
):
    write_notebook(two_notebooks / "notebooks" / "a.ipynb", "print(save_dir)")
    (two_notebooks / "notebooks" / "ru").mkdir()
    translated = two_notebooks / "notebooks" / "ru" / "b.ipynb"
    write_notebook(translated, "import os; print(os.path.basename(os.getcwd()), save_dir)")
    build = two_notebooks / "build"
    assert run(monkeypatch) == 0 and not (build / "ru").exists()
    assert run(monkeypatch, "ru/b", "a") == 0
    assert printed(build / "ru" / "b.ipynb") == [f"ru {build / 'images' / 'ru'}"]
    assert printed(build / "a.ipynb") == [str(build / "images")]
    assert run(monkeypatch, "--full", "ru/b") == 0
    assert printed(translated) == ["ru here"]
    assert printed(build / "b.ipynb") == ["2"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--full", "--dataset", "mnist"), "not allowed with argument"),
        (("c",), "no notebook c; there are a, b"),
    ],
)
def test_what_cannot_be_run_is_refused(two_notebooks, monkeypatch, capsys, arguments, message):
    assert run(monkeypatch, *arguments) == 2
    assert message in capsys.readouterr().err
    assert not (two_notebooks / "build").exists()


def test_strip_traces_keeps_outputs_but_widgets_and_paths(tmp_path):
    cell = nbformat.v4.new_code_cell("1", metadata={"papermill": {}, "tags": []})
    cell.outputs = [nbformat.v4.new_output("stream", text="1")]
    kept = list(cell.outputs)
    view = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "0%|   | 0/600"}
    cell.outputs.append(nbformat.v4.new_output("display_data", data=view))
    written = nbformat.v4.new_code_cell("%%writefile {file}\n1")
    written.outputs = [nbformat.v4.new_output("stream", text="Writing /here/file.py")]
    metadata = {"papermill": {"path": "here"}, "widgets": {"state": {}}, "gan_notebooks": {"a": 1}}
    cells = [cell, written]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "a.ipynb")
    notebooks.strip_traces(tmp_path / "a.ipynb")
    stripped = nbformat.read(tmp_path / "a.ipynb", as_version=4)
    assert stripped.metadata == {"gan_notebooks": {"a": 1}}
    assert stripped.cells[0].metadata == {}
    assert stripped.cells[0].outputs == kept
    assert stripped.cells[1].outputs == []


def test_a_shrunk_picture_looks_the_same(tmp_path):
    pixels = np.zeros((60, 60, 3), np.uint8)
    pixels[:, 20:40], pixels[:, 40:] = (255, 128, 0), np.arange(20, dtype=np.uint8)[:, None]
    Image.fromarray(pixels).save(tmp_path / "figure.png", compress_level=0)
    encoded = base64.b64encode((tmp_path / "figure.png").read_bytes()).decode()
    shrunk = notebooks.shrink_picture(encoded)
    assert len(shrunk) < len(encoded) / 2
    picture = Image.open(io.BytesIO(base64.b64decode(shrunk))).convert("RGB")
    assert np.abs(np.asarray(picture, int) - pixels).max() <= 2


def test_ci_binder_and_readme_run_the_same():
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    [command] = re.findall("-m pytest .+", (ROOT / "Makefile").read_text())
    for name in ("ci", "newest"):
        assert f"- run: python {command}" in (ROOT / f".github/workflows/{name}.yml").read_text()
    assert (ROOT / "binder" / "requirements.txt").read_text() == "-r ../requirements.txt\n"
    assert "dataset-fashion-mnist" in (ROOT / "binder" / "apt.txt").read_text()
