/** Descriptors by hand, as the generator writes them. */
import type { NoContent, Operation, PagedOperation, Service, ServiceDefinition } from '../../lib/service.js';

const service: Service = {
  product: 'Zoo',
  version: '2026-01-01',
  endpoints: { prefix: 'zoo', rule: 'central', regions: {} },
};

export interface ListAnimalsRequest {
  PageNumber?: number;
  PageSize?: number;
  Tag?: { Key?: string; Value?: string }[];
}

export interface ListAnimalsResponse {
  RequestId?: string;
  Total?: number;
  Id?: number | bigint;
  Animals?: { Name?: string }[];
}

export interface FeedAnimalRequest {
  /** Required. */
  Name: string;
  Amount?: number | bigint;
}

export const listAnimals: PagedOperation<ListAnimalsRequest, ListAnimalsResponse, { Name?: string }> = {
  service,
  action: 'ListAnimals',
  query: 'PageNumber:n,PageSize:n,Tag:[{Key:s,Value:s}]',
  response: '{RequestId:s,Total:n,Id:l,Animals:[{Name:s}]}',
  pages: 'Animals page=PageNumber size=PageSize total=Total',
};

export const feedAnimal: Operation<FeedAnimalRequest, NoContent> = {
  service,
  action: 'FeedAnimal',
  query: 'Name:s!,Amount:l',
};

export interface ZooOperations {
  listAnimals: PagedOperation<ListAnimalsRequest, ListAnimalsResponse, { Name?: string }>;
  feedAnimal: Operation<FeedAnimalRequest, NoContent>;
}

export const zoo: ServiceDefinition<ZooOperations> = { service, operations: { listAnimals, feedAnimal } };
