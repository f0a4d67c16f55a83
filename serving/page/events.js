/* Server-sent events, read from the answer to a POST; the browser's own EventSource can only GET. */

/* Each event of a stream of bytes as {name, data}, its data read as JSON. */
export async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) yield parsed(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(block) {
  const fields = { event: "message", data: [] };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") fields.event = value;
    if (field === "data") fields.data.push(value);
  }
  return { name: fields.event, data: JSON.parse(fields.data.join("\n")) };
}
