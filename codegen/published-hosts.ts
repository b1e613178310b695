/**
 * Where the hosts of products are whose packages leave it open. They are those that Alibaba Cloud publishes for its command
 * line (`aliyun-openapi-meta`, metadatas/products.json): a product in ten regions or more is taken to have a host in each,
 * the others are listed. Where the package has a rule for the rest, it stands.
 */
import type { Endpoints } from './model.js';

/** `product` is the product's code, or the name of its package. */
export function publishedHosts(product: string): Partial<Endpoints> {
  const name = product.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Object.hasOwn(products, name) ? products[name]! : {};
}

const inEach = (prefix: string): Partial<Endpoints> => ({ prefix, rule: 'regional', regions: {} });
const inThese = (prefix: string, ...regions: readonly string[]): Partial<Endpoints> => ({
  regions: Object.fromEntries(regions.map((region) => [region, `${prefix}.${region}.aliyuncs.com`])),
});

const products: Readonly<Record<string, Partial<Endpoints>>> = {
  bailian: inThese('bailian', 'ap-southeast-1', 'cn-beijing'),
  captcha: inThese('captcha', 'cn-shanghai'),
  // As the newer packages of the product have it.
  cms: { rule: 'central' },
  contactcenterai: inThese('contactcenterai', 'cn-shanghai'),
  devs: inThese('devs', 'ap-southeast-1', 'cn-beijing', 'cn-hangzhou', 'cn-shanghai', 'cn-shenzhen', 'us-west-1'),
  dm: inThese('dm', 'ap-southeast-1', 'ap-southeast-2'),
  eci: inEach('eci'),
  esserverless: inThese('es-serverless', 'cn-beijing', 'cn-hangzhou', 'cn-shanghai', 'cn-shenzhen'),
  esa: inThese('esa', 'ap-southeast-1', 'cn-hangzhou'),
  fc: inEach('fcv3'),
  // The packages say `account-id.<region>.fc`, where the account has to be filled in.
  fcopen: inEach('fc'),
  imagesearch: inEach('imagesearch'),
  intelligentcreation: { rule: 'central' },
  ocrapi: inThese('ocr-api', 'cn-hangzhou'),
  // As all packages have it that upload files.
  openplatform: { rule: 'central' },
  paillmtrace: inThese('paillmtrace', 'cn-beijing', 'cn-hangzhou', 'cn-shanghai', 'cn-shenzhen'),
  retailadvqa: inThese('quicka', 'cn-shanghai', 'cn-shenzhen', 'cn-zhangjiakou'),
  rocketmq: inEach('rocketmq'),
  sasrasp: inThese('sasrasp', 'ap-southeast-1', 'cn-hangzhou'),
  superappnlp: inThese('superappnlp', 'ap-southeast-1'),
  swasopen: inEach('swas'),
  tingwu: inThese('tingwu', 'cn-beijing'),
  viapi: inThese('viapi', 'cn-shanghai'),
};
