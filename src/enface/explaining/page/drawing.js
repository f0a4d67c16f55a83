"use strict";
/* Small pieces that are drawn: words, strips, candidates. Text is only ever set as text. */

const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const percent = (share) => (share >= 0.9995 ? "100 %" : share < 0.0005 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`);
const weightOf = (weight) => weight.toFixed(2);
const signed = (score) => (score === null ? "–" : score.toFixed(2).replace("-", "−"));

/* The token as text: the mark of a word's beginning is faint, or left out, and an end of sentence is told as such. */
function showToken(element, token, isEnd, marked = true) {
  element.classList.toggle("end", isEnd);
  element.replaceChildren();
  const text = isEnd ? "end" : token;
  if (!isEnd && text.length > 1 && text.startsWith("▁")) {
    if (!marked) { element.append(text.slice(1)); return; }
    const begin = document.createElement("span");
    begin.className = "begin";
    begin.textContent = "▁";
    element.append(begin, text.slice(1));
  } else {
    element.append(text);
  }
}

/* Eight cells, each from -1 to 1; all faint where there are no values. */
function showStrip(element, values) {
  while (element.children.length < 8) element.append(document.createElement("b"));
  [...element.children].forEach((cell, place) => {
    const value = values ? values[place] : 0;
    cell.style.background = value < 0 ? "var(--low)" : "var(--high)";
    cell.style.opacity = Math.min(1, Math.abs(value)).toFixed(3);
  });
}

function showCandidates(list, candidates, marked) {
  while (list.children.length > candidates.length) list.lastElementChild.remove();
  while (list.children.length < candidates.length) list.append(copy("candidate"));
  candidates.forEach((candidate, place) => {
    const row = list.children[place];
    row.classList.toggle("chosen", candidate.chosen);
    showToken(row.querySelector(".word"), candidate.piece, candidate.piece === "</s>", marked);
    row.querySelector("i").style.transform = `scaleX(${candidate.probability})`;
    row.querySelector(".probability").textContent = percent(candidate.probability);
  });
}

/* The outline of a ribbon from a word's lower edge, `above` wide, to its part of the context, from `left` to `right`. */
function ribbon(from, above, left, right, bottom) {
  const [start, end, middle] = [from.x - above / 2, from.x + above / 2, (from.y + bottom) / 2];
  return `M${start} ${from.y}C${start} ${middle} ${left} ${middle} ${left} ${bottom}`
    + `H${right}C${right} ${middle} ${end} ${middle} ${end} ${from.y}Z`;
}

const between = (from, to, share) => from.map((value, place) => value + (to[place] - value) * share);
