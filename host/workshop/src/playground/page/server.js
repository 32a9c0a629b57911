// What the page asks of `autocontent provider dev`. All addresses lie beside the page's own, which only its author knows.

/** Sends a JSON body and reads a JSON answer; fails with a sentence for the author. */
export async function ask(path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The playground does not answer. Is `autocontent provider dev` still running?");
  }
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(text || `The playground answered ${response.status}.`);
  }
  if (!response.ok) throw new Error(answer.error ?? `The playground answered ${response.status}.`);
  return answer;
}

/**
 * Calls `heard` with the state of things now and whenever it changes, and `lost` while there is no connection: with true
 * where there will be none any more, as another `provider dev` has another address.
 */
export function follow(heard, lost) {
  const events = new EventSource("api/events");
  events.addEventListener("state", (event) => heard(JSON.parse(event.data)));
  events.addEventListener("error", () => lost(events.readyState === EventSource.CLOSED));
}
