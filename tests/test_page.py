"""The page on which a generator runs in the browser: what it draws, and how it is made.

What needs a browser is skipped where there is none: Chromium, with playwright to drive it.
"""

import base64
import contextlib
import importlib.util
import json
import sys

from gan_helpers import evaluation, models, pretrained, sampling
import keras
import numpy as np
import pytest
from serving import serving

import build_site
import export_page

CONVERTERS = ["tf2onnx", "onnxruntime"]
MEGABYTES = 15
LATIN = {"In", "English", "D", "GAN", "Keras", "ONNX", "Runtime", "MIT", "SE", "Zalando"}
LATIN |= {"Han", "Kashif", "Roland"}


@pytest.fixture(scope="module")
def browser(request):
    """``chromium``, where the page can be made as well."""
    missing = [name for name in [*CONVERTERS, "playwright"] if not importlib.util.find_spec(name)]
    if missing:
        pytest.skip(f"the page cannot be tried without {', '.join(missing)}")
    if not all(
        (export_page.RUNTIME / name.rpartition("/")[2]).exists() for name in export_page.FILES
    ):
        pytest.skip("ONNX Runtime for browsers is not fetched: python tools/export_page.py")
    return request.getfixturevalue("chromium")


@contextlib.contextmanager
def opened(browser, address, **settings):
    """A tab with the page, once it is drawn; ``trouble`` and ``requests`` list what it did."""
    context = browser.new_context(locale="en-GB", **settings)
    page = context.new_page()
    page.trouble, page.requests = [], []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("console", lambda one: page.trouble.extend([one.text] * (one.type == "error")))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(address)
    ready(page)
    yield page
    context.close()
    assert page.trouble == []


def ready(page):
    """Wait until everything is drawn."""
    page.wait_for_function(
        "model && state.images && (!model.real || (state.game && $('game').children.length))"
    )
    drawn = "[...document.querySelectorAll('canvas')].every((one) => one.width === model.shape[1])"
    page.wait_for_function(drawn)


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["export_page.py", *map(str, arguments)])
    export_page.main()


@pytest.fixture(scope="module")
def shipped(browser, tmp_path_factory):
    """The folder with the series' own models."""
    folder = tmp_path_factory.mktemp("shipped") / "page"
    export_page.write(folder, export_page.shipped())
    return folder


@pytest.fixture(scope="module")
def page(browser, shipped):
    with opened(browser, (shipped / "index.html").as_uri()) as page:
        yield page


RESET = """async () => {
    Object.assign(state, {language: "en", truncation: 1, way: 0});
    $("truncation").value = 1;
    $("way").value = 0;
    $("scores").checked = false;
    translate();
    setSeed(1);
    await show("garments");
}"""


@pytest.fixture
def fresh(page):
    """The page as it is when it has just been opened, without the seconds that this takes."""
    page.evaluate(RESET)
    ready(page)
    return page


