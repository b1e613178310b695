/** The only place that knows how undici calls what becomes of a request. */
import type { Dispatcher } from 'undici';
import type { DispatchHandler } from './dispatch-handler.js';
import { joinedHeaders } from './headers.js';

export function undiciHandlerOf(handler: DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => handler.begin(),
    onResponseStart(controller, status, headers, statusText = '') {
      handler.head(status, statusText, joinedHeaders(headers), () => controller.resume());
    },
    onResponseData(controller, piece) {
      if (!handler.piece(piece)) controller.pause();
    },
    onResponseEnd: () => handler.complete(),
    onResponseError: (_controller, error) => handler.fail(error, true),
  };
}
