import type { NextConfig } from 'next';

// This folder stands in a repository with a lock file of its own, which Next.js would take for the project's otherwise.
const root = import.meta.dirname;

const config: NextConfig = {
  outputFileTracingRoot: root,
  turbopack: { root },
  productionBrowserSourceMaps: process.env['SOURCE_MAPS'] === 'true',
};

export default config;
