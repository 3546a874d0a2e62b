"""Tables as learning platforms and spreadsheets write them: CSV of any encoding and delimiter.

A table remembers where each field stands in its file, so that a changed copy differs in the
changed fields only: quotes, order, line ends, encoding and mark stay as they were.
"""

from dataclasses import dataclass
import re

from grading import InputError

MARK = "\ufeff"
DECIMAL = r"\s*[+-]?\d+[.,]\d+\s*"


@dataclass
class Sheet:
    """A table: the values of its rows, and what is needed to write it again."""

    rows: list  # of lists of str
    spans: list  # of lists of (start, end) in text
    text: str
    encoding: str
    mark: str
    delimiter: str

    def changed(self, fields):
        """The bytes of a copy with other values in some fields: a dict from (row, column)."""
        text, places = self.text, {}
        for (row, column), value in fields.items():
            places[self.spans[row][column]] = value
        for (start, end), value in sorted(places.items(), reverse=True):
            text = text[:start] + quoted(value, text[start:end], self.delimiter) + text[end:]
        return (self.mark + text).encode(self.encoding)

    def decimal(self):
        """The mark that the table's numbers are written with: "." or ","."""
        numbers = [text for row in self.rows for text in row if re.fullmatch(DECIMAL, text)]
        marks = {mark for mark in ".," for text in numbers if mark in text}
        return marks.pop() if len(marks) == 1 else "," if self.delimiter == ";" else "."


def quoted(value, before, delimiter):
    """A value as a field, in quotes where it needs them, or the field before it had them."""
    if before.startswith('"') or any(mark in value for mark in (delimiter, '"', "\n", "\r")):
        return '"' + value.replace('"', '""') + '"'
    return value


def decoded(content):
    """The text of a file and its encoding: UTF-8, UTF-16, or what old spreadsheets write."""
    encodings = ["utf-8", "cp1252", "latin-1"]
    if content[:2] == b"\xff\xfe":
        encodings = ["utf-16-le"]
    elif content[:2] == b"\xfe\xff":
        encodings = ["utf-16-be"]
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InputError("it is damaged: it begins like UTF-16, and is none")


def read_sheet(path):
    """A CSV file as a ``Sheet``; ``InputError`` if it cannot be read."""
    try:
        text, encoding = decoded(path.read_bytes())
    except (OSError, InputError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if "\0" in text or text.startswith("PK\x03\x04"):
        raise InputError(f"{path} is no CSV file: save it as CSV.")
    mark, text = text[: text.startswith(MARK)], text.removeprefix(MARK)
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows, spans = [], []
    for places in split(text, delimiter):
        values = [text[start:end] for start, end in places]
        if any(values):
            rows.append([unquoted(value) for value in values])
            spans.append(places)
    return Sheet(rows, spans, text, encoding, mark, delimiter)


def split(text, delimiter):
    """The fields of each line, as lists of (start, end)."""
    field = rf'("(?:[^"]|"")*"[^{delimiter}\r\n]*|[^{delimiter}\r\n]*)({delimiter}|\r\n|[\r\n]|\Z)'
    places, position, field = [], 0, re.compile(field)
    while True:
        match = field.match(text, position)  # which always fits: a field may be empty
        places.append(match.span(1))
        position = match.end()
        if match[2] != delimiter:
            yield places
            places = []
            if position >= len(text):
                return


def unquoted(value):
    if len(value) > 1 and value.startswith('"') and value.rstrip().endswith('"'):
        return value.rstrip()[1:-1].replace('""', '"')
    return value
