"""Many independent jobs: in processes of this machine, or on the workers of a Dask scheduler.

A worker that dies costs a repetition of what it was doing. joblib runs jobs here. It could there,
too, but joblib 1.6 waits for ever for a job whose workers have died again and again.
"""

from concurrent.futures.process import BrokenProcessPool
import contextlib
import importlib

import joblib

from grading import InputError
from grading.text import plain

WAITING = 10  # seconds for a scheduler to answer
TRIES = 3  # of a job whose worker dies; as many as Dask makes
HELP = "of a Dask scheduler whose workers do it, such as tcp://192.168.1.20:8786"
START = (
    "In a copy of this folder with the same environment, start each machine's workers by "
    "PYTHONPATH=tools DASK_DISTRIBUTED__WORKER__DAEMON=False python -m dask worker ADDRESS "
    "--nworkers 2 --nthreads 1"
)


@contextlib.contextmanager
def cluster(address):
    """A client of the Dask scheduler at an address, or ``None`` without an address.

    ``InputError`` if Dask is not installed, or no scheduler with workers answers.
    """
    if address is None:
        yield None
        return
    try:
        from dask.distributed import Client
    except ImportError:
        raise InputError("--cluster needs Dask: pip install -r requirements-cluster.txt") from None
    try:
        client = Client(address, timeout=WAITING, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--cluster {address}: no scheduler answers there ({error}). Start one with "
            "python -m dask scheduler, which says its address."
        ) from None
    with client:
        if not client.nthreads():
            raise InputError(f"--cluster {address}: its scheduler has no workers. {START}")
        yield client


def ask(client, function):
    """What a function returns on each worker, by their addresses."""
    try:
        return client.run(function)
    except ModuleNotFoundError as error:
        raise _missing(error) from None


def check_versions(client, function):
    """``InputError`` unless a function of versions returns on all workers what it does here."""
    compare_versions(ask(client, function), function())


def compare_versions(found, ours):
    """``InputError`` unless the versions of all workers, by their addresses, are ours."""
    for address, theirs in found.items():
        other = [name for name, one in ours.items() if theirs.get(name) != one]
        if other:
            raise InputError(
                f"--cluster: the worker {plain(address)} has another {', '.join(other)} than this "
                "machine, and its results could be others. Install the same versions there."
            )


def run(function, tasks, workers, client=None, threads=False):
    """Call a function with each of some tasks; yields keys and results, as they come.

    Args:
        function: of one task, importable by its name where it runs; what it raises ends all.
        tasks: dict from a key to a task.
        workers: how many at a time, on this machine.
        client: of a Dask scheduler, from ``cluster``; it decides how many there.
        threads: whether threads will do on this machine, as the function starts processes itself.
    """
    if client:
        from dask.distributed import as_completed

        module, name = function.__module__, function.__qualname__

        def named(task):  # of names only, and defined here, so that no scheduler has to import it
            return getattr(importlib.import_module(module), name)(task)

        keys = {client.submit(named, task, pure=False): key for key, task in tasks.items()}
        for future in as_completed(keys, loop=client.loop):
            try:
                result = future.result()
            except ModuleNotFoundError as error:
                raise _missing(error) from None
            yield keys[future], result
        return
    backend, waiting = "threading" if threads else "loky", dict(tasks)
    for left in reversed(range(TRIES)):
        parallel = joblib.Parallel(
            workers,
            backend,
            batch_size=1,
            pre_dispatch="all",
            return_as="generator_unordered",
        )
        calls = [joblib.delayed(_keyed)(function, *item) for item in waiting.items()]
        try:
            for key, result in parallel(calls):
                del waiting[key]
                yield key, result
            return
        except BrokenProcessPool:
            if not left:
                raise


def _keyed(function, key, task):
    return key, function(task)


def _missing(error):
    return InputError(f"--cluster: on its workers there is {error}. {START}")
