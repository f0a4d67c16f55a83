/* Where the text is written. The box lies over a mirror of its text, made of words that can light up; what points into
   the box is looked up in the mirror. */

const PAUSE_MS = 450;

export class Composer {
  #timer = 0;

  /* `heard.edited()` is called when the text has changed, `heard.paused()` when it is time to translate it. */
  constructor(box, mirror, heard) {
    this.box = box;
    this.mirror = mirror;
    this.heard = heard;
    box.addEventListener("input", (event) => this.#edited(event.isComposing));
    box.addEventListener("compositionend", () => this.#edited(false));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#pause(0);
    });
    box.addEventListener("pointermove", (event) => mirror.heard("hover", mirror.at(event.clientX, event.clientY)));
    box.addEventListener("pointerleave", () => mirror.heard("hover", null));
    box.addEventListener("click", (event) => {
      if (event.pointerType === "touch") mirror.heard("hold", mirror.at(event.clientX, event.clientY));
    });
  }

  get text() { return this.box.value; }

  /* Writes a text as if the reader had, to be translated at once. */
  write(text) {
    this.box.value = text;
    this.reflect();
    this.heard.edited();
    this.#pause(0);
  }

  /* Shows the text in the mirror without words, for what they are is not known any more. */
  reflect() {
    this.mirror.clear(`${this.text}\u200b`);
    const { classList } = this.box.closest(".spread");
    classList.toggle("long", this.text.length > 220);
    classList.toggle("longer", this.text.length > 700);
  }

  #edited(isComposing) {
    this.reflect();
    this.heard.edited();
    if (isComposing) clearTimeout(this.#timer);
    else this.#pause(PAUSE_MS);
  }

  #pause(after) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.heard.paused(), after);
  }
}
