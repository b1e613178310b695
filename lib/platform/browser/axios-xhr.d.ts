declare module 'axios/lib/adapters/xhr.js' {
  import type { AxiosAdapter } from 'axios';

  /** `false` where there is no `XMLHttpRequest`. */
  const xhrAdapter: AxiosAdapter | false;
  export { xhrAdapter as default };
}
