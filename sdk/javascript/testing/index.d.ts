/**
 * Tests of a built provider in the real sandbox: production's limits, a clock that stands, seeded randomness, storage in
 * memory, and recordings in place of the network. It runs the program `autocontent`, found on PATH or by the environment
 * variable AUTOCONTENT. `autocontent provider test` builds first, and sets that. With AUTOCONTENT_RECORD=1 in the
 * environment, a harness asks the network instead of playing recordings, and writes what it answers into the first of them.
 */

import type { Audience, Item } from "autocontent";

/** Starts a harness. End it with `close()`. */
export function open(options?: OpenOptions): Promise<Harness>;

export interface OpenOptions {
  /** A component's file, or the folder of a project that was built; the current folder where left out. */
  component?: string;
  /** Files of recordings, which answer the provider's HTTP requests. What none of them has fails the test. */
  recordings?: string[];
  /** Asks the network instead. */
  live?: boolean;
  /** Asks the network instead, and records what it answers in this file. */
  record?: string;
  /** What the clock shows. It stands until `advance`. */
  now?: Date | string;
  /** Where randomness begins; the same seed brings the same answers. */
  seed?: number;
  settings?: Record<string, string | number | boolean | string[]>;
  /** What is granted beside what provider.toml asks for, such as "http:feeds.example.org", where it takes further hosts. */
  grants?: string[];
  /** Needed only where the network is asked. */
  secrets?: Record<string, string>;
}

export interface Harness {
  readonly provider: { id: string; name: string; version: string; commands: { name: string }[] };
  /** Answers a command as a member would type it, such as "/bookfinder title:dune". */
  run(line: string, who?: Who): Promise<Ran>;
  /** Presses a button of an earlier answer, by its label or id. */
  press(button: string, who?: Who): Promise<Ran>;
  /** What is proposed for an option while it is typed, such as `suggest("/news topic:sp", "topic")`. */
  suggest(line: string, option: string, who?: Who): Promise<Suggested>;
  /** What the provider keeps: its own, that of a place, or that of a member. */
  storage(scope: "provider" | "place" | "member", who?: Who): Promise<{ entries: StorageEntry[]; bytes: number }>;
  /** Puts the clock forward. */
  advance(seconds: number): Promise<{ now: string }>;
  /** The requests in the recordings that nobody made. */
  unasked(): Promise<{ requests: unknown[] }>;
  close(): Promise<void>;
}

/** Who asks, and where. Members and guilds are numbered. */
export interface Who {
  /** 1 where left out. */
  member?: number;
  /** "guild" where left out. */
  place?: "guild" | "dm" | "private-channel";
  /** 1 where left out. */
  guild?: number;
  /** The member's language; "en-US" where left out. */
  locale?: Audience["locale"];
  /** Whether the channel is age-restricted; false where left out. */
  sensitive?: boolean;
  /** Whether the member may delete what others asked for; false where left out. */
  moderator?: boolean;
}

/** What came of a command or a press. */
export interface Ran extends Seen {
  reply: Reply;
}

/** What came of typing. */
export interface Suggested extends Seen {
  choices: { label: string; value: string | number | boolean }[];
}

export interface Seen {
  logs: { level: "trace" | "debug" | "info" | "warn" | "error"; message: string }[];
  fetches: { method: string; url: string; status?: number; error?: string; bytes: number; time_us: number }[];
  /** How often the provider was asked, and what it answered: one of `page`, `choices`, `failure` and `fault`. */
  calls: { function: "find" | "suggest" | "act"; command: string; answer: any; usage: Usage }[];
  /** What all of that cost. */
  usage: Usage;
}

export interface Usage {
  /** None where the host answered from memory. */
  calls: number;
  time_us: number;
  /** Ticks of 10 ms that fell while the provider's own code ran. */
  cpu_ticks: number;
  memory_bytes: number;
  host_calls: number;
  requests: number;
  cache_hits: number;
  bytes_received: number;
}

/** What the member gets. */
export interface Reply {
  kind: "post" | "notice" | "menu" | "items" | "buttons" | "delete";
  /** Whether only the member sees it. */
  private: boolean;
  /** The message as Discord would be sent it. */
  message: any;
  /** The item of a post, as the contract has it. */
  item?: any;
  items?: any[];
  /** The host's own sentence to the member, and which it is. */
  notice?: string;
  code?: string;
  buttons?: { id: string; label: string; emoji?: string; style: NonNullable<Item["actions"]>[number]["style"] }[];
  files?: { name: string; mime: string; bytes: number }[];
}

export interface StorageEntry {
  key: string;
  /** What is kept, where it is text. */
  text?: string;
  /** What is kept, where it is none. */
  base64?: string;
}

/**
 * Compares a value with the one that a file keeps as JSON; where there is no such file, or UPDATE_SNAPSHOTS is set, it is
 * written instead.
 */
export function matchSnapshot(file: string, value: unknown): Promise<void>;
