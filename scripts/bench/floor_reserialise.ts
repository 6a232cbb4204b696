/**
 * The least that a shim which sends what it judged must do: split lines, parse each message,
 * serialise it again. No policy, no scan, no record. Beside it `deno task bench` shows what the
 * checks themselves cost; the floor that only parses sends bytes that nobody looked at twice.
 *
 * Usage: `deno run -A floor_reserialise.ts COMMAND [ARGS...]`.
 * @module
 */

const NEWLINE = 10;

async function pump(
  from: ReadableStream<Uint8Array>,
  to: WritableStream<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const encoder = new TextEncoder();
  const out = to.getWriter();
  let held: Uint8Array[] = [];
  for await (const chunk of from) {
    let start = 0;
    let ready = "";
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = joined([...held, chunk.subarray(start, end)]);
      held = [];
      start = end + 1;
      const message = JSON.parse(decoder.decode(line));
      if (message.jsonrpc === "2.0") ready += JSON.stringify(message) + "\n";
    }
    if (start < chunk.length) held.push(chunk.subarray(start));
    if (ready !== "") await out.write(encoder.encode(ready));
  }
  await out.close();
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const [command = "cat", ...args] = Deno.args;
const child = new Deno.Command(command, {
  args,
  stdin: "piped",
  stdout: "piped",
  stderr: "inherit",
})
  .spawn();
// The child may be gone before the last line; its exit code is what counts.
pump(Deno.stdin.readable, child.stdin).catch(() => {});
await pump(child.stdout, Deno.stdout.writable);
Deno.exit((await child.status).code);
