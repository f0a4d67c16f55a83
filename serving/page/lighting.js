/* What lights up: a word that is pointed at, by a pointer, the focus or because it is held, and its counterparts. */

const OTHER = { source: "target", target: "source" };

/* The tokens of the other side that these are linked to; links are pairs [source, target]. */
export function counterparts(links, side, tokens) {
  const [mine, theirs] = side === "source" ? [0, 1] : [1, 0];
  return new Set(links.filter((link) => tokens.includes(link[mine])).map((link) => link[theirs]));
}

/* How much of these tokens' attention goes to each token of the other side, as {token, weight}, the most first. From
   several tokens, weights are summed over those of the source and averaged over those of the translation. */
export function looked(matrix, side, tokens) {
  const rows = side === "target" ? tokens.map((token) => matrix[token]) : matrix;
  const weights =
    side === "target"
      ? (rows[0] ?? []).map((_, source) => rows.reduce((sum, row) => sum + row[source], 0) / rows.length)
      : rows.map((row) => tokens.reduce((sum, token) => sum + row[token], 0));
  return weights.map((weight, token) => ({ token, weight })).sort((one, other) => other.weight - one.weight);
}

export class Lighting {
  #entry = null;
  #places = { hover: null, focus: null, hold: null };
  #light;

  /* `light(lit)` is called with {at, lit, held}, each of which has a set of tokens for either side. */
  constructor(light) { this.#light = light; }

  /* The answer's entry whose links count from now on; nothing is pointed at any more. */
  set entry(entry) {
    this.#entry = entry;
    this.#places = { hover: null, focus: null, hold: null };
    this.#show();
  }

  get entry() { return this.#entry; }

  /* The same as before, now as the answer has it: what is pointed at stays so. */
  become(entry) {
    const isSame = this.#entry?.target.tokens.join() === entry.target.tokens.join();
    if (!isSame) this.#places = { hover: null, focus: null, hold: null };
    this.#entry = entry;
    this.#show();
  }

  letGo() { this.#places = { ...this.#places, hover: null, hold: null }; this.#show(); }

  /* Something is pointed at, or (with null) no more: `how` is "hover", "focus" or "hold", `place` has the tokens of one
     side, or of both. What is held already is let go. */
  point(how, place) {
    const same = how === "hold" && place && JSON.stringify(place) === JSON.stringify(this.#places.hold);
    this.#places[how] = same ? null : place;
    this.#show();
  }

  get place() { return this.#places.hover ?? this.#places.focus ?? this.#places.hold; }

  #show() {
    const place = this.#entry && this.place;
    const lit = { source: new Set(), target: new Set() };
    const at = { source: new Set(place?.source), target: new Set(place?.target) };
    if (place && !(place.source && place.target)) {
      const side = place.source ? "source" : "target";
      lit[OTHER[side]] = counterparts(this.#entry.alignment.links, side, place[side]);
    }
    const { hold } = this.#places;
    this.#light({ at, lit, held: { source: new Set(hold?.source), target: new Set(hold?.target) } });
  }
}
