"""The site: how its sources are laid out, and that a built one can be read, in a browser, too.

What needs a built site is skipped where there is none, and what needs Chromium likewise; in the
site's own workflow, which sets GAN_NOTEBOOKS_SITE, it fails instead.
"""

from html.parser import HTMLParser
import os
from pathlib import Path
import re
from urllib.parse import unquote, urlsplit

import pytest
from serving import serving

import build_site

KNOWN = {
    "README.md": ("en", "index.md"),
    "exercises/INSTRUCTORS.md": ("en", "exercises/INSTRUCTORS.md"),
    "notebooks/01_a.ipynb": ("en", "notebooks/01_a.ipynb"),
    "notebooks/02_b.ipynb": ("en", "notebooks/02_b.ipynb"),
    "README.ru.md": ("ru", "index.md"),
    "notebooks/ru/01_a.ipynb": ("ru", "notebooks/01_a.ipynb"),
}


class Page(HTMLParser):
    """Ids, links, and what the browser loads, of one HTML file."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loaded = set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        for key in ("href", "src"):
            address = attributes.get(key)
            if address is not None:
                self.links.append(address)
                if key == "src" or (tag == "link" and attributes.get("rel") == "stylesheet"):
                    self.loaded.append(address)


def html_files(site):
    """All pages; the theme keeps templates among its static files."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


def broken_links(site):
    """Every relative link of a folder of HTML files that leads nowhere, with its page."""
    pages = {path: Page(path) for path in html_files(site)}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = path
            if parts.path:
                target = Path(os.path.normpath(path.parent / unquote(parts.path)))
            fragment = unquote(parts.fragment)
            if not target.is_file() or not target.is_relative_to(site):
                broken.append(f"{path.relative_to(site)}: no {link}")
            elif fragment and target in pages and fragment not in pages[target].ids:
                broken.append(f"{path.relative_to(site)}: nothing is called {link}")
    return broken


@pytest.fixture(scope="module")
def site():
    if not (build_site.SITE / "index.html").exists():
        if os.environ.get("GAN_NOTEBOOKS_SITE"):
            pytest.fail("GAN_NOTEBOOKS_SITE is set, and there is no build/site: make site")
        pytest.skip("the site is not built: make site")
    return build_site.SITE


def test_every_link_of_the_site_leads_somewhere(site):
    broken = broken_links(site)
    assert not broken, "\n".join(broken)


def test_the_site_loads_nothing_from_elsewhere(site):
    for path in html_files(site):
        loaded = [link for link in Page(path).loaded if re.match(r"(\w+:)?//", link)]
        assert not loaded, f"{path.relative_to(site)} loads {loaded}"


def test_every_page_and_every_exercise_is_in_the_site(site):
    known = build_site.pages()
    for language, place in known.values():
        folder = site if language == "en" else site / language
        assert (folder / place).with_suffix(".html").exists()
    downloads = {path.name for path in site.glob("_downloads/*/*.ipynb")}
    released = {path.name for path in (build_site.ROOT / "exercises/release").glob("*/*.ipynb")}
    assert released and released <= downloads
    assert (site / "api" / "training.html").read_text(encoding="utf-8").count("compile") > 1


def test_all_tables_of_pandas_look_alike(site):
    texts = [path.read_text(encoding="utf-8") for path in site.glob("notebooks/*.html")]
    styled = [tag for text in texts for tag in re.findall('<table[^>]* id="T_', text)]
    assert styled and set(styled) == {'<table class="dataframe" id="T_'}


def russian(site):
    """The folder of the Russian pages; the test is skipped if nothing is translated."""
    if not (site / "ru").exists():
        pytest.skip("nothing is translated")
    return site / "ru"


def test_the_switch_stands_on_every_page(site):
    folder = russian(site)
    for path in html_files(site):
        page = Page(path)
        assert "other-language" in page.ids, path.relative_to(site)
        if path.is_relative_to(site / "page"):
            continue  # one page in both languages
        own, other = (folder, site) if path.is_relative_to(folder) else (site, folder)
        target = other / path.relative_to(own)
        target = target if target.exists() else other / "index.html"
        assert os.path.relpath(target, path.parent) in page.links, path.relative_to(site)


