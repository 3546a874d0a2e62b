"""What a student wrote, made harmless where it is printed, or opened in a spreadsheet."""

import re
import unicodedata

ESCAPED = "Cc", "Cf", "Cs", "Zl", "Zp"  # controls, directions, halves of pairs, line separators
JOINERS = "\u200c\u200d"  # belong to the spelling of names
FORMULA = r"(^|[;,\t|])(?=[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b])"


def plain(text):
    """A text in which nothing moves a cursor, turns the direction or ends a line: ESC is \\x1b."""
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in ESCAPED and character not in JOINERS
        else character
        for character in unicodedata.normalize("NFC", str(text))
    )


def no_formula(text):
    """A plain text of which no spreadsheet takes a part for a formula, wherever it splits it."""
    return re.sub(FORMULA, r"\1'", plain(text))


def shortened(names, most=8):
    """Some names in a row, and how many more there are."""
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def failure(error):
    """What went wrong, in short."""
    return f"{type(error).__name__}: {error}"[:300]
