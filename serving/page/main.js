/* Where the page begins: it finds its parts in the document and has each tell the others. */

import { Api } from "./api.js";
import { Caption } from "./caption.js";
import { Composer } from "./composer.js";
import { offerCopies } from "./copying.js";
import { KeyPanel } from "./key.js";
import { Lighting, counterparts } from "./lighting.js";
import { HeatMap } from "./map.js";
import { Readings } from "./readings.js";
import { offerScheme } from "./scheme.js";
import { Session } from "./session.js";
import { Trouble } from "./troubles.js";
import { View } from "./view.js";
import { Words } from "./words.js";

const find = (id) => document.getElementById(id);
const OTHER = { source: "target", target: "source" };

const api = new Api();
const lighting = new Lighting((lit) => view.light(lit));
const words = { source: side("source"), target: side("target") };
const map = new HeatMap(find("map"), (how, place) => lighting.point(how, place));
const readings = new Readings(find("readings"), (place) => session.choose(place));
const view = new View({ words, map, readings, lighting, caption: new Caption(find("caption")) });
const trouble = new Trouble(find("trouble"), () => session.again());
const key = new KeyPanel(api, () => session.again());
const session = new Session({ api, view, trouble, key });
const composer = new Composer(find("text"), words.source, {
  edited: () => session.edited(),
  paused: () => session.translate(),
});

/* The words of one side, which light up themselves and their counterparts. */
function side(name) {
  return new Words(find(`${name}-words`), (what, tokens) => {
    if (what !== "cross") lighting.point(what, tokens && { [name]: tokens });
    else if (lighting.entry) words[OTHER[name]].focus(counterparts(lighting.entry.alignment.links, name, tokens));
  });
}

offerScheme(find("scheme"), () => map.recolour());
offerCopies(document.querySelector(".copies"), () => session.shown, (text) => view.say(text));

for (const unit of document.querySelectorAll("[name=unit]")) {
  unit.addEventListener("change", () => session.set({ alignment: unit.value }));
}
find("many").addEventListener("change", ({ target }) => session.set({ n_best: Number(target.value) }));
find("samples").addEventListener("click", ({ target, detail }) => {
  if (target.tagName !== "BUTTON") return;
  composer.write(target.textContent);
  if (!detail) composer.box.focus();
});
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") lighting.letGo(); });
document.addEventListener("click", ({ target }) => { if (!target.closest(".sheet, .map")) lighting.letGo(); });

session.compose(composer);
session.begin();
