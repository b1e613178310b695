// One call that nothing listens for, for a bundle that runs in Node.
import { AlicloudClient, accessKey, type AlicloudError } from 'rx-alicloud';
import { describeRegions } from 'rx-alicloud/ecs';

const client = new AlicloudClient({
  endpoint: 'http://127.0.0.1:1',
  credentials: accessKey('LTAI5tId', 'the-secret'),
  proxy: false,
  retry: false,
});
client.call(describeRegions).subscribe({
  error: ({ code, message }: AlicloudError) =>
    console.log(JSON.stringify({ code, advises: message.includes('the condition `module`') })),
});
