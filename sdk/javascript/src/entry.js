// The way of a call into a provider. The build makes the component's exports of these.

import { Failure, asFailure, contractFailure, failure } from "./failure.js";
import { describeError, inspect, title } from "./inspect.js";
import * as log from "./log.js";
import { lowerChoices, lowerPage } from "./page.js";
import { liftPartial, liftPress, liftRequest } from "./request.js";
import { stackOf } from "./stack.js";

/** The contract's `content`. */
export function content(provider) {
  return { find: (request) => answer(() => provider.find(liftRequest(request))) };
}

/** The contract's `actions`. */
export function actions(provider) {
  return { act: (press) => answer(() => provider.act(liftPress(press))) };
}

/** The contract's `suggestions`, which knows no failure: what went wrong is logged, and nothing is proposed. */
export function suggestions(provider) {
  return {
    suggest(partial) {
      try {
        return lowerChoices(provider.suggest(liftPartial(partial)));
      } catch (error) {
        log.error(`suggest failed: ${inspect(error)}`);
        return [];
      }
    },
  };
}

function answer(ask) {
  try {
    return lowerPage(ask());
  } catch (error) {
    // The engine takes what is thrown for the contract's failure.
    throw contractFailure(failureOf(error));
  }
}

/** The failure that an error comes to. One that nobody meant to throw is logged with its stack. */
function failureOf(error) {
  if (error instanceof Failure) return error;
  if (error instanceof Error && error[asFailure]) return error[asFailure];
  if (!(error instanceof Error)) {
    log.error(`uncaught: ${inspect(error)}`);
    return failure.internal(`threw ${inspect(error)}`);
  }
  log.error(`uncaught ${describeError(error)}`);
  const [place] = stackOf(error);
  return failure.internal(place ? `${title(error)} at ${place}` : title(error));
}
