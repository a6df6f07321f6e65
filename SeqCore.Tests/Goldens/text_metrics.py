"""Writes text_metrics.json: stems, METEOR and BLEU of NLTK 3.9.1 for words and sentences that are drawn here.

A stub takes the place of WordNet, whose data NLTK would have to download: METEOR has the stages "exact" and "stem" alone.

Usage: python3 text_metrics.py > text_metrics.json
"""
import json
import random

from nltk.stem.porter import PorterStemmer
from nltk.translate.bleu_score import corpus_bleu
from nltk.translate.meteor_score import meteor_score

BASES = """act adopt agree bell bless caress cat cease conflat control cry defens depend die differ duplic electric fall feed
fizz form formal general geo glad hop hope hous hiss iron lie motor news note oper plaster pon poni proceed radical rate
relat revival roll sens size sky tan tri troubl vietnam vil y zebra""".split()
ENDINGS = [""] + """s es ies ed eed ied ing ly y ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness
fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment
ent ion sion tion ou ism ate iti ous ive ize e ll""".split()
WORDS = """the a cat cats dog dogs walks walked walking quick quickly runner running runs house houses in on under of old older
agreement agreed river sings singing song songs""".split()


class NoSynonyms:
    def synsets(self, word):
        return []


def sentence(rng, low=1):
    return [rng.choice(WORDS) for _ in range(rng.randint(low, 12))]


def changed(rng, words):
    words = list(words)
    for _ in range(rng.randint(0, 4)):
        at = rng.randrange(len(words))
        kind = rng.randrange(3)
        if kind == 0:
            words[at] = rng.choice(WORDS)
        elif kind == 1:
            words.insert(at, words.pop(rng.randrange(len(words))))
        elif len(words) > 1:
            words.pop(at)
    return words


rng = random.Random(1)
stemmer = PorterStemmer()
words = sorted({b + e for b in BASES for e in ENDINGS})
words = sorted(rng.sample(words, 1200) + ["dying", "lying", "tying", "skies", "innings", "outings", "cannings", "howe", "succeed"])
meteor = []
for _ in range(60):
    reference = sentence(rng)
    references = [reference, sentence(rng)][: rng.randint(1, 2)]
    written = changed(rng, reference)
    meteor.append({"written": " ".join(written), "references": [" ".join(r) for r in references],
                   "score": meteor_score(references, written, wordnet=NoSynonyms())})
bleu = []
for _ in range(20):
    references = [sentence(rng, 8) for _ in range(8)]
    written = [changed(rng, r) for r in references]
    others = [changed(rng, r) for r in references]
    both = [[r, o] for r, o in zip(references, others)]
    bleu.append({"written": [" ".join(w) for w in written], "references": [[" ".join(r) for r in b] for b in both],
                 "score": corpus_bleu(both, written)})
print(json.dumps({"stems": {w: stemmer.stem(w) for w in words}, "meteor": meteor, "bleu": bleu}, separators=(",", ":")))
