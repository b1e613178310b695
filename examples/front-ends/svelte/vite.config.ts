import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // In production, whatever serves the page mounts the gateway there.
  server: { proxy: { '/api/alicloud': process.env['GATEWAY'] ?? 'http://127.0.0.1:3000' } },
});