def to_page(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


NUMBERS = """async ([expression, given]) => {
    for (const [name, [type, text]] of Object.entries(given)) {
        const bytes = Uint8Array.from(atob(text), (x) => x.charCodeAt(0));
        window[name] = new (type === "int32" ? Int32Array : Float32Array)(bytes.buffer);
    }
    const found = new Uint8Array((await eval(expression)).buffer);
    let text = "";
    for (let i = 0; i < found.length; i += 8192) {
        text += String.fromCharCode(...found.subarray(i, i + 8192));
    }
    return btoa(text);
}"""


def numbers(page, expression, **arrays):
    """The float32 array of a JavaScript expression in which ``arrays`` have their names."""
    given = {name: [array.dtype.name, to_page(array)] for name, array in arrays.items()}
    return np.frombuffer(base64.b64decode(page.evaluate(NUMBERS, [expression, given])), np.float32)


def drawn(page, selector):
    """The pixels of canvases, ``int`` (n, h, w, 3), 0 to 255."""
    canvases = f"[...document.querySelectorAll('{selector}')]"
    data = "(one) => [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data]"
    pixels = numbers(page, f"Float32Array.from({canvases}.flatMap({data}))")
    height, width, _ = page.evaluate("model.shape")
    return pixels.reshape(-1, height, width, 4)[..., :3].astype(int)


# --- what the series' own page shows ---


@pytest.mark.parametrize("name", export_page.SHIPPED)
def test_a_thousand_pictures_are_those_of_keras(page, name):
    generator, discriminator = pretrained.load_pretrained(name, "both")
    page.evaluate("(name) => show(name)", export_page.SHIPPED[name][0])
    latents = np.random.default_rng(5).standard_normal((1000, sampling.latent_size(generator)))
    latents, labels = latents.astype(np.float32), np.arange(1000, dtype=np.int32) % 10
    made = numbers(page, "makeImages(latents, labels)", latents=latents, labels=labels)
    expected = sampling.images_from_latents(generator, latents, labels)
    assert expected.std() > 0.2
    assert np.abs(made.reshape(expected.shape) - expected).max() <= 1 / 255
    logits = numbers(page, "opinions(images, labels)", images=made[: 50 * 784], labels=labels[:50])
    expected = evaluation.discriminator_logits(discriminator, expected[:50], labels[:50])
    np.testing.assert_allclose(logits, expected, atol=2e-3 * np.abs(expected).max())


def test_the_grid_shows_what_the_generator_makes(fresh):
    generator = pretrained.load_pretrained("conditional_gan")
    latents = numbers(fresh, "normal(vectors() * model.latentDim, state.seed)").reshape(8, -1)
    labels = np.repeat(np.arange(10), 8)
    expected = sampling.images_from_latents(generator, np.tile(latents, (10, 1)), labels)
    found = drawn(fresh, "#grid canvas")
    assert np.abs(found - np.rint(255 * expected)[..., None]).max() <= 1
    ends = drawn(fresh, "#walk canvas")
    assert np.abs(ends - found[::8]).max() <= 1
    np.testing.assert_array_equal(drawn(fresh, "#picture")[0], found[0])


def test_the_latents_are_standard_normal_and_those_of_the_seed(page):
    latents = numbers(page, "normal(100000, 3)")
    assert np.abs(latents.mean()) < 0.02 and np.abs(latents.std() - 1) < 0.01
    assert np.mean(np.abs(latents) > 1.96) == pytest.approx(0.05, abs=0.003)
    np.testing.assert_array_equal(latents, numbers(page, "normal(100000, 3)"))
    other = numbers(page, "normal(100000, 4)")
    assert np.abs(np.corrcoef(latents, other)[0, 1]) < 0.02


def test_the_page_is_small_and_asks_no_network(fresh, shipped):
    assert export_page.size(shipped) < MEGABYTES * 1e6
    assert {one.partition(":")[0] for one in fresh.requests} == {"file", "blob"}
    assert fresh.evaluate("performance.getEntriesByName('first picture').length") == 1


def test_the_page_can_be_served(browser, shipped):
    with serving(shipped) as address, opened(browser, f"{address}index.html#ru") as page:
        assert page.locator("h1").text_content() == "Генератор в ваших руках"
        assert all(one.startswith((address, "blob:")) for one in page.requests)


def test_truncation_and_seed_change_the_pictures(fresh):
    before = drawn(fresh, "#grid canvas")
    fresh.evaluate("$('truncation').value = 0; $('truncation').oninput()")
    fresh.wait_for_function("state.truncation === 0")
    fresh.evaluate("drawGrid()")
    rows = drawn(fresh, "#grid canvas").reshape(10, 8, -1)
    assert (rows == rows[:, :1]).all() and not (rows[0] == rows[1]).all()
    fresh.evaluate("$('truncation').value = 1; $('truncation').oninput()")
    fresh.click("#draw")
    fresh.evaluate("drawGrid()")
    assert fresh.input_value("#seed") == "2"
    assert np.abs(drawn(fresh, "#grid canvas") - before).mean() > 10


def test_a_walk_plays_there_and_back(fresh):
    start = drawn(fresh, "#walk canvas")
    fresh.click("#play")
    assert fresh.locator("#play").text_content() == "Pause"
    fresh.wait_for_function(
        "state.way > 0.1 && state.way < 1 && Math.abs($('way').value - state.way) < 0.01"
    )
    assert np.abs(drawn(fresh, "#walk canvas") - start).mean() > 1
    fresh.wait_for_function("state.way > 1.1")  # the way back
    way = float(fresh.input_value("#way"))
    fresh.click("#play")
    assert float(fresh.input_value("#way")) < way + 0.01
    middle = numbers(fresh, "between(Float32Array.of(2, 0), Float32Array.of(0, 2), 1 / 3)")
    np.testing.assert_allclose(middle, [2 * np.cos(np.pi / 6), 2 * np.sin(np.pi / 6)], rtol=1e-5)


def test_classes_can_be_chosen(fresh):
    fresh.click("#classes button >> nth=1")
    assert fresh.locator("#grid [role=gridcell]").count() == 0
    assert "Choose at least one class" in fresh.locator("#grid").text_content()
    fresh.click("#classes label >> nth=7")
    fresh.click("#classes label >> nth=2")
    names = fresh.locator("#grid [role=rowheader]").all_text_contents()
    assert names == ["Pullover", "Sneaker"]
    assert fresh.locator("#walk figcaption").all_text_contents() == names


def test_everything_can_be_done_with_the_keyboard(fresh):
    fresh.focus("#classes button >> nth=1")
    fresh.keyboard.press("Tab")
    label = "document.activeElement.getAttribute('aria-label')"
    assert fresh.evaluate(label) == "generated picture: T-shirt, column 1"
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        fresh.keyboard.press(key)
    assert fresh.evaluate(label) == "generated picture: Trouser, column 8"
    fresh.wait_for_function("$('picture-name').textContent === 'Trouser, column 8'")
    fresh.wait_for_function("document.querySelector('#claims .asked')?.innerText.startsWith('Tr')")
    fresh.keyboard.press("Tab")
    assert fresh.evaluate("document.activeElement.id") == "play"
    fresh.focus("#game button >> nth=0")
    for _ in range(10):
        fresh.keyboard.press("Space")
        fresh.keyboard.press("Tab")
    assert fresh.locator("#result").text_content() == "10 of 10 marked"
    for _ in range(10):
        fresh.keyboard.press("Tab")
    fresh.keyboard.press("Enter")
    assert "Right answers: you" in fresh.locator("#result").text_content()


def test_the_game_counts_right_answers(fresh):
    tiles = fresh.evaluate("state.game.tiles.map(({real, label, logit}) => [real, label, logit])")
    assert sum(real for real, _, _ in tiles) == 10
    for kind in (True, False):
        assert sorted(label for real, label, _ in tiles if real == kind) == list(range(10))
    threshold = sorted(logit for _, _, logit in tiles)[10]
    by_network = sum((logit >= threshold) == real for real, _, logit in tiles)
    for place, (real, _, _) in enumerate(tiles):
        if real:
            assert fresh.is_disabled("#check")
            fresh.click(f"#game button >> nth={place}")
    fresh.click("#check")
    expected = f"Right answers: you 20 of 20, the discriminator {by_network}, by chance 10."
    assert fresh.locator("#result").text_content().strip() == expected
    words = fresh.locator("#game button").nth(0).get_attribute("aria-label")
    assert words.startswith(f"picture 1, {'real' if tiles[0][0] else 'generated'}, you: right, D: ")
    fresh.click("#again")
    fresh.wait_for_function("!state.game.checked")
    assert fresh.locator("#result").text_content() == "0 of 10 marked"


def test_a_phone_shows_the_page_without_scrolling_sideways(browser, shipped):
    address, size = (shipped / "index.html").as_uri(), {"width": 375, "height": 700}
    with opened(browser, address, viewport=size, color_scheme="dark") as page:
        for language in ("en", "ru"):
            page.evaluate("(language) => { state.language = language; translate(); }", language)
            page.evaluate("$('check').disabled = false; $('check').click()")  # longest captions
            assert page.evaluate("document.documentElement.scrollWidth") == 375
        assert page.locator("#grid [role=row] >> nth=1").locator("button").count() == 5
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.click("#theme")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_every_picture_has_a_text(fresh):
    silent = fresh.evaluate(
        """[...document.querySelectorAll("canvas")].filter((canvas) =>
            !(canvas.closest("[aria-label]")?.getAttribute("aria-label"))).length"""
    )
    assert silent == 0
    unnamed = fresh.evaluate(
        """[...document.querySelectorAll("input, select, button")].filter((one) =>
            !(one.ariaLabel || one.textContent.trim() || one.labels?.[0]?.innerText)).length"""
    )
    assert unnamed == 0


def test_the_words_are_said_in_both_languages(fresh):
    words = json.loads(fresh.evaluate("JSON.stringify(WORDS)"))
    for key, pair in words.items():
        english, russian = pair
        named = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in pair]
        assert named[0] == named[1], key
        assert english != russian or english == "D", key
    fresh.click("#other-language")
    assert fresh.evaluate("document.documentElement.lang") == "ru" and fresh.url.endswith("#ru")
    text = fresh.locator("body").inner_text()
    assert "кроссовки" in text and "1,00" in text
    latin = {word for word in text.replace("\n", " ").split() if word.isascii() and word.isalpha()}
    assert latin <= LATIN


