"""The code of the README runs as it stands, with smaller numbers."""

from pathlib import Path
import re

from gan_helpers import evaluation
import keras
import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SMALLER = {
    'data.load_dataset("shapes")': "shapes.draw_shapes(3, (32, 32, 3), train=96, test=24)",
    "import callbacks, data": "import shapes, callbacks, data",
    "width=16": "width=2",
    "epochs=5": "epochs=1",
    "DistanceLog(judge)": "DistanceLog(judge, count=24)",
    "judge.evaluate(gan.ema_generator)": "row = judge.evaluate(gan.ema_generator, count=24)",
    "judge.evaluate(generator)": "row = judge.evaluate(generator, count=24)",
}


def test_there_are_blocks_to_run():
    assert len(BLOCKS) >= 3
    assert all(any(old in block for block in BLOCKS) for old in SMALLER)


@pytest.mark.filterwarnings("ignore:.*(biased|names only)")
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_runs(number, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))  # where judge_for keeps what it trains
    monkeypatch.setattr(evaluation, "LEAST_STEPS", 6)
    keras.utils.set_random_seed(0)
    code = BLOCKS[number]
    for old, new in SMALLER.items():
        code = code.replace(old, new)
    names = {}
    exec(code, names)
    if "judge.evaluate" in code:
        assert names["row"]["images"] == 24
    else:  # digits to order, and an opinion on them
        assert names["images"].shape == (8, 28, 28) and names["scores"].shape == (8,)
        assert sum(names["read"] == names["number"]) >= 7
