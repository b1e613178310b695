import { Module } from '@nestjs/common';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { EcsClient } from 'rx-alicloud/ecs';
import { AlicloudModule } from 'rx-alicloud/nestjs';
import { InstancesController } from './instances.controller.js';
import { InstancesService } from './instances.service.js';

@Module({
  imports: [
    AlicloudModule.forRootAsync({
      useFactory: () => ({
        regionId: 'cn-hangzhou',
        credentials: defaultCredentials(),
        endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // of `rx-alicloud emulator exec`; without it, the real cloud
        shutdownTimeout: 5_000,
      }),
    }),
    AlicloudModule.forFeature([EcsClient]),
  ],
  controllers: [InstancesController],
  providers: [InstancesService],
})
export class AppModule {}
