import type { RequestHandler } from '@sveltejs/kit';
import { gateway } from '../../../../lib/server/gateway.js';

export const POST: RequestHandler = ({ request }) => gateway.handle(request);
