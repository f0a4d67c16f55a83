/* What went wrong, told as one would tell a friend: what it is, and what helps. */

const MOST_TRIES = 3;
const LONGEST_WAIT_S = 60;
const SECONDS = (seconds) => (seconds === 1 ? "a second" : `${seconds} seconds`);

const TOLD = {
  too_many_requests: ["A little too fast", "The server answers only so many requests in a while."],
  too_busy: ["Many people are asking just now", "The server has no place free at the moment."],
  too_slow: ["That took too long", "The server gave up. A shorter text may go through."],
  unavailable: ["The translator is not there at the moment", "It is being started again, which takes a few seconds."],
  not_ready: ["The translator is still starting", "It takes a few seconds."],
  body_too_slow: ["The text arrived too slowly", "The connection seems to be a poor one."],
  body_too_large: ["This text is too long", "Take a part of it; sentence by sentence works best."],
  texts_too_long: ["This text is too long", "Take a part of it; sentence by sentence works best."],
  answer_too_large: ["The answer would be too large", "Take a part of the text, or fewer readings."],
  internal: ["Something broke on the server", "It is not your text's fault."],
  cut_off: ["The connection broke off", "The end of the translation did not arrive."],
  page: ["This page has made a mistake", "Load it again; the browser's console has the reason."],
  unreachable: ["The server cannot be reached", "It may have been stopped, or the connection is down."],
};

/* A refusal as {title, text, retryAfterS, mayHelp}: when it will be tried again by itself, null where it will not, and
   whether to try again may help at all. */
export function told({ code, message, requestId, retryAfterS: given }, mayTry = true) {
  const retryAfterS = mayTry && given !== null && given <= LONGEST_WAIT_S ? Math.max(1, given) : null;
  if (code === "unprocessable" || code === "bad_request") {
    const title = "This text cannot be translated as it is";
    return { title, text: reasons(message), retryAfterS: null, mayHelp: false };
  }
  const [title, text] = TOLD[code] ?? ["That did not work", "The server refused without saying why."];
  const wait = retryAfterS === null ? "It may work again in" : "It will be tried again in";
  const after = given === null ? "" : ` ${wait} ${SECONDS(Math.max(1, given))}.`;
  const found = code === "internal" && requestId ? ` Its log has the reason under ${requestId}.` : "";
  return { title, text: text + after + found, retryAfterS, mayHelp: true };
}

/* The server's own sentences, which name fields of the request that nobody here has seen. */
function reasons(message) {
  return message.split("\n").map(reason).join("\n");
}

function reason(line) {
  const bare = line.replace(/^text(\[0\])?: /, "").replace(/[^.!?]$/, "$&.");
  const said = bare.replace(/^got (.*?), need <= /, "it has $1, and may have at most ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/* Shows what went wrong, and tries again: when the button says so, or by itself once that may help, a few times. */
export class Trouble {
  #element;
  #again;
  #timer = 0;
  #tries = 0;

  constructor(element, again) {
    this.#element = element;
    this.#again = again;
    element.querySelector("button").addEventListener("click", () => {
      this.#tries = 0;
      again();
    });
  }

  show(refusal) {
    clearInterval(this.#timer);
    const { title, text, retryAfterS, mayHelp } = told(refusal, this.#tries < MOST_TRIES);
    this.#element.querySelector(".title").textContent = title;
    this.#element.querySelector(".text").textContent = text;
    this.#element.querySelector(".again").hidden = !mayHelp;
    this.#element.hidden = false;
    this.#count(retryAfterS);
  }

  hide() {
    clearInterval(this.#timer);
    this.#element.hidden = true;
  }

  forgetTries() { this.#tries = 0; }

  #count(seconds) {
    const shown = this.#element.querySelector(".again span");
    shown.textContent = seconds ? `in ${seconds} s` : "";
    if (!seconds) return;
    this.#timer = setInterval(() => {
      seconds -= 1;
      shown.textContent = `in ${seconds} s`;
      if (seconds > 0) return;
      clearInterval(this.#timer);
      this.#tries += 1;
      this.#again();
    }, 1000);
  }
}
