"""Building derivations by hand, so that each phenomenon has a case worked out on paper."""

from dataclasses import dataclass, replace
from random import Random

import pytest

from enface.data.grammar.derivation.actors import actor_of
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.generate import pair_of
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import (
    AdjectiveNode,
    AdverbNode,
    Clause,
    NounPhrase,
    Pair,
    PrepositionalPhrase,
    Pronoun,
    Relative,
    Role,
    Sentence,
    Subordinate,
    Tense,
)


@dataclass
class Maker:
    """Nodes by the names of their entries."""

    deriver: Deriver

    def noun(self, noun, determiner="the", *adjectives, plural=False, **parts):
        entries = {entry.english: entry for entry in lexicon().feature_adjectives}
        if noun not in ("hair", "beard"):
            entries |= {entry.english: entry for entry in lexicon().adjectives}
        nodes = tuple(AdjectiveNode(self.deriver.anchor(), entries[key]) for key in adjectives)
        entry = next((name for name in lexicon().names if name.english[0] == noun), None) or lexicon().nouns[noun]
        return NounPhrase(self.deriver.anchor(), entry, lexicon().determiners[determiner], plural, nodes, **parts)

    def pair(self, left, right):
        return Pair(self.deriver.anchor(), left, right, lexicon().conjunctions["and"])

    def at(self, preposition, noun_phrase):
        return PrepositionalPhrase(self.deriver.anchor(), lexicon().prepositions[preposition], noun_phrase)

    def adverb(self, key):
        return AdverbNode(self.deriver.anchor(), lexicon().adverbs[key])

    def adjective(self, key):
        entry = next(entry for entry in lexicon().adjectives if entry.english == key)
        return AdjectiveNode(self.deriver.anchor(), entry)

    def pronoun(self, english, german, french, **features):
        return Pronoun(self.deriver.anchor(), english, german, french, **features)

    def clause(self, verb, subject, tense=Tense.PROGRESSIVE, **parts):
        if isinstance(subject, Pronoun):
            plural, feminine, node = subject.plural, subject.feminine, subject
        else:
            actor = actor_of(subject)
            plural, feminine, node = actor.plural, actor.feminine, actor.node
        return Clause(self.deriver.anchor(), lexicon().verbs[verb], tense, node, plural, feminine, **parts)

    def related(self, noun_phrase, role, clause):
        if role is Role.SUBJECT:
            clause = replace(clause, subject=None)
        return replace(noun_phrase, relative=Relative(self.deriver.anchor(), role, clause))

    def sub(self, conjunction, clause):
        return Subordinate(self.deriver.anchor(), lexicon().conjunctions[conjunction], clause)

    def say(self, clause, language, **sentence):
        """English, the other language and the links of the clause as a sentence."""
        conjunction = sentence.pop("conjunction", None)
        if conjunction:
            sentence["conjunction"] = lexicon().conjunctions[conjunction]
        pair = pair_of(Sentence(self.deriver.anchor(), clause, **sentence), target_language=language)
        return pair.source, pair.target, pair.links


@pytest.fixture
def make():
    return Maker(Deriver(Random(0)))
