/**
 * Write content providers for Autocontent in JavaScript or TypeScript.
 *
 * The build makes types of provider.toml (in .autocontent/types) that fill in {@link Commands}, {@link Typing},
 * {@link Kinds} and {@link Settings} here, so that an editor knows a provider's own commands, options, kinds and settings.
 */

// --- What provider.toml says; the build fills these in -------------------------------------------------------------

/** The options of each command, by its full name, such as "news" or "news top". */
export interface Commands {}
/** The names of the options marked `autocomplete` of each command that has any. */
export interface Typing {}
/** The kinds of content. */
export interface Kinds {}
/** The settings and what they are. */
export interface Settings {}

type NameOf<T, Otherwise> = [keyof T] extends [never] ? Otherwise : keyof T;
type Value = string | number | boolean;

/** The full name of a command: "news", or "news top" for a subcommand. */
export type CommandName = NameOf<Commands, string>;
/** A kind of content that provider.toml names. */
export type Kind = NameOf<Kinds, string>;
/** The name of a setting. */
export type SettingName = NameOf<Settings, string>;
/** The options of a command that a member filled in, by name. */
export type Options<C> = C extends keyof Commands ? Commands[C] : Record<string, Value | undefined>;

// --- What a provider is --------------------------------------------------------------------------------------------

/** What a provider answers. Everything that it can ask the host for answers at once: none of this is `async`. */
export interface Functions {
  /**
   * Content for a command. Each call happens in a fresh copy of the program as it was loaded: what it writes into a
   * variable is never seen again.
   */
  find(request: Request): Answer;
  /** At most 25 proposals for an option marked `autocomplete`, while a member types it. */
  suggest?(partial: Partial): Choice[];
  /** The answer to a button under one of the provider's items. */
  act?(press: Press): Answer;
}

/** Makes a provider; the entry file's default export. */
export function provider(functions: Functions): Functions;

/** What `find` and `act` return. Why there is no answer is thrown: see {@link failure}. */
export type Answer = Item | Item[] | Page;

// --- What is asked -------------------------------------------------------------------------------------------------

/** Asks for content. `request.options` has the options of `request.command`. */
export type Request = { [C in CommandName]: RequestOf<C> }[CommandName];

export interface RequestOf<C> {
  /** Full command name: "news", or "news top" for a subcommand. */
  command: C;
  /**
   * What the member filled in, checked against provider.toml: text, numbers and booleans as such; a member, channel or
   * role as its pseudonym; an attachment as its URL. Options that were left out are absent.
   */
  options: Options<C>;
  /** Why the host asks. */
  trigger: Trigger;
  audience: Audience;
  /** How many items the host can use. More are dropped. */
  limit: number;
  /** `page.next` of an earlier answer to the same command and options. */
  cursor?: string;
}

/** Why the host asks: a member did, a subscription's time has come, an operator looks, or a member plays or listens. */
export type Trigger = { kind: "command" | "schedule" | "preview" } | { kind: "activity"; activity: Activity };

export type Activity =
  | { kind: "game"; name: string; details?: string }
  | { kind: "music"; title: string; artist: string; album?: string };

/** Who sees the answer. Ids are pseudonyms, stable for this provider only. */
export interface Audience {
  /** The member who asks. */
  user: string;
  /** The guild, or the direct messages, in which the command was used. */
  scope: string;
  place: "guild" | "bot-dm" | "private-channel";
  /** The member's language, such as "pt-BR". */
  locale: string;
  /** Whether age-restricted content may be shown here. */
  sensitiveAllowed: boolean;
}

/** The option that a member is typing, and what stands there so far. */
export type Partial = [keyof Typing] extends [never]
  ? PartialOf<string, string>
  : { [C in keyof Typing]: PartialOf<C, Typing[C]> }[keyof Typing];

export interface PartialOf<C, Name> {
  /** Full command name. */
  command: C;
  /** Name of the option being typed. */
  option: Name;
  /** May be empty, and is not checked. */
  typed: string;
  /** The options filled in before this one; they may be incomplete. */
  options: { [Option in keyof Options<C>]?: Options<C>[Option] };
  audience: Audience;
}

/** A member pressed a button that the provider put under an item. */
export interface Press {
  /** `action.id` */
  action: string;
  /** `item.id` */
  item: string;
  /** `item.state` */
  state?: string;
  /** The request that brought the item; its audience is the one who pressed. */
  request: Request;
}

// --- What is answered ----------------------------------------------------------------------------------------------

export interface Page {
  /** Best first. An empty list means the same as `failure.nothingFound()`. */
  items: Item[];
  /** Set where more can be had for the same command and options. */
  next?: string | null;
  /**
   * For how many seconds the host may answer from its own memory. A cached page is shared by everybody who asks the
   * same. Leave it out where the answer depends on who asks, where or when, or should differ each time.
   */
  cacheFor?: number | null;
}

