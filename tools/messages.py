"""What a reader reads of Markdown and of code, piece by piece, and the same with other words.

``markdown`` and ``code`` hand each message to the function ``say`` and put what it returns in its
place. So one walk serves both ends: a ``say`` that writes down what it is given extracts the
messages, and one that looks them up translates.
"""

import ast
from functools import partial
import io
import re
import textwrap
import tokenize

WIDTH = 100  # columns of code
FENCE = re.compile(r"\s*```")
PREFIX = re.compile(r"(?:> ?)?(?:\s*(?:[-*]|\d+\.|#{1,6}) +)?")
OWN_LINE = re.compile(
    r"\s*(?:$|[>|<#]|```|\$\$)|\s*(?:[-*]|\d+\.) "
)  # never joined to a line above
BADGES = re.compile(r"(?s)(<!-- badges.*?-->)(.*?)(<!-- /badges -->)")
PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(?:[^{}]|\{[^{}]*\})*\}")
MAGIC = re.compile(r"(?m)^([ \t]*)[%!][A-Za-z%].*$")
COLUMNS = {"experiment", "seed", "step", "seconds"}  # looked up in files, where they are English
ONLY_PLACEHOLDERS = "no message"
TECHNICAL = {"loc", "layout"}  # keyword arguments whose values have spaces, and are no words
DIRECTIVES = re.compile(r"noqa|fmt:|type:|%%|ruff:|##")
MARK = re.compile(r"#+ (BEGIN|END) [A-Z ]+$")  # of nbgrader
LABELS = {"label", "title", "xlabel", "ylabel", "set_title", "set_xlabel", "set_ylabel"}
SEARCHING = {"count", "endswith", "find", "get", "index", "match", "search", "split", "startswith"}


def has_words(text):
    """Whether anything is left to read when tags, comments and link targets are taken away."""
    return bool(re.search(r"[^\W\d_]", re.sub(r"(?s)<!--.*?-->|<[^>]*>|\]\([^)]*\)", "", text)))


def markdown(text, say, width=None):
    """Markdown with each paragraph, list item, heading and row of a table as ``say`` has it.

    Args:
        text: Markdown.
        say: function ``(message, note)`` that returns what to write.
        width: columns into which paragraphs are filled; ``None`` keeps each in one line.

    Returns:
        Markdown of the same shape: code, formulas and the content of badges stay.
    """
    badges = [match[2] for match in BADGES.finditer(text)]
    lines, blocks = BADGES.sub(r"\1\3", text).split("\n"), []
    while lines:
        count = _length_of_block(lines)
        blocks.append(_block(lines[:count], say, width))
        lines = lines[count:]
    filled = iter(badges)
    return BADGES.sub(lambda match: match[1] + next(filled) + match[3], "\n".join(blocks))


def _length_of_block(lines):
    first = lines[0].strip()
    if FENCE.match(first):
        return next((n for n, line in enumerate(lines[1:], 2) if FENCE.match(line)), len(lines))
    if first.startswith("$$"):
        ends = (n for n, line in enumerate(lines, 1) if line.strip().endswith("$$"))
        return next((n for n in ends if n > 1 or len(first) > 2), len(lines))
    if not first or first[0] in ">|<#":
        return 1
    return next((n for n, line in enumerate(lines[1:], 1) if OWN_LINE.match(line)), len(lines))


