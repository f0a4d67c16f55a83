/* One model: its source words and their weights, the context, the word that comes out, and the map of all steps. */

class Card {
  constructor(explained, model, go) {
    Object.assign(this, { explained, model, go, unit: "word", looking: model.aligning, at: 0, frame: 0 });
    this.element = copy("model");
    this.find("h2").textContent = model.name;
    this.find(".attention").textContent = model.attention;
    this.find(".network").textContent = model.network;
    this.element.setAttribute("aria-label", model.name);
    this.find(".map").setAttribute("aria-label", `Attention weights of ${model.name}`);
    this.chooseLooking();
    const resized = new ResizeObserver(() => this.measure());
    [".stage", ".source"].forEach((part) => resized.observe(this.find(part)));
  }

  find(selector) { return this.element.querySelector(selector); }
  get view() { return this.model[this.unit]; }
  get seen() { return this.view.lookings[this.looking]; }
  get steps() { return this.view.steps.length; }
  isEnd(place) { return this.model.target.ended && place === this.steps - 1; }

  /* The menu of layers and heads, for a model that has several. */
  chooseLooking() {
    const select = this.find("select");
    const layers = Math.max(...this.model.word.lookings.map((seen) => seen.layer)) + 1;
    this.model.word.lookings.forEach((seen, place) => {
      const head = seen.head === null ? "all heads" : `head ${seen.head + 1}`;
      select.add(new Option(`layer ${seen.layer + 1} of ${layers}, ${head}`, place, false, place === this.looking));
    });
    this.find(".choosing").hidden = this.model.word.lookings.length < 2;
    select.addEventListener("change", () => { this.looking = Number(select.value); this.build(this.unit); });
  }

  /* Everything that does not change from step to step. */
  build(unit) {
    this.unit = unit;
    const source = this.find(".source");
    source.dir = this.explained.source_right_to_left ? "rtl" : "ltr";
    source.lang = this.explained.languages.source;
    source.replaceChildren(...this.view.source.map((token, place) => this.sourceToken(token, place)));
    this.find(".ribbons").replaceChildren(...this.view.source.map(() => document.createElementNS("http://www.w3.org/2000/svg", "path")));
    this.buildTarget();
    this.buildMap();
    this.at = Math.min(this.at, this.steps);
    this.weights = this.row(this.at);
    this.centre = this.centreAt(this.at);
    this.show(this.at, 0);
  }

  sourceToken(token, place) {
    const element = copy("token");
    showToken(element.querySelector(".word"), token, place === this.view.source.length - 1);
    showStrip(element.querySelector(".strip"), this.seen.states[place]);
    return element;
  }

