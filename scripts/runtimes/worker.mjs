// The session, in a Worker that calls directly.
import { session } from './session.mjs';

export default {
  async fetch(request, { access }) {
    if (new URL(request.url).pathname !== '/session') return new Response('ready');
    return Response.json(await session(JSON.parse(access)));
  },
};
