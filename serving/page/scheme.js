/* Light or dark: what the reader's system says, until the button says otherwise; the button's word is kept here. */

const KEPT = "enface.scheme";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

/* What was chosen before; a browser may forbid that anything is kept. */
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(scheme) {
  try {
    localStorage.setItem(KEPT, scheme);
  } catch {
    // then it holds for this page alone
  }
}

function isDark() {
  return root.dataset.scheme ? root.dataset.scheme === "dark" : system.matches;
}

/* Has `button` switch the scheme, and calls `changed` whenever it is another. */
export function offerScheme(button, changed) {
  const show = () => {
    button.setAttribute("aria-pressed", isDark());
    button.title = isDark() ? "Switch to light" : "Switch to dark";
  };
  button.addEventListener("click", () => {
    root.dataset.scheme = isDark() ? "light" : "dark";
    keep(root.dataset.scheme);
    show();
    changed();
  });
  system.addEventListener("change", () => {
    show();
    changed();
  });
  show();
}

if (["light", "dark"].includes(kept())) root.dataset.scheme = kept();
