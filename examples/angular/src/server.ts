import { AngularNodeAppEngine, createNodeRequestHandler, writeResponseToNodeResponse } from '@angular/ssr/node';

const engine = new AngularNodeAppEngine();

/** Renders the page that a request asks for; `null` where there is none. */
export function render(request: Request): Promise<Response | null> {
  return engine.handle(request);
}

/** What Angular's own tools look for. */
export const reqHandler = createNodeRequestHandler(async (request, response, next) => {
  const page = await engine.handle(request);
  if (page === null) next();
  else await writeResponseToNodeResponse(page, response);
});