def test_sections_have_the_same_numbers_in_both_languages(site):
    folder = russian(site) / "notebooks"
    for path in folder.glob("*.html"):
        english, translated = Page(site / "notebooks" / path.name), Page(path)
        numbered = {name for name in english.ids if name.startswith("section-")}
        assert len(numbered) > 10
        assert numbered == {name for name in translated.ids if name.startswith("section-")}


def test_what_is_in_english_only_has_a_note_in_russian(site):
    start = Page(russian(site) / "index.html")
    for place in build_site.NOTES:
        assert f"{place}.html" in start.links
        note = site / "ru" / f"{place}.html"
        assert os.path.relpath(site / f"{place}.html", note.parent) in Page(note).links


# --- in a browser ---

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 800}
SET = "() => document.querySelector('.math') && MathJax.startup.promise.then(() => true)"
DRAWN = "!document.querySelector('#grid') || document.querySelector('#grid canvas')"
UNSET = """() => [...document.querySelectorAll(".math")].filter(
    (one) => !one.querySelector("mjx-container") || one.querySelector("[data-mml-node=merror]")
).map((one) => one.textContent)"""
ENGLISH = """() => ["aria-label", "title", "placeholder"].flatMap(
    (key) => [...document.querySelectorAll(`[${key}]`)].map((one) => one.getAttribute(key))
).filter((words) => /[a-z]/i.test(words) && !/[а-я]/i.test(words))"""
# Text that stands out less than WCAG's level AA asks for: 4.5 to 1, and 3 to 1 if it is large.
FAINT = """() => {
    const parts = (colour) => {
        const [r, g, b, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return [r, g, b, alpha];
    };
    const over = (front, back) => front.map((x, i) => x * front[3] + back[i] * (1 - front[3]));
    const known = new Map([[null, [255, 255, 255, 1]]]);
    const behind = (one) => {
        if (!known.has(one)) {
            const own = parts(getComputedStyle(one).backgroundColor);
            known.set(one, over(own, behind(one.parentElement)));
        }
        return known.get(one);
    };
    const light = (colour) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
        const x = colour[i] / 255;
        return sum + weight * (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    }, 0);
    const found = [], seen = {opacityProperty: true, visibilityProperty: true};
    for (const one of document.querySelectorAll("body :not(svg, svg *, noscript, [disabled])")) {
        const texts = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const text = texts.map((node) => node.textContent).join("").trim();
        if (!text || !one.checkVisibility(seen)) continue;
        const style = getComputedStyle(one), back = behind(one);
        const pair = [light(over(parts(style.color), back)), light(back)];
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        if (ratio < (parseFloat(style.fontSize) < 24 ? 4.5 : 3)) {
            found.push(`${text.slice(0, 30)}: ${ratio.toFixed(1)}`);
        }
    }
    return found;
}"""


@pytest.fixture(scope="module")
def address(site):
    with serving(site) as address:
        yield address


@pytest.fixture(scope="module")
def tab(site, request):
    """A tab of the browser; ``trouble`` lists what its console says, ``requests`` what it asks."""
    try:
        chromium = request.getfixturevalue("chromium")
    except pytest.skip.Exception as reason:
        if os.environ.get("GAN_NOTEBOOKS_SITE"):
            pytest.fail(f"GAN_NOTEBOOKS_SITE is set, and there is no browser: {reason}")
        raise
    page = chromium.new_page(reduced_motion="reduce")
    page.trouble, page.requests = [], []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("console", lambda one: page.trouble.extend([one.text] * (one.type == "error")))
    page.on("request", lambda request: page.requests.append(request.url))
    yield page
    page.close()