/** One piece of content. What is too long for the place where it is shown is cut there. */
export interface Item {
  /** Stable for the same content, so that the host can avoid repeats; 1 to 128 characters. */
  id: string;
  /** One of provider.toml's kinds. */
  kind: Kind;
  title?: string | null;
  /** Discord-flavoured Markdown; see {@link markdown}. Mentions are never resolved. */
  text?: string | null;
  /** The content's own page; https. */
  url?: string | URL | null;
  /** A picture, video or sound: its https URL, or a file. */
  media?: string | URL | File | null;
  /** URL of a small picture beside the text; https. */
  thumbnail?: string | URL | null;
  /** Who made it: a name, or one with a page. */
  author?: string | Link | null;
  /** Where it comes from: a name, or one with a page. */
  source?: string | Link | null;
  /** At most 25. */
  fields?: Field[] | null;
  /** 0xRRGGBB */
  color?: number | null;
  /** When; a number counts milliseconds since the Unix epoch. What is before it, or an invalid date, is left out. */
  published?: Date | number | null;
  /** What it is about. */
  tags?: string[] | null;
  /** "everyone" where left out. Unless the request allowed it, the host drops what is "sensitive". */
  rating?: "everyone" | "sensitive";
  /** Buttons, at most 5, in the order shown; pressing one calls `act`. */
  actions?: Action[] | null;
  /** Returned to `act`; at most 1 KiB. Members never see it. */
  state?: string | null;
}

export interface Link {
  label: string;
  url?: string | URL | null;
}

/** A file that is uploaded with the message; at most provider.toml's `limits.media` in all. */
export interface File {
  /** With an extension, which decides how it is shown. */
  fileName: string;
  /** Such as "image/png". */
  mime: string;
  data: Uint8Array;
}

/** A named value shown beside the text. */
export interface Field {
  name: string;
  value: string | number;
  /** Whether it may share a line with its neighbours; false where left out. */
  inline?: boolean;
}

export interface Action {
  /** Unique within the item; 1 to 32 characters. */
  id: string;
  /** 1 to 80 characters. */
  label: string;
  /** How it stands out; "secondary" where left out. */
  style?: "primary" | "secondary" | "success" | "danger";
}

/** A proposal: what the member reads and what arrives if it is taken. A bare value is its own label. */
export type Choice = Value | { label: string; value: Value };

/**
 * Those of `choices` that fit what is typed, 25 at most: first the ones whose label begins with it, then the ones that
 * have it further in, each in the order given. Case and accents don't matter.
 */
export function matching<C extends Choice>(typed: string, choices: Iterable<C>): C[];

/**
 * The next of `cards` in random order, and the cursor for those after them, so that a member who asks for another goes
 * through all of them before any comes twice: `const { dealt, next } = deal(cards, request)`. `cards` must be the same
 * each time.
 */
export function deal<T>(cards: readonly T[], request: { cursor?: string; limit: number }): { dealt: T[]; next?: string };

/**
 * What to say in the member's language: `choose(request.audience, "Most read", { pt: "Mais lidas" })`. Languages are given
 * without their region: "pt" stands for "pt-BR" too.
 */
export function choose<T>(audience: Audience, otherwise: T, languages: Record<string, T>): T;

// --- Why there is no answer ----------------------------------------------------------------------------------------

/** What to throw where there is no answer: `throw failure.nothingFound()`. The host puts it into words for the member. */
export const failure: {
  /** The request was fine, but there is no content for it. */
  nothingFound(): Failure;
  /** A value that provider.toml allows and the provider can't use; the member reads `reason`: what would be right. */
  invalidArgument(option: string, reason: string): Failure;
  /** The upstream asks to wait so many seconds. */
  busy(seconds?: number): Failure;
  /** The upstream failed; the operator reads the message. */
  upstream(message: string): Failure;
  /** The operator must change something, such as a missing secret. */
  misconfigured(message: string): Failure;
  /** A fault of the provider's own; the operator reads the message. Every other thrown error comes to this. */
  internal(message: string): Failure;
};

export class Failure extends Error {
  private constructor();
  readonly kind: "nothing-found" | "invalid-argument" | "busy" | "upstream" | "misconfigured" | "internal";
}

// --- What the host can be asked for --------------------------------------------------------------------------------

/** HTTP, to the hosts that provider.toml names and the operator granted. Secrets are added on the way out. */
export namespace http {
  /** @throws {HttpError} where there is no answer; one such as 404 is a {@link Response}. */
  function get(url: string | URL, options?: SendOptions): Response;
  /** @throws {HttpError} as `get`. */
  function post(url: string | URL, body: Body, options?: SendOptions): Response;
  /** @throws {HttpError} as `get`. */
  function send(request: HttpRequest): Response;
  /** All at once. Answers, or why there is none, stand in the order of the requests. */
  function sendAll(requests: Iterable<HttpRequest>): (Response | HttpError)[];

