import { Controller, Get, UseInterceptors } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { CancelOnDisconnect } from 'rx-alicloud/nestjs';
import { InstancesService, type Listed } from './instances.service.js';

@Controller('instances')
@UseInterceptors(CancelOnDisconnect) // a browser that goes takes its call to the cloud with it
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Get()
  list(): Observable<Listed> {
    return this.instances.list();
  }
}
