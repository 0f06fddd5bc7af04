import type { Exchange } from "../exchange.ts";
import type { Generation, Piece } from "../generate.ts";
import type { JsonObject } from "../json.ts";
import { outputItems, responseObject } from "./responses-object.ts";

/** Numbers the events and writes them as SSE. */
class EventWriter {
  #sequence = 0;

  write(type: string, fields: JsonObject): string {
    const data = JSON.stringify({ type, ...fields, sequence_number: this.#sequence });
    this.#sequence += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  }
}

function openItem(events: EventWriter, items: JsonObject[], index: number): string {
  const item = { ...items[index], status: "in_progress" };
  const isMessage = items[index]?.type === "message";
  const empty = isMessage ? { ...item, content: [] } : { ...item, arguments: "" };
  const added = events.write("response.output_item.added", { output_index: index, item: empty });
  if (!isMessage) return added;
  const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
  const place = { item_id: items[index]?.id, output_index: index, content_index: 0 };
  return added + events.write("response.content_part.added", { ...place, part });
}

function closeItem(events: EventWriter, items: JsonObject[], index: number, text: string): string {
  const item = items[index] ?? {};
  const done = () => events.write("response.output_item.done", { output_index: index, item });
  if (item.type !== "message") {
    const fields = { item_id: item.id, output_index: index, name: item.name, arguments: item.arguments };
    return events.write("response.function_call_arguments.done", fields) + done();
  }
  const place = { item_id: item.id, output_index: index, content_index: 0 };
  const part = { type: "output_text", text, annotations: [], logprobs: [] };
  return (
    events.write("response.output_text.done", { ...place, text, logprobs: [] }) +
    events.write("response.content_part.done", { ...place, part }) +
    done()
  );
}

/** Encodes a generation as the event stream of the Responses API. */
export function responsesEncoder(exchange: Exchange, body: JsonObject, status: string, generation: Generation) {
  const events = new EventWriter();
  const choice = generation.choices[0];
  const items = choice === undefined ? [] : outputItems(exchange, choice, status);
  const text = choice?.text ?? "";
  const running = { response: responseObject(exchange, body, "in_progress") };
  const opening = events.write("response.created", running) + events.write("response.in_progress", running);
  const isToolUse = (choice?.toolCalls.length ?? 0) > 0;
  return {
    head: isToolUse ? opening : opening + openItem(events, items, 0),
    encode: (piece: Piece) => {
      switch (piece.kind) {
        case "text": {
          const fields = { item_id: items[0]?.id, output_index: 0, content_index: 0, delta: piece.text, logprobs: [] };
          return events.write("response.output_text.delta", fields);
        }
        case "tool": {
          const previous = piece.tool === 0 ? "" : closeItem(events, items, piece.tool - 1, "");
          return previous + openItem(events, items, piece.tool);
        }
        case "arguments": {
          const fields = { item_id: items[piece.tool]?.id, output_index: piece.tool, delta: piece.text };
          return events.write("response.function_call_arguments.delta", fields);
        }
        case "end":
          return closeItem(events, items, items.length - 1, text);
      }
    },
    tail: () => events.write(`response.${status}`, { response: responseObject(exchange, body, status, generation) }),
  };
}
