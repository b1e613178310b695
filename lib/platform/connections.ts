import type { AxiosRequestConfig } from 'axios';

/** The connections of one client. */
export interface Connections {
  /** What makes axios use them. */
  readonly axiosConfig: AxiosRequestConfig;
  /** What else makes axios hand on a body as it comes. */
  readonly streamConfig: AxiosRequestConfig;
  /** Closes those that no request uses. */
  closeIdle(): void;
}
