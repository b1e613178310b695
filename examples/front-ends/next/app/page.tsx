import { firstValueFrom } from 'rxjs';
import { describeRegions } from 'rx-alicloud/ecs';
import { client } from '../lib/server';
import { Instances } from './instances';

// Asked for with each request, not once when the app is built.
export const dynamic = 'force-dynamic';

/** Renders on the server, where the SDK signs its calls itself. */
export default async function Page() {
  const { Regions } = await firstValueFrom(client.call(describeRegions));
  return (
    <main>
      <p>{Regions?.Region?.length} regions</p>
      <Instances />
    </main>
  );
}
