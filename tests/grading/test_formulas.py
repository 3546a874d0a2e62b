"""Formulas on pages: drawn without scripts, and nothing runs that stands in one."""

from html.parser import HTMLParser

import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from grading import formulas
from grading.feedback import clean, markdown
from grading.formulas import ATTRIBUTES, ELEMENTS, with_formulas

needs_library = pytest.mark.skipif(formulas.convert is None, reason="needs latex2mathml")


class Parts(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], set(), ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data):
        self.text += data


@needs_library
@pytest.mark.parametrize(
    ("text", "tags", "shown"),
    [
        (r"so $\frac{a}{b}$ is", {"mfrac"}, "so ab is"),
        (r"$a &lt; b &gt; c$", {"mo"}, "a<b>c"),
        (r"$$\sum_{i=1}^n x_i$$", {"munderover", "msub"}, "∑"),
        (r"$\mathbb{E}[\log D(x)]$", {"mi"}, "log"),
        (r"$\begin{pmatrix}1 &amp; 2\\3 &amp; 4\end{pmatrix}$", {"mtable", "mtd"}, "1"),
        ("<b>$x$</b> and <i>$y$</i>", {"b", "i", "math"}, "x and y"),
    ],
)
def test_a_formula_is_drawn(text, tags, shown):
    page = Parts(with_formulas(text))
    assert tags | {"math"} <= set(page.tags) and shown in page.text and "$" not in page.text


@needs_library
@pytest.mark.parametrize(
    "text",
    [
        "it cost $5 and $6",
        r"\$5$ is a price",
        "<code>$x$</code> <pre><code>$y$\n</code></pre>",
        '<a href="https://x.example/$a$" title="a>$b$ onclick=alert(1) ">c</a>',
        "a single $ sign",
        "$" + "{" * 3_000 + "$",
        "$" + "{" * 900 + "$",
        r"$\begin{nothing}$",
    ],
)
def test_what_is_no_formula_stays(text):
    assert with_formulas(text) == text


@needs_library
@pytest.mark.parametrize(
    "formula",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(//evil.example)}{x}",
        r"\class{a}{x} \id{b}{y} \data{c}{z}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\mbox{</mtext><script>alert(1)</script>}",
        r"\unicode{x3c}script\unicode{x3e}",
        r"\text{&lt;script&gt;} &lt;b&gt;",
        r"\color{red\" onclick=alert(1)}x",
        r"\begin{array}{c\" onclick=alert(1)}x\end{array}",
        r"\hspace{1em\" onclick=alert(1)}",
        r"\includegraphics{//evil.example/x.png}",
    ],
)
def test_nothing_runs(formula):
    page = Parts(with_formulas(clean(f"<p>a ${formula}$ b</p>").replace("<b>", "&lt;b>")))
    assert set(page.tags) <= ELEMENTS | {"p", "b"} and page.attributes <= ATTRIBUTES


@needs_library
def test_formulas_in_an_answer_and_no_script():
    page = markdown("The loss is $-\\log \\sigma(\\ell)$, at most\n\n$$\\frac{1}{2}$$\n\n`$x$`")
    assert page.count("<math") == 2 and "<script" not in page and "<code>$x$</code>" in page


def test_without_the_library_formulas_stay(monkeypatch):
    monkeypatch.setattr(formulas, "convert", None)
    assert with_formulas("<p>$x$</p>") == "<p>$x$</p>"
