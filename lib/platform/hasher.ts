/** Hashes what it is given piece by piece. */
export interface Hasher {
  update(piece: Uint8Array): void;
  /** In lower case. */
  hex(): string;
}
