/* What is asked of the server: which model there is, and a translation as a stream. A key is kept for this tab. */

import { events } from "./events.js";

const KEPT = "enface.key";

/* A request that was not answered: the code and message of the server's refusal, or a code of our own. */
export class Refusal extends Error {
  constructor({ code, message = "", request_id: requestId = "" }, retryAfterS = null) {
    super(message);
    Object.assign(this, { code, requestId, retryAfterS });
  }
}

export class Api {
  #key = kept();

  get key() { return this.#key; }

  set key(key) {
    this.#key = key;
    try {
      key ? sessionStorage.setItem(KEPT, key) : sessionStorage.removeItem(KEPT);
    } catch {
      // then it is forgotten with this page
    }
  }

  /* The model that answers. */
  async model() {
    const answer = await this.#asked("v1/models");
    return (await answer.json()).models[0];
  }

  /* The events of a translation. Throws a Refusal where there is none, or not all of it. */
  async *translation(request, signal) {
    const answer = await this.#asked("v1/translate/stream", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
      signal,
    });
    try {
      for await (const event of events(answer.body)) {
        if (event.name === "error") throw new Refusal(event.data.error);
        yield event;
        if (event.name === "answer") return;
      }
    } catch (error) {
      throw signal.aborted || error instanceof Refusal ? error : new Refusal({ code: "cut_off" });
    }
    throw new Refusal({ code: "cut_off" });
  }

  async #asked(path, options = {}) {
    const headers = { ...options.headers, ...(this.#key && { Authorization: `Bearer ${this.#key}` }) };
    let answer;
    try {
      answer = await fetch(path, { ...options, headers, credentials: "omit", redirect: "error" });
    } catch (error) {
      throw options.signal?.aborted ? error : new Refusal({ code: "unreachable" });
    }
    if (answer.ok) return answer;
    const body = await answer.json().catch(() => ({}));
    const seconds = Number.parseInt(answer.headers.get("Retry-After"), 10);
    throw new Refusal(body.error ?? { code: `http_${answer.status}` }, Number.isNaN(seconds) ? null : seconds);
  }
}

function kept() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
