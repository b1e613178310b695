// A month's bill as CSV, a line for each instance, and its sums by tag:  node export-bill.mjs 2026-01 bill.csv
import { open } from 'node:fs/promises';
import { groupBy, map, mergeMap, reduce } from 'rxjs';
import { BssopenapiClient, describeInstanceBill } from 'rx-alicloud/bssopenapi';
import { defaultCredentials } from 'rx-alicloud/credentials';

const [BillingCycle = '2026-01', path = 'bill.csv'] = process.argv.slice(2);
const columns = ['InstanceID', 'ProductCode', 'Region', 'Tag', 'Currency', 'PretaxAmount'];
const client = new BssopenapiClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

function toCsv(items) {
  const quoted = (value) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  return items.map((item) => `${columns.map((column) => quoted(item[column])).join()}\n`).join('');
}

const file = await open(path, 'w');
try {
  await file.appendFile(`${columns.join()}\n`);
  await client
    // The next page is asked for when the last one is in the file; a failed write ends the reading.
    .pages(
      describeInstanceBill,
      { BillingCycle, MaxResults: 300 },
      { after: ({ items }) => file.appendFile(toCsv(items)) },
    )
    .pipe(
      mergeMap(({ items }) => items),
      groupBy(({ Tag, Currency }) => `${Tag || 'no tag'}, ${Currency}`),
      mergeMap((lines$) =>
        lines$.pipe(
          reduce((sum, { PretaxAmount = 0 }) => sum + PretaxAmount, 0),
          map((sum) => `${lines$.key}: ${sum.toFixed(2)}`),
        ),
      ),
    )
    .forEach((line) => console.log(line));
} finally {
  await file.close();
}
