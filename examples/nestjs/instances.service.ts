import { Injectable } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { EcsClient } from 'rx-alicloud/ecs';

export interface Listed {
  readonly total: number;
  readonly names: readonly string[];
}

@Injectable()
export class InstancesService {
  // The class is all that it takes.
  constructor(private readonly ecs: EcsClient) {}

  list(): Observable<Listed> {
    return this.ecs.describeInstances({ PageSize: 50 }).pipe(
      map(({ TotalCount = 0, Instances }) => ({
        total: Number(TotalCount),
        names: (Instances?.Instance ?? []).map(({ InstanceName = '' }) => InstanceName),
      })),
    );
  }
}
