/** Nobody reads more of them, and there may be a million. */
export const mostErrors = 10;

/** The name of the type of a field that does not exist. */
export const noSuchField = 'no such field';