  buildTarget() {
    const target = this.find(".target");
    target.dir = this.model.target.right_to_left ? "rtl" : "ltr";
    target.lang = this.explained.languages.target;
    target.replaceChildren(...this.view.steps.map((step, place) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      showToken(button, step.token, this.isEnd(place));
      button.addEventListener("click", () => this.go(place + 1));
      item.append(button);
      return item;
    }));
  }

  buildMap() {
    this.find("table").dir = this.explained.source_right_to_left ? "rtl" : "ltr";
    const heads = document.createElement("tr");
    heads.append(document.createElement("td"), ...this.view.source.map((token, place) => {
      const head = document.createElement("th");
      head.scope = "col";
      head.append(document.createElement("span"));
      showToken(head.firstChild, token, place === this.view.source.length - 1);
      return head;
    }));
    heads.firstChild.style.background = "none";
    this.find("thead").replaceChildren(heads);
    this.find("tbody").replaceChildren(...this.view.steps.map((step, place) => this.mapRow(step, place)));
  }

  mapRow(step, place) {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    showToken(head, step.token, this.isEnd(place));
    row.append(head, ...this.seen.weights[place].map((weight, column) => {
      const cell = document.createElement("td");
      const [colour, number] = [document.createElement("i"), document.createElement("span")];
      colour.style.opacity = weight.toFixed(3);
      number.textContent = weightOf(weight);
      cell.title = `${step.token} ← ${this.view.source[column]}: ${weightOf(weight)}`;
      cell.classList.toggle("outside", this.seen.scores[place][column] === null);
      cell.append(colour, number);
      return cell;
    }));
    row.addEventListener("click", () => this.go(place + 1));
    return row;
  }

  row(step) { return step === 0 ? this.view.source.map(() => 0) : this.seen.weights[step - 1]; }
  centreAt(step) { return step === 0 || !this.seen.centres ? null : this.seen.centres[step - 1]; }

  /* Where the words and the context stand, from the layout; then the drawing follows. */
  measure() {
    const stage = this.find(".stage").getBoundingClientRect();
    const box = (element) => element.getBoundingClientRect();
    this.places = [...this.find(".source").children].map((token) => {
      const found = box(token);
      return { x: found.left + found.width / 2 - stage.left, y: found.bottom - stage.top, width: found.width };
    });
    const context = box(this.find(".context .strip"));
    this.context = { left: context.left - stage.left, top: context.top - stage.top, width: context.width };
    this.draw();
  }

  /* The moving parts as they are at this moment. */
  draw() {
    const order = this.places.map((_, place) => place).sort((one, other) => this.places[one].x - this.places[other].x);
    const paths = this.find(".ribbons").children;
    const tokens = this.find(".source").children;
    let left = this.context.left;
    for (const place of order) {
      const [weight, from] = [this.weights[place], this.places[place]];
      const right = left + weight * this.context.width;
      paths[place].setAttribute("d", ribbon(from, Math.min(from.width * 0.92, weight * this.context.width), left, right, this.context.top));
      paths[place].style.opacity = weight < 0.004 ? 0 : 0.25 + 0.45 * weight;
      tokens[place].querySelector(".level").style.transform = `scaleY(${weight})`;
      left = right;
    }
    this.drawCentre();
  }

  drawCentre() {
    const marker = this.find(".centre");
    marker.style.display = this.centre === null ? "none" : "";
    if (this.centre === null) return;
    const last = this.places.length - 1;
    const here = Math.min(Math.floor(this.centre), last);
    const [one, other] = [this.places[here], this.places[Math.min(here + 1, last)]];
    const share = this.centre - here;
    const x = one.y === other.y ? one.x + (other.x - one.x) * share : (share < 0.5 ? one.x : other.x);
    marker.setAttribute("transform", `translate(${x} ${(share < 0.5 ? one : other).y})`);
  }

  /* Goes to a step within so many milliseconds; a model that has ended stays at its last. */
  show(asked, duration) {
    const step = Math.min(asked, this.steps);
    const moved = step !== this.at;
    this.at = step;
    this.mark(step);
    this.measure();
    cancelAnimationFrame(this.frame);
    const [from, to, began] = [this.weights, this.row(step), performance.now()];
    const [start, goal] = [this.centre, this.centreAt(step)];
    const context = step === 0 ? null : this.seen.contexts[step - 1];
    const strip = this.find(".context .strip");
    const tick = (now) => {
      const passed = duration === 0 ? 1 : Math.min(1, Math.max(0, (now - began) / duration));
      const eased = 1 - (1 - passed) ** 3;
      this.weights = between(from, to, eased);
      this.centre = goal === null ? null : start === null ? goal : start + (goal - start) * eased;
      this.draw();
      showStrip(strip, context && this.mixture(eased, context));
      if (passed < 1) this.frame = requestAnimationFrame(tick);
    };
    tick(began);
    this.say(step, moved && duration > 0);
  }

  /* The context's strip on its way from what it was. */
  mixture(share, context) {
    if (share === 1 || !this.strip) this.strip = context;
    else this.strip = between(this.strip, context, share);
    return this.strip;
  }

  /* What is past, present and to come. */
  mark(step) {
    const rows = [...this.find(".target").children, ...this.find("tbody").children];
    rows.forEach((element, place) => {
      const number = (place % this.steps) + 1;
      element.classList.toggle("future", number > step);
      element.classList.toggle("now", number === step);
    });
    const weights = this.row(step);
    const heaviest = weights.indexOf(Math.max(...weights));
    [...this.find(".source").children].forEach((token, place) => {
      const score = step === 0 ? undefined : this.seen.scores[step - 1][place];
      token.classList.toggle("heaviest", step > 0 && place === heaviest);
      token.classList.toggle("outside", score === null);
      token.querySelector(".score").textContent = score === undefined ? "\u00a0" : signed(score);
      token.querySelector(".weight").textContent = step === 0 ? "\u00a0" : weightOf(weights[place]);
      token.querySelector(".weight").classList.toggle("nothing", weights[place] < 0.005);
      token.title = step === 0 || score === null ? "" : `score ${signed(score)}, weight ${weightOf(weights[place])}`;
    });
  }

  /* The word that came out, and what else could have. */
  say(step, arriving) {
    const said = step === 0 ? null : this.view.steps[step - 1];
    const produced = this.find(".produced");
    showToken(produced.querySelector(".word"), said ? said.token : "", step > 0 && this.isEnd(step - 1));
    produced.querySelector(".probability").textContent = said ? percent(said.probability) : "";
    produced.classList.remove("arriving");
    if (arriving) { void produced.offsetWidth; produced.classList.add("arriving"); }
    const several = said && said.pieces.length > 1;
    this.find(".pieces").textContent = !said ? "the source has been read, nothing is written yet" : several
      ? said.pieces.map((piece) => `${piece.piece} ${percent(piece.probability)}`).join(" · ") : "";
    showCandidates(this.find(".candidates"), said ? said.candidates : [], this.unit === "subword");
    const done = step === this.steps ? (this.model.target.ended ? "" : "cut off at the longest length; ") : null;
    this.find(".written .score").textContent = done === null ? "\u00a0" : `${done}log probability / length penalty ${signed(this.model.score)}`;
  }

  /* The step in a sentence, for those who listen. */
  get told() {
    if (this.at === 0) return `${this.model.name}: source read`;
    const weights = this.row(this.at);
    const places = weights.map((_, place) => place).sort((one, other) => weights[other] - weights[one]).slice(0, 2);
    const step = this.view.steps[this.at - 1];
    const name = (place) => (place === weights.length - 1 ? "end" : this.view.source[place]);
    const token = this.isEnd(this.at - 1) ? "end" : step.token;
    return `${this.model.name}: ${token}, ${percent(step.probability)}, from ${places.map((place) => `${name(place)} ${weightOf(weights[place])}`).join(", ")}`;
  }
}
