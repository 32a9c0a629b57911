import { type Answer, type Item, type Press, type Request, matching, provider } from "autocontent";

import { deeds } from "./deeds.ts";

export default provider({
  find(request: Request): Answer {
    if (request.options.deed === "odd-times") return oddTimes(typeof this.find);
    const deed = deeds[request.options.deed];
    if (!deed) return { ...finding("unknown"), titel: "a property that no item has" } as Item;
    return finding(deed(request));
  },

  suggest({ option, typed, options }) {
    if (typed === "this") return [typeof this.find];
    if (typed === "throw") return deeds["throw-in-another-file"]!({} as Request) as string[];
    if (options.count !== undefined) return [{ label: `${option} ${options.count} times`, value: "clock" }];
    return matching(typed, Object.keys(deeds));
  },

  act({ action, item, state, request }: Press): Answer {
    return finding({ action, item, state, deed: request.options.deed, found: typeof this.find });
  },
});

/** Items whose times can't be told. */
function oddTimes(found: string): Item[] {
  const times = [new Date(Number.NaN), new Date("1969-07-20"), -1];
  return times.map((published, at) => ({ ...finding(found), id: String(at), published }));
}

/** What was found, as JSON in an item's text. */
function finding(found: unknown): Item {
  return {
    id: "finding",
    kind: "finding",
    // Half a character, as `slice` leaves it.
    title: "Half of 😀".slice(0, 9),
    text: JSON.stringify(found),
    actions: [{ id: "press", label: "Press me", style: "primary" }],
    state: "remembered",
  };
}
