"""Set the repository's URL everywhere: pyproject.toml, README, CITATION, notebooks, exercises.

python tools/set_repository.py https://github.com/owner/name
python tools/set_repository.py ""                               (back to "not set")
"""

import argparse
from pathlib import Path
import re

import nbformat

ROOT = Path(__file__).resolve().parent.parent
COLAB = "https://colab.research.google.com/assets/colab-badge.svg"
BINDER = "https://mybinder.org/badge_logo.svg"


def check_url(url):
    """Return the URL without ``/`` or ``.git`` at its end; ``ValueError`` if it is none."""
    url = url.rstrip("/")
    if url.startswith("https://"):
        url = url.removesuffix(".git")
    if url and not re.fullmatch(r"https://[\w.-]+/[\w.-]+/[\w.-]+|file:///[^\s\"\\]+", url):
        raise ValueError(f"{url!r}: expected an address like https://github.com/owner/name.")
    return url


def badges(url, name):
    """Markdown of the badges that open the notebook ``name``; nothing without an address."""
    if not url:
        return ""
    match = re.fullmatch(r"https://github\.com/(.+)", url)
    if not match:
        return f"[{url}]({url})"
    path = f"notebooks/{name}.ipynb"
    colab = f"https://colab.research.google.com/github/{match[1]}/blob/main/{path}"
    binder = f"https://mybinder.org/v2/gh/{match[1]}/main?labpath={path.replace('/', '%2F')}"
    return f"[![Open in Colab]({COLAB})]({colab}) [![Open in Binder]({BINDER})]({binder})"


def replace(path, pattern, replacement):
    """Replace ``pattern`` in a text file by what the function ``replacement`` makes of a match."""
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(pattern, replacement, text)
    if not count:
        raise ValueError(f"{path.name}: nothing found that looks like {pattern}.")
    path.write_text(changed, encoding="utf-8", newline="\n")


def set_repository(root, url):
    """Write ``url`` into every place under ``root`` that shows or uses it."""
    url = check_url(url)
    replace(root / "pyproject.toml", r'(?m)^repository = ".*"$', lambda _: f'repository = "{url}"')
    # An empty URL, or one of a folder, would make the metadata and the citation invalid.
    public = url if url.startswith("https://") else ""
    replace(
        root / "pyproject.toml",
        r"(?m)^(# )?Repository = .*$",
        lambda _: f'Repository = "{public}"' if public else "# Repository = not set",
    )
    replace(
        root / "CITATION.cff",
        r"(?m)^(# )?repository-code: .*$",
        lambda _: f'repository-code: "{public}"' if public else "# repository-code: not set",
    )
    replace(
        root / "README.md",
        r"<!-- badges (\w+) -->.*?<!-- /badges -->",
        lambda m: f"<!-- badges {m[1]} -->{badges(url, m[1])}<!-- /badges -->",
    )
    places = "source", "release", "ru/source", "ru/release"
    exercises = [path for place in places for path in root.glob(f"exercises/{place}/*/*.ipynb")]
    for path in sorted([*root.glob("notebooks/*.ipynb"), *exercises]):
        notebook = nbformat.read(path, as_version=4)
        # Markdown is not read on a line that begins with a comment, so each has its own.
        lines = "\n".join(
            filter(None, ["<!-- badges -->", badges(url, path.stem), "<!-- /badges -->"])
        )
        for cell in notebook.cells:
            cell.source = re.sub(
                r"(?s)<!-- badges -->.*?<!-- /badges -->", lambda _, new=lines: new, cell.source
            )
            if cell.cell_type == "code":
                cell.source = re.sub(
                    r'(?m)^REPOSITORY = ".*?"', lambda _: f'REPOSITORY = "{url}"', cell.source
                )
        nbformat.write(notebook, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help='such as https://github.com/owner/name; "" unsets it')
    try:
        set_repository(ROOT, parser.parse_args().url)
    except ValueError as error:
        parser.error(str(error))
