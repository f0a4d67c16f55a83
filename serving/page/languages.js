/* What is known of languages: their names, their direction, and a few sentences to begin with. */

const RIGHT_TO_LEFT = new Set(["Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"]);

const SAMPLES = {
  de: ["Eine junge Frau liest an der Bushaltestelle eine Zeitung.", "Zwei Hunde spielen im Park mit einem Ball."],
  en: [
    "A young woman in a red coat is reading a newspaper at the bus stop.",
    "Two dogs are playing with a ball in the green park.",
    "An old man with a hat is playing guitar in front of a house.",
  ],
  fr: ["Une jeune femme lit un journal.", "Deux chiens jouent avec une balle dans le parc."],
};

/* The name in English of a language, or its code where it is not known. */
export function nameOf(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

/* "rtl" or "ltr", by the script that the language is mostly written in. */
export function directionOf(code) {
  try {
    return RIGHT_TO_LEFT.has(new Intl.Locale(code).maximize().script) ? "rtl" : "ltr";
  } catch {
    return "auto";
  }
}

/* Sentences that show something, in that language; none for most. */
export function samplesOf(code) {
  return SAMPLES[code.split(/[-_]/)[0].toLowerCase()] ?? [];
}
