"""Fetch single files of an npm package, once, and make sure that they are the right ones."""

import hashlib
import shutil
import subprocess
import sys
import tarfile


def fetch(package, places, sha256, folder):
    """Put files of an npm package into ``folder``, where they are not there yet.

    Args:
        package: name and version, such as ``"mathjax@3.2.2"``.
        places: list of the files' places in the package.
        sha256: of the files' bytes, one file after the other.
        folder: ``Path``; the files lie there without their folders.

    Raises:
        SystemExit: npm is missing, or the files are other ones.
        CalledProcessError: npm could not fetch the package.
    """
    targets = {place: folder / place.rpartition("/")[2] for place in places}
    if not all(target.exists() for target in targets.values()):
        folder.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            sys.exit(
                f"npm is needed once, to fetch {package}. Install Node.js, or put "
                f"{', '.join(places)} of that package into {folder}."
            )
        subprocess.run([npm, "pack", package, "--silent"], cwd=folder, check=True)
        [archive] = folder.glob("*.tgz")
        with tarfile.open(archive) as packed:
            for place, target in targets.items():
                target.write_bytes(packed.extractfile(f"package/{place}").read())
        archive.unlink()
    content = b"".join(target.read_bytes() for target in targets.values())
    if hashlib.sha256(content).hexdigest() != sha256:
        found = ", ".join(map(str, targets.values()))
        sys.exit(f"{found} is not that of {package}. Delete it, and try again.")
