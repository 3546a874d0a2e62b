"""Formulas of a page as MathML, which browsers draw by themselves: no scripts, no network.

latex2mathml translates them. It hands on links, styles and tags that stand in a formula, so only
what draws is taken over from it; a formula that it does not understand stays as it was written.
"""

import html
import re
from xml.etree import ElementTree

try:
    from latex2mathml.converter import convert
except ImportError:  # formulas then stay as they were written
    convert = None

LONGEST = 2_000  # characters of a formula
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
TAG = r'(<(?:"[^"]*"|[^">])*>)'  # in HTML as nh3 writes it
INLINE = r"(?<![\\$])\$(?=[^\s$])((?:\\.|[^$\\])*?)(?<!\s)\$(?![\d$])"  # the rule of Pandoc
FORMULA = re.compile(rf"\$\$(.+?)\$\$|{INLINE}", re.DOTALL)
ELEMENT_NAMES = """
math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow
ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover
"""
ATTRIBUTE_NAMES = """
accent accentunder align columnalign columnlines columnspacing depth display displaystyle fence form
height largeop linebreak linethickness lspace mathvariant maxsize minsize movablelimits notation
rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width
"""
ELEMENTS, ATTRIBUTES = set(ELEMENT_NAMES.split()), set(ATTRIBUTE_NAMES.split())


def with_formulas(page):
    """HTML, as ``feedback.clean`` makes it, with its formulas ($x$, $$x$$) as MathML.

    What stands in <code> and <pre> stays as it is.
    """
    if convert is None:
        return page
    parts, inside = re.split(TAG, page), 0
    for index, part in enumerate(parts):
        if index % 2:
            tag = re.match(r"<(/?)(code|pre)\b", part)
            inside += 0 if not tag else -1 if tag[1] else 1
        elif not inside:
            parts[index] = FORMULA.sub(drawn, part)
    return "".join(parts)


def drawn(found):
    """The MathML of a formula that was found in HTML, or what stood there."""
    block = found[1] is not None
    formula = html.unescape(found[1] if block else found[2])
    if len(formula) > LONGEST:
        return found[0]
    formula = formula.replace("<", r"\lt ").replace(">", r"\gt ")
    try:
        tree = ElementTree.fromstring(convert(formula, display="block" if block else "inline"))
        return ElementTree.tostring(harmless(tree), "unicode", short_empty_elements=False)
    except Exception:  # nothing that a student writes stops a page
        return found[0]


def harmless(tree):
    """The elements and attributes of a tree that draw something; an unknown element is a row."""
    name = tree.tag.removeprefix(f"{{{NAMESPACE}}}")
    made = ElementTree.Element(name if name in ELEMENTS else "mrow")
    made.attrib.update((key, value) for key, value in tree.items() if key in ATTRIBUTES)
    made.text, made.tail = tree.text, tree.tail
    made.extend(map(harmless, tree))
    return made
