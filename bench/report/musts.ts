/** A bound that was held, or was not. */
export interface Must {
  readonly what: string;
  readonly isMet: boolean;
}

/** The last thing that a run says: `musts: 20 of 21 met`, with what was missed in the lines before it. */
export function summaryOf(musts: readonly Must[]): string {
  const missed = musts.filter(({ isMet }) => !isMet);
  return [
    ...missed.map(({ what }) => `missed: ${what}`),
    `musts: ${musts.length - missed.length} of ${musts.length} met`,
  ].join('\n');
}

/** 1 where one is missed. */
export function exitCodeOf(musts: readonly Must[]): 0 | 1 {
  return musts.every(({ isMet }) => isMet) ? 0 : 1;
}
