/** How much a ratio may rise before it counts. Noise does less, and half the speed is twice the ratio. */
export const roomForNoise = 1.5;

/** @throws RangeError where there is no usual ratio to hold it against */
export function exceeded(usual: number | undefined, now: number, room: number = roomForNoise): boolean {
  if (usual === undefined) throw new RangeError('Expected a usual ratio, got none: npm run bench:guard -- --update');
  return now > usual * room;
}