# --- a model of one's own ---


def small(kind):
    keras.utils.set_random_seed(1)
    shape = (8, 8, 1)
    if kind == "conditional":
        return models.conditional_generator(5, 3, width=2, image_shape=shape)
    if kind == "unconditional":
        return models.dense_generator(6, 4, image_shape=(8, 12, 3))
    if kind == "one-hot and sigmoid":
        latents, labels = keras.Input((5,)), keras.Input((3,))
        x = keras.layers.Concatenate()([latents, labels])
        x = keras.layers.Dense(64, activation="sigmoid")(x)
        return keras.Model([latents, labels], keras.layers.Reshape(shape)(x))
    if kind == "discriminator":
        return models.conditional_discriminator(3, width=2, image_shape=shape)
    return models.conditional_discriminator(3, 2, shape, minibatch_deviation=True)


@pytest.fixture
def saved(tmp_path):
    def save(kind):
        path = tmp_path / f"my {kind}.keras"
        small(kind).save(path)
        return path

    return save


@pytest.mark.parametrize("kind", ["conditional", "unconditional", "one-hot and sigmoid"])
def test_a_model_of_ones_own(browser, saved, kind, monkeypatch, tmp_path, capsys):
    path, folder = saved(kind), tmp_path / "a page"
    more = ["--folder", folder]
    if kind != "unconditional":
        more += ["--classes", "circle, square,<b>"]
    if kind == "conditional":
        more += ["--discriminator", saved("discriminator")]
    run(monkeypatch, path, *more)
    assert f"Open {folder / 'index.html'}" in capsys.readouterr().out
    generator = keras.models.load_model(path, compile=False)
    size = sampling.latent_size(generator)
    latents = np.random.default_rng(5).standard_normal((30, size)).astype(np.float32)
    labels = np.arange(30, dtype=np.int32) % 3
    expected = sampling.images_from_latents(
        generator,
        latents,
        None if kind == "unconditional" else labels,
        value_range=(0, 1) if "sigmoid" in kind else (-1, 1),
    )
    with opened(browser, f"{(folder / 'index.html').as_uri()}#ru") as page:
        made = numbers(page, "makeImages(latents, labels)", latents=latents, labels=labels)
        assert np.abs(made.reshape(expected.shape) - expected).max() <= 1 / 255
        names = page.locator("#grid [role=rowheader]").all_text_contents()
        if kind == "unconditional":
            assert names == [""] * 4 and drawn(page, "#grid canvas").shape == (32, 8, 12, 3)
        else:
            assert names == ["круг", "квадрат", "<b>"]
        if kind == "conditional":
            page.wait_for_selector("#claims li >> nth=2")
        assert page.is_visible("#score") == (kind == "conditional")
        assert not page.is_visible("#game-section") and not page.is_visible("#models")


