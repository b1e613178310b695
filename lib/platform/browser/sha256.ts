/**
 * SHA-256 as FIPS 180-4 has it. A page loads it with the first call that is signed, and a package's would be a twelfth of all that
 * such a page loads.
 */

const blockSize = 64;
const rounds = 64;

/** The first bits behind the point of the roots of the first primes: square roots to begin with, and cube roots in the rounds. */
const primes = firstPrimes(rounds);
const initial = primes.slice(0, 8).map((prime) => fractionOf(prime ** (1 / 2)));
const constants = Int32Array.from(primes, (prime) => fractionOf(prime ** (1 / 3)));

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

function fractionOf(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}

/** A hash that is given its data piece by piece. */
export class Sha256 {
  private readonly state = Int32Array.from(initial);
  private readonly words = new Int32Array(rounds);
  /** What is not a whole block yet. */
  private readonly rest = new Uint8Array(blockSize);
  private length = 0;

  update(data: Uint8Array): this {
    const held = this.length % blockSize;
    this.length += data.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(blockSize - held, data.length);
      this.rest.set(data.subarray(0, at), held);
      if (held + at < blockSize) return this;
      this.compress(new DataView(this.rest.buffer), 0);
    }
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (; at + blockSize <= data.length; at += blockSize) this.compress(view, at);
    this.rest.set(data.subarray(at));
    return this;
  }

  /** The hash of all that it was given; it takes nothing more after that. */
  digest(): Uint8Array {
    const bits = this.length * 8;
    const held = this.length % blockSize;
    const padding = new DataView(new ArrayBuffer((held < 56 ? blockSize : 2 * blockSize) - held));
    padding.setUint8(0, 0x80);
    padding.setUint32(padding.byteLength - 8, bits / 2 ** 32);
    padding.setUint32(padding.byteLength - 4, bits);
    this.update(new Uint8Array(padding.buffer));
    const hash = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, i) => hash.setInt32(4 * i, word));
    return new Uint8Array(hash.buffer);
  }

  private compress(block: DataView, start: number): void {
    const { state, words } = this;
    for (let i = 0; i < rounds; i++) {
      if (i < 16) words[i] = block.getInt32(start + 4 * i);
      else {
        const x = wordOf(words, i - 15);
        const y = wordOf(words, i - 2);
        const s0 = rotated(x, 7) ^ rotated(x, 18) ^ (x >>> 3);
        const s1 = rotated(y, 17) ^ rotated(y, 19) ^ (y >>> 10);
        words[i] = wordOf(words, i - 16) + s0 + wordOf(words, i - 7) + s1;
      }
    }
    let a = wordOf(state, 0);
    let b = wordOf(state, 1);
    let c = wordOf(state, 2);
    let d = wordOf(state, 3);
    let e = wordOf(state, 4);
    let f = wordOf(state, 5);
    let g = wordOf(state, 6);
    let h = wordOf(state, 7);
    for (let i = 0; i < rounds; i++) {
      const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + wordOf(constants, i) + wordOf(words, i)) | 0;
      const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = wordOf(state, 0) + a;
    state[1] = wordOf(state, 1) + b;
    state[2] = wordOf(state, 2) + c;
    state[3] = wordOf(state, 3) + d;
    state[4] = wordOf(state, 4) + e;
    state[5] = wordOf(state, 5) + f;
    state[6] = wordOf(state, 6) + g;
    state[7] = wordOf(state, 7) + h;
  }
}

function wordOf(words: Int32Array, i: number): number {
  return words[i] ?? 0;
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
