"""Sentences, a tokenizer that learnt from them, and any text at all."""

from hypothesis import strategies as st

from enface.data.tokenizer import Tokenizer

SENTENCES = [
    "A young woman in a red coat is reading a newspaper at the bus stop.",
    "Two dogs are playing in the park, and a child (about six) is watching them!",
    "Eine junge Frau in einem roten Mantel liest an der Bushaltestelle eine Zeitung.",
    "Zwei Hunde spielen im Park, und ein Kind sieht ihnen „gerne“ zu; das Café schließt.",
    "The tags <s> and </s> and <unk> and <0xE2> are text here, <s> and </s> again <s> </s>.",
] * 3

TOKENIZER = Tokenizer.train(SENTENCES, vocabulary_size=420)

# Every assigned character but the halves of surrogate pairs; what is unassigned may compose in a newer Unicode only.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cn", "Co"])
MARKED = st.sampled_from(
    [*"aeouAEO.,(« ▁<>/s0xE2", "\u0301", "\u0308", "\u0323", "\u1100", "\u1161", "\u11a8", "é", "😀"]
)
TEXTS = st.one_of(st.text(CHARACTERS), st.text(MARKED), st.lists(st.sampled_from(SENTENCES)).map("  ".join))
