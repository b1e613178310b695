import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // In production, whatever serves the page mounts the gateway there.
  server: { proxy: { '/api/alicloud': process.env['GATEWAY'] ?? 'http://127.0.0.1:3000' } },
});
