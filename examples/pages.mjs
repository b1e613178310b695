import { EMPTY, expand } from 'rxjs';

/** All instances of a region, one page at a time: the next page is asked for with the token of the last. */
export function pages(client, request) {
  const page = (NextToken) => client.describeInstances({ ...request, ...(NextToken && { NextToken }) });
  return page().pipe(expand(({ NextToken }) => (NextToken ? page(NextToken) : EMPTY)));
}
