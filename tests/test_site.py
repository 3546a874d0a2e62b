"""The site: how its sources are laid out, and that all links of a built one lead somewhere."""

from html.parser import HTMLParser
import os
from pathlib import Path
import re
from urllib.parse import unquote, urlsplit

import pytest

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


def test_the_switch_stands_on_every_page(site):
    if not (site / "ru").exists():
        pytest.skip("nothing is translated")
    for path in html_files(site):
        assert "other-language" in Page(path).ids, path.relative_to(site)
    english = Page(site / "notebooks" / "01_vanilla_gan.html")
    russian = Page(site / "ru" / "notebooks" / "01_vanilla_gan.html")
    assert "../ru/notebooks/01_vanilla_gan.html" in english.links
    assert "../../notebooks/01_vanilla_gan.html" in russian.links
    numbered = {name for name in english.ids if name.startswith("section-")}
    assert len(numbered) > 10
    assert numbered == {name for name in russian.ids if name.startswith("section-")}


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
