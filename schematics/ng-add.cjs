// `ng add rx-alicloud`: the providers, a proxy of the dev server, and a script that starts a gateway for it. What is there
// already is left as it is, so that running it twice changes nothing.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const path = '/api/alicloud';
// Where `rx-alicloud gateway` listens unless it is told otherwise.
const target = 'http://127.0.0.1:8081';

exports.ngAdd =
  ({ project: name, region = 'cn-hangzhou' }) =>
  async (tree) => {
    const { chain } = ofTheProject('@angular-devkit/schematics');
    const { addRootProvider, readWorkspace, updateWorkspace } = ofTheProject('@schematics/angular/utility');
    const workspace = await readWorkspace(tree);
    const project = name ?? onlyApplication(workspace);
    const definition = workspace.projects.get(project);
    if (definition === undefined) throw new Error(`There is no application named ${project} in this workspace.`);

    const sources = sourcesOf(tree, definition);
    const rules = [];
    if (!sources.some((text) => /\bprovideHttpClient\s*\(|\bHttpClientModule\b/.test(text))) {
      rules.push(
        addRootProvider(
          project,
          ({ code, external }) =>
            code`${external('provideHttpClient', '@angular/common/http')}(${external('withFetch', '@angular/common/http')}())`,
        ),
      );
    }
    if (!sources.some((text) => /\bprovideAlicloud\s*\(/.test(text))) {
      rules.push(
        addRootProvider(
          project,
          ({ code, external }) =>
            code`${external('provideAlicloud', 'rx-alicloud/angular')}({ regionId: '${region}' }, ${external('withGateway', 'rx-alicloud/angular')}('${path}'))`,
        ),
      );
    }
    const config = join(definition.root, 'proxy.conf.json');
    rules.push(
      updateWorkspace((changed) => {
        const serve = changed.projects.get(project).targets.get('serve');
        // A proxy of the user's own, which may be a program, is left to the user.
        if (serve !== undefined && serve.options?.proxyConfig === undefined) {
          serve.options = { ...serve.options, proxyConfig: config };
        }
      }),
      (changed, context) => {
        const own = definition.targets.get('serve')?.options?.proxyConfig ?? config;
        const isKnown = updateJson(changed, own, (proxies) => ({ [path]: { target, secure: false }, ...proxies }));
        if (!isKnown) context.logger.warn(`${own} is no JSON object: add a proxy of ${path} to ${target} there.`);
        updateJson(changed, 'package.json', (manifest) => ({
          ...manifest,
          scripts: { gateway: 'rx-alicloud gateway --emulator', ...manifest.scripts },
        }));
        context.logger.info('Run `npm run gateway` beside `ng serve`: the page calls an emulator, without an account.');
      },
    );
    return chain(rules);
  };

/** Of the CLI that runs this: it need not stand where this package would find it. */
function ofTheProject(module) {
  const starts = [__filename, join(process.cwd(), 'package.json')];
  for (const start of starts) {
    const from = createRequire(start);
    for (const resolve of [() => from, () => createRequire(from.resolve('@angular/cli/package.json'))]) {
      try {
        return resolve()(module);
      } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
      }
    }
  }
  throw new Error(`${module} was not found: run this by \`ng add rx-alicloud\`.`);
}

function onlyApplication({ projects }) {
  const applications = [...projects].filter(([, { extensions }]) => extensions.projectType === 'application');
  if (applications.length === 1) return applications[0][0];
  throw new Error('Say which application it is for: `ng add rx-alicloud --project NAME`.');
}

function sourcesOf(tree, { root, sourceRoot }) {
  const texts = [];
  tree.getDir(sourceRoot ?? join(root, 'src')).visit((file, entry) => {
    if (file.endsWith('.ts') && !file.endsWith('.spec.ts')) texts.push(entry?.content.toString() ?? '');
  });
  return texts;
}

/** `false` where there is no object in the file. */
function updateJson(tree, file, change) {
  let old = {};
  if (tree.exists(file)) {
    try {
      old = JSON.parse(tree.readText(file));
    } catch {
      return false;
    }
    if (typeof old !== 'object' || old === null || Array.isArray(old)) return false;
  }
  const text = `${JSON.stringify(change(old), undefined, 2)}\n`;
  if (!tree.exists(file)) tree.create(file, text);
  else if (JSON.stringify(old) !== JSON.stringify(JSON.parse(text))) tree.overwrite(file, text);
  return true;
}
