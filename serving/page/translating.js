/* One translation from its first event to its last. What has come so far is a draft, in the shape of an answer's entry,
   so that whatever can show an answer can show it. */

import { draftText } from "./spans.js";

/* The answer to the request.

   `heard.begun(model, draft)` is called when the words of the text are known, `heard.grown(draft, from)` when the words
   of the translation from that index on are new or others. */
export async function translate(api, request, signal, heard) {
  let draft = null;
  for await (const { name, data } of api.translation(request, signal)) {
    if (name === "source") {
      draft = begun(data, request.text);
      heard.begun(data.model, draft);
    } else if (name === "word") {
      add(draft, data);
      heard.grown(draft, data.index);
    } else if (name === "revised") {
      shorten(draft, data.index);
      heard.grown(draft, data.index);
    } else if (name === "answer") {
      return data;
    }
  }
  throw new Error("a stream ends with its answer");
}

function begun({ tokens, spans }) {
  const nothing = { target: { tokens: [], spans: [] }, alignment: { matrix: [], links: [] } };
  return { text: "", source: { tokens, spans }, ...nothing };
}

function add(draft, { index, token, span, weights, links }) {
  draft.target.tokens.push(token);
  draft.target.spans.push(span);
  draft.alignment.matrix.push(weights);
  draft.alignment.links.push(...links.map((source) => [source, index]));
  draft.text = draftText(draft.target.tokens, draft.target.spans);
}

function shorten(draft, length) {
  draft.target.tokens.length = length;
  draft.target.spans.length = length;
  draft.alignment.matrix.length = length;
  draft.alignment.links = draft.alignment.links.filter(([, target]) => target < length);
  draft.text = draftText(draft.target.tokens, draft.target.spans);
}