@pytest.fixture
def converters(monkeypatch):
    """As if tf2onnx and onnxruntime were there: what is wrong shows before they are needed."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name in CONVERTERS or found(name))


def fails(monkeypatch, capsys, tmp_path, *arguments):
    """What the tool says as it ends; nothing is written."""
    folder = tmp_path / "new"
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, *arguments, "--folder", folder)
    assert ended.value.code in (1, 2) and not folder.exists()
    return capsys.readouterr().err


@pytest.mark.parametrize(
    "kind, more, message",
    [
        (
            "conditional",
            ["--classes=circle,square"],
            "knows 3 classes, got 2 names: circle, square",
        ),
        ("conditional", ["--classes=a,b,a"], "expected a name only once, got a, b, a"),
        ("unconditional", ["--classes=circle"], "takes no labels, so it has no classes"),
        ("discriminator", [], "expected inputs (b, latent_dim)"),
        ("conditional", ["--discriminator=gone.keras"], "There is no file gone.keras"),
    ],
)
def test_what_does_not_fit_is_told(
    kind, more, message, saved, monkeypatch, tmp_path, capsys, converters
):
    told = fails(monkeypatch, capsys, tmp_path, saved(kind), *more)
    assert message in told and f"my {kind}.keras" in told


def test_a_file_that_is_no_generator_is_told(monkeypatch, tmp_path, capsys, converters):
    monkeypatch.chdir(tmp_path)
    assert "There is no file gone.keras." in fails(monkeypatch, capsys, tmp_path, "gone.keras")
    (tmp_path / "text.keras").write_text("not a model")
    told = fails(monkeypatch, capsys, tmp_path, "text.keras")
    assert "text.keras cannot be loaded" in told and "model.save('name.keras')" in told
    classifier = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3)])
    classifier.save("classifier.keras")
    told = fails(monkeypatch, capsys, tmp_path, "classifier.keras")
    assert "expected a generator, whose output is images" in told and "(None, 3)" in told
    told = fails(monkeypatch, capsys, tmp_path, "--classes=a,b")
    assert "belong to a generator's file" in told
    (tmp_path / "new").mkdir()
    with pytest.raises(SystemExit):
        run(monkeypatch, "classifier.keras", "--folder", "new")
    assert "exists already" in capsys.readouterr().err


def test_a_discriminator_and_real_images_have_to_fit(three_shapes):
    dependent = small("dependent")
    images = np.zeros((4, 8, 8), np.float32)
    images[1:] = np.random.default_rng(0).random((3, 8, 8))
    with pytest.raises(ValueError, match="depends on the images beside it"):
        export_page.opinions(dependent, images, np.arange(4) % 3, (8, 8, 1))
    with pytest.raises(ValueError, match="it takes labels, and the generator does not"):
        export_page.opinions(small("discriminator"), images, None, (8, 8, 1))
    with pytest.raises(ValueError, match=r"makes images \(8, 8, 1\), .* has \(28, 28, 1\)"):
        export_page.real_images(three_shapes, (8, 8, 1), ["a", "b", "c"])
    with pytest.raises(ValueError, match="knows 4 classes, .* has 3"):
        export_page.real_images(three_shapes, (28, 28, 1), ["a", "b", "c", "d"])
    real = export_page.real_images(three_shapes, (28, 28, 1), None)
    assert real["labels"] == [0] * 20 + [1] * 20 + [2] * 20


def test_a_file_that_computes_something_else_is_refused():
    pytest.importorskip("tf2onnx")
    pytest.importorskip("onnxruntime")
    network = export_page.page_generator(small("unconditional"), None)
    latents = np.ones((4, 6), np.float32)
    made = np.asarray(network(latents, training=False))
    assert made.shape == (4, 8, 12, 3) and 0 <= made.min() < made.max() <= 1
    assert export_page.onnx_of("generator", network, {"latents": latents}, made, 1e-5)
    with pytest.raises(ValueError, match="the generator as an ONNX file differs .* up to 0.1"):
        export_page.onnx_of("generator", network, {"latents": latents}, made + 0.1, 1e-5)


def test_a_missing_converter_is_told(monkeypatch, tmp_path):
    found = importlib.util.find_spec
    known = {"tf2onnx": None, "onnxruntime": True}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: known.get(name, found(name)))
    with pytest.raises(SystemExit, match="needs tf2onnx: python -m pip install tf2onnx"):
        run(monkeypatch, "any.keras", "--folder", tmp_path / "new")


def test_the_start_page_of_the_site_leads_to_it():
    text = build_site.invite("ru", "# A\n\nB\n\n## C\n\nD\n")
    link = '<a href="../page/index.html#ru">генератор, который работает в вашем браузере</a>'
    assert text == f"# A\n\nB\n\nПорисуйте сами: {link}.\n\n## C\n\nD\n"
    page = (export_page.SOURCES / "index.html").read_text(encoding="utf-8")
    for name in ("en", "ru", "other-language"):  # what the site's own tests look for
        assert f'id="{name}"' in page
    assert 'href="page/index.html#en"' in build_site.invite("en", "# A\n")
