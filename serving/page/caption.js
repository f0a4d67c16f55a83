/* The line under the texts: the word that is pointed at, and how its attention is shared out. */

import { looked } from "./lighting.js";

const LEAST = 0.05;
const MOST = 4;

export class Caption {
  #element;
  #hint;

  constructor(element) {
    this.#element = element;
    this.#hint = element.textContent;
    element.textContent = "";
  }

  show(entry, place) {
    if (!entry || !place) {
      this.#element.textContent = entry ? this.#hint : "";
    } else if (place.source && place.target) {
      const weight = entry.alignment.matrix[place.target[0]][place.source[0]];
      this.#told(name(entry.target, place.target), "←", [[name(entry.source, place.source), weight]]);
    } else {
      const side = place.source ? "source" : "target";
      const other = side === "source" ? entry.target : entry.source;
      const shares = looked(entry.alignment.matrix, side, place[side]);
      const most = shares.filter(({ weight }) => weight >= LEAST).slice(0, MOST);
      const told = most.map(({ token, weight }) => [name(other, [token]), weight]);
      this.#told(name(entry[side], place[side]), side === "source" ? "→" : "←", told);
    }
  }

  #told(word, arrow, shares) {
    const parts = [made("b", word), ` ${arrow} `];
    shares.forEach(([other, weight], place) => {
      parts.push(place ? ", " : "", made("bdi", other), ` ${percent(weight)}`);
    });
    this.#element.replaceChildren(...parts, ...(shares.length ? [] : ["hardly anything"]));
  }
}

/* What tokens are called, without the mark that a subword begins a word with. */
export function name({ tokens }, wanted) {
  const written = wanted.map((token) => tokens[token]).join("");
  return written.replace(/^\u2581(?=.)/, "");
}

/* A weight as whole percent. */
export function percent(weight) {
  return `${Math.round(100 * weight)} %`;
}

function made(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}
