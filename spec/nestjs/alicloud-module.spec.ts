import 'reflect-metadata';
import { Inject, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expectTypeOf } from 'expect-type';
import { firstValueFrom, of, Subject } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isClientError } from '../../lib/errors.js';
import { AlicloudModule, clientToken, InjectClient } from '../../lib/nestjs/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { VpcClient } from '../../lib/services/vpc.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { HttpResponse, Transport } from '../../lib/transport/transport.js';
import { moduleOf } from './support.js';

const { accessKeyId, accessKeySecret } = emulatorCredentials;
const credentials = accessKey(accessKeyId, accessKeySecret);
const regionId = 'cn-hangzhou';
const quiet = { logger: false, abortOnError: false } as const;

const contextOf = (
  ...imports: Parameters<typeof moduleOf>[0]
): ReturnType<typeof NestFactory.createApplicationContext> =>
  NestFactory.createApplicationContext(moduleOf(imports), quiet);

describe('AlicloudModule', () => {
  it('makes clients injectable by their classes, with the options of forRoot', async () => {
    const { transport } = createEmulator();
    const app = await contextOf(
      AlicloudModule.forRoot({ regionId, credentials, transport }),
      AlicloudModule.forFeature([EcsClient, VpcClient, AlicloudClient]),
    );
    const ecs = app.get(EcsClient);
    expectTypeOf(ecs).toEqualTypeOf<EcsClient>();
    expect((await firstValueFrom(ecs.describeRegions({}))).Regions?.Region?.length).toBeGreaterThan(5);
    expect(app.get(VpcClient)).toBeInstanceOf(VpcClient);
    expect(app.get(AlicloudClient)).toBeInstanceOf(AlicloudClient);
    await app.close();
  });

  it('has one client of a class, in however many modules', async () => {
    class Here {
      constructor(readonly ecs: EcsClient) {}
    }
    class There {
      constructor(readonly ecs: EcsClient) {}
    }
    const withClient = (provider: Type): Type => {
      Inject(EcsClient)(provider, undefined, 0);
      Injectable()(provider);
      return moduleOf([AlicloudModule.forFeature([EcsClient])], [], [provider]);
    };
    class AppModule {}
    Module({ imports: [AlicloudModule.forRoot({ regionId }), withClient(Here), withClient(There)] })(AppModule);
    const app = await NestFactory.createApplicationContext(AppModule, quiet);
    expect(app.get(Here, { strict: false }).ecs).toBe(app.get(There, { strict: false }).ecs);
    await app.close();
  });

  it('takes options from other providers', async () => {
    class Settings {
      readonly regionId = 'cn-beijing';
    }
    class SettingsModule {}
    Module({ providers: [Settings], exports: [Settings] })(SettingsModule);
    const { transport, requests } = createEmulator();
    const app = await contextOf(
      AlicloudModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: (settings: Settings) => Promise.resolve({ regionId: settings.regionId, credentials, transport }),
      }),
      AlicloudModule.forFeature([EcsClient]),
    );
    const { Vpcs } = await firstValueFrom(app.get(EcsClient).describeVpcs({ RegionId: 'cn-beijing' }));
    expect(Vpcs).toBeDefined();
    expect(requests.get('DescribeVpcs')).toBe(1);
    await app.close();
  });

  it('has several configurations by name, beside the one without', async () => {
    class Service {
      constructor(
        readonly here: EcsClient,
        readonly billing: EcsClient,
      ) {}
    }
    Inject(EcsClient)(Service, undefined, 0);
    InjectClient(EcsClient, 'billing')(Service, undefined, 1);
    Injectable()(Service);
    const hosts: string[] = [];
    const transport = {
      send: ({ url }: { readonly url: string }) => {
        hosts.push(new URL(url).host);
        return of({ status: 200, headers: {}, body: '{}' });
      },
    };
    const all = { credentials, transport };
    const app = await NestFactory.createApplicationContext(
      moduleOf(
        [
          AlicloudModule.forRoot({ regionId, ...all }),
          AlicloudModule.forRoot({ name: 'billing', regionId: 'cn-shanghai', ...all }),
          AlicloudModule.forFeature([EcsClient]),
          AlicloudModule.forFeature([EcsClient], { name: 'billing' }),
        ],
        [],
        [Service],
      ),
      quiet,
    );
    const { here, billing } = app.get(Service);
    for (const client of [here, billing]) await firstValueFrom(client.describeRegions({}));
    expect(hosts).toEqual(['ecs-cn-hangzhou.aliyuncs.com', 'ecs.cn-shanghai.aliyuncs.com']);
    expect(here).not.toBe(billing);
    expect(app.get(clientToken(EcsClient, 'billing'))).toBe(billing);
    expect(clientToken(EcsClient)).toBe(EcsClient);
    expect(clientToken(VpcClient, 'billing')).not.toBe(clientToken(EcsClient, 'billing'));
    await app.close();
  });

  it('does not start where an option can not work, and says which', async () => {
    const feature = AlicloudModule.forFeature([EcsClient]);
    const refused = (options: object): Promise<unknown> => contextOf(AlicloudModule.forRoot(options), feature);
    await expect(refused({ regionID: 'x' })).rejects.toThrow(/`regionID` to be absent.*did you mean `regionId`/);
    await expect(refused({ shutdownTimeout: -1 })).rejects.toThrow(/^Expected `shutdownTimeout` to be milliseconds/);
    await expect(contextOf(feature)).rejects.toThrow(/rx-alicloud default/);
  });

  describe('when the application shuts down', () => {
    /** A transport that answers when it is told to. */
    function held(): { transport: Transport; answer: Subject<HttpResponse> } {
      const answer = new Subject<HttpResponse>();
      return { answer, transport: { send: () => answer.asObservable() } };
    }
    const regions: HttpResponse = { status: 200, headers: {}, body: '{"Regions":{"Region":[]}}' };

    it('finishes calls under way, and refuses later ones', async () => {
      const { transport, answer } = held();
      const app = await contextOf(
        AlicloudModule.forRoot({ regionId, credentials, transport }),
        AlicloudModule.forFeature([EcsClient]),
      );
      const ecs = app.get(EcsClient);
      const call = firstValueFrom(ecs.describeRegions({}));
      let isClosed = false;
      const closed = app.close().then(() => (isClosed = true));
      await new Promise(setImmediate);
      expect(isClosed).toBe(false);
      const refused: unknown = await firstValueFrom(ecs.describeRegions({})).catch((error: unknown) => error);
      expect(isClientError(refused, 'SDK.Closed')).toBe(true);
      answer.next(regions);
      answer.complete();
      expect(await call).toEqual({ Regions: { Region: [] } });
      await closed;
      expect(isClosed).toBe(true);
    });

    it('aborts them after shutdownTimeout', async () => {
      const { transport, answer } = held();
      const app = await contextOf(
        AlicloudModule.forRoot({ regionId, credentials, transport, shutdownTimeout: 0 }),
        AlicloudModule.forFeature([EcsClient]),
      );
      const call = firstValueFrom(app.get(EcsClient).describeRegions({}));
      const aborted = expect(call).rejects.toMatchObject({ code: 'SDK.Aborted' });
      await app.close();
      await aborted;
      expect(answer.observed).toBe(false);
    });
  });
});
