import type { AxiosRequestConfig } from 'axios';

/** The connections of one client. */
export interface Connections {
  /** What makes axios use them. */
  readonly axiosConfig: AxiosRequestConfig;
  /** Closes those that no request uses. */
  closeIdle(): void;
}
