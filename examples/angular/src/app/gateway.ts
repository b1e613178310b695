/** Where the gateway is, on this page's own server. */
export const gatewayPath = '/api/alicloud';

/** The pool that all calls of the app share, until the page Launch resizes it. */
export const pool = { poolSize: 6, maxTaskQueueSize: 20 };
