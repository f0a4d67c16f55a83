/* The matrix as a map of heat: a table, whose cells say their weight to whoever cannot see it. Where it would have too
   many cells, one picture stands for it (picture.js). */

import { percent } from "./caption.js";
import { Picture } from "./picture.js";

const MOST_CELLS = 3600;

export class HeatMap {
  #element;
  #heard;
  #picture = null;
  #rows = [];
  #columns = [];

  /* `heard(how, place)` is called with "hover" or "hold" and the tokens of either side, null when none are meant. */
  constructor(element, heard) {
    this.#element = element;
    this.#heard = heard;
    element.addEventListener("pointerover", ({ target }) => heard("hover", this.#pointed(target)));
    element.addEventListener("pointerleave", () => heard("hover", null));
    element.addEventListener("click", ({ target }) => heard("hold", this.#pointed(target)));
  }

  /* Shows an entry's matrix; `sides` have the language and direction of either text. */
  show(entry, sides) {
    this.#element.dir = sides.source.dir;
    this.#picture = null;
    this.#rows = [];
    this.#columns = [];
    if (entry.source.tokens.length * entry.target.tokens.length > MOST_CELLS) {
      this.#picture = new Picture(entry, sides.source.dir, (place) => this.#heard("hover", place));
      this.#element.replaceChildren(this.#picture.element);
    } else {
      this.#element.replaceChildren(this.#table(entry, sides));
    }
  }

  /* Draws the picture anew, in other colours. */
  recolour() { this.#picture?.draw(); }

  light({ at, lit }) {
    this.#picture?.light(at, lit);
    mark(this.#columns, at.source, lit.source);
    mark(this.#rows.map((row) => row.firstChild), at.target, lit.target);
    this.#rows.forEach((row, target) => {
      const isRow = at.target.has(target) || lit.target.has(target);
      [...row.cells].slice(1).forEach((cell, source) => {
        cell.classList.toggle("lit", isRow && (at.source.has(source) || lit.source.has(source)));
      });
    });
  }

  #table({ source, target, alignment }, sides) {
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    head.append(document.createElement("td"));
    head.firstChild.className = "corner";
    this.#columns = source.tokens.map((token) => heading(token, "col", sides.source));
    head.append(...this.#columns);
    const body = table.createTBody();
    const links = new Set(alignment.links.map(String));
    target.tokens.forEach((token, row) => {
      const line = body.insertRow();
      line.append(heading(token, "row", sides.target));
      alignment.matrix[row].forEach((weight, column) => line.append(cell(weight, links.has(`${column},${row}`))));
      this.#rows.push(line);
    });
    return table;
  }

  #pointed(element) {
    const found = element.closest("td, th");
    const row = this.#rows.indexOf(found?.parentElement);
    const column = found ? found.cellIndex - 1 : -1;
    if (row >= 0) return column >= 0 ? { source: [column], target: [row] } : { target: [row] };
    return column >= 0 ? { source: [column] } : null;
  }
}

function heading(token, scope, { lang, dir }) {
  const element = document.createElement("th");
  element.scope = scope;
  element.append(document.createElement("span"));
  Object.assign(element.firstChild, { textContent: token, lang, dir });
  return element;
}

function cell(weight, isLink) {
  const element = document.createElement("td");
  element.classList.toggle("link", isLink);
  element.style.setProperty("--weight", weight);
  element.append(document.createElement("span"));
  element.firstChild.textContent = isLink ? `${percent(weight)}, linked` : percent(weight);
  return element;
}

function mark(headings, at, lit) {
  headings.forEach((heading, token) => {
    heading.classList.toggle("at", at.has(token));
    heading.classList.toggle("lit", lit.has(token));
  });
}
