"""Execute the notebooks with papermill: a short run into build/, or the full one in place.

python tools/notebooks.py                            those of `make run`, short, into build/
python tools/notebooks.py 01_vanilla_gan             one of them
python tools/notebooks.py --dataset PATH 02_dcgan    on your own images, or on "mnist", "shapes"
python tools/notebooks.py --full 02_dcgan            default parameters, result in notebooks/
python tools/notebooks.py --full ru/02_dcgan         the Russian one, result in notebooks/ru/

Budgets stand in each notebook's metadata, under "gan_notebooks": "short" for here, "reduced" and
"tiny" for the tests, "minutes" of the full run, "make_run" for those that `make run` executes.
"""

import argparse
import base64
import io
from pathlib import Path
import sys
import time

from nbclient.exceptions import DeadKernelError
import nbformat
import papermill
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "build"
PICTURES = BUILD / "images"


def budgets(notebook):
    """What a notebook's metadata says about its runs."""
    return nbformat.read(notebook, as_version=4).metadata["gan_notebooks"]


def check_parameters(notebook, parameters):
    """Raise ``ValueError`` for a name that the notebook's parameters cell does not have.

    papermill only warns of it, and then runs the full training.
    """
    known = papermill.inspect_notebook(str(notebook))
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise ValueError(
            f"{notebook.name} has no parameter {', '.join(unknown)}; it has {', '.join(known)}."
        )


def execute(notebook, output, parameters):
    """Run a notebook in its own folder, with papermill's progress bar; return the seconds."""
    output.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    papermill.execute_notebook(str(notebook), str(output), parameters, cwd=str(notebook.parent))
    return time.perf_counter() - start


def shrink_picture(encoded):
    """A base64 PNG with a palette of 256 colours, which no figure of the series needs more of."""
    picture, smaller = Image.open(io.BytesIO(base64.b64decode(encoded))), io.BytesIO()
    picture.convert("RGB").quantize(256).save(smaller, "PNG", optimize=True)
    return base64.b64encode(smaller.getvalue()).decode()


def is_widget(output):
    """Whether an output lives by its kernel, as progress bars do: stored, it stays at 0 %."""
    return "application/vnd.jupyter.widget-view+json" in output.get("data", {})


def strip_traces(path):
    """Remove papermill's notes, which hold paths of this machine, and shrink the figures."""
    notebook = nbformat.read(path, as_version=4)
    for key in ("papermill", "widgets"):
        notebook.metadata.pop(key, None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_widget(output)]
            if cell.source.startswith("%%writefile"):  # says which file it wrote
                cell.outputs = []
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = shrink_picture(output.data["image/png"])
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
    nbformat.write(notebook, path)


def describe(error):
    """Where and why a notebook stopped, in one line."""
    if isinstance(error, DeadKernelError):
        return "because its kernel died (is there 1.5 GB of free memory?)"
    return f"in cell {error.exec_count}: {error.ename}: {error.evalue}"


def own_path(dataset):
    """A path as it is meant where the command is typed: the kernel starts in notebooks/."""
    path = Path(dataset).expanduser()
    return str(path.resolve()) if path.exists() else dataset


def budgets_by_name():
    """The budgets of all notebooks, by names like ``01_vanilla_gan`` and ``ru/01_vanilla_gan``."""
    paths = [*sorted(NOTEBOOKS.glob("*.ipynb")), *sorted(NOTEBOOKS.glob("??/*.ipynb"))]
    return {path.relative_to(NOTEBOOKS).with_suffix("").as_posix(): budgets(path) for path in paths}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="notebooks without .ipynb; default: English ones")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--dataset", help='"fashion_mnist", "mnist", "shapes", or a path')
    kinds.add_argument("--full", action="store_true", help="default parameters, in place")
    arguments = parser.parse_args()
    known = budgets_by_name()
    names = arguments.names or [n for n in known if known[n]["make_run"] and "/" not in n]
    unknown = sorted(set(names) - set(known))
    if unknown:
        parser.error(f"no notebook {', '.join(unknown)}; there are {', '.join(known)}")

    own = {"dataset": own_path(arguments.dataset)} if arguments.dataset else {}
    pictures = {name: (PICTURES / name).parent for name in names}
    parameters = {name: {} for name in names}
    if not arguments.full:
        for name in names:
            parameters[name] = known[name]["short"] | {"save_dir": str(pictures[name])} | own
    try:
        for name in names:
            check_parameters(NOTEBOOKS / f"{name}.ipynb", parameters[name])
    except ValueError as error:
        parser.error(str(error))

    report, failed = [], False
    for name in names:
        notebook = NOTEBOOKS / f"{name}.ipynb"
        output = BUILD / f"{name}.ipynb"
        minutes = f" (about {known[name]['minutes']} minutes)" if arguments.full else ""
        print(f"{name}{minutes} ...", flush=True)
        try:
            seconds = execute(notebook, output, parameters[name])
        except (papermill.PapermillExecutionError, DeadKernelError) as error:
            failed = True
            report.append(f"{name}: FAILED {describe(error)}; see {output.relative_to(ROOT)}")
            continue
        if arguments.full:
            strip_traces(output)
            output = output.replace(notebook)  # a failed run leaves the notebook as it was
        report.append(f"{name}: {seconds:.0f} s, {output.relative_to(ROOT)}")
        if not arguments.full:
            found = sorted(pictures[name].glob(f"{notebook.stem[:2]}_*"))
            found = [path for path in found if path.suffix in (".png", ".gif")]
            report += [f"    {path.relative_to(ROOT)}" for path in found]
    print("\nLook here:", *report, sep="\n")
    sys.exit(failed)


if __name__ == "__main__":
    main()
