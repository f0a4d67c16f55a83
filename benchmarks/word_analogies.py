"""How well the word vectors of a model trained on the built-in corpus answer analogies, treated in each of three ways.

    python benchmarks/word_analogies.py artifacts/train

Two families, from the grammar's own nouns: gender (king : queen = man : woman), of the ten pairs below, and number
(king : kings = dog : dogs). Each pair is asked of every other, over all words of the source side. Printed are the share
of questions whose answer comes first, in percent, and the mean of 1 / rank of the answer; and the rank of queen for
king - man + woman, among all words and among the royal ones.
"""

import itertools
import json
import sys
from pathlib import Path

from enface.data.grammar.lexicon.tables import lexicon
from enface.data.prepared import PreparedFolder
from enface.embeddings.neighbours import analogy
from enface.embeddings.space import Treatment, WordSpace, word_space
from enface.embeddings.words import training_words
from enface.model.folder import load_embedding

MEN = ["king", "prince", "man", "boy", "father", "brother", "son", "uncle", "grandfather", "waiter"]
WOMEN = ["queen", "princess", "woman", "girl", "mother", "sister", "daughter", "aunt", "grandmother", "waitress"]
LEAST_COUNT = 100  # of both words of a pair of singular and plural
TREATMENTS: list[Treatment] = ["raw", "centred", "denoised"]

Pair = tuple[str, str]


def families(space: WordSpace) -> dict[str, list[Pair]]:
    """The pairs of each family that the training text has."""
    counts = {word.text: word.count for word in space.words}
    plurals = [noun.english for noun in lexicon().nouns.values() if noun.english[0] != noun.english[1]]
    frequent = [pair for pair in plurals if all(counts.get(word, 0) >= LEAST_COUNT for word in pair)]
    return {"gender": list(zip(MEN, WOMEN, strict=True)), "number": frequent}


def rank(space: WordSpace, known: Pair, asked: Pair) -> int:
    """The rank of asked[1] for asked[0] - known[0] + known[1]."""
    (found,) = analogy(space, (asked[0], known[0], known[1]), among=[asked[1]])
    return found.rank


def measure(space: WordSpace, pairs: list[Pair]) -> dict[str, float]:
    """First places in percent, and the mean reciprocal rank."""
    ranks = [rank(space, known, asked) for known, asked in itertools.permutations(pairs, 2)]
    first = 100 * sum(place == 1 for place in ranks) / len(ranks)
    reciprocal = sum(1 / place for place in ranks) / len(ranks)
    return {"questions": len(ranks), "first": round(first, 1), "mean_reciprocal_rank": round(reciprocal, 3)}


def main(model: Path, corpus: Path) -> None:
    """Prints one line of JSON a treatment."""
    prepared = PreparedFolder(corpus)
    words = training_words(prepared, ["source"])
    royal = {form for noun in lexicon().nouns.values() if "royal" in noun.tags for form in noun.english}
    there = [word.text for word in words if word.text in royal]
    for treatment in TREATMENTS:
        space = word_space(words, load_embedding(model), prepared.tokenizer, treatment=treatment)
        answers = analogy(space, ("king", "man", "woman"), among=there)
        ranks = {answer.word.text: answer.rank for answer in answers}
        told = {name: measure(space, pairs) for name, pairs in families(space).items()}
        queen = {"among_all": ranks["queen"], "among_royal": 1 + list(ranks).index("queen")}
        print(json.dumps({"vectors": treatment, **told, "queen": queen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "artifacts/prepare"))
