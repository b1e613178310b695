/** Writes the products into the `exports` of package.json, each as a subpath. */

type Exports = Readonly<Record<string, unknown>>;

/** `text` is package.json's; the other subpaths stay as they are. */
export function writeExports(text: string, names: readonly string[]): string {
  const manifest = JSON.parse(text) as { exports: Exports };
  const services = names.map((name) => [`./${name}`, targetOf(name)] as const);
  const isOther = ([path, target]: [string, unknown]): boolean =>
    !isService(target) && !services.some(([service]) => service === path);
  const [root, ...rest] = Object.entries(manifest.exports).filter(isOther);
  const exports = Object.fromEntries([...(root ? [root] : []), ...services, ...rest]);
  return `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`;
}

function targetOf(name: string): { import: string; require: string } {
  return { import: `./dist/services/${name}.js`, require: `./dist/services/${name}.cjs` };
}

function isService(target: unknown): boolean {
  return JSON.stringify(target).includes('./dist/services/');
}
