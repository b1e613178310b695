/**
 * Runs the specs of a pass for Stryker, in one process. With the jest-runner a mutant costs two seconds before its first
 * test, as Jest starts and loads all modules anew, and all the tests that reach it run to the end; here a mutant costs the
 * evaluation of a script that is compiled already, and the tests up to the first that fails.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Script } from 'node:vm';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { isSampled } from './sample.mjs';
import { trackTimers } from './timers.mjs';

/** In milliseconds. A mutant may let a spec wait for ever; no spec takes as long otherwise, on a busy machine neither. */
const testTimeout = 6_000;

/** The same cases for each mutant, and fewer than specs are checked with otherwise. */
const properties = { FC_SEED: '1', FC_RUNS: '50' };

/** In a loop, says Stryker, is a mutant that is run a hundred times as often as all tests together do; thrice will do. */
const hitsOfLoop = 3 / 100;

class SpecRunner {
  context = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
  timers = trackTimers();

  init() {
    Object.assign(process.env, properties);
    const file = resolve('.mutation/specs.cjs');
    this.require = createRequire(file);
    this.script = new Script(`(function (exports, module, require) {${readFileSync(file, 'utf8')}\n})`, {
      filename: file,
    });
    // What a mutant leaves behind may throw after its tests.
    process.on('uncaughtException', () => undefined).on('unhandledRejection', () => undefined);
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    const result = await this.run({});
    return { ...result, mutantCoverage: this.context.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit: asked, disableBail }) {
    if (!isSampled(activeMutant.id)) return { status: MutantRunStatus.Error, errorMessage: 'Not in the sample' };
    const hitLimit = asked && asked * hitsOfLoop;
    Object.assign(this.context, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    const result = await this.run({ only: testFilter && new Set(testFilter), bail: !disableBail });
    return toMutantRunResult(determineHitLimitReached(this.context.hitCount, hitLimit) ?? result, disableBail);
  }

  async run({ only, bail = false }) {
    const follow = this.follow(bail);
    let circus;
    try {
      const module = { exports: {} };
      this.script.runInThisContext()(module.exports, module, this.require);
      ({ circus } = module.exports);
      const state = circus.getState();
      Object.assign(state, { testTimeout, parentProcess: process });
      if (only !== undefined) keep(only, state.rootDescribeBlock);
      circus.addEventHandler(follow);
      const { testResults, unhandledErrors } = await circus.run();
      // Later on it may be what the mutant before has left behind.
      const isDryRun = only === undefined;
      if (isDryRun && unhandledErrors.length > 0) throw new Error(unhandledErrors.join('\n'));
      return {
        status: DryRunStatus.Complete,
        tests: testResults.filter(({ status }) => status !== 'skip').map(resultOf),
      };
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) };
    } finally {
      circus?.removeEventHandler(follow);
      this.timers.clear();
    }
  }

  /** Tells Stryker which test is running, and skips all that follow the first that fails. */
  follow(bail) {
    let failed = false;
    return ({ name, test }) => {
      if (name === 'test_start') {
        this.context.currentTestId = nameOf(test);
        if (failed) test.mode = 'skip';
      }
      if (name !== 'test_done') return;
      this.context.currentTestId = undefined;
      if (bail && test.errors.length > 0) failed = true;
    };
  }
}

/** Leaves those tests alone, and the blocks that have some. */
function keep(only, block) {
  block.children = block.children.filter((child) =>
    child.type === 'test' ? only.has(nameOf(child)) : keep(only, child),
  );
  block.tests = block.tests.filter((test) => only.has(nameOf(test)));
  return block.children.length > 0;
}

function nameOf(test) {
  const names = [test.name];
  for (let block = test.parent; block.parent !== undefined; block = block.parent) names.unshift(block.name);
  return names.join(' › ');
}

function resultOf({ testPath, duration, errors }) {
  const name = testPath.slice(1).join(' › ');
  const result = { id: name, name, timeSpentMs: duration ?? 0 };
  if (errors.length === 0) return { ...result, status: TestStatus.Success };
  return { ...result, status: TestStatus.Failed, failureMessage: errors[0] };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'specs', SpecRunner)];
