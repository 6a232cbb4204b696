/**
 * When a response has ended that somebody else sends.
 * @module
 */

/**
 * The same response, with word of its end: when its stream was read to its end, failed or was given up.
 * One whose body is no stream of events has ended as soon as it is there.
 */
export function noticeEnd(response: Response, onEnd: () => void): Response {
  const isStream = response.headers.get("content-type") === "text/event-stream";
  if (!isStream || response.body === null) {
    onEnd();
    return response;
  }
  const { status, headers } = response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    cancel(reason) {
      onEnd();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status, headers });
}
