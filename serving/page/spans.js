/* Texts and the spans of their tokens. The API counts code points, JavaScript units of UTF-16: an emoji is one of the
   former and two of the latter. */

/* Cuts a text into pieces {text, tokens, joined}: `tokens` are the indices of the tokens that a piece is, none for what
   stands between; `joined` says that it is written to the piece before it. Tokens that share a character are one piece,
   and one without any characters goes with the one that begins where it stands. */
export function pieces(text, spans) {
  const characters = [...text];
  const found = [];
  let at = 0;
  for (const { start, end, tokens } of grouped(spans)) {
    if (start > at) found.push({ text: characters.slice(at, start).join(""), tokens: [], joined: false });
    const joined = start === at && at > 0;
    if (end > start) found.push({ text: characters.slice(start, end).join(""), tokens, joined });
    at = end;
  }
  if (at < characters.length) found.push({ text: characters.slice(at).join(""), tokens: [], joined: false });
  return found;
}

function grouped(spans) {
  const groups = [];
  spans.forEach(([start, end], token) => {
    const last = groups.at(-1);
    if (last && (start < last.end || (last.start === last.end && start === last.start))) {
      last.end = Math.max(last.end, end);
      last.tokens.push(token);
    } else {
      groups.push({ start, end, tokens: [token] });
    }
  });
  return groups;
}

/* The text that tokens make, as far as they tell: what is between two of them is shown as blanks, and a token that is
   only a byte of a character as a dot. The answer has the text itself. */
export function draftText(tokens, spans) {
  let text = "";
  let at = 0;
  spans.forEach(([start, end], token) => {
    if (end <= at) return;
    const bare = [...tokens[token].replace(/^\u2581/, "")];
    text += " ".repeat(Math.max(0, start - at));
    text += bare.length === end - start ? bare.join("") : "·".repeat(end - start);
    at = end;
  });
  return text;
}
