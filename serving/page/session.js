/* What is being translated, and what is shown of it: the text, how it is to be aligned, how many readings, and which of
   them. Answers are kept for a while, so that words and subwords can be switched without asking again. */

import { Refusal } from "./api.js";
import { translate } from "./translating.js";

const KEPT_ANSWERS = 20;

export class Session {
  #parts;
  #composer = null;
  #options = { alignment: "word", n_best: 3 };
  #answers = new Map();
  #answer = null;
  #chosen = 0;
  #asking = null;
  #model = null;

  /* The parts: what asks the server, what shows, what tells of trouble, and what asks for a key. */
  constructor({ api, view, trouble, key }) { this.#parts = { api, view, trouble, key }; }

  /* The answer, and its entry or the alternative that is shown. */
  get shown() { return [this.#answer, this.#hypothesis()]; }

  compose(composer) { this.#composer = composer; }

  /* Asks which model there is; what was written before that, or before the page was loaded again, is translated. */
  async begin() {
    if (await this.#know() && !this.#asking && this.#composer.text.trim()) this.translate();
  }

  /* Tries again what did not work. */
  async again() {
    this.#parts.trouble.hide();
    if (await this.#know() && this.#composer.text.trim()) this.translate();
  }

  /* The text is another: what is shown does not belong to it any more. */
  edited() {
    this.#asking?.abort();
    this.#parts.trouble.forgetTries();
    this.#parts.view.outdated(this.#composer.text);
  }

  set(options) {
    Object.assign(this.#options, options);
    this.translate();
  }

  choose(place) {
    this.#chosen = place;
    this.#parts.view.showReading(this.#hypothesis());
  }

  async translate() {
    const text = this.#composer.text;
    this.#asking?.abort();
    this.#parts.trouble.hide();
    if (!text.trim()) return this.#parts.view.clear();
    const request = { text, ...this.#options };
    const name = JSON.stringify(request);
    if (!this.#answers.has(name)) {
      const asking = (this.#asking = new AbortController());
      const { signal } = asking;
      const isDone = await this.#trying(signal, async () => this.#keep(name, await this.#asked(request, signal)));
      if (!isDone) return null;
    }
    return this.#finish(this.#answers.get(name), text);
  }

  #asked(request, signal) {
    const { api, view } = this.#parts;
    view.wait();
    return translate(api, request, signal, {
      begun: (model, draft) => view.begin(model, draft, request.text),
      grown: (draft) => view.grow(draft, signal),
    });
  }

  #finish(answer, text) {
    const others = answer.translations[0].alternatives ?? [];
    this.#answer = answer;
    this.#chosen = Math.min(this.#chosen, others.length);
    this.#parts.trouble.forgetTries();
    this.#parts.view.finish(answer, this.#hypothesis(), { text, chosen: this.#chosen, unit: this.#options.alignment });
  }

  #hypothesis() {
    const { alternatives = [], ...entry } = this.#answer.translations[0];
    return this.#chosen ? { ...entry, ...alternatives[this.#chosen - 1] } : entry;
  }

  #keep(name, answer) {
    this.#answers.set(name, answer);
    if (this.#answers.size > KEPT_ANSWERS) this.#answers.delete(this.#answers.keys().next().value);
  }

  /* Whether the model is known. */
  async #know() {
    const { api, view } = this.#parts;
    if (this.#model) return true;
    return this.#trying(null, async () => {
      this.#model = await api.model();
      view.showModel(this.#model);
    });
  }

  /* Whether `work` was done; where it was not, the reader is told why, unless it is not wanted any more. */
  async #trying(signal, work) {
    const { view, trouble, key } = this.#parts;
    try {
      await work();
      return !signal?.aborted;
    } catch (error) {
      if (signal?.aborted) return false;
      if (!(error instanceof Refusal)) reportError(error);
      view.fail();
      if (error.code === "unauthorized") key.ask();
      else trouble.show(error instanceof Refusal ? error : new Refusal({ code: "page" }));
      return false;
    }
  }
}
