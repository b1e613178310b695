/** Where the answers to attempts are remembered, so that a repetition gets the first one. */

/** An answer as it is kept. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of an error. */
  readonly code?: string | undefined;
  readonly body: Uint8Array;
}

/** What a gateway claims. */
export interface AttemptClaim {
  /** Of the session and the attempt. */
  readonly key: string;
  /** The id of the session, for stores in which sessions share room. */
  readonly session: string;
  /** Of what was asked for: a repetition has the same. */
  readonly fingerprint: string;
  /** Whose claim it is: another for each. */
  readonly owner: string;
  /** How long the claim holds unless it is renewed, in milliseconds. */
  readonly lease: number;
  /** How long the attempt is remembered, in milliseconds. */
  readonly keepFor: number;
  /** Whether one whose owner is gone may be made again: that of a call that only reads. */
  readonly takeOver: boolean;
}

/** What has become of an attempt. */
export type AttemptState =
  /** It is the caller's to make. */
  | { readonly state: 'claimed' }
  /** Somebody is making it. */
  | { readonly state: 'running'; readonly fingerprint: string }
  /** It was made; `answer` is absent where it was too long to be kept. */
  | { readonly state: 'answered'; readonly fingerprint: string; readonly answer?: StoredAnswer | undefined }
  /** Somebody was making it, and is gone: nobody knows whether it was executed. */
  | { readonly state: 'lost'; readonly fingerprint: string }
  /** The store has no room. */
  | { readonly state: 'full' };

/** All of it may fail: a gateway then sends nothing. */
export interface AttemptStore {
  /** Claims an attempt, or tells what has become of it: of several at once, one alone gets the claim. */
  claim(claim: AttemptClaim): Promise<AttemptState>;
  /** Holds a claim for another `lease`, and makes it again where the store has lost it. */
  renew(claim: AttemptClaim): Promise<void>;
  /** Keeps the answer for `keepFor`; without one, keeps that there was one. Also where the store has lost the claim. */
  answer(claim: AttemptClaim, answer: StoredAnswer | undefined): Promise<void>;
  /** Gives a claim back, of which nothing was sent. */
  release(claim: AttemptClaim): Promise<void>;
}
