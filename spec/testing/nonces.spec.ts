import { createNonceMemory } from '../../lib/testing/nonces.js';

describe('the memory of nonces', () => {
  it('tells used ones from fresh ones, however many there are', () => {
    const memory = createNonceMemory(1000);
    const nonces = Array.from({ length: 20_000 }, (_, index) => `6f1d0c0e-3f4b-4b57-9c55-${index}`);
    expect(nonces.filter((nonce) => memory.isUsed(nonce, 0))).toEqual([]);
    expect(nonces.filter((nonce) => !memory.isUsed(nonce, 999))).toEqual([]);
  });

  it('remembers for the whole window, whenever in it the nonce came', () => {
    for (const at of [0, 1, 500, 999]) {
      const memory = createNonceMemory(1000);
      memory.isUsed('first', 0);
      memory.isUsed('nonce', at);
      expect(memory.isUsed('nonce', at + 1000)).toBe(true);
    }
  });

  it('forgets after twice the window at most', () => {
    const memory = createNonceMemory(1000);
    expect(memory.isUsed('nonce', 0)).toBe(false);
    expect(memory.isUsed('other', 1000)).toBe(false);
    expect(memory.isUsed('nonce', 2000)).toBe(false);
  });

  it('forgets after a long silence', () => {
    const memory = createNonceMemory(1000);
    memory.isUsed('nonce', 0);
    expect(memory.isUsed('nonce', 1_000_000)).toBe(false);
    expect(memory.isUsed('nonce', 1_000_001)).toBe(true);
  });
});