def visit(tab, address, place):
    """Open a page, and wait until it is drawn; yield what is wrong with it."""
    tab.trouble.clear()
    tab.requests.clear()
    tab.set_viewport_size(PHONE)
    tab.goto(address + place)
    tab.evaluate(SET)
    tab.wait_for_function(DRAWN)
    yield from tab.trouble
    yield from (f"asks {one}" for one in tab.requests if not one.startswith((address, "blob:")))
    yield from (f"not set: {formula}" for formula in tab.evaluate(UNSET))
    width = tab.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        yield f"{width} pixels wide on a phone"
    language = "ru" if place.startswith("ru/") else "en"
    if tab.evaluate("document.documentElement.lang") != language:
        yield f"is not marked as {language}"
    if language == "ru":
        yield from (f"in English: {words}" for words in tab.evaluate(ENGLISH))
    tab.set_viewport_size(DESK)
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}, faint: {text}" for text in tab.evaluate(FAINT))


def test_every_page_can_be_read(site, tab, address):
    wrong = []
    for path in html_files(site):
        place = path.relative_to(site).as_posix()
        wrong += [f"{place}: {what}" for what in visit(tab, address, place)]
    assert not wrong, "\n".join(wrong)


def test_the_switch_leads_to_the_section_that_is_read(site, tab, address):
    russian(site)
    tab.set_viewport_size(DESK)
    tab.goto(f"{address}notebooks/04_conditional_gan.html#section-5")
    tab.evaluate(SET)
    tab.evaluate("document.getElementById('other-language').click()")
    tab.wait_for_url("**/ru/notebooks/04_conditional_gan.html#section-5")
    tab.evaluate(SET)
    tab.evaluate("document.getElementById('other-language').click()")
    tab.wait_for_url(f"{address}notebooks/04_conditional_gan.html#section-5")


@pytest.mark.parametrize("folder, word", [("", "discriminators"), ("ru/", "дискриминаторами")])
def test_the_search_finds_other_forms_of_a_word(site, tab, address, folder, word):
    if folder:
        russian(site)
    tab.goto(f"{address}{folder}search.html?q={word}")
    link = tab.locator("#search-results li a").filter(has_text="01 — ").first
    link.click()
    assert f"/{folder}notebooks/01_vanilla_gan.html" in tab.url


def test_a_sidebar_opens_and_closes_by_keyboard(tab, address):
    tab.set_viewport_size(PHONE)
    tab.goto(f"{address}index.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.hash") == "#main-content"  # past the navigation
    tab.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert tab.evaluate(outline) == "solid"
    tab.keyboard.press("Enter")
    tab.locator("#pst-primary-sidebar-modal[open]").wait_for()
    tab.keyboard.press("Escape")
    tab.wait_for_function("document.activeElement.matches('.primary-toggle')")
    silent = tab.evaluate("document.querySelectorAll('.bd-links summary:not([aria-label])').length")
    assert silent == 0


# --- how it is made ---


def test_the_walk_finds_what_is_broken(tmp_path):
    (tmp_path / "a.html").write_text(
        '<h1 id="one"><a href="b.html#two">x</a><img src="p.png"><a href="#no">y</a>'
        '<a href="https://example.org/gone">z</a><a href="b.html#three">w</a>'
    )
    (tmp_path / "b.html").write_text('<p id="two"><a href="../out.html">x</a>')
    assert broken_links(tmp_path) == [
        "a.html: no p.png",
        "a.html: nothing is called #no",
        "a.html: nothing is called b.html#three",
        "b.html: no ../out.html",
    ]


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(build_site, "ROOT", tmp_path)
    monkeypatch.setattr(build_site, "STAGE", tmp_path / "stage")
    (tmp_path / "images").mkdir()
    for name in ("LICENSE", "images/p.png"):
        (tmp_path / name).touch()
    return tmp_path / "stage"


def test_links_lead_to_pages_of_the_same_language_and_else_of_the_other(stage):
    english = "[one](notebooks/01_a.ipynb) [guide](exercises/INSTRUCTORS.md) [ru](README.ru.md)"
    assert build_site.relink(english, "README.md", KNOWN) == (
        "[one](notebooks/01_a.ipynb) [guide](exercises/INSTRUCTORS.md) "
        '<a href="ru/index.html">ru</a>'
    )
    russian = "[2](../02_b.ipynb) [guide](../../exercises/INSTRUCTORS.md) [x](https://a.b/c)"
    assert build_site.relink(russian, "notebooks/ru/01_a.ipynb", KNOWN) == (
        '<a href="../../notebooks/02_b.html">2</a> '
        '<a href="../../exercises/INSTRUCTORS.html">guide</a> [x](https://a.b/c)'
    )


