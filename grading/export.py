"""The files of an export, which is a folder or a .zip, and what is in the archives inside it.

Each file is a path as a person reads it, its bytes, and the problem that kept it from being read.
Nothing is unpacked to the disk, no link is followed, and no file ends the reading of the others.
"""

from collections import Counter
import contextlib
import io
import os
from pathlib import Path, PurePosixPath
import re
import stat
import zipfile

from grading import InputError
from grading.text import plain

ZIP = b"PK\x03\x04", b"PK\x05\x06"
OTHER_ARCHIVES = {
    b"Rar!": "a .rar",
    b"7z\xbc\xaf": "a .7z",
    b"\x1f\x8b": "a .gz",
    b"BZh": "a .bz2",
    b"\xfd7zXZ": "an .xz",
}
DEPTH = 3  # archives in archives
MEMBERS = 2_000  # files of an archive that was handed in
UNPACKED = 10  # times the size of a file, for all files of such an archive
# What systems, editors and version control make beside the files that people make.
ASIDE = r"\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|\.git|\.ipynb_checkpoints|__pycache__"


def collect(export, max_bytes):
    """Every file of an export: path, content, problem.

    ``export`` is a folder or a .zip. Files above ``max_bytes`` are named, but not read. Raises
    ``InputError`` if the export itself cannot be opened.
    """
    if export.is_dir():
        found = folder_files(export, max_bytes)
    elif zipfile.is_zipfile(export) or export.suffix.lower() == ".zip":
        found = archive_files(export, max_bytes)
    else:
        raise InputError(f"{export} is neither a folder nor a .zip file")
    try:
        for path, content, problem in found:
            yield from opened(path, content, problem, max_bytes)
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError) as error:
        raise InputError(
            f"{export} is damaged ({plain(error)}): download it again, or unpack it with another "
            "program and give the folder."
        ) from None


def is_aside(path):
    """Whether a path is one that a system or an editor made, not a person."""
    return any(re.fullmatch(ASIDE, part) for part in PurePosixPath(path).parts)


# --- a folder -----------------------------------------------------------------------------------


def folder_files(folder, max_bytes):
    """The files below a folder."""
    waiting = [str(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                entries = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield readable(place, folder), b"", f"this folder could not be read: {error.strerror}"
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                yield readable(entry.path, folder), *read_file(entry.path, max_bytes)


def readable(path, folder):
    """A path inside a folder as text, whatever bytes its names are made of."""
    raw = os.fsencode(os.path.relpath(path, folder))
    return plain(raw.decode("utf-8", "backslashreplace").replace(os.sep, "/"))


def read_file(path, max_bytes):
    """The bytes of a file, and why there are none."""
    try:
        about = os.lstat(path)
        if stat.S_ISLNK(about.st_mode):
            return b"", "a link to another file, which was not followed"
        if not stat.S_ISREG(about.st_mode):
            return b"", "not a regular file"
        if about.st_size > max_bytes:
            return b"", f"too large: {about.st_size / 1e6:.0f} MB"
        return Path(path).read_bytes(), ""
    except OSError as error:
        return b"", f"could not be read: {error.strerror}"


# --- an archive ---------------------------------------------------------------------------------


def archive_files(source, max_bytes):
    """The files in a .zip, which is a path or an open file; an error if it is none."""
    with zipfile.ZipFile(source) as archive:
        for info in sorted(archive.infolist(), key=notebooks_first):
            name = member_name(info)
            if not name.endswith("/"):
                yield member_path(name), *read_member(archive, info, max_bytes)


def notebooks_first(info):
    """The order in which an archive is read, since the reading of a big one ends before its end."""
    return ".ipynb" not in info.filename, info.filename


def member_name(info):
    """A member's name: often UTF-8 though the archive does not say so, or with backslashes."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):  # else it is DOS' old code page, as zipfile assumes
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def member_path(name):
    """A path that stays inside the archive: without drive, root and ``..``."""
    parts = re.sub(r"^[A-Za-z]:", "", name).split("/")
    return plain(
        "/".join(part for part in parts if part not in ("", ".", "..")) or "without a name"
    )


def read_member(archive, info, max_bytes):
    """The bytes of a member, and why there are none."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return b"", "a link to another file, which was not followed"
    if info.flag_bits & 1:
        return b"", "encrypted in the archive"
    if info.file_size > max_bytes:
        return b"", f"too large: {info.file_size / 1e6:.0f} MB"
    try:
        with archive.open(info) as file:
            return file.read(), ""
    except Exception as error:  # damaged archives fail in as many ways as there are bytes
        return b"", f"damaged in the archive ({type(error).__name__})"


def is_archive(path, content):
    """Whether a file that was handed in is a .zip to look into, not a document made of one."""
    if content[:4] not in ZIP:
        return False
    return ".zip" in PurePosixPath(path).name.lower() or b".ipynb" in content


def opened(path, content, problem, max_bytes, depth=0, used=None):
    """A file as it is, or if it is a .zip, the files in it: path, content, problem.

    ``used`` counts the files and bytes of the whole archive, with those inside it.
    """
    if problem or not is_archive(path, content):
        kinds = [kind for mark, kind in OTHER_ARCHIVES.items() if content.startswith(mark)]
        if kinds:
            problem = f"{kinds[0]} archive, which is not opened here: unpack it, or ask for a .zip"
        yield path, content, problem
        return
    if depth == DEPTH:
        yield path, b"", f"an archive inside {DEPTH} others, which was not opened"
        return
    used, empty = Counter() if used is None else used, True
    try:
        for name, inner, why in archive_files(io.BytesIO(content), max_bytes):
            used.update(files=not is_aside(name), bytes=len(inner))
            if used["files"] > MEMBERS or used["bytes"] > UNPACKED * max_bytes:
                yield path, b"", "an archive with too much in it: the rest was not read"
                return
            yield from opened(f"{path}/{name}", inner, why, max_bytes, depth + 1, used)
            empty = empty and is_aside(name)
    except Exception as error:
        yield path, b"", f"a damaged archive ({type(error).__name__})"
        return
    if empty:
        yield path, b"", "an archive without any file that was made by a person"
