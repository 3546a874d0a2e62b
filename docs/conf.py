"""The site, in the language that tools/build_site.py asks for by the environment.

Pages are what that tool lays out in build/site-source: this folder has only what is common.
"""

import os
from pathlib import Path
import re

import docutils.nodes
import sphinx.util.inspect

import build_site

ROOT = Path(__file__).resolve().parent.parent
language = os.environ["SITE_LANGUAGE"]
words = build_site.WORDS[language]
project = words["title"]
author = "The GAN notebooks' authors"
root_doc = "index"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["exercises/release/**", "exercises/ru/release/**"]  # to download, not to read
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show, nb_code_prompt_hide = words["show_code"], words["hide_code"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_inherit_docstrings = False  # Keras' are not in reStructuredText

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = [str(ROOT / "docs" / "static"), str(build_site.MATHJAX)]
html_css_files = ["site.css"]
html_favicon = "static/favicon.svg"
html_js_files = ["site.js"]
templates_path = [str(ROOT / "docs" / "templates")]
html_copy_source = False
html_domain_indices = False  # the package's page lists its modules
html_context = {"default_mode": "auto"}
html_theme_options = {
    "article_header_end": ["links.html", "article-header-buttons.html"],
    "use_download_button": False,
    "repository_url": build_site.repository(),
    "use_repository_button": bool(build_site.repository()),
    "repository_branch": "main",
    "home_page_in_toc": True,
    "search_bar_text": words["search"],
    "navbar_persistent": [],
    "show_toc_level": 2,
    "footer_content_items": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
# SVG: the one flavour that needs no font files beside it.
mathjax_path = build_site.MATHJAX_FILE
mathjax3_config = {"svg": {"fontCache": "local"}, "options": {"enableMenu": False}}


def show_signature(app, what, name, obj, options, signature, returns):
    """Keras' classes say (*args, **kwargs): show what their __init__ takes."""
    if what == "class" and signature == "(*args, **kwargs)":
        return sphinx.util.inspect.stringify_signature(
            sphinx.util.inspect.signature(obj.__init__, bound_method=True)
        ), returns
    return None


def number_sections(app, doctree):
    """Give each section a name that it has in both languages."""
    for number, section in enumerate(doctree.findall(docutils.nodes.section)):
        section["ids"].append(f"section-{number}")


def add_links(app, page, template, context, doctree):
    """What stands above a page: the other language, and where its notebook can be run."""
    context["site_words"] = words
    context["other_language"] = build_site.other_page(page, language)
    context["launches"] = build_site.launches(page, language)
    if page == root_doc:  # its title is that of the site
        context["docstitle"] = ""


def escape(app, what, name, obj, options, lines):
    """Docstrings are plain text with literals: |w| is a norm in them, not a substitution.

    What is indented below a sentence is code.
    """
    written, code, above = [], False, ":"
    for line in lines:
        indented = line.startswith("    ")
        if above[0] not in ":. " and indented and not written[-1]:
            written += [] if above.endswith("::") else ["::", ""]
            code = True
        code = code and (indented or not line)
        if line:
            above = line
        written.append(line if code else _escaped(line))
    lines[:] = written


def _escaped(line):
    parts = re.split(r"(``.*?``)", line)
    parts[::2] = [re.sub(r"\||(?<!\\)\*+(?=(kw)?args\b)", _backslash, x) for x in parts[::2]]
    return "".join(parts)


def _backslash(match):
    return "".join(f"\\{mark}" for mark in match[0])


def setup(app):
    app.connect("autodoc-process-docstring", escape)
    app.connect("autodoc-process-signature", show_signature)
    app.connect("doctree-read", number_sections)
    app.connect("html-page-context", add_links)
