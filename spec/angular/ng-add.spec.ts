/** What `ng add rx-alicloud` makes of an app, by the schematics of Angular's CLI. */
import { SchematicTestRunner, type UnitTestTree } from '@angular-devkit/schematics/testing';
import { join } from 'node:path';

// A spinner for installing, published as an ES module only; nothing is installed here.
jest.mock('ora', () => undefined);

const runner = new SchematicTestRunner('rx-alicloud', join(__dirname, '../../schematics/collection.json'));
const ofAngular = '@schematics/angular';

async function workspaceOf(...apps: readonly string[]): Promise<UnitTestTree> {
  let tree = await runner.runExternalSchematic<object>(ofAngular, 'workspace', {
    name: 'workspace',
    version: '21.2.0',
    newProjectRoot: 'projects',
  });
  for (const name of apps) {
    const options = { name, projectRoot: apps.length === 1 ? '' : undefined, skipInstall: true, skipTests: true };
    tree = await runner.runExternalSchematic(ofAngular, 'application', options, tree);
  }
  return tree;
}

const add = (tree: UnitTestTree, options: object = {}) => runner.runSchematic('ng-add', options, tree);

const filesOf = (tree: UnitTestTree): Record<string, string> =>
  Object.fromEntries(tree.files.map((file) => [file, tree.readContent(file)]));

interface Workspace {
  projects: Record<string, { architect: { serve: { options?: { proxyConfig?: string } } } }>;
}

describe('ng add', () => {
  it('writes the two lines, the proxy and the script, and says what to do next', async () => {
    const told: string[] = [];
    const listening = runner.logger.subscribe(({ message }) => told.push(message));
    const tree = await add(await workspaceOf('app'), { region: 'cn-beijing' });
    listening.unsubscribe();
    const config = tree.readContent('/src/app/app.config.ts');
    expect(config).toContain("import { provideHttpClient, withFetch } from '@angular/common/http';");
    expect(config).toContain("import { provideAlicloud, withGateway } from 'rx-alicloud/angular';");
    expect(config).toContain('provideHttpClient(withFetch())');
    expect(config).toContain("provideAlicloud({ regionId: 'cn-beijing' }, withGateway('/api/alicloud'))");
    expect(tree.readJson('/proxy.conf.json')).toEqual({
      '/api/alicloud': { target: 'http://127.0.0.1:8081', secure: false },
    });
    const { projects } = tree.readJson('/angular.json') as unknown as Workspace;
    expect(projects.app?.architect.serve.options?.proxyConfig).toBe('proxy.conf.json');
    expect(tree.readJson('/package.json')).toMatchObject({ scripts: { gateway: 'rx-alicloud gateway --emulator' } });
    expect(told.join('\n')).toContain('npm run gateway');
  });

  it('changes nothing the second time', async () => {
    const once = await add(await workspaceOf('app'));
    const before = filesOf(once);
    expect(filesOf(await add(once, { region: 'cn-beijing' }))).toEqual(before);
  });

  it('leaves what the app has of its own: providers, another proxy, a script of that name', async () => {
    const tree = await workspaceOf('app');
    const config = tree
      .readContent('/src/app/app.config.ts')
      .replace('providers: [', 'providers: [\n    provideHttpClient(withInterceptors([])),')
      .concat("import { provideHttpClient, withInterceptors } from '@angular/common/http';\n");
    tree.overwrite('/src/app/app.config.ts', config);
    const workspace = tree.readJson('/angular.json') as unknown as Workspace;
    Object.assign(workspace.projects.app?.architect.serve ?? {}, { options: { proxyConfig: 'own.json' } });
    tree.overwrite('/angular.json', JSON.stringify(workspace));
    tree.create('/own.json', '{"/api":{"target":"http://localhost:1"}}');
    const manifest = tree.readJson('/package.json') as { scripts: object };
    tree.overwrite('/package.json', JSON.stringify({ ...manifest, scripts: { gateway: 'own' } }));

    const added = await add(tree);
    expect(added.readContent('/src/app/app.config.ts').match(/provideHttpClient\(/g)).toHaveLength(1);
    expect(added.readContent('/src/app/app.config.ts')).toContain('withGateway(');
    expect(added.readJson('/own.json')).toMatchObject({
      '/api': { target: 'http://localhost:1' },
      '/api/alicloud': { target: 'http://127.0.0.1:8081' },
    });
    expect(added.exists('/proxy.conf.json')).toBe(false);
    expect(added.readJson('/package.json')).toMatchObject({ scripts: { gateway: 'own' } });
  });

  it('leaves a proxy that is a program, and says so', async () => {
    const tree = await workspaceOf('app');
    const workspace = tree.readJson('/angular.json') as unknown as Workspace;
    Object.assign(workspace.projects.app?.architect.serve ?? {}, { options: { proxyConfig: 'proxy.conf.mjs' } });
    tree.overwrite('/angular.json', JSON.stringify(workspace));
    tree.create('/proxy.conf.mjs', 'export default {};');
    const told: string[] = [];
    const listening = runner.logger.subscribe(({ message }) => told.push(message));
    const added = await add(tree);
    listening.unsubscribe();
    expect(added.readContent('/proxy.conf.mjs')).toBe('export default {};');
    expect(told.join('\n')).toContain('proxy.conf.mjs is no JSON object');
  });

  it('asks which application it is for, and refuses one that is not there', async () => {
    const tree = await workspaceOf('one', 'two');
    await expect(add(tree)).rejects.toThrow('--project NAME');
    await expect(add(tree, { project: 'three' })).rejects.toThrow('no application named three');
    const added = await add(tree, { project: 'two' });
    expect(added.readContent('/projects/two/src/app/app.config.ts')).toContain('provideAlicloud(');
    expect(added.readContent('/projects/one/src/app/app.config.ts')).not.toContain('provideAlicloud(');
    expect(added.exists('/projects/two/proxy.conf.json')).toBe(true);
  });

  it('writes no code of what is given as the region', async () => {
    const tree = await workspaceOf('app');
    await expect(add(tree, { region: "x' }), evil({ a: '" })).rejects.toThrow();
  });
});
