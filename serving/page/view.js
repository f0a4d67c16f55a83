/* What an answer, or as much of it as there is, looks like: the two texts, the map, the readings, the lines at their
   feet. */

import { name } from "./caption.js";
import { directionOf, nameOf, samplesOf } from "./languages.js";
import { counterparts } from "./lighting.js";
import { score } from "./readings.js";
import { pieces } from "./spans.js";

const find = (id) => document.getElementById(id);
const NUMBERS = new Intl.NumberFormat("en");

export class View {
  #parts;
  #sides = { source: { lang: "", dir: "auto" }, target: { lang: "", dir: "auto" } };
  #limit = Infinity;

  constructor({ words, map, readings, lighting, caption }) {
    this.#parts = { words, map, readings, lighting, caption };
  }

  /* The model's languages, with their names, directions and samples. */
  showModel(model) {
    this.#limit = model.search?.max_source_characters ?? this.#limit;
    this.#showLanguages(model);
    const samples = samplesOf(model.source_language).map((text) => Object.assign(document.createElement("button"), {
      type: "button",
      textContent: text,
      lang: model.source_language,
    }));
    find("samples").replaceChildren(...samples);
    const name = `${model.name} ${model.version}`;
    find("model").textContent = `${name}, ${nameOf(model.source_language)} to ${nameOf(model.target_language)}`;
  }

  /* There is no text. */
  clear() {
    this.outdated("");
    this.#parts.words.target.clear();
    this.#target([]);
    find("below").hidden = true;
  }

  /* The text has changed since. */
  outdated(text) {
    this.#parts.lighting.entry = null;
    this.#target(["stale"]);
    find("score").textContent = "";
    find("samples").hidden = text !== "";
    const length = [...text].length;
    const isNear = length > 0.8 * this.#limit;
    find("amount").hidden = text === "";
    find("amount").textContent = isNear ? `${number(length)} of ${number(this.#limit)} characters` : "";
    find("amount").classList.toggle("over", length > this.#limit);
  }

  wait() { this.#target(["stale", "waiting"]); }

  /* The words of the text are known. */
  begin(model, draft, text) {
    this.#showLanguages(model);
    this.#showSource(draft, text);
    this.#parts.lighting.entry = draft;
  }

  /* There are more words of the translation; they are shown with the next frame. */
  grow(draft, signal) {
    requestAnimationFrame(() => {
      if (signal.aborted || this.#parts.lighting.entry !== draft) return;
      this.#parts.words.target.show(pieces(draft.text, draft.target.spans));
      this.#target(["waiting"]);
    });
  }

  /* The answer is there; `reading` is the one of its hypotheses that is shown. */
  finish(answer, reading, { text, chosen, unit }) {
    const [entry] = answer.translations;
    this.#showLanguages(answer.model);
    this.#showSource(reading, text);
    find("amount").hidden = false;
    find("amount").textContent = counted(entry.source.tokens.length, unit);
    document.querySelector(".spread").classList.toggle("by-subword", unit === "subword");
    find("below").hidden = reading.target.tokens.length === 0;
    this.#parts.readings.show([entry, ...(entry.alternatives ?? [])], chosen, this.#sides.target);
    this.showReading(reading);
  }

  /* Another of the hypotheses is shown. */
  showReading(reading) {
    const { words, map, lighting } = this.#parts;
    words.target.show(pieces(reading.text, reading.target.spans));
    this.#target([]);
    map.show(reading, this.#sides);
    lighting.become(reading);
    const links = reading.alignment.links;
    words.source.describe((tokens) => described("becomes", reading.target, counterparts(links, "source", tokens)));
    words.target.describe((tokens) => described("from", reading.source, counterparts(links, "target", tokens)));
    find("score").textContent = `Score ${score(reading.score)}`;
    this.say(reading.text, this.#sides.target.lang);
  }

  /* There is no answer; words that have come already may stay. */
  fail() {
    const element = this.#parts.words.target.element;
    if (element.classList.contains("stale")) this.#parts.words.target.clear();
    this.#target([]);
    find("below").hidden = true;
  }

  light(lit) {
    const { words, map, caption, lighting } = this.#parts;
    words.source.light(lit.at.source, lit.lit.source, lit.held.source);
    words.target.light(lit.at.target, lit.lit.target, lit.held.target);
    map.light(lit);
    caption.show(lighting.entry, lighting.place);
  }

  /* Tells who cannot see it. */
  say(text, lang = "en") { Object.assign(find("said"), { textContent: text, lang }); }

  /* A character without width keeps an empty last line as high as it is in the box. */
  #showSource(entry, text) {
    this.#parts.words.source.show([...pieces(text, entry.source.spans), { text: "\u200b", tokens: [] }]);
  }

  #showLanguages(model) {
    for (const side of ["source", "target"]) {
      const lang = model[`${side}_language`];
      this.#sides[side] = { lang, dir: directionOf(lang) };
      find(`${side}-language`).textContent = nameOf(lang);
      Object.assign(this.#parts.words[side].element, this.#sides[side]);
    }
    Object.assign(find("text"), this.#sides.source);
  }

  #target(states) {
    const element = this.#parts.words.target.element;
    for (const state of ["stale", "waiting"]) element.classList.toggle(state, states.includes(state));
    element.setAttribute("aria-busy", states.length > 0);
  }
}

function number(value) { return NUMBERS.format(value); }

function counted(count, unit) { return `${number(count)} ${unit}${count === 1 ? "" : "s"}`; }

function described(relation, side, tokens) {
  const names = [...tokens].map((token) => name(side, [token]));
  return names.length ? `${relation} ${names.join(", ")}` : "linked to nothing";
}