def test_files_that_are_no_pages_are_copied(stage):
    text = "![a [b]](../../images/p.png) [licence](../../LICENSE) [all](../../exercises/release)"
    assert build_site.relink(text, "notebooks/ru/01_a.ipynb", KNOWN) == (
        "![a [b]](../images/p.png) [licence](path:../LICENSE) [all](../exercises.md)"
    )
    assert (stage / "ru" / "images" / "p.png").exists() and (stage / "ru" / "LICENSE").exists()
    badge = "<!-- badges x -->[![a](https://b/c.svg)](https://d/e)<!-- /badges -->"
    text = build_site.relink(badge, "README.md", KNOWN)
    assert text == "<!-- badges x --><!-- /badges -->"


def test_exercises_are_offered_in_the_language_of_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(build_site, "STAGE", tmp_path)
    known = build_site.pages()
    for language in ("en", "ru"):
        (tmp_path / language).mkdir()
        build_site._lay_out_exercises(language, known)
    english, russian = (
        (tmp_path / language / "exercises.md").read_text(encoding="utf-8")
        for language in ("en", "ru")
    )
    for path in (build_site.ROOT / "exercises/release").glob("*/*.ipynb"):
        file, solution = f"release/{path.stem}/{path.name}", f"exercises/solutions/{path.stem}"
        assert f"(path:exercises/{file}), [solutions]({solution}.md)" in english
        if (build_site.ROOT / "exercises/ru" / file).exists():
            assert f"(path:exercises/ru/{file}), [решения]({solution}.md)" in russian
            assert known[f"exercises/ru/solutions/{path.stem}.md"] == ("ru", f"{solution}.md")
        else:
            assert f'(path:exercises/{file}), <a href="../{solution}.html">' in russian


def test_what_the_theme_says_in_english_is_put_into_russian(tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<nav aria-label="Main"><button><i></i>Back to top</button><b>Main</b>')
    build_site.speak_russian(tmp_path)
    expected = '<nav aria-label="Главная навигация"><button><i></i>Наверх</button><b>Main</b>'
    assert page.read_text(encoding="utf-8") == expected


def test_the_switch_leads_to_the_same_page_or_the_start(stage):
    assert build_site.other_page("notebooks/01_a", "en") is None
    for place in ("ru/notebooks/01_a.ipynb", "en/notebooks/01_a.ipynb", "en/package.md"):
        (stage / place).parent.mkdir(parents=True, exist_ok=True)
        (stage / place).touch()
    assert build_site.other_page("notebooks/01_a", "en") == "../ru/notebooks/01_a.html"
    assert build_site.other_page("notebooks/01_a", "ru") == "../../notebooks/01_a.html"
    assert build_site.other_page("package", "en") == "ru/index.html"
    assert build_site.other_page("search", "ru") == "../search.html"


def test_a_notebook_can_be_launched_once_there_is_an_address(monkeypatch):
    monkeypatch.setattr(build_site, "repository", lambda: "")
    assert build_site.launches("notebooks/01_a", "en") == {}
    monkeypatch.setattr(build_site, "repository", lambda: "https://github.com/o/n")
    assert build_site.launches("package", "en") == {}
    assert build_site.launches("notebooks/01_a", "ru") == {
        "Colab": "https://colab.research.google.com/github/o/n/blob/main/notebooks/ru/01_a.ipynb",
        "Binder": "https://mybinder.org/v2/gh/o/n/main?labpath=notebooks%2Fru%2F01_a.ipynb",
    }


def test_a_wrong_mathjax_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(build_site, "MATHJAX", tmp_path)
    (tmp_path / build_site.MATHJAX_FILE).write_text("something else")
    with pytest.raises(SystemExit, match="is not that of mathjax@"):
        build_site.fetch_mathjax()
