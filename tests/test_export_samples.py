"""The tool that writes images and an ONNX file of a shipped generator."""

import importlib.util
import sys

from gan_helpers import data, pretrained, sampling
import keras
import numpy as np
from PIL import Image
import pytest

import export_samples


@pytest.fixture(autouse=True)
def sample_only(monkeypatch):
    """Without a network: the bundled sample, whatever is in a cache."""
    known = data.load_dataset(data.SAMPLE_FOLDER)
    monkeypatch.setattr(data, "load_dataset", lambda name: known)


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["export_samples.py", *map(str, arguments)])
    export_samples.main()


def read(folder):
    return np.stack([np.asarray(Image.open(path)) for path in sorted(folder.glob("*.png"))])


@pytest.mark.parametrize("name", ["dense_gan", "conditional_gan"])
def test_the_images_are_those_that_a_judge_measures(name, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(export_samples, "AT_A_TIME", 4)
    folder = tmp_path / "a folder"
    run(monkeypatch, name, "--folder", folder, "--count=11", "--seed=3", "--no-onnx")
    images = sampling.sample(pretrained.load_pretrained(name), 11, 3)[0]
    found = read(folder / "generated")
    assert found.dtype == np.uint8 and found.shape == (11, 28, 28)
    assert np.abs(found - 255 * images).max() <= 0.5001
    real = data.load_dataset("").test_images[:11]
    np.testing.assert_array_equal(read(folder / "real"), real)
    assert sorted(path.name for path in folder.iterdir()) == ["generated", "real"]
    printed = capsys.readouterr()
    quoted = f"'{folder}/generated'"
    assert f"python -m pytorch_fid '{folder}/real' {quoted}\n" in printed.out
    assert f"fidelity --fid --kid --input1 {quoted} --input2 '{folder}/real'\n" in printed.out
    assert "from 11 generated and 11 real images" in printed.out
    assert "11/11" in printed.err  # the progress bar


def test_too_few_real_images_are_told(monkeypatch, tmp_path, capsys):
    folder = tmp_path / "few"
    known = data.load_dataset("")
    less = data.Dataset(*(getattr(known, part)[:5] for part in (
        "train_images", "train_labels", "test_images", "test_labels"
    )), known.class_names, "a test", "few")  # fmt: skip
    monkeypatch.setattr(data, "load_dataset", lambda name: less)
    run(monkeypatch, "dense_gan", "--folder", folder, "--count=8", "--no-onnx")
    printed = capsys.readouterr().out
    assert "Only 5 real images were at hand" in printed and "covariance singular" in printed
    assert "from 8 generated and 5 real images" in printed


@pytest.mark.parametrize("name", ["improved_dcgan", "conditional_gan"])
def test_the_onnx_file_makes_the_pixels_of_keras(name, monkeypatch, tmp_path, capsys):
    pytest.importorskip("tf2onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    run(monkeypatch, name, "--folder", tmp_path / "out", "--count=2")
    assert "of the pixels differ from Keras'" in capsys.readouterr().out
    path = tmp_path / "out" / f"{name}.onnx"
    generator = pretrained.load_pretrained(name)
    assert export_samples.differing_pixels(generator, path) < 1e-4
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]
    assert names == ["latents", "labels"][: len(generator.inputs)]
    weights = generator.get_weights()
    generator.set_weights([1.1 * weight for weight in weights])
    with pytest.raises(ValueError, match="other images than Keras"):
        export_samples.differing_pixels(generator, path)


def test_a_missing_converter_is_told_before_anything_is_written(monkeypatch, tmp_path, capsys):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "tf2onnx" else found(name)
    )
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "dense_gan", "--folder", tmp_path / "out")
    assert ended.value.code == 1 and not (tmp_path / "out").exists()
    told = capsys.readouterr().err
    assert "pip install tf2onnx" in told and "--no-onnx" in told


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["no_such"], "name: expected one of"),
        (["dense_gan", "--count=0"], "--count: expected a whole number of at least 2, got 0"),
        (["dense_gan", "--seed=-1"], "--seed: expected a whole number of at least 0"),
        (["dense_gan", "--folder=."], "exists already"),
    ],
)
def test_mistakes_end_in_a_sentence(arguments, message, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, *arguments, "--no-onnx")
    assert ended.value.code == 1 and message in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_the_export_asks_keras_for_named_inputs_of_any_batch(monkeypatch, tmp_path):
    """What the ONNX test needs tf2onnx for, without it."""
    asked = {}
    monkeypatch.setattr(
        keras.Model, "export", lambda self, path, **kwargs: asked.update(kwargs, path=path)
    )
    export_samples.write_onnx(pretrained.load_pretrained("conditional_gan"), tmp_path / "a.onnx")
    [[latents, labels]] = asked["input_signature"]
    assert (latents.name, latents.shape, labels.name, labels.shape) == (
        "latents", (None, 100), "labels", (None,)
    )  # fmt: skip
    assert asked["format"] == "onnx" and asked["path"] == str(tmp_path / "a.onnx")
