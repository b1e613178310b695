/** The block that SHA-1 and SHA-256 work on, in bytes. */
const blockSize = 64;

/** HMAC as RFC 2104 has it, with a hash that works on blocks of 64 bytes. */
export function hmacWith(hash: (data: Uint8Array) => Uint8Array, key: Uint8Array, data: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockSize);
  block.set(key.length > blockSize ? hash(key) : key);
  const hashed = (pad: number, rest: Uint8Array): Uint8Array => {
    const padded = new Uint8Array(blockSize + rest.length);
    padded.set(block.map((byte) => byte ^ pad));
    padded.set(rest, blockSize);
    return hash(padded);
  };
  return hashed(0x5c, hashed(0x36, data));
}
