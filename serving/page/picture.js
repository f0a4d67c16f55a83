/* A large matrix as one picture: a pixel for each weight, enlarged without smoothing. With so many words, attention is
   spread thin: the largest weight has the full colour. */

const LEAST_PX = 1.5;
const MOST_PX = 8;
const HIGHEST_PX = 900;

export class Picture {
  #entry;
  #isMirrored;
  #lit = { source: [], target: [] };

  /* `heard(place)` is called with the tokens that are pointed at. */
  constructor(entry, direction, heard) {
    this.#entry = entry;
    this.#isMirrored = direction === "rtl";
    this.element = document.createElement("canvas");
    [this.element.width, this.element.height] = [entry.source.tokens.length, entry.target.tokens.length];
    const { width, height } = this.element;
    const rowSize = Math.max(2, Math.min(MOST_PX, Math.floor(HIGHEST_PX / height)));
    const fitting = `max(${LEAST_PX * width}px, min(100%, ${MOST_PX * width}px))`;
    this.element.style.setProperty("width", fitting);
    this.element.style.setProperty("height", `${rowSize * height}px`);
    this.element.setAttribute("role", "img");
    const sizes = `${height} words of the translation by ${width} of the text`;
    this.element.setAttribute("aria-label", `The attention of ${sizes}. Each word tells its counterparts.`);
    this.element.addEventListener("pointermove", (event) => heard(this.#pointed(event)));
    requestAnimationFrame(() => this.draw());
  }

  light(at, lit) {
    this.#lit = { source: [...at.source, ...lit.source], target: [...at.target, ...lit.target] };
    this.draw();
  }

  draw() {
    const { width, height } = this.element;
    const context = this.element.getContext("2d");
    const image = new ImageData(width, height);
    const { matrix } = this.#entry.alignment;
    const most = matrix.reduce((found, row) => Math.max(found, ...row), 0);
    matrix.forEach((row, target) => {
      row.forEach((weight, source) => {
        image.data[4 * (target * width + this.#column(source)) + 3] = (255 * weight) / most;
      });
    });
    context.putImageData(image, 0, 0);
    const style = getComputedStyle(this.element);
    this.#fill(context, "source-in", style.color, [[0, 0, width, height]]);
    const lines = [
      ...this.#lit.source.map((source) => [this.#column(source), 0, 1, height]),
      ...this.#lit.target.map((target) => [0, target, width, 1]),
    ];
    this.#fill(context, "destination-over", style.outlineColor, lines);
  }

  #fill(context, operation, colour, boxes) {
    context.globalCompositeOperation = operation;
    context.fillStyle = colour;
    for (const box of boxes) context.fillRect(...box);
    context.globalCompositeOperation = "source-over";
  }

  #column(source) { return this.#isMirrored ? this.element.width - 1 - source : source; }

  #pointed(event) {
    const box = this.element.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.element.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.element.height);
    const inside = column >= 0 && column < this.element.width && row >= 0 && row < this.element.height;
    return inside ? { source: [this.#column(column)], target: [row] } : null;
  }
}
