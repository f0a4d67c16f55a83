/* The words of one side. Each can be pointed at, focused and held; one of them stands in the order of Tab, and the
   arrow keys walk on from there. What lights up is decided in lighting.js. */

export class Words {
  #elements = [];

  /* `heard(what, tokens)` is called with "hover", "focus" and "hold", and with no tokens when that is over; and with
     "cross" when the reader walks over to the other side. */
  constructor(element, heard) {
    this.element = element;
    this.heard = heard;
    element.addEventListener("pointerover", ({ target }) => heard("hover", tokensOf(target)));
    element.addEventListener("pointerleave", () => heard("hover", null));
    element.addEventListener("focusin", ({ target }) => {
      this.#order(target);
      heard("focus", tokensOf(target));
    });
    element.addEventListener("focusout", () => heard("focus", null));
    element.addEventListener("click", ({ target }) => heard("hold", tokensOf(target)));
    element.addEventListener("keydown", (event) => this.#walk(event));
  }

  /* A text alone: none of its words can be pointed at. */
  clear(text = "") {
    this.#elements = [];
    this.element.replaceChildren(text);
  }

  /* The pieces of a text (spans.js); those that are there already keep their elements. */
  show(pieces) {
    const kept = this.#kept(pieces);
    while (this.element.childNodes.length > kept) this.element.lastChild.remove();
    const made = (piece, after) => (piece.tokens.length ? word(piece, after) : piece.text);
    this.element.append(...pieces.slice(kept).map(made));
    this.#elements = [...this.element.querySelectorAll(".word")];
    if (this.#elements.length && !this.#elements.some((each) => each.tabIndex === 0)) this.#elements[0].tabIndex = 0;
  }

  /* What each word says of itself beside its text, by its tokens. */
  describe(described) {
    for (const each of this.#elements) each.setAttribute("aria-description", described(tokensOf(each)));
  }

  /* Marks the words that are pointed at, the counterparts that light up, and what is held. */
  light(at, lit, held) {
    for (const each of this.#elements) {
      const isIn = (set) => tokensOf(each).some((token) => set.has(token));
      each.classList.toggle("at", isIn(at));
      each.classList.toggle("lit", isIn(lit));
      each.setAttribute("aria-pressed", isIn(held));
    }
  }

  /* Puts the focus on the first word that is one of these tokens. */
  focus(tokens) {
    this.#elements.find((each) => tokensOf(each).some((token) => tokens.has(token)))?.focus();
  }

  /* The tokens of the word at that point of the window, null where there is none. */
  at(x, y) {
    return tokensOf(document.elementsFromPoint(x, y).find((each) => this.element.contains(each)));
  }

  #kept(pieces) {
    const nodes = this.element.childNodes;
    const tokens = (node) => (tokensOf(node) ?? []).join();
    const same = (piece, node) => node?.textContent === piece.text && tokens(node) === piece.tokens.join();
    const other = pieces.findIndex((piece, place) => !same(piece, nodes[place]));
    return other < 0 ? pieces.length : other;
  }

  #order(focused) {
    for (const each of this.#elements) each.tabIndex = each === focused ? 0 : -1;
  }

  #walk(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const place = this.#elements.indexOf(event.target);
    const forth = getComputedStyle(this.element).direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: place + forth, ArrowLeft: place - forth, Home: 0, End: this.#elements.length - 1 };
    if (event.key in steps) this.#elements[steps[event.key]]?.focus();
    else if (["ArrowUp", "ArrowDown"].includes(event.key)) this.heard("cross", tokensOf(event.target));
    else if (["Enter", " "].includes(event.key)) this.heard("hold", tokensOf(event.target));
    else return;
    event.preventDefault();
  }
}

function tokensOf(node) {
  return node?.dataset?.tokens?.split(" ").map(Number) ?? null;
}

function word({ text, tokens, joined }, after) {
  const element = document.createElement("span");
  element.className = joined ? "word joined" : "word";
  element.textContent = text;
  element.dataset.tokens = tokens.join(" ");
  element.tabIndex = -1;
  element.setAttribute("role", "button");
  element.style.setProperty("--after", Math.min(after, 20));
  return element;
}
