/** What needs encoding, by RFC 3986. */
export const reserved = /[^\w.~-]/;

/** RFC 3986, by the emulator's own reading: `encodeURIComponent` leaves five characters too many. */
export function percentEncode(text: string): string {
  if (!reserved.test(text)) return text;
  return encodeURIComponent(text)
    .replaceAll('!', '%21')
    .replaceAll("'", '%27')
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
    .replaceAll('*', '%2A');
}