def _block(lines, say, width):
    text = "\n".join(lines)
    if FENCE.match(text):
        return say(text, "code block") if re.search(r"(?m)(^|\s)# ", text) else text
    if text.lstrip().startswith("$$"):
        return say(text, "formula") if re.search(r"\\text\{[^}]* \w", text) else text
    if text.lstrip().startswith("|"):
        return say(text, "row of a table") if has_words(text) else text
    prefix = PREFIX.match(text)[0]
    body = " ".join(line.strip() for line in text[len(prefix) :].split("\n"))
    if not has_words(body) or MARK.match(text):
        return text
    body = say(body, {"#": "heading", ">": "quoted"}.get(prefix[:1], ""))
    if not width or prefix.startswith(("#", ">")) or body.startswith("!"):
        return prefix + body
    words = re.sub(r"\[[^\]]*\]\(|`[^`]*`", lambda match: match[0].replace(" ", "\0"), body)
    indent = " " * len(prefix)
    filled = textwrap.fill(
        words, width, initial_indent=prefix, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return filled.replace("\0", " ")


def masked(source):
    """Code in which IPython's magic lines are ``pass``, so that Python can parse it."""
    return MAGIC.sub(r"\1pass", source)


def code(source, say):
    """A code cell with each comment and each string that its reader sees as ``say`` has it.

    A string is seen if it has a letter, and a space, a new line or, at its beginning, a capital or
    a bracket. A single word in small letters is more often a name than a label: it goes to ``say``
    with the note "word", and a translator who finds it in a figure adds it to the catalogue; where
    it can only be a label, the note says so. An f-string is one message, with its placeholders, and
    so is a string written in several pieces. A string inside of a placeholder gets what the same
    string gets elsewhere.
    """
    plain = masked(source)
    found = sorted([*_found_strings(plain), *_found_comments(plain)], key=lambda item: item[0])
    lines = source.split("\n")

    def say_within(match):
        is_column = match[1] and match[2] in COLUMNS
        return match[0] if is_column else f"{match[1]}'{say(match[2], 'word')}'"

    def within(match):  # what a placeholder looks up is the same string elsewhere
        return re.sub(r"(\[?)'([^'\\]+)'", say_within, match[0])

    edits = []
    for place, old, note, put in found:
        new = old if note == ONLY_PLACEHOLDERS else say(old, note)
        if note != "comment" and new is not None:
            new = PLACEHOLDER.sub(within, new)
        edits.append((place, old, new, put))
    for (first, start, last, end), old, new, put in reversed(edits):
        if new is not None and new != old:
            text = lines[first][:start] + put(new) + lines[last][end:]
            lines[first : last + 1] = text.split("\n")
    return "\n".join(lines)


def comments(source):
    """The comments of a code cell, in order, without ``#``; those on lines of their own joined."""
    found = []
    code(source, lambda text, note: found.append(text) if note == "comment" else None)
    return found


def deciding(source):
    """The strings of a code cell that decide what it does: compared, looked up or returned."""
    parts = []
    for node in ast.walk(ast.parse(masked(source))):
        if isinstance(node, ast.Compare):
            parts.append(node)
        elif isinstance(node, ast.Subscript):
            parts.append(node.slice)
        elif isinstance(node, ast.Return) and ast.Call not in map(type, ast.walk(node)):
            parts.append(node)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in SEARCHING:
            parts += node.args
    return {template(node) for part in parts for node, _ in _strings(part)}


def template(node):
    """The text of a string's syntax node: of an f-string with its placeholders in braces."""
    if isinstance(node, ast.Constant):
        return node.value
    return "".join(
        _placeholder(part)
        if isinstance(part, ast.FormattedValue)
        else part.value.replace("{", "{{").replace("}", "}}")
        for part in node.values
    )


def _placeholder(node):
    conversion = f"!{chr(node.conversion)}" if node.conversion >= 0 else ""
    spec = ":" + template(node.format_spec) if node.format_spec else ""
    return "{" + ast.unparse(node.value) + conversion + spec + "}"


def _strings(node, parent=None):
    """String nodes with their parents, but not those inside of f-strings."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    if is_text or isinstance(node, ast.JoinedStr):
        yield node, parent
        return
    for child in ast.iter_child_nodes(node):
        yield from _strings(child, node)


def _note(node, parent):
    """What a translator is told of a string; ``None`` for one that nobody sees."""
    if isinstance(parent, ast.keyword) and parent.arg in TECHNICAL:
        return None
    words = PLACEHOLDER.sub("", template(node)) if isinstance(node, ast.JoinedStr) else node.value
    if isinstance(parent, ast.Subscript) and words in COLUMNS:
        return None
    if re.fullmatch(r"[a-z]+", words) and isinstance(node, ast.Constant):
        place = parent.func if isinstance(parent, ast.Call) else parent
        shown = {getattr(place, "arg", ""), getattr(place, "attr", "")} & LABELS
        return "word, a label" if shown else "word"
    if not re.search(r"[^\W\d_]", words):
        return ONLY_PLACEHOLDERS if isinstance(node, ast.JoinedStr) else None
    if not (re.search(r"\s", words.strip("\n")) or words[0].isupper() or words[0] == "("):
        return None
    if isinstance(parent, (ast.Compare, ast.Subscript)):
        return "string, perhaps of a file: then leave it as it is"
    return "string"


def _found_strings(source):
    """Each string that is seen: its place, its text, a note, and what turns a text into code."""
    lines = source.split("\n")

    def column(line, offset):  # the parser counts bytes
        return len(lines[line - 1].encode()[:offset].decode())

    for node, parent in _strings(ast.parse(source)):
        note = _note(node, parent)
        if note is None:
            continue
        first, last = node.lineno - 1, node.end_lineno - 1
        start, end = column(first + 1, node.col_offset), column(last + 1, node.end_col_offset)
        is_template = isinstance(node, ast.JoinedStr)
        depth = partial(_depth, source, (first, start))
        around = lines[first][:start], lines[last][end:], depth
        put = partial(_put_string, is_template=is_template, around=around)
        if isinstance(parent, ast.Expr) and lines[first].startswith('"""', start):
            put = partial(_put_docstring, indent=start)
        yield (first, start, last, end), template(node), note, put


def _put_string(text, is_template, around):
    """A literal for ``text``; in pieces, if the line would be too long."""
    before, after, depth = around
    literal = _literal(text, is_template)
    if len(before + literal + after) <= WIDTH:
        return literal
    indent = len(before) - len(before.lstrip()) + 4
    width = WIDTH - indent - 8
    pieces = _split(text, width, is_template)
    if after.startswith(":"):  # a key, whose value shall stand on its last line
        pieces[-1:] = _split(pieces[-1], max(width - len(after), width // 2), is_template)
    literal = ("\n" + " " * indent).join(_literal(piece, is_template) for piece in pieces)
    is_value = before.rstrip().endswith((":", "=")) and len(pieces) > 1
    return f"({literal})" if is_value or not depth() else literal


def _put_docstring(text, indent):
    """A docstring; a first line that is too long goes on in a second one."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        room = WIDTH - indent - 6 if number == 0 else WIDTH
        if len(line) > room:
            space = " " * (indent if number == 0 else len(line) - len(line.lstrip()))
            pieces = textwrap.wrap(line, room, subsequent_indent=space, break_on_hyphens=False)
            lines[number] = "\n".join(pieces)
    return '"""' + "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"""') + '"""'


def _depth(source, place):
    """How many brackets are open at a place of the code."""
    depth = 0
    for token in _tokens(source):
        if (token.start[0] - 1, token.start[1]) >= place:
            break
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
    return depth


def _tokens(source):
    return tokenize.generate_tokens(io.StringIO(source).readline)


def _literal(text, is_template):
    """A string literal for ``text``; one without placeholders needs no f."""
    if not is_template:
        return '"' + _escaped(text) + '"'
    parts, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [_escaped(text[end : match.start()]), match[0]]
        end = match.end()
    parts.append(_escaped(text[end:]))
    return ("f" if "{" in text or "}" in text else "") + '"' + "".join(parts) + '"'


def _escaped(text):
    for plain, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escape)
    return text


def _split(text, width, is_template):
    """Pieces of at most ``width`` characters, cut after spaces, but not within placeholders."""
    cuts = {match.end() for match in re.finditer(" ", text)}
    if is_template:
        for match in PLACEHOLDER.finditer(text):
            cuts -= set(range(match.start() + 1, match.end()))
    pieces, start, last = [], 0, 0
    for cut in [*sorted(cuts), len(text)]:
        if cut - start > width and last > start:
            pieces.append(text[start:last])
            start = last
        last = cut
    return [*pieces, text[start:]]


def _found_comments(source):
    """Each comment, as ``_found_strings`` has strings; whole lines of one make one message."""
    lines, groups = source.split("\n"), []
    for token in _tokens(source):
        if token.type != tokenize.COMMENT:
            continue
        row, column = token.start[0] - 1, token.start[1]
        if DIRECTIVES.match(token.string.removeprefix("#").strip()):
            continue
        own = not lines[row][:column].strip()
        if own and groups and groups[-1][:3] == [True, row - 1, column]:
            groups[-1][1] = row
            groups[-1][3].append(token.string)
        else:
            groups.append([own, row, column, [token.string]])
    for own, row, column, texts in groups:
        old = " ".join(text.removeprefix("#").strip() for text in texts)
        if has_words(old):
            place = row - len(texts) + 1, column, row, len(lines[row])
            yield place, old, "comment", partial(_put_comment, own=own, column=column)


def _put_comment(text, own, column):
    pieces = textwrap.wrap(text, WIDTH - column - 2, break_on_hyphens=False) if own else [text]
    return ("\n" + " " * column).join(f"# {piece}" for piece in pieces)