  type Body = string | Uint8Array | URLSearchParams;

  /** `text` as it can stand in a URL, as a part of the path or in the query. */
  function encode(text: string): string;

  interface SendOptions {
    /** Parameters added to the URL's query, encoded as need be; those that are undefined or null are left out. */
    query?: Record<string, Value | null | undefined>;
    /** A header that is there several times is given as pairs. */
    headers?: Record<string, string> | Iterable<readonly [string, string]>;
    /** Milliseconds for the whole exchange; where the host's own limit is shorter, that one counts. */
    timeout?: number | null;
  }

  interface HttpRequest extends SendOptions {
    /** "GET" where left out. */
    method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
    url: string | URL;
    body?: Body;
  }

  /** Whatever the server answered, errors included. */
  class Response {
    private constructor();
    readonly status: number;
    /** Whether the status is one of success: 200 to 299. */
    readonly ok: boolean;
    /** Where the last redirect ended. */
    readonly url: string;
    /** Names in lower case; one that came several times stands there several times. */
    readonly headers: [string, string][];
    /** The first header of this name. Case does not matter. */
    header(name: string): string | undefined;
    /**
     * This response, unless its status says that the server did not take the key (401 or 403). `secret` is what
     * provider.toml calls the key.
     * @throws {Failure} `misconfigured`, which tells the operator to fill the secret in.
     */
    authorised(secret: string): this;
    /**
     * This response where its status is one of success.
     * @throws {Failure} `busy` for 429, and for 503 with a Retry-After header, with that header's seconds; `upstream`
     * for the rest.
     */
    success(): this;
    bytes(): Uint8Array;
    /** @throws {Failure} `upstream` where the body is not UTF-8. */
    text(): string;
    /** @throws {Failure} `upstream` where the body is not JSON, or is nested more than 500 deep. */
    json(): any;
  }
}

/** No answer to an HTTP request. Where nobody catches it, it becomes the fitting {@link failure}. */
export class HttpError extends Error {
  private constructor();
  readonly kind: "denied" | "invalid-request" | "timeout" | "too-large" | "unreachable" | "exhausted";
  readonly url: string;
}

/**
 * Small durable data, up to the quota that provider.toml asks for: the whole provider's, that of the guild or direct
 * messages being served, or that of the member.
 */
export const storage: { provider: Scope; place: Scope; member: Scope };

/** Every use throws a {@link StorageError} where it fails. Keys have 1 to 256 bytes, values at most 64 KiB. */
export interface Scope {
  bytes(key: string): Uint8Array | undefined;
  text(key: string): string | undefined;
  json(key: string): any;
  /** Sets a value for good, or for `ttl` seconds. */
  set(key: string, value: string | Uint8Array, options?: { ttl?: number | null }): void;
  /** The same, written as JSON. */
  setJson(key: string, value: unknown, options?: { ttl?: number | null }): void;
  /** Also succeeds where there is no such key. */
  delete(key: string): void;
  /**
   * Adds to a counter in one step, even when several calls do so at once, and returns its new value; 1 where `by` is
   * left out. A missing key counts from 0.
   */
  increment(key: string, by?: number): number;
  /** Keys that begin with `prefix`, in byte order, from after the key `after`; at most 1,000 at once. */
  keys(options?: { prefix?: string; after?: string | null; limit?: number }): string[];
}

/** Storage that could not be used. Where nobody catches it, it becomes the fitting {@link failure}. */
export class StorageError extends Error {
  private constructor();
  readonly kind: "full" | "too-large" | "unavailable";
}

/** The operator's settings, as provider.toml's `[[setting]]` tables describe them. */
export namespace settings {
  /** The operator's value, else provider.toml's default, else undefined. */
  function get<S extends SettingName>(
    name: S,
  ): S extends keyof Settings ? Settings[S] : string | number | boolean | string[] | undefined;
}

/** Lines for the operator; a call may write 100 of 2 KiB. `console` writes here too. */
export namespace log {
  function trace(...values: unknown[]): void;
  function debug(...values: unknown[]): void;
  function info(...values: unknown[]): void;
  function warn(...values: unknown[]): void;
  function error(...values: unknown[]): void;
}

/** Writing text that Discord shows as it is meant. */
export namespace markdown {
  /** `text` with every character escaped that Discord's Markdown would take as its own. */
  function escape(text: string): string;
  /** `text`, escaped, as a block quote. */
  function blockQuote(text: string): string;
}
