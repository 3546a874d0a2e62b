"""``fit`` under strategies of tf.distribute: two worker processes on this machine, two replicas."""

import json
import os
from pathlib import Path
import re
import socket
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

WORKER = Path(__file__).with_name("distributed_worker.py")
EPOCHS = 4  # of the workers' training


def start(part, folder, name, settings="{}", *more):
    """Start a process that writes what it says into ``folder``/name.out and .err."""
    environment = os.environ | {"TF_CONFIG": settings, "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, str(WORKER), part, str(folder), *more]
    with (folder / f"{name}.out").open("w") as out, (folder / f"{name}.err").open("w") as err:
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=out, stderr=err)


def two_workers(folder, name, victim):
    """Start two workers that know each other's addresses; one may have to die."""
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    addresses = [f"127.0.0.1:{door.getsockname()[1]}" for door in doors]
    for door in doors:
        door.close()
    settings = [
        json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}})
        for index in range(2)
    ]
    return [
        start("interrupted", folder, f"{name}-{number}", one, victim)
        for number, one in enumerate(settings)
    ]


def end(processes, seconds=300):
    """Wait for processes; returns their exit codes."""
    try:
        return [process.wait(seconds) for process in processes]
    finally:
        for process in processes:
            process.kill()


def interrupt(folder, victim):
    """Let one of two workers die, and two new ones go on."""
    codes = end(two_workers(folder, "first", victim))
    (folder / "ended").write_text(json.dumps([*codes, time.time()]))
    files = sorted(path.name for path in folder.rglob("*.*") if path.is_file())
    (folder / "files").write_text("\n".join(files))
    check(folder, end(two_workers(folder, "second", victim)))


def check(folder, codes):
    said = {path.name: path.read_text()[-2000:] for path in folder.glob("*.err")}
    assert not any(codes), said


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """The folder of two workers, of which one died, and of two new ones, and of two replicas."""
    folder = tmp_path_factory.mktemp("workers")
    interrupt(folder, "1")
    check(folder, end([start("mirrored", folder, "mirrored")]))
    return folder


def said(folder):
    return json.loads((folder / "said.json").read_text())


def largest_difference(one, other):
    """Of the weights of two GANs, as the worker saves them."""
    weights = [name for name in one.files if name.startswith("weight")]
    return max(np.abs(one[name] - other[name]).max() for name in weights)


def test_two_workers_of_32_images_have_the_losses_and_weights_of_one_of_64(ended):
    """Killed and begun again in between, they come to where one worker does."""
    check_workers(ended, np.load(ended / "alone.npz"))


def check_workers(folder, alone):
    first, second = (np.load(folder / f"worker-{number}.npz") for number in range(2))
    for name in ("generator_loss", "discriminator_loss", "real_score", "fake_score"):
        assert np.allclose(first[name], alone[name][2:], rtol=1e-4)  # what was left to do
        assert np.array_equal(first[name], second[name])
    assert np.allclose(first["scores"], alone["scores"], rtol=1e-4)
    assert largest_difference(first, alone) < 1e-5 and largest_difference(second, alone) < 1e-5


def test_a_worker_that_dies_ends_the_run_within_a_minute(ended):
    check_message(ended, left=0)


def check_message(folder, left):
    *codes, stopped = json.loads((folder / "ended").read_text())
    assert codes[left] == 1 and stopped - float((folder / "died").read_text()) < 60
    error = (folder / f"first-{left}.err").read_text()
    assert "ConnectionError: A worker does not answer any more (" in error
    assert "goes on from its last whole epoch" in error


@pytest.mark.slow  # four processes more
def test_the_first_worker_may_die_as_well(ended, tmp_path):
    interrupt(tmp_path, "0")
    check_message(tmp_path, left=1)
    check_workers(tmp_path, np.load(ended / "alone.npz"))


def test_files_and_progress_are_the_first_worker_s(ended):
    written = (ended / "files").read_text().splitlines()
    assert [name for name in written if "weights" in name or name == "log.csv"] == [
        "1.weights.h5",
        "2.weights.h5",
        "latest.weights.h5",
        "log.csv",
    ]
    assert "Epoch 1/2" in (ended / "first-0.out").read_text()
    assert "Epoch" not in (ended / "first-1.out").read_text()
    assert list(pd.read_csv(ended / "log.csv")["epoch"]) == list(range(EPOCHS))


def test_a_callback_of_one_worker_ends_the_training_of_all(ended):
    saved = [np.load(ended / f"stopped-{number}.npz") for number in range(2)]
    assert len(saved[0]["generator_loss"]) == 1
    for name in saved[0].files:
        assert np.array_equal(saved[0][name], saved[1][name])


def test_synchronised_normalisation_looks_at_the_whole_batch(ended):
    """In both networks, and under R1."""
    one, synchronised, own = (np.load(ended / f"{x}.npz") for x in ("one", "synchronised", "own"))
    assert largest_difference(one, synchronised) < 1e-4 < 1e-3 < largest_difference(one, own)
    assert len(own["val_generator_loss"]) == len(own["generator_loss"]) == 2


def test_dropout_differs_between_replicas(ended):
    seeds = said(ended)["seeds"]
    assert seeds and all(one != other for one, other in seeds)


def test_who_ends_the_training_is_heard_one_step_later(ended):
    assert said(ended)["steps"] == 3


@pytest.mark.parametrize(
    "what, message",
    [
        ("odd", "batch_size: 5 images cannot be divided among 2 replicas"),
        ("batch", "train_on_batch: under a strategy"),
        ("jit", "jit_compile: XLA cannot"),
        ("execution", "steps_per_execution: .* leave it at 1"),
        ("scope", "made outside the strategy's scope"),
    ],
)
def test_what_cannot_work_is_refused(what, message, ended):
    assert re.search(message, said(ended)[what])


def test_workers_call_fit_behind_the_scope(ended):
    for number in range(2):
        assert "call this outside" in (ended / f"scope-{number}").read_text()
