// Write content providers for Autocontent in JavaScript or TypeScript. What everything means stands in index.d.ts.

export { provider } from "./src/provider.js";
export { choose } from "./src/language.js";
export { deal } from "./src/deck.js";
export { Failure, failure } from "./src/failure.js";
export { HttpError } from "./src/http.js";
export { StorageError, storage } from "./src/storage.js";
export { matching } from "./src/suggestion.js";
export * as http from "./src/http.js";
export * as log from "./src/log.js";
export * as markdown from "./src/markdown.js";
export * as settings from "./src/settings.js";
