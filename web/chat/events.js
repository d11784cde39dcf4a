// Reads a stream of typed events from a POST, which EventSource cannot make.
const last = new Set(["finished", "error"]);

// events calls on(event, data) for each and returns after the one that ends an answer.
export async function events(address, body, signal, on) {
  const response = await fetch(address, {
    method: "POST",
    body,
    signal,
    headers: { Accept: "text/event-stream" },
  });
  if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    on("error", await response.json());
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const messages = (rest + value).split("\n\n");
    rest = messages.pop();
    for (const message of messages) {
      const parsed = parse(message);
      if (!parsed) continue;
      on(parsed.event, parsed.data);
      if (last.has(parsed.event)) {
        await reader.cancel();
        return;
      }
    }
  }
}

// A message that only keeps the connection alive (": alive") has no event.
function parse(message) {
  let event = "";
  let data = "";
  for (const line of message.split("\n")) {
    if (line.startsWith("event: ")) event = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  return event ? { event, data: JSON.parse(data) } : null;
}
