/* Which step is shown, and what moves it: the clock, the buttons, the slider, the keys. */

(() => {
  const explained = JSON.parse(document.getElementById("explained").textContent);
  const by = (id) => document.getElementById(id);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const cards = explained.models.map((model) => new Card(explained, model, go));
  const units = [...document.querySelectorAll("[data-unit]")];
  let [step, clock] = [0, 0];

  const longest = () => Math.max(...cards.map((card) => card.steps));
  const pace = () => 1500 / Number(by("speed").value);

  function go(asked, { keepPlaying = false } = {}) {
    if (!keepPlaying) stop();
    step = Math.max(0, Math.min(asked, longest()));
    cards.forEach((card) => card.show(step, still.matches ? 0 : pace() * 0.42));
    tell();
  }

  function tell() {
    by("step").max = longest();
    by("step").value = step;
    by("step").setAttribute("aria-valuetext", `step ${step} of ${longest()}`);
    by("count").textContent = `${step} / ${longest()}`;
    if (!by("play").classList.contains("playing") || step === longest()) by("said").textContent = cards.map((card) => card.told).join("; ");
  }

  function play() {
    if (step === longest()) go(0);
    by("play").classList.add("playing");
    by("play").setAttribute("aria-label", "Pause");
    const further = () => {
      go(step + 1, { keepPlaying: true });
      if (step === longest()) stop();
      else clock = setTimeout(further, pace());
    };
    clock = setTimeout(further, pace() * 0.25);
  }

  function stop() {
    clearTimeout(clock);
    by("play").classList.remove("playing");
    by("play").setAttribute("aria-label", "Play");
  }

  /* The step in the new unit that stands where the old one stood, by the model that wrote most. */
  function change(unit) {
    stop();
    units.forEach((choice) => choice.setAttribute("aria-pressed", choice.dataset.unit === unit));
    const writer = cards.find((card) => card.steps === longest());
    const word = step === 0 ? -1 : writer.view.steps[step - 1].word;
    cards.forEach((card) => card.build(unit));
    go(writer.view.steps.findLastIndex((other) => other.word <= word) + 1);
  }

  const keys = { ArrowRight: () => go(step + 1), ArrowLeft: () => go(step - 1), Home: () => go(0), End: () => go(longest()) };
  const toggle = () => (by("play").classList.contains("playing") ? stop() : play());

  addEventListener("keydown", (event) => {
    const within = (kinds) => event.target instanceof Element && event.target.closest(kinds);
    if (event.ctrlKey || event.metaKey || event.altKey || within("select, input, .map")) return;
    const act = event.key === " " && !within("button, summary") ? toggle : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  by("play").addEventListener("click", toggle);
  by("first").addEventListener("click", () => go(0));
  by("back").addEventListener("click", () => go(step - 1));
  by("forward").addEventListener("click", () => go(step + 1));
  by("step").addEventListener("input", () => go(Number(by("step").value)));
  units.forEach((choice) => choice.addEventListener("click", () => change(choice.dataset.unit)));

  by("sentence").textContent = explained.source;
  by("sentence").lang = explained.languages.source;
  document.querySelectorAll(".legend .strip").forEach((strip) => showStrip(strip, [0.9, -0.6, 0.3, -1, 0.1, 0.7, -0.2, 0.5]));
  by("models").append(...cards.map((card) => card.element));
  cards.forEach((card) => card.build("word"));
  go(1);
})();
