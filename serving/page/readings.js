/* The n best translations, to choose from; where the others part from the best one is underlined. */

export class Readings {
  #element;

  /* `chosen(place)` is called with the place of the reading that was chosen, 0 for the best. */
  constructor(element, chosen) {
    this.#element = element;
    element.addEventListener("change", ({ target }) => chosen(Number(target.value)));
  }

  /* Shows the hypotheses, the best first, in their language; the one at the place `chosen` is chosen. */
  show(hypotheses, chosen, { lang, dir }) {
    const best = hypotheses[0].text;
    const labels = hypotheses.map((each, place) => reading(each, place, { best, isChosen: place === chosen }));
    this.#element.replaceChildren(...labels);
    for (const text of this.#element.querySelectorAll(".text")) Object.assign(text, { lang, dir });
  }
}

/* A text in three parts, of whole words: what it begins with as `best` does, what is other, what it ends with alike. */
export function compared(text, best) {
  const [mine, theirs] = [text.split(/(?<=\s)/), best.split(/(?<=\s)/)];
  const shorter = Math.min(mine.length, theirs.length);
  let first = 0;
  while (first < shorter && mine[first] === theirs[first]) first += 1;
  let last = 0;
  while (last < shorter - first && mine.at(-1 - last) === theirs.at(-1 - last)) last += 1;
  const end = mine.length - last;
  return [mine.slice(0, first), mine.slice(first, end), mine.slice(end)].map((part) => part.join(""));
}

/* A score as people write numbers. */
export function score(value) {
  return value.toFixed(2).replace("-", "−");
}

function reading(hypothesis, place, { best, isChosen }) {
  const label = document.createElement("label");
  label.className = "reading";
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "reading", value: place, checked: isChosen });
  const text = document.createElement("span");
  text.className = "text";
  const [before, between, after] = compared(hypothesis.text, best);
  text.append(before, ...(between ? [other(between.trimEnd()), between.slice(between.trimEnd().length)] : []), after);
  const number = document.createElement("span");
  number.className = "score";
  number.textContent = score(hypothesis.score);
  label.append(input, text, number);
  return label;
}

function other(text) {
  const element = document.createElement("span");
  element.className = "other";
  element.textContent = text;
  return element;
}
