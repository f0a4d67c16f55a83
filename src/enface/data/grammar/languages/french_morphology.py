"""French forms and how words meet: agreement, articles, contraction (du, aux), elision (l', d', qu'). No trees."""

from collections.abc import Sequence

from enface.data.grammar.lexicon.entries import Adjective
from enface.data.grammar.words import Word

_VOWELS = "aâàeéèêëiîïoôuûœ"
_ASPIRATED = ("haut",)
_ELIDED = {"le": "l'", "la": "l'", "de": "d'", "ne": "n'", "se": "s'", "que": "qu'"}
_CONTRACTED = {("à", "le"): "au", ("à", "les"): "aux", ("de", "le"): "du", ("de", "les"): "des"}
_SWALLOWED = {("de", "des"), ("de", "du"), ("de", "de")}  # de + indefinite or partitive article

# masculine, feminine, plural
_DETERMINERS = {
    "le": ("le", "la", "les"),
    "un": ("un", "une", "des"),
    "ce": ("ce", "cette", "ces"),
    "son": ("son", "sa", "ses"),
    "leur": ("leur", "leur", "leurs"),
}
_BEFORE_VOWEL = {"ce": "cet", "sa": "son"}


def begins_with_vowel(word: str) -> bool:
    """Whether a word makes the one before it elide: a vowel or a mute h."""
    lower = word.lower()
    return lower[0] in _VOWELS or (lower[0] == "h" and not lower.startswith(_ASPIRATED))


def adjective(entry: Adjective, *, feminine: bool, plural: bool, following: str = "") -> str:
    """The form that agrees; before a vowel a masculine like beau becomes bel."""
    if entry.before_noun and not feminine and not plural and following and begins_with_vowel(following):
        return entry.french_before_vowel
    return entry.french[2 * plural + feminine]


def determiner(entry: str, *, feminine: bool, plural: bool, following: str) -> str:
    """The form of a determiner of the lexicon before the word `following`; numbers and the like do not change."""
    if entry not in _DETERMINERS:
        return entry
    form = _DETERMINERS[entry][2 if plural else int(feminine)]
    return _BEFORE_VOWEL.get(form, form) if begins_with_vowel(following) else form


def participle(form: str, *, feminine: bool, plural: bool) -> str:
    """The past participle, or a state, that agrees: arrivée, assis, allongés; debout does not."""
    if form == "debout":
        return form
    form += "e" if feminine else ""
    return form + "s" if plural and not form.endswith("s") else form


def joined(words: Sequence[Word]) -> list[Word]:
    """`words` with elisions and contractions made; what becomes one word keeps the anchors of both."""
    result: list[Word] = []  # backwards
    for word in reversed(words):
        following = result[-1] if result else Word("")
        elided = _ELIDED.get(word.text)
        if elided is not None and following.text and begins_with_vowel(following.text):
            result[-1] = _merged(elided + following.text, word, following)
        elif word.text == "si" and following.text in ("il", "ils"):
            result[-1] = _merged("s'" + following.text, word, following)
        elif (word.text, following.text) in _CONTRACTED:
            result[-1] = _merged(_CONTRACTED[word.text, following.text], word, following)
        elif (word.text, following.text) in _SWALLOWED:
            result[-1] = _merged("de", word, following)
        else:
            result.append(word)
    return result[::-1]


def _merged(text: str, first: Word, second: Word) -> Word:
    return Word(text, first.sure + second.sure, first.possible + second.possible)
