"""Writes bert_words.json: the words into which BERT splits random texts, cased and uncased, and every character that loses accents.

It follows the definition (Devlin et al., arXiv:1810.04805, and the published tokenizer): drop U+0000, U+FFFD and the categories
Cc and Cf except white space, separate at white space, set ideographs and punctuation apart; if uncased, decompose (NFD), drop Mn and
convert each character to lower case. Only characters of Unicode 14, Python 3.11's, are used.

Usage: python3 bert_words.py > bert_words.json
"""
import json
import random
import unicodedata

IDEOGRAPHS = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
              (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]


def is_space(c):
    return c in " \t\n\r" or unicodedata.category(c) in ("Zs", "Zl", "Zp")


def is_dropped(c):
    return c in "\0\uFFFD" or (not is_space(c) and unicodedata.category(c) in ("Cc", "Cf"))


def is_ideograph(c):
    return any(first <= ord(c) <= last for first, last in IDEOGRAPHS)


def is_punctuation(c):
    n = ord(c)
    return 33 <= n <= 47 or 58 <= n <= 64 or 91 <= n <= 96 or 123 <= n <= 126 or unicodedata.category(c).startswith("P")


def strip(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def split(text, uncased):
    text = "".join(" " if is_space(c) else c for c in text if not is_dropped(c))
    text = "".join(f" {c} " if is_ideograph(c) else c for c in text)
    words = []
    for word in text.split(" "):
        if uncased:
            word = "".join(c.lower() for c in strip(word))
        word = "".join(f" {c} " if is_punctuation(c) else c for c in word)
        words += word.split()
    return words


known = [chr(n) for n in range(0x32000) if unicodedata.category(chr(n)) not in ("Cn", "Cs")]
usual = [list("abcXYZ"), list("  \t\n"), list(".,'!-$#"), ["é", "e\u0301", "Å", "ộ", "İ", "ẞ", "Σ", "й", "\u0958", "\u1F80"],
         ["中", "文", "あ", "ガ", "한", "\uF900", "\U00020000", "\u1100\u1161"], ["\u200B", "\u00AD", "\x07", "\u0085", "\uFFFD"],
         ["\u00A0", "\u2003", "\u2028", "\u3000"], ["\u037E", "\u0387", "…", "—", "\u1FEF", "€", "😀", "\U0001D400", "\uE000"]]
random.seed(11)
texts = []
for _ in range(700):
    parts = []
    for _ in range(random.randint(1, 14)):
        parts.append(random.choice(known) if random.random() < 0.15 else random.choice(random.choice(usual[:3] + usual)))
    texts.append("".join(parts))

# A text may order marks that are no non-spacing ones anew; no vocabulary has them beside one another.
texts = [t for t in texts if sum(unicodedata.combining(c) > 0 and unicodedata.category(c) != "Mn" for c in t) < 2]
changed = [c for c in map(chr, range(0x110000)) if not 0xD800 <= ord(c) <= 0xDFFF and not 0xAC00 <= ord(c) <= 0xD7A3
           and unicodedata.category(c) != "Mn" and strip(c) != c]
syllables = [chr(n) for n in range(0xAC00, 0xD7A4, 97)]
print(json.dumps({
    "texts": [{"text": t, "cased": split(t, False), "uncased": split(t, True)} for t in texts],
    "stripped": [[c, strip(c)] for c in changed + syllables],
}, separators=(",", ":")).replace('{"text"', '\n{"text"'))
