/** The only place that knows how undici calls what becomes of a request. */
import type { Dispatcher } from 'undici';
import type { Exchange } from './exchange.js';
import { joinedHeaders } from './headers.js';

export function handlerOf(exchange: Exchange): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => exchange.begin(),
    onResponseStart(controller, status, headers, statusText = '') {
      exchange.head(status, statusText, joinedHeaders(headers), () => controller.resume());
    },
    onResponseData(controller, piece) {
      if (!exchange.piece(piece)) controller.pause();
    },
    onResponseEnd: () => exchange.complete(),
    onResponseError: (_controller, error) => exchange.fail(error, true),
  };
}
