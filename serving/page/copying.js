/* Copies of what is shown: the text, the links as Pharaoh writes them (0-0 2-1: source-target, from 0), or the whole
   answer. */

const WRITTEN = {
  text: (answer, shown) => shown.text,
  pharaoh: (answer, shown) => shown.alignment.links.map(([source, target]) => `${source}-${target}`).join(" "),
  json: (answer) => JSON.stringify(answer, null, 2),
};

const NAMES = { text: "The text", pharaoh: "The links", json: "The answer" };

/* Has the buttons in `element` copy; `current()` is the answer and its entry that is shown, `said` tells the reader. */
export function offerCopies(element, current, said) {
  element.addEventListener("click", async ({ target }) => {
    const kind = target.dataset.copy;
    if (!kind) return;
    const isCopied = await copied(WRITTEN[kind](...current()));
    said(isCopied ? `${NAMES[kind]} ${kind === "pharaoh" ? "are" : "is"} copied` : "The browser does not let us copy");
    target.classList.toggle("done", isCopied);
    setTimeout(() => target.classList.remove("done"), 1200);
  });
}

/* Whether the text is in the clipboard now. Browsers have the newer way only for pages that come over TLS or from this
   machine; elsewhere the older one is tried. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedAsSelection(text);
  }
}

function copiedAsSelection(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.className = "unseen";
  box.value = text;
  document.body.append(box);
  box.select();
  try {
    return document.execCommand("copy");
  } finally {
    box.remove();
    before?.focus();
  }
}
